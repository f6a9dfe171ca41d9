package minalog

import (
	"bytes"
	"fmt"
	"math"
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/timestamp"
)

// accessLine is a line of a web server's access log. Nearly all have the common or the
// combined log format:
//
//	127.0.0.1 - - [01/Oct/2025:16:12:05 +0000] "GET /api/meetings HTTP/1.1" 200 512 "-" "curl/8.5.0"
//
// Uvicorn has its own, in which it is the message of a text record:
//
//	127.0.0.1:53422 - "GET /docs HTTP/1.1" 200 OK
type accessLine struct {
	// logger is the one that writes such lines.
	logger string

	// client is an address, which may have its port, or those of proxies behind it.
	client, user                          []byte
	request, referer, userAgent, forwards []byte

	timestamp    pcommon.Timestamp
	status, size int64
	hasSize      bool
	// duration is a number of seconds, as it is written.
	duration []byte
}

func (d *Decoder) parseAccessLine(line []byte) (a accessLine, ok bool) {
	quote := bytes.IndexByte(line, '"')
	if quote < 0 {
		return a, false
	}
	head, rest := line[:quote], line[quote:]
	if who, found := bytes.CutSuffix(head, []byte("] ")); found {
		ok = d.parseCommonHead(&a, who)
	} else if who, found := bytes.CutSuffix(head, []byte(" - ")); found {
		a.logger = "uvicorn.access"
		ok = a.setPeer(who)
	}
	if !ok {
		return a, false
	}
	if a.request, rest, ok = cutQuoted(rest); !ok {
		return a, false
	}
	return a, a.parseAnswer(rest)
}

// parseCommonHead reads who asked for something, and when:
//
//	203.0.113.9, 10.0.0.1 - ana [01/Oct/2025:16:12:05 +0000
func (d *Decoder) parseCommonHead(a *accessLine, head []byte) (ok bool) {
	open := bytes.LastIndexByte(head, '[')
	if open < 0 {
		return false
	}
	who, when := head[:open], head[open+1:]
	at, rest, ok := timestamp.Cut(when, d.location)
	if !ok || len(rest) > 0 {
		return false
	}
	a.timestamp = at
	isWerkzeug := len(when) == len("01/Oct/2025 16:12:05") && when[2] == '/' && when[11] == ' '
	client, user, hasIdent := bytes.Cut(who, []byte(" - "))
	switch {
	case hasIdent && isWerkzeug:
		a.logger = "werkzeug"
	case isWerkzeug && len(who) == 0:
		a.logger = "django.server"
	case hasIdent || len(bytes.Fields(who)) == 3:
		a.logger = "gunicorn.access"
	default:
		a.logger = "aiohttp.access"
	}
	if !hasIdent {
		client, user, _ = bytes.Cut(bytes.TrimSpace(who), []byte(" "))
		_, user, _ = bytes.Cut(user, []byte(" "))
	}
	a.user = orNothing(bytes.TrimSpace(user))
	return a.setClient(client)
}

// setClient takes an address, or a list of them, each of one word.
func (a *accessLine) setClient(list []byte) bool {
	list = bytes.TrimSuffix(bytes.TrimSpace(list), []byte("unix:"))
	for address := range bytes.SplitSeq(list, []byte(",")) {
		if bytes.IndexByte(bytes.TrimSpace(address), ' ') >= 0 {
			return false
		}
	}
	a.client = orNothing(list)
	return true
}

// setPeer takes an address with its port. Uvicorn puts no brackets around those of
// IPv6: ::1:53422.
func (a *accessLine) setPeer(peer []byte) bool {
	colon := bytes.LastIndexByte(peer, ':')
	if colon < 1 || bytes.IndexByte(peer, ' ') >= 0 {
		return false
	}
	address, port := peer[:colon], peer[colon+1:]
	if n, ok := parseInt(port); !ok || !isDecimal(port) || n > math.MaxUint16 {
		return false
	}
	a.client = peer
	if bytes.IndexByte(address, ':') >= 0 && address[0] != '[' {
		a.client = fmt.Appendf(nil, "[%s]:%s", address, port)
	}
	return true
}

