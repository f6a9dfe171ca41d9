package papertrailexporter

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/mina-observability/otelcol-mina/internal/truncate"
)

// The longest fields of a header, and names in structured data, in characters
// (RFC 5424, section 6).
const (
	maxHost = 255
	maxApp  = 48
	maxProc = 128
	maxID   = 32
	maxName = 32
)

const (
	// timeLayout has what RFC 5424, section 6.2.3, allows: six digits of a second.
	timeLayout = "2006-01-02T15:04:05.000000Z"
	bom        = "\xef\xbb\xbf"
)

// format writes records as messages of RFC 5424.
type format struct {
	cfg      *Config
	facility int
	token    string
}

func newFormat(cfg *Config) *format {
	f := &format{cfg: cfg, facility: facilities[cfg.Facility]}
	if cfg.Token != "" {
		f.token = strings.ReplaceAll(cfg.TokenElement, tokenPlace, string(cfg.Token))
	}
	return f
}

// origin returns HOSTNAME, APP-NAME, PROCID and MSGID.
func (f *format) origin(resource pcommon.Resource, scope pcommon.InstrumentationScope) string {
	field := func(to []byte, value string, most int) []byte {
		to = append(to, ' ')
		if value == "" {
			return append(to, '-')
		}
		return appendName(to, value, most)
	}
	attribute := func(key string) string {
		if value, ok := resource.Attributes().Get(key); ok {
			return value.AsString()
		}
		return ""
	}
	app, id := attribute(string(semconv.ServiceNameKey)), scope.Name()
	if f.cfg.AppName == appNameScope && scope.Name() != "" {
		app, id = scope.Name(), ""
	}
	origin := field(nil, attribute(string(semconv.HostNameKey)), maxHost)
	origin = field(origin, app, maxApp)
	origin = field(origin, attribute(string(semconv.ProcessPIDKey)), maxProc)
	return string(field(origin, id, maxID))
}

// append writes a record. It returns false if the message had to be cut.
func (f *format) append(to []byte, origin string, record plog.LogRecord) ([]byte, bool) {
	to = append(to, '<')
	to = strconv.AppendInt(to, int64(f.facility*8+severity(record.SeverityNumber())), 10)
	to = append(to, ">1 "...)
	at := record.Timestamp()
	if at == 0 {
		at = record.ObservedTimestamp()
	}
	to = at.AsTime().UTC().AppendFormat(to, timeLayout)
	to = append(to, origin...)
	to = append(to, ' ')
	text := f.text(record)
	to = f.appendStructuredData(to, record)
	to = append(to, ' ')
	if f.cfg.BOM {
		to = append(to, bom...)
	}
	begin := len(to)
	if f.cfg.Framing == framingLF && f.cfg.Transport != transportUDP {
		to = appendOneLine(to, text)
	} else {
		to = append(to, text...)
	}
	if len(to) <= f.cfg.MaxMessageSize {
		return to, true
	}
	end := max(f.cfg.MaxMessageSize-len(truncate.Mark), begin)
	for end > begin && !utf8.RuneStart(to[end]) {
		end--
	}
	return append(to[:end], truncate.Mark...), false
}

// severity returns the syslog severity (RFC 5424, table 2) for one of OpenTelemetry
// (logs data model, appendix B). Python's CRITICAL is syslog's critical, as its own
// SysLogHandler has it, and not an emergency.
func severity(number plog.SeverityNumber) int {
	switch {
	case number >= plog.SeverityNumberFatal:
		return 2
	case number >= plog.SeverityNumberError:
		return 3
	case number >= plog.SeverityNumberWarn:
		return 4
	case number >= plog.SeverityNumberInfo2:
		return 5
	case number >= plog.SeverityNumberInfo || number == plog.SeverityNumberUnspecified:
		return 6
	}
	return 7
}

// text returns the message: the body with its traceback, or a JSON object.
func (f *format) text(record plog.LogRecord) string {
	body := strings.ToValidUTF8(record.Body().AsString(), "\ufffd")
	if f.cfg.Attributes == attributesJSON {
		object := record.Attributes().AsRaw()
		object["message"] = body
		if text, err := json.Marshal(object); err == nil {
			return string(text)
		}
		return body // a number that JSON does not have
	}
	if trace, ok := record.Attributes().Get(string(semconv.ExceptionStacktraceKey)); ok {
		body += "\n" + strings.ToValidUTF8(trace.AsString(), "\ufffd")
	}
	return body
}

// maxStructured is the part of a message that attributes may take, in percent.
const maxStructured = 50

// appendStructuredData writes the token, and the attributes that are not in the text.
func (f *format) appendStructuredData(to []byte, record plog.LogRecord) []byte {
	begin := len(to)
	to = append(to, f.token...)
	if f.cfg.Attributes == attributesStructured && record.Attributes().Len() > 0 {
		element := len(to)
		to = append(append(to, '['), f.cfg.AttributesID...)
		none := len(to)
		for key, value := range record.Attributes().All() {
			if key == "" || key == string(semconv.ExceptionStacktraceKey) {
				continue
			}
			param := len(to)
			to = append(to, ' ')
			to = appendName(to, key, maxName)
			to = append(to, '=', '"')
			to = appendValue(to, value.AsString())
			to = append(to, '"')
			if len(to) > f.cfg.MaxMessageSize*maxStructured/100 {
				to = to[:param]
			}
		}
		if len(to) == none {
			to = to[:element]
		} else {
			to = append(to, ']')
		}
	}
	if len(to) == begin {
		to = append(to, '-')
	}
	return to
}

// appendName writes printable ASCII without what structured data is made of
// (RFC 5424, section 6: PRINTUSASCII, SD-NAME).
func appendName(to []byte, name string, most int) []byte {
	n := 0
	for _, r := range name {
		if n++; n > most {
			break
		}
		if r <= ' ' || r >= 0x7f || r == '=' || r == ']' || r == '"' {
			r = '_'
		}
		to = append(to, byte(r))
	}
	return to
}

// appendValue writes a PARAM-VALUE (RFC 5424, section 6.3.3), on one line.
func appendValue(to []byte, value string) []byte {
	for _, r := range value {
		switch r {
		case '"', '\\', ']':
			to = append(to, '\\', byte(r))
		case '\n':
			to = append(to, `\\n`...)
		case '\r', 0:
			to = append(to, ' ')
		default:
			to = utf8.AppendRune(to, r)
		}
	}
	return to
}

// appendOneLine writes a text without line feeds, which would end the message.
func appendOneLine(to []byte, text string) []byte {
	for {
		i := strings.IndexAny(text, "\n\r\x00")
		if i < 0 {
			return append(to, text...)
		}
		to = append(to, text[:i]...)
		switch text[i] {
		case '\n':
			to = append(to, `\n`...)
		case '\r':
			to = append(to, `\r`...)
		}
		text = text[i+1:]
	}
}
