package minalog

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSourceInATracebackIsNoRecord(t *testing.T) {
	for _, source := range []string{
		`    {}["meeting"]`,
		`    {"level": "ERROR", "message": "x"}`,
		`    send({"level": "ERROR", "message": "x"}) or {"level": "ERROR", "message": "x"}`,
		"    f({\n        \"level\": \"ERROR\",\n    })",
		`    ERROR: "x"`,
		`    2025-10-01 - 7`,
	} {
		traceback := "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n" + source + "\nKeyError: 'x'"
		for before, body := range map[string]string{"2025-10-01 16:12:05,785 ERROR app: failed\n": "failed", "": "KeyError: 'x'", "[2025-10-01 16:12:05] it is none\n": "[2025-10-01 16:12:05] it is none"} {
			b, s := NewBatch(observed), newStream(t, Origin{}, 1<<20)
			s.Write(b, []byte(before+traceback+"\n"))
			s.End(b)
			if all := records(b); assert.Len(t, all, 1, source) {
				assert.Equal(t, body, all[0].Body().AsString())
				assert.Equal(t, map[string]any{"type": "KeyError", "message": "'x'", "traceback": traceback}, all[0].Attributes().AsRaw()["exception"])
			}
		}
	}
}

func TestAnExceptionThatHoldsARecordIsOne(t *testing.T) {
	for _, message := range []string{
		`{"timestamp": "2025-10-01T16:12:05Z", "level": "ERROR", "message": "of the other side"}`,
		`404 Client Error: {"timestamp": "2025-10-01T16:12:05Z", "status": 404, "message": "of the other side"}`,
		"drawn\r2025-10-01 16:12:05,785 ERROR app: over",
	} {
		traceback := "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    get()\nrequests.HTTPError: " + message
		for before, body := range map[string]string{"2025-10-01 16:12:05,785 ERROR app: failed\n": "failed", "": "requests.HTTPError: " + message} {
			all := readLines(t, before+traceback+"\n")
			if assert.Len(t, all, 1, message) {
				assert.Equal(t, body, all[0].Body().AsString())
				assert.Equal(t, map[string]any{"type": "requests.HTTPError", "message": message, "traceback": traceback}, attributeOf(all[0], "exception"))
			}
		}
	}
}
