package minalog

import (
	"bytes"

	"go.opentelemetry.io/collector/pdata/plog"
)

// severityOfLevel maps a Python level number as OpenTelemetry's own logging
// handler for Python does.
func severityOfLevel(level int64) plog.SeverityNumber {
	switch {
	case level < 10:
		return plog.SeverityNumberUnspecified
	case level >= 53:
		return plog.SeverityNumberFatal4
	case level >= 50:
		return plog.SeverityNumber(21 + level - 50)
	}
	return plog.SeverityNumber(1 + level/10*4 + min(level%10, 3))
}

// severityOfName has the names of levels that Python's world writes. They have the
// numbers of the log data model's appendix B
// (https://opentelemetry.io/docs/specs/otel/logs/data-model-appendix/), except that
// critical is Python's highest level and not syslog's: it is FATAL, and what syslog
// has above it goes up from there, in syslog's order.
var severityOfName = map[string]plog.SeverityNumber{
	"notset":  plog.SeverityNumberUnspecified,
	"default": plog.SeverityNumberUnspecified, // Google's word for none

	"trace": plog.SeverityNumberTrace,
	"debug": plog.SeverityNumberDebug, "debu": plog.SeverityNumberDebug, "deb": plog.SeverityNumberDebug, "dbg": plog.SeverityNumberDebug,
	"verbose": plog.SeverityNumberDebug,
	"info":    plog.SeverityNumberInfo, "inf": plog.SeverityNumberInfo,
	"information": plog.SeverityNumberInfo, "informational": plog.SeverityNumberInfo,
	"notice":  plog.SeverityNumberInfo2,
	"success": plog.SeverityNumberInfo4, // loguru's level 25
	"warning": plog.SeverityNumberWarn, "warni": plog.SeverityNumberWarn, "warn": plog.SeverityNumberWarn, "war": plog.SeverityNumberWarn,
	"wrn":   plog.SeverityNumberWarn,
	"error": plog.SeverityNumberError, "erro": plog.SeverityNumberError, "err": plog.SeverityNumberError,
	"exception": plog.SeverityNumberError, // the name of structlog's method
	"severe":    plog.SeverityNumberError,
	"critical":  plog.SeverityNumberFatal, "criti": plog.SeverityNumberFatal, "crit": plog.SeverityNumberFatal, "cri": plog.SeverityNumberFatal,
	"fatal":     plog.SeverityNumberFatal,
	"alert":     plog.SeverityNumberFatal2,
	"emergency": plog.SeverityNumberFatal4, "emerg": plog.SeverityNumberFatal4, "panic": plog.SeverityNumberFatal4,

	"t": plog.SeverityNumberTrace,
	"d": plog.SeverityNumberDebug,
	"i": plog.SeverityNumberInfo,
	"w": plog.SeverityNumberWarn,
	"e": plog.SeverityNumberError,
	"c": plog.SeverityNumberFatal,
	"f": plog.SeverityNumberFatal,

	// OpenTelemetry's own short names.
	"trace2": plog.SeverityNumberTrace2, "trace3": plog.SeverityNumberTrace3, "trace4": plog.SeverityNumberTrace4,
	"debug2": plog.SeverityNumberDebug2, "debug3": plog.SeverityNumberDebug3, "debug4": plog.SeverityNumberDebug4,
	"info2": plog.SeverityNumberInfo2, "info3": plog.SeverityNumberInfo3, "info4": plog.SeverityNumberInfo4,
	"warn2": plog.SeverityNumberWarn2, "warn3": plog.SeverityNumberWarn3, "warn4": plog.SeverityNumberWarn4,
	"error2": plog.SeverityNumberError2, "error3": plog.SeverityNumberError3, "error4": plog.SeverityNumberError4,
	"fatal2": plog.SeverityNumberFatal2, "fatal3": plog.SeverityNumberFatal3, "fatal4": plog.SeverityNumberFatal4,
}