// parseAnswer reads what follows the request: the status, and where the server says
// so, the size, the referer, the user agent, and what it adds to them.
func (a *accessLine) parseAnswer(text []byte) (ok bool) {
	status, text := nextWord(text)
	if a.status, ok = parseInt(status); !ok || a.status < 100 || a.status > 999 {
		return false
	}
	size, text := nextWord(text)
	a.size, a.hasSize = parseInt(size)
	quoted := [...]*[]byte{&a.referer, &a.userAgent, &a.forwards}
	for n := 0; len(text) > 0; {
		if text[0] == ' ' {
			text = text[1:]
			continue
		}
		if value, rest, ok := cutQuoted(text); ok {
			if n < len(quoted) {
				*quoted[n] = orNothing(value)
				n++
			}
			text = rest
			continue
		}
		var word []byte
		if word, text = nextWord(text); a.duration == nil && hasFraction(word) {
			a.duration = word
		}
	}
	return true
}

// hasFraction reports whether a text is a number with a fraction.
func hasFraction(text []byte) bool {
	whole, fraction, found := bytes.Cut(text, []byte("."))
	return found && isDecimal(whole) && isDecimal(fraction)
}

// nextWord cuts the blanks at the head of a text and the word behind them.
func nextWord(text []byte) (word, rest []byte) {
	text = bytes.TrimLeft(text, " ")
	end := bytes.IndexByte(text, ' ')
	if end < 0 {
		return text, nil
	}
	return text[:end], text[end:]
}

// cutQuoted cuts a text in quotes, in which others are escaped.
func cutQuoted(text []byte) (inner, rest []byte, ok bool) {
	if len(text) == 0 || text[0] != '"' {
		return nil, nil, false
	}
	escaped := false
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			escaped = true
			i++
		case '"':
			if inner = text[1:i]; escaped {
				inner = bytes.ReplaceAll(inner, []byte(`\"`), []byte(`"`))
			}
			return inner, text[i+1:], true
		}
	}
	return nil, nil, false
}

// orNothing returns nil for "-", which stands for what is not there.
func orNothing(text []byte) []byte {
	if string(text) == "-" {
		return nil
	}
	return text
}

// decodeAccess appends an access line with the fields that Mina's own records
// have for a request.
func (d *Decoder) decodeAccess(b *Batch, line []byte, envelope envelope) {
	a, _ := d.parseAccessLine(line)
	record := b.add("", "", a.logger)
	record.SetTimestamp(a.timestamp)
	record.SetSeverityNumber(plog.SeverityNumberInfo)
	record.SetSeverityText("INFO")
	record.Body().SetStr(b.text.keep(line))
	record.Attributes().EnsureCapacity(maxAccessAttributes + envelope.attributes())
	a.put(b, record.Attributes())
	envelope.apply(b, record)
}

// maxAccessAttributes is how many attributes an access line has.
const maxAccessAttributes = 8

func (a *accessLine) put(b *Batch, attributes pcommon.Map) {
	http := attributes.PutEmptyMap("http")
	http.EnsureCapacity(4)
	method, path, protocol := cutRequestLine(a.request)
	put(b, http, "method", method)
	put(b, http, "path", path)
	put(b, http, "ip", a.client)
	put(b, http, "user_agent", a.userAgent)
	if http.Len() == 0 {
		attributes.Remove("http")
	}
	attributes.PutInt("status_code", a.status)
	if a.hasSize {
		attributes.PutInt("response_size", a.size)
	}
	if seconds, err := strconv.ParseFloat(string(a.duration), 64); err == nil {
		attributes.PutDouble("duration_seconds", seconds)
	}
	put(b, attributes, "http_version", bytes.TrimPrefix(protocol, []byte("HTTP/")))
	if len(a.user) > 0 {
		put(b, attributes.PutEmptyMap("user"), "username", a.user)
	}
	put(b, attributes, "referer", a.referer)
	put(b, attributes, "x_forwarded_for", a.forwards)
}

// put adds an attribute that there is a value for.
func put(b *Batch, attributes pcommon.Map, name string, value []byte) {
	if len(value) > 0 {
		attributes.PutStr(name, b.text.keep(value))
	}
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
