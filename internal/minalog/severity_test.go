package minalog

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog"
)

func TestSeverity(t *testing.T) {
	for text, want := range map[string]plog.SeverityNumber{
		"DEBUG": 5, "info": 9, "Warning": 13, "WARN": 13, "ERROR": 17, "CRITICAL": 21, "fatal": 21, "NOTSET": 0, "TRACE": 1,
		"5": 0, "9": 0, "10": 5, "11": 6, "12": 7, "13": 8, "19": 8, "20": 9, "25": 12, "30": 13, "39": 16, "40": 17, "42": 19, "49": 20,
		"50": 21, "51": 22, "52": 23, "53": 24, "60": 24, "999": 24, "-5": 0, "9999999999999": 24,
		"40.0": 17, "20.00": 9, "40.": 17, "40.5": 0, "Level 35": 16, "level 5": 0, "Level 40.0": 17,
		// syslog's, with Python's critical
		"err": 17, "crit": 21, "alert": 22, "emerg": 24, "emergency": 24, "panic": 24, "notice": 10, "Informational": 9,
		// structlog's, loguru's, Google's, Windows's, java.util.logging's
		"exception": 17, "SUCCESS": 12, "Information": 9, "Verbose": 5, "severe": 17, "DEFAULT": 0,
		// %(levelname).1s to .5s
		"D": 5, "I": 9, "W": 13, "E": 17, "C": 21, "F": 21, "T": 1,
		"DEB": 5, "INF": 9, "WAR": 13, "ERR": 17, "CRI": 21, "DEBU": 5, "ERRO": 17, "CRIT": 21, "WARNI": 13, "CRITI": 21, "dbg": 5, "wrn": 13,
		// OpenTelemetry's
		"TRACE4": 4, "DEBUG2": 6, "INFO2": 10, "WARN3": 15, "ERROR2": 18, "FATAL4": 24,
		// as they are printed
		"[ERROR]": 17, "<WARNING>": 13, "(info)": 9, "ERROR:": 17, "ERROR ": 17, " error\t": 17, "| INFO |": 9, "[info     ]": 9, `"ERROR"`: 17, "'error'": 17,
		"[40]": 17, "logging.ERROR": 17, "LogLevel.WARNING": 13, "Level.error": 17, "<LogLevel.ERROR: 40>": 17, "Severity.NOTICE": 10, "logging.40": 17,
		"SeverityNumber.ERROR2": 18,
		"\x1b[31merror\x1b[0m":  17, "\x1b[1;31mCRITICAL\x1b[0m": 21, "\x1b[38;5;196m[ERROR   ]\x1b[39m\x1b[22m": 17, "\x1b[32m INFO \x1b[0m": 9, "\x1b[mWARN": 13,
		// what is none
		"": 0, "Level": 0, "a level with a very long name": 0, "Listening": 0, "app.error": 0, "logging.": 0, "[]": 0, ".": 0, "err or": 0, "errors": 0, "4O": 0,
		"\x1b[31m": 0, "\x1b": 0, "ошибка": 0, strings.Repeat("e", 50): 0,
	} {
		assert.Equal(t, want, severityOfText([]byte(text)), "%q", text)
	}
}

func TestLevelWithoutNumberIsKnown(t *testing.T) {
	for text, want := range map[string]bool{
		"NOTSET": true, "Default": true, "5": true, "Level 5": true, "ERROR": true,
		"Listening": false, "": false, "meeting": false, "[31]x": false, "Level x": false,
	} {
		_, known := levelOf([]byte(text))
		assert.Equal(t, want, known, "%q", text)
	}
}

func TestSeverityAllocatesNothing(t *testing.T) {
	for _, text := range []string{"ERROR", "Level 35", "40.0", "[ERROR]", "\x1b[31merror\x1b[0m", "<LogLevel.ERROR: 40>", "Listening"} {
		line := []byte(text)
		assert.Zero(t, testing.AllocsPerRun(100, func() { severityOfText(line) }), "%q", text)
	}
}

func FuzzSeverity(f *testing.F) {
	for _, text := range []string{"ERROR", "Level 35", "40.0", "[ERROR]", "\x1b[31merror\x1b[0m", "<LogLevel.ERROR: 40>", "Listening", "-9223372036854775808"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		number, known := levelOf(text)
		if number < plog.SeverityNumberUnspecified || number > plog.SeverityNumberFatal4 || number > 0 && !known {
			t.Fatalf("%d, %t of %q", number, known, text)
		}
		if padded, _ := levelOf(fmt.Appendf(nil, " \x1b[1;31m%s \x1b[0m ", text)); known && len(text) < longestLevel && bytes.IndexByte(text, '\x1b') < 0 && padded != number {
			t.Fatalf("%d of %q, and %d of it painted", number, text, padded)
		}
	})
}

func BenchmarkSeverity(b *testing.B) {
	for _, text := range []string{"INFO", "[ERROR]", "\x1b[31merror\x1b[0m", "Listening"} {
		b.Run(fmt.Sprintf("%q", text), func(b *testing.B) {
			line := []byte(text)
			b.ReportAllocs()
			for b.Loop() {
				severityOfText(line)
			}
		})
	}
}