// levelEnums are what stands in front of a level that is printed with the name of
// its enumeration or module: logging.ERROR, LogLevel.ERROR.
var levelEnums = map[string]bool{
	"logging": true, "level": true, "loglevel": true, "logginglevel": true, "severity": true, "logseverity": true, "severitynumber": true,
}

// longestLevel is the length in bytes of the longest text that may be a level,
// without what paints it.
const longestLevel = 40

// Severity is the severity of a level's name, in any case, or of Python's number for it, and
// says whether it is known as one.
func Severity(level string) (number plog.SeverityNumber, known bool) { return levelOf([]byte(level)) }

// severityOfText maps a level's name, in any case, or its number as text. An
// unknown name has no number.
func severityOfText(text []byte) plog.SeverityNumber {
	number, _ := levelOf(text)
	return number
}

// levelOf is severityOfText that tells a level without a number, such as NOTSET,
// from a text that is none.
func levelOf(text []byte) (number plog.SeverityNumber, known bool) {
	if number, known = levelOfWord(text); known {
		return number, true
	}
	var buffer [longestLevel]byte
	name, ok := appendLower(buffer[:0], text)
	if !ok {
		return plog.SeverityNumberUnspecified, false
	}
	if number, known = severityOfName[string(name)]; known {
		return number, true
	}
	if number, known = levelOfNumber(name); known {
		return number, true
	}
	name = bytes.Trim(name, " \t\r\n[]()<>|:\"'")
	if number, known = severityOfName[string(name)]; known {
		return number, true
	}
	if enum, member, found := bytes.Cut(name, []byte(".")); found && levelEnums[string(enum)] {
		member, _, _ = bytes.Cut(member, []byte(":")) // <LogLevel.ERROR: 40>
		if number, known = severityOfName[string(member)]; known {
			return number, true
		}
		name = member
	}
	return levelOfNumber(name)
}

// levelOfWord is levelOf of a single word.
func levelOfWord(word []byte) (number plog.SeverityNumber, known bool) {
	switch string(word) { // which most records have
	case "DEBUG":
		return plog.SeverityNumberDebug, true
	case "INFO":
		return plog.SeverityNumberInfo, true
	case "WARNING":
		return plog.SeverityNumberWarn, true
	case "ERROR":
		return plog.SeverityNumberError, true
	case "CRITICAL":
		return plog.SeverityNumberFatal, true
	}
	var buffer [longestLevel]byte
	if len(word) > len(buffer) {
		return plog.SeverityNumberUnspecified, false
	}
	lower := buffer[:len(word)]
	for i, c := range word {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		lower[i] = c
	}
	number, known = severityOfName[string(lower)]
	return number, known
}

// levelOfNumber maps Python's number as text: "40", "40.0", and "level 35", as
// logging.getLevelName calls a level that has no name.
func levelOfNumber(name []byte) (number plog.SeverityNumber, known bool) {
	digits, fraction, _ := bytes.Cut(bytes.TrimPrefix(name, []byte("level ")), []byte("."))
	level, ok := parseInt(digits)
	if !ok || len(bytes.Trim(fraction, "0")) > 0 {
		return plog.SeverityNumberUnspecified, false
	}
	return severityOfLevel(level), true
}

// appendLower appends a text in lower case, without the escape codes that paint it
// and the blanks around it. It says whether the text has room in dest.
func appendLower(dest, text []byte) (lower []byte, ok bool) {
	text = bytes.TrimSpace(text)
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '\x1b' {
			i = endOfColor(text, i)
			continue
		}
		if len(dest) == cap(dest) {
			return nil, false
		}
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		dest = append(dest, c)
	}
	return bytes.TrimSpace(dest), true
}

// endOfColor returns where the escape code that begins at start ends: ESC [ 1 ; 31 m.
func endOfColor(text []byte, start int) int {
	for i := start + 1; i < len(text); i++ {
		if c := text[i]; c != '[' && c != ';' && !isDigit(c) {
			return i
		}
	}
	return len(text)
}
