package minalog

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestLinesInJournaldsExport(t *testing.T) {
	type attributes = map[string]any
	const outer = `{"__REALTIME_TIMESTAMP": "1759335125785000", "PRIORITY": "3", "_PID": "7", "SYSLOG_IDENTIFIER": "gunicorn", "MESSAGE": `
	const when = "2025-10-01T16:12:05.785Z"
	left := attributes{"_PID": "7", "SYSLOG_IDENTIFIER": "gunicorn"}
	for line, want := range map[string]decoded{
		outer + `"a text"}`:               {time: when, text: "3", severity: 17, body: "a text", attributes: left},
		outer + `[104, 105, 255]}`:        {time: when, text: "3", severity: 17, body: "hi\uFFFD", attributes: left},
		outer + `[104, 256]}`:             {time: when, text: "3", severity: 17, body: []any{int64(104), int64(256)}, attributes: left},
		outer + `null}`:                   {time: when, text: "3", severity: 17, attributes: left},
		outer + `"{\"message\": \"half"}`: {time: when, text: "3", severity: 17, body: `{"message": "half`, attributes: left},
		outer + `"{\"a\": 1} {}"}`:        {time: when, text: "3", severity: 17, body: `{"a": 1} {}`, attributes: left},
		outer + `"2025-10-01 16:12:06,785 INFO services.mail: said \"no\""}`: {
			time: "2025-10-01T16:12:06.785Z", text: "INFO", severity: 9, logger: "services.mail", body: `said "no"`, attributes: attributes{
				"__REALTIME_TIMESTAMP": "1759335125785000", "PRIORITY": "3", "_PID": "7", "SYSLOG_IDENTIFIER": "gunicorn",
			},
		},
		outer + `"[2025-10-01 16:12:06 +0000] [8] [INFO] Booting worker"}`: {
			time: "2025-10-01T16:12:06Z", text: "INFO", severity: 9, logger: "gunicorn.error", body: "Booting worker", attributes: attributes{
				"__REALTIME_TIMESTAMP": "1759335125785000", "PRIORITY": "3", "_PID": "7", "SYSLOG_IDENTIFIER": "gunicorn", "process_id": int64(8),
			},
		},
		outer + `"{}"}`: {time: when, text: "3", severity: 17, body: `{}`, attributes: left},
		outer + `" {\"timestamp\": \"2025-10-01T16:12:06Z\", \"level\": \"INFO\", \"logger\": \"app\", \"message\": \"inside\", \"_PID\": 8, \"n\": {\"a\": \"\\\"\"}} "}`: {
			time: "2025-10-01T16:12:06Z", text: "INFO", severity: 9, logger: "app", body: "inside", attributes: attributes{
				"__REALTIME_TIMESTAMP": "1759335125785000", "PRIORITY": "3", "_PID": int64(8), "SYSLOG_IDENTIFIER": "gunicorn", "n": attributes{"a": `"`},
			},
		},
		`{"message": "{\"level\": \"ERROR\"}"}`: {body: `{"level": "ERROR"}`, attributes: attributes{}},
	} {
		assert.Equal(t, want, decodedOf(t, line), line)
	}
}

func TestTextInsideJournaldsExportNeedsNoNamesOfFields(t *testing.T) {
	s, b := newStream(t, Origin{}, 1000, func(c *Config) { c.Fields = FieldNames{Message: []string{"MESSAGE"}} }), NewBatch(observed)
	s.Write(b, []byte(`{"MESSAGE": "2025-10-01 16:12:06,785 INFO app: said"}`+"\n"))
	assert.Equal(t, map[string]any{"timestamp": int64(1759335126785000000), "level": "INFO", "logger": "app"}, records(b)[0].Attributes().AsRaw())
	assert.Equal(t, "said", records(b)[0].Body().Str())
}
