package minalog

import (
	"bytes"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
	"github.com/mina-observability/otelcol-mina/internal/timestamp"
)

// envelope is what is known of a line besides its text.
type envelope struct {
	origin Origin
	// place is where the record begins.
	place    place
	iostream string
	// time is when the container runtime took the line.
	time     pcommon.Timestamp
	original []byte
	// docker is what docker's option for labels and the like has put beside the text, if
	// anything. It is shared and stays as it is.
	docker pcommon.Map
	// prefix is what stands in front of the record on its line.
	prefix []byte
	// edges are those at which the text has been cut, nil if it is whole.
	edges *edges
}

// attributes returns the number of attributes that apply adds.
func (e *envelope) attributes() (n int) {
	for _, text := range [...]string{e.origin.FileName, e.origin.FilePath, e.iostream} {
		if text != "" {
			n++
		}
	}
	if e.original != nil {
		n++
	}
	if e.docker != (pcommon.Map{}) {
		n++
	}
	if e.prefix != nil {
		n++
	}
	if e.edges != nil {
		n++
	}
	if e.origin.Text != 0 {
		n++
	}
	return n
}

func (e *envelope) apply(b *Batch, record plog.LogRecord) {
	if e.edges != nil {
		e.edges.apply(b, record)
	}
	if record.Timestamp() == 0 {
		record.SetTimestamp(e.time)
	}
	attributes := record.Attributes()
	put := func(name, value string) {
		if value == "" {
			return
		}
		if v, exists := attributes.GetOrPutEmpty(name); !exists {
			v.SetStr(value)
		}
	}
	put("log.file.name", e.origin.FileName)
	put("log.file.path", e.origin.FilePath)
	put("log.iostream", e.iostream)
	if e.origin.Text != 0 {
		putUID(b, attributes, e.origin.Text, e.place)
	}
	if e.docker != (pcommon.Map{}) {
		if v, exists := attributes.GetOrPutEmpty(dockerAttrs); !exists {
			e.docker.CopyTo(v.SetEmptyMap())
		}
	}
	if e.prefix != nil {
		put(minaattr.Prefix, b.text.keep(e.prefix))
	}
	if e.original != nil && e.edges == nil {
		put("log.record.original", b.text.keep(e.original))
	}
}

const (
	stdout = "stdout"
	stderr = "stderr"
)

// unwrapped is a line without what a container runtime put around it.
type unwrapped struct {
	text     []byte
	iostream string
	time     pcommon.Timestamp
	docker   pcommon.Map
	// partial says that the line goes on in the next one of the same stream.
	partial bool
}

const (
	// partSize is the length in bytes from which on docker and containerd cut lines.
	partSize = 16 << 10
	// maxPartGap is how much later than a shorter part, which a program leaves that ends
	// without a newline, the next line may be and still be its other part.
	maxPartGap = time.Second
)

// isWhole reports whether a part is a line of its own, given the next line.
func (p *part) isWhole(next *unwrapped) bool {
	return p.last < partSize && time.Duration(int64(next.time)-int64(p.envelope.time)) > maxPartGap
}

// unwrapCRI reads the form of the container runtime interface:
//
//	2025-10-01T16:12:05.785000000Z stdout F text
func unwrapCRI(line []byte) (u unwrapped, ok bool) {
	const layout = "2006-01-02T15:04:05"
	if len(line) < len(layout) || line[len("2006-01-02")] != 'T' {
		return u, false
	}
	u.time, line, ok = timestamp.Cut(line, time.UTC)
	if !ok {
		return u, false
	}
	switch {
	case bytes.HasPrefix(line, []byte(" stdout ")):
		u.iostream = stdout
	case bytes.HasPrefix(line, []byte(" stderr ")):
		u.iostream = stderr
	default:
		return u, false
	}
	tags, text, _ := bytes.Cut(line[len(" stdout "):], []byte(" "))
	tag, _, _ := bytes.Cut(tags, []byte(":"))
	if string(tag) != "F" && string(tag) != "P" {
		return u, false
	}
	u.partial = tag[0] == 'P'
	u.text = text
	return u, true
}

const (
	// dockerPrefix is what the lines of docker's json-file driver begin with.
	dockerPrefix = `{"log":"`
	// dockerAttrs is the attribute for what docker's options tag, labels and env write
	// into every line, under the names that they have there. It is not told which of them
	// a name comes from.
	dockerAttrs = "docker.attrs"
)

// unwrapDocker reads the form of docker's json-file driver:
//
//	{"log":"text\n","stream":"stdout","attrs":{"tag":"web"},"time":"2025-10-01T16:12:05.785000000Z"}
//
// The text is copied into buffer.
func (d *Decoder) unwrapDocker(b *Batch, line, buffer []byte) (u unwrapped, ok bool) {
	if !bytes.HasPrefix(line, []byte(dockerPrefix)) {
		return u, false
	}
	if !d.parseJSON(b, line) {
		return u, false
	}
	text, iostream, when := d.json.member("log"), d.json.member("stream"), d.json.member("time")
	if text == nil || iostream == nil || when == nil {
		return u, false
	}
	switch d.textOf(b, iostream) {
	case stdout:
		u.iostream = stdout
	case stderr:
		u.iostream = stderr
	default:
		return u, false
	}
	if u.time, ok = timestamp.Parse(d.bytesOf(when), d.location); !ok {
		return u, false
	}
	u.docker = d.dockerAttrs(b)
	buffer = append(buffer[:0], d.textOf(b, text)...)
	if u.text, ok = bytes.CutSuffix(buffer, []byte("\n")); !ok {
		u.partial = true
	}
	return u, true
}

// sharedAttrs are the attributes of docker's lines, which are the same on all lines of a
// container.
type sharedAttrs struct {
	text  string
	value pcommon.Map
}

// dockerAttrs returns the attributes of the line that was parsed last, if it has any.
func (d *Decoder) dockerAttrs(b *Batch) pcommon.Map {
	for i := 1; i < len(d.json.values); i = d.json.values[i].next {
		v := &d.json.values[i]
		if v.key.name != "attrs" || v.kind != jsonObject {
			continue
		}
		if text := d.json.of(v); text != d.attrs.text {
			d.attrs = sharedAttrs{text, pcommon.NewMap()}
			d.setObject(b, d.attrs.value, i, 1)
		}
		return d.attrs.value
	}
	return pcommon.Map{}
}
