package minalog

import (
	"bytes"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// accessLogger is the logger that gunicorn writes its access lines with.
const accessLogger = "gunicorn.access"

// accessLine is a line of the common or combined log format:
//
//	127.0.0.1 - - [01/Oct/2025:16:12:05 +0000] "GET /api/meetings HTTP/1.1" 200 512 "-" "curl/8.5.0"
type accessLine struct {
	ip, user, request, referer, userAgent []byte

	timestamp    pcommon.Timestamp
	status, size int64
	hasSize      bool
}

func parseAccessLine(line []byte) (a accessLine, ok bool) {
	head, rest, ok := bytes.Cut(line, []byte(" ["))
	if !ok {
		return a, false
	}
	names := bytes.SplitN(head, []byte(" "), 3)
	if len(names) != 3 || len(names[0]) == 0 {
		return a, false
	}
	a.ip, a.user = names[0], names[2]
	when, rest, ok := bytes.Cut(rest, []byte(`] "`))
	if !ok {
		return a, false
	}
	if a.timestamp, ok = parseAccessTime(when); !ok {
		return a, false
	}
	if a.request, rest, ok = bytes.Cut(rest, []byte(`" `)); !ok {
		return a, false
	}
	status, rest, _ := bytes.Cut(rest, []byte(" "))
	if a.status, ok = parseInt(status); !ok {
		return a, false
	}
	size, rest, _ := bytes.Cut(rest, []byte(" "))
	a.size, a.hasSize = parseInt(size)
	if quoted := bytes.Split(rest, []byte(`"`)); len(quoted) >= 4 {
		a.referer, a.userAgent = quoted[1], quoted[3]
	}
	return a, true
}

// decodeAccess appends an access line with the fields that Mina's own records
// have for a request.
func (d *Decoder) decodeAccess(b *Batch, line []byte, envelope envelope) {
	a, _ := parseAccessLine(line)
	record := b.add("", "", accessLogger)
	record.SetTimestamp(a.timestamp)
	record.SetSeverityNumber(plog.SeverityNumberInfo)
	record.SetSeverityText("INFO")
	record.Body().SetStr(b.text.keep(line))

	attributes := record.Attributes()
	attributes.EnsureCapacity(6 + envelope.attributes())
	http := attributes.PutEmptyMap("http")
	http.EnsureCapacity(4)
	method, path, protocol := cutRequestLine(a.request)
	if path != nil {
		http.PutStr("method", b.text.keep(method))
		http.PutStr("path", b.text.keep(path))
	}
	http.PutStr("ip", b.text.keep(a.ip))
	if len(a.userAgent) > 0 && string(a.userAgent) != "-" {
		http.PutStr("user_agent", b.text.keep(a.userAgent))
	}
	attributes.PutInt("status_code", a.status)
	if a.hasSize {
		attributes.PutInt("response_size", a.size)
	}
	if len(protocol) > 0 {
		attributes.PutStr("http_version", b.text.keep(bytes.TrimPrefix(protocol, []byte("HTTP/"))))
	}
	if string(a.user) != "-" {
		attributes.PutEmptyMap("user").PutStr("username", b.text.keep(a.user))
	}
	if len(a.referer) > 0 && string(a.referer) != "-" {
		attributes.PutStr("referer", b.text.keep(a.referer))
	}
	envelope.apply(b, record)
}

func cutRequestLine(request []byte) (method, path, protocol []byte) {
	method, path, found := bytes.Cut(request, []byte(" "))
	if !found {
		return nil, nil, nil
	}
	if end := bytes.LastIndexByte(path, ' '); end >= 0 {
		path, protocol = path[:end], path[end+1:]
	}
	return method, path, protocol
}
