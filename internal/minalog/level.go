package minalog

import (
	"go.opentelemetry.io/collector/pdata/plog"
)

// takeLevel returns a record's level as it is written, and its severity: that of the
// first name that is known, or else of a number beside it.
func (d *Decoder) takeLevel(b *Batch) (text string, severity plog.SeverityNumber) {
	for v := d.field(fieldLevel); v != nil; v = d.next(fieldLevel) {
		if severity = severityOfText(d.bytesOf(v)); severity != plog.SeverityNumberUnspecified {
			text = d.plainText(b, v)
			d.take(fieldLevel)
			break
		}
	}
	if text == "" && d.found[fieldLevel].above > 0 {
		text = d.takeUnknownLevel(b)
	}
	for fd := fieldPriority; fd <= fieldSeverityNumber; fd++ {
		if v := d.field(fd); v != nil {
			text, severity = d.takeLevelNumber(b, fd, text, severity)
		}
	}
	return text, severity
}

// takeUnknownLevel returns the first name or number of a level, which is not known.
func (d *Decoder) takeUnknownLevel(b *Batch) string {
	for v := d.again(fieldLevel); v != nil; v = d.next(fieldLevel) {
		if text := d.plainText(b, v); text != "" {
			d.take(fieldLevel)
			return text
		}
	}
	return ""
}

// plainText returns the text of a level without the colours that it may have, of which
// the first stands in front.
func (d *Decoder) plainText(b *Batch, v *jsonValue) string {
	text := d.textOf(b, v)
	if text != "" && text[0] == escape {
		text = plain(text)
	}
	return text
}

// takeLevelNumber reads a number that stands beside the level's name or for it. Those of
// OpenTelemetry and Python are what the application itself has, and win. Syslog's is what
// the name is not, and stays an attribute if it contradicts it.
func (d *Decoder) takeLevelNumber(b *Batch, fd field, text string, severity plog.SeverityNumber) (string, plog.SeverityNumber) {
	for v := d.field(fd); v != nil; v = d.next(fd) {
		number := severityOfNumber(fd, d.bytesOf(v))
		if number == plog.SeverityNumberUnspecified {
			continue
		}
		if severity == plog.SeverityNumberUnspecified || fd != fieldPriority {
			severity = number
		}
		if text == "" {
			text = d.textOf(b, v)
		}
		if number == severity {
			d.take(fd)
		}
		break
	}
	return text, severity
}

// syslogLevels are the names of the severities of RFC 5424, in the order of their numbers.
var syslogLevels = [...]string{"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"}

// severityOfNumber maps OpenTelemetry's, Python's or syslog's number, whichever the
// field has, or returns 0.
func severityOfNumber(fd field, text []byte) plog.SeverityNumber {
	n, ok := parseInt(text)
	switch {
	case !ok && fd == fieldSeverityNumber: // SeverityNumber.ERROR
		return severityOfText(text)
	case !ok || n < 0:
	case fd == fieldSeverityNumber && n <= int64(plog.SeverityNumberFatal4):
		return plog.SeverityNumber(n)
	case fd == fieldLevelNumber:
		return severityOfLevel(n)
	case fd == fieldPriority && n < int64(len(syslogLevels)):
		return severityOfText([]byte(syslogLevels[n]))
	}
	return plog.SeverityNumberUnspecified
}
