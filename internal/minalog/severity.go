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

var severityOfName = map[string]plog.SeverityNumber{
	"trace":    plog.SeverityNumberTrace,
	"debug":    plog.SeverityNumberDebug,
	"info":     plog.SeverityNumberInfo,
	"warn":     plog.SeverityNumberWarn,
	"warning":  plog.SeverityNumberWarn,
	"error":    plog.SeverityNumberError,
	"critical": plog.SeverityNumberFatal,
	"fatal":    plog.SeverityNumberFatal,
	"notset":   plog.SeverityNumberUnspecified,
}

// severityOfText maps a level's name, in any case, or its number as text. An
// unknown name has no number.
func severityOfText(text []byte) plog.SeverityNumber {
	var lower [16]byte
	text = bytes.TrimSpace(text)
	if len(text) > len(lower) {
		return plog.SeverityNumberUnspecified
	}
	for i, c := range text {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		lower[i] = c
	}
	name := lower[:len(text)]
	if severity, ok := severityOfName[string(name)]; ok {
		return severity
	}
	// logging.getLevelName names a level that has no name "Level 35".
	if level, ok := parseInt(bytes.TrimPrefix(name, []byte("level "))); ok {
		return severityOfLevel(level)
	}
	return plog.SeverityNumberUnspecified
}
