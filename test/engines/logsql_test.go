package engines

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/internal/logsql"
)

// take stores records with these fields beside "n", by which they are known.
func (e *engine) take(t *testing.T, records ...map[string]string) {
	t.Helper()
	var lines bytes.Buffer
	for n, record := range records {
		line := map[string]string{"n": strconv.Itoa(n), "_time": time.Now().UTC().Format(time.RFC3339Nano)}
		for name, value := range record {
			line[name] = value
		}
		require.NoError(t, json.NewEncoder(&lines).Encode(line))
	}
	response, text := e.post(t, "/insert/jsonline?_stream_fields=stream", http.Header{"Content-Type": {"application/stream+json"}}, lines.Bytes())
	require.Equal(t, http.StatusOK, response.StatusCode, text)
	e.flush(t)
}

// numbers returns which records a filter finds.
func (e *engine) numbers(t *testing.T, filter logsql.Filter) []int {
	t.Helper()
	found := []int{}
	for _, record := range e.visible(t, filter.String()) {
		n, err := strconv.Atoi(record["n"])
		require.NoError(t, err)
		found = append(found, n)
	}
	slices.Sort(found)
	return found
}

func TestEachFilterFindsWhatItMeans(t *testing.T) {
	t.Parallel()
	e := newVictoriaLogs(t, "-defaultMsgValue=").start(t)
	e.take(t,
		map[string]string{"_msg": "Rate limit of Ünal", "status": "200", "ms": "9.5", "address": "203.0.113.9", "user": "Ana", "mixed": "7"},
		map[string]string{"_msg": "rate LIMITER", "status": "404", "ms": "120", "address": "203.0.113.90", "user": "ana", "mixed": "seven"},
		map[string]string{"_msg": "limit, then rate", "status": "503", "ms": "-3", "address": "2001:db8::1", "mixed": "70"},
		map[string]string{"status": "500", "ms": "1e3", "user": "joana"},
	)
	for _, c := range []struct {
		filter logsql.Filter
		found  []int
	}{
		{logsql.All(), []int{0, 1, 2, 3}},
		{logsql.Or(), []int{}},
		{logsql.Word("", "LIMIT"), []int{0, 2}},
		{logsql.Word("", "ünal"), []int{0}},
		{logsql.Word("", "rate limit"), []int{0}},
		{logsql.Word("user", "ANA"), []int{0, 1}},
		{logsql.Word("address", "203.0.113.9"), []int{0}},
		{logsql.Word("status", "20"), []int{}},
		{logsql.Word("status", "200"), []int{0}},
		{logsql.Word("ms", "9.5"), []int{0}},
		{logsql.Word("mixed", "SEVEN"), []int{1}},
		{logsql.Word("*", "ana"), []int{0, 1}},
		{logsql.Prefix("", "Limit"), []int{0, 1, 2}},
		{logsql.Prefix("", "RATE limit"), []int{0, 1}},
		{logsql.Prefix("status", "5"), []int{2, 3}},
		{logsql.Prefix("address", "203.0.113.9"), []int{0, 1}},
		{logsql.Phrase("", "rate"), []int{1, 2}},
		{logsql.Phrase("user", "ana"), []int{1}},
		{logsql.Exact("user", "ana"), []int{1}},
		{logsql.Exact("address", "203.0.113.9"), []int{0}},
		{logsql.Exact("", "rate LIMITER"), []int{1}},
		{logsql.Exact("user", ""), []int{2}},
		{logsql.Begins("", "rate L"), []int{1}},
		{logsql.Begins("status", "20"), []int{0}},
		{logsql.Call("address", "ipv4_range", "203.0.113.0/26"), []int{0}},
		{logsql.In("user", "ana", "joana", ""), []int{1, 2, 3}},
		{logsql.In("user"), []int{}},
		{logsql.Compare("ms", logsql.Greater, "9.5"), []int{1, 3}},
		{logsql.Compare("ms", logsql.AtLeast, "9.5"), []int{0, 1, 3}},
		{logsql.Compare("ms", logsql.Less, "9.5"), []int{2}},
		{logsql.Compare("ms", logsql.AtMost, "-3"), []int{2}},
		{logsql.Compare("mixed", logsql.Greater, "8"), []int{2}},
		{logsql.Compare("user", logsql.Less, "b"), []int{0, 1}},
		{logsql.Compare("user", logsql.Greater, "b"), []int{3}},
		{logsql.Compare("address", logsql.AtLeast, "203.0.113.10"), []int{1}},
		{logsql.Compare("_time", logsql.Greater, "2020-01-01T00:00:00Z"), []int{0, 1, 2, 3}},
		{logsql.Compare("_time", logsql.Less, "2020-01-01T00:00:00Z"), []int{}},
		{logsql.Regexp("user", "^(?i)ana$"), []int{0, 1}},
		{logsql.Regexp("", `,\sthen`), []int{2}},
		{logsql.Exists("user"), []int{0, 1, 3}},
		{logsql.Exists("none"), []int{}},
		{logsql.Exists(""), []int{0, 1, 2}},
		{logsql.Exact(logsql.Body, ""), []int{3}},
		{logsql.Not(logsql.Exists("user")), []int{2}},
		{logsql.Not(logsql.And(logsql.Exists("user"), logsql.Word("", "limit"))), []int{1, 2, 3}},
		{logsql.Not(logsql.Or(logsql.Exact("status", "200"), logsql.Exact("status", "404"))), []int{2, 3}},
		{logsql.And(logsql.Exists("user"), logsql.Or(logsql.Exact("status", "404"), logsql.Exact("status", "503"))), []int{1}},
		{logsql.Or(logsql.And(logsql.Exact("user", "ana"), logsql.Exact("status", "404")), logsql.Exact("status", "503")), []int{1, 2}},
	} {
		assert.Equal(t, c.found, e.numbers(t, c.filter), c.filter)
	}
	id := e.visible(t, "n:=0")[0]["_stream_id"]
	assert.Equal(t, []int{0, 1, 2, 3}, e.numbers(t, logsql.Exact("_stream_id", id)))
}

