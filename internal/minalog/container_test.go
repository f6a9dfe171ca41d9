package minalog

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhatDockerPutsBesideALineIsKept(t *testing.T) {
	line := func(log, attrs string) string {
		return fmt.Sprintf(`{"log":"%s","stream":"stdout",%s"time":"2025-10-01T16:12:05.785000001Z"}`+"\n", log, attrs)
	}
	const tag = `"attrs":{"tag":"mina/web","com.example.env":"prod"},`
	kept := map[string]any{"tag": "mina/web", "com.example.env": "prod"}
	for name, test := range map[string]struct {
		lines string
		want  []any
	}{
		"a print":                {line(`hello\n`, tag), []any{kept}},
		"a record in JSON":       {line(`{\"message\": \"hello\"}\n`, tag), []any{kept}},
		"a record of two lines":  {line(`2025-10-01 16:12:05,785 INFO app: hello\n`, tag) + line(`world\n`, tag), []any{kept}},
		"a line in two parts":    {line(`hel`, tag) + line(`lo\n`, tag), []any{kept}},
		"several containers":     {line(`a\n`, tag) + line(`b\n`, `"attrs":{"tag":"db"},`) + line(`c\n`, tag), []any{kept, map[string]any{"tag": "db"}, kept}},
		"some lines without":     {line(`a\n`, ``) + line(`b\n`, tag) + line(`c\n`, ``), []any{nil, kept, nil}},
		"escapes":                {line(`a\n`, `"attrs":{"tag":"\u0061\n"},`), []any{map[string]any{"tag": "a\n"}}},
		"duplicate keys":         {line(`a\n`, `"attrs":{"tag":"x","tag":"y"},`), []any{map[string]any{"tag": "y"}}},
		"empty":                  {line(`a\n`, `"attrs":{},`), []any{map[string]any{}}},
		"no object":              {line(`a\n`, `"attrs":"x",`) + line(`b\n`, `"attrs":null,`), []any{nil, nil}},
		"a record that has them": {line(`{\"message\": \"x\", \"docker.attrs\": 7}\n`, tag), []any{int64(7)}},
		"attrs of a record":      {line(`{\"message\": \"x\", \"attrs\": 7}\n`, tag), []any{kept}},
	} {
		t.Run(name, func(t *testing.T) {
			b, s := NewBatch(observed), newStream(t, Origin{}, 1<<20)
			s.Write(b, []byte(test.lines))
			s.End(b)
			var got []any
			for _, record := range records(b) {
				got = append(got, record.Attributes().AsRaw()["docker.attrs"])
			}
			assert.Equal(t, test.want, got)
		})
	}
}

// TestAllocationsOfDockersLines holds what unwrapping costs beside the record itself.
func TestAllocationsOfDockersLines(t *testing.T) {
	const line = `{"log":"127.0.0.1 - - [01/Oct/2025:16:12:05 +0000] \"GET /a HTTP/1.1\" 200 512\n","stream":"stdout",%s"time":"2025-10-01T16:12:05.785000001Z"}` + "\n"
	measure := func(attrs string) float64 {
		block := []byte(strings.Repeat(fmt.Sprintf(line, attrs), benchRecords))
		s := newStream(t, Origin{FileName: "app.log"}, 1<<20)
		return testing.AllocsPerRun(10, func() { s.Write(NewBatch(observed), block) }) / benchRecords
	}
	without, with := measure(""), measure(`"attrs":{"tag":"mina/web"},`)
	require.LessOrEqual(t, without, 18.1)
	require.LessOrEqual(t, with, without+4)
}