// ownWords are what LogsQL has a meaning for.
const ownWords = `and or not in by as if from with now offset inf nan options i re eq_field le_field lt_field exact range seq contains_all contains_any contains_common_case
	equals_common_case ipv4_range ipv6_range json_array_contains_any len_range pattern_match pattern_match_full string_range value_type filter where fields keep stats count sum
	sort order limit head offset skip uniq top delete rm drop copy cp rename mv format extract extract_regexp replace unpack_json unpack_logfmt math eval join union facets first last
	field_names field_values blocks_count stream_context running_stats total_stats hash len pack_json sample split time_add collapse_nums decolorize query_stats day_range week_range`

// strange are names and values that mean something else in one syntax or another.
var strange = []string{
	`a b`, ` a`, `a `, `a"b`, `"`, `'`, "`", `\`, `a\`, `\"`, `a:b`, `:`, `:=`, `a=b`, `>5`, `a|b`, `| delete`, `#`, `a # b`, `;`, `(`, `)`, `(a or b)`, `[1, 2]`, `{a="b"}`, `!`, `-`, `-a`, `!a`, `~`, `*a`,
	"a\nb", "\n", "\t", "a\x00b", "\x1b[31m", "\u2028", "\u202egnihtyna", "ü", "日本語", "🦊", "a🦊b", "é", "\ufeff", "\ufffd", `%`, `$a`, `<b>`, `{{.}}`, `a,b`, `a/b`, `@`, `..`, `.`, `a.`, `.a`, `1`, `1.5`, `-1`, `2026-11-26`,
}

func TestEveryNameAndValueIsFound(t *testing.T) {
	t.Parallel()
	e := newVictoriaLogs(t).start(t)
	texts := append(strings.Fields(ownWords), strange...)
	for _, word := range strings.Fields(ownWords) {
		texts = append(texts, word+".x", strings.ToUpper(word))
	}
	slices.Sort(texts)
	texts = slices.Compact(texts)
	var records []map[string]string
	for _, text := range texts {
		records = append(records, map[string]string{"_msg": "of a name", "name " + text: text, text: "v", "value": text})
	}
	e.take(t, records...)
	for n, text := range texts {
		only := []logsql.Filter{
			logsql.Exists(text), logsql.Exact(text, "v"), logsql.Word(text, "V"), logsql.Prefix(text, "V"), logsql.In(text, "v"), logsql.Regexp(text, "^v$"), logsql.Compare(text, logsql.Greater, "u"),
			logsql.Exact("value", text), logsql.In("value", text, "x-x-x"), logsql.Exists("name " + text),
		}
		also := []logsql.Filter{logsql.Word("value", text), logsql.Phrase("value", text), logsql.Prefix("value", text)}
		assert.Equal(t, []int{n}, e.numbers(t, logsql.And(append(also, only...)...)), "%q is found by each", text)
		assert.Equal(t, []int{n}, e.numbers(t, logsql.Or(only...)), "%q alone is found by any", text)
		assert.NotContains(t, e.numbers(t, logsql.Not(logsql.Exact("value", text))), n, text)
	}
}

// FuzzTheEngineReadsWhatIsWritten stores a record, and finds it by every filter that is true of it.
func FuzzTheEngineReadsWhatIsWritten(f *testing.F) {
	for _, text := range strange {
		f.Add(text, text)
	}
	f.Add("a*", "x*")
	e := newVictoriaLogs(f).start(f)
	n := 0
	f.Fuzz(func(t *testing.T, name, value string) {
		name, value = strings.ToValidUTF8(name, ""), strings.ToValidUTF8(value, "")
		if name == "" || len(name) > 100 || len(value) > 1000 || slices.Contains([]string{"_time", "_msg", "_stream", "_stream_id", "stream", "n", "id"}, name) {
			t.Skip()
		}
		n++
		id := fmt.Sprintf("%d-%d", time.Now().UnixNano(), n)
		e.take(t, map[string]string{"_msg": "fuzzed", "id": id, name: value})
		holds := []logsql.Filter{logsql.Exact(name, value), logsql.In(name, "another", value)}
		if value != "" {
			holds = append(holds, logsql.Exists(name), logsql.Word(name, value), logsql.Phrase(name, value), logsql.Prefix(name, value))
		}
		for _, filter := range holds {
			assert.Len(t, e.visible(t, logsql.And(logsql.Exact("id", id), filter).String()), 1, filter)
			assert.Empty(t, e.visible(t, logsql.And(logsql.Exact("id", id), logsql.Not(filter)).String()), filter)
		}
	})
}
