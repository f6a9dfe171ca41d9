package minalog

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

// sides returns the text on the other sides of a record's cuts; ok says that it has any.
func sides(record plog.LogRecord) (before, after string, ok bool) {
	v, ok := record.Attributes().Get(minaattr.Cut)
	if !ok {
		return "", "", false
	}
	if text, found := v.Map().Get(minaattr.CutBefore); found {
		before = text.Str()
	}
	if text, found := v.Map().Get(minaattr.CutAfter); found {
		after = text.Str()
	}
	return before, after, true
}

func TestPiecesOfALongLineKnowEachOther(t *testing.T) {
	const limit = 100
	for name, line := range map[string]string{
		"JSON":  `{"timestamp": "2025-10-01T16:12:05Z", "level": "ERROR", "message": "` + strings.Repeat("é1", 150) + `", "n": 1}`,
		"text":  "2025-10-01 16:12:05,000 ERROR app: " + strings.Repeat("é ", 150) + "end",
		"exact": "2025-10-01 16:12:05,000 ERROR app: " + strings.Repeat("x", 2*limit-35),
		"CRI":   "2025-10-01T16:12:05.000000000Z stdout F 2025-10-01 16:12:05,000 ERROR app: " + strings.Repeat("x y", 100),
	} {
		for _, size := range []int{1, 7, limit, 1000} {
			t.Run(fmt.Sprintf("%s in blocks of %d", name, size), func(t *testing.T) {
				s, b := newStream(t, Origin{}, limit), NewBatch(observed)
				for rest := line + "\n"; rest != ""; {
					n := min(size, len(rest))
					s.Write(b, []byte(rest[:n]))
					rest = rest[n:]
				}
				got := records(b)
				require.Greater(t, len(got), 1)
				joined := ""
				for i, record := range got {
					body := record.Body().Str()
					assert.LessOrEqual(t, len(body), limit)
					before, after, ok := sides(record)
					require.True(t, ok)
					assert.True(t, strings.HasSuffix(joined, before) && (before != "") == (i > 0), i)
					assert.Equal(t, i < len(got)-1, after != "")
					if i < len(got)-1 && size >= limit {
						next := got[i+1].Body().Str()
						assert.True(t, strings.HasPrefix(after, next) || strings.HasPrefix(next, after), i)
					}
					if name != "CRI" { // whose head is that of the whole line
						assert.Equal(t, "2025-10-01 16:12:05", record.Timestamp().AsTime().Format("2006-01-02 15:04:05"))
						assert.Equal(t, plog.SeverityNumberError, record.SeverityNumber())
						assert.Equal(t, "ERROR", record.SeverityText())
					}
					joined += body
				}
				assert.Equal(t, line, joined)
				assert.EqualValues(t, len(got), b.Cut)
			})
		}
	}
}

func TestPiecesOfALongRecordHaveItsTimeAndSeverity(t *testing.T) {
	s, b := newStream(t, Origin{}, 200, func(c *Config) { c.IncludeOriginal = true }), NewBatch(observed)
	s.Write(b, []byte("2025-10-01 16:12:05,000 ERROR app: failed\nTraceback (most recent call last):\n"+
		strings.Repeat("  File \"/srv/mina/app.py\", line 1, in f\n", 10)+"ValueError: bad\n"+`{"message": "next"}`+"\n"))
	got := records(b)
	require.Greater(t, len(got), 3)
	joined := ""
	for _, record := range got[:len(got)-1] {
		assert.Equal(t, plog.SeverityNumberError, record.SeverityNumber())
		assert.NotZero(t, record.Timestamp())
		_, original := record.Attributes().Get("log.record.original")
		assert.False(t, original)
		joined += record.Body().Str() + "\n"
	}
	assert.Equal(t, 10, strings.Count(joined, "  File "))
	assert.True(t, strings.HasSuffix(joined, "\nValueError: bad\n"))
	assert.Equal(t, "next", got[len(got)-1].Body().Str())
}

func TestKeysThatAreOpenAreKnownBehindACut(t *testing.T) {
	long := strings.Repeat("a b", ContextSize)
	for name, test := range map[string]struct{ line, before string }{
		"a value":            {`{"user": "ana", "password": "` + long + `"}`, `"password": "a b`},
		"a map":              {`{"n": 1, "secret": {"part": "x", "rest": "` + long + `"}}`, `"secret": {"rest": "a b`},
		"a list":             {`{"tokens": ["x", "` + long + `"]}`, `"tokens": {`},
		"an escape":          {`{"say": "\"", "password": "\"` + long + `"}`, `"password": "\"a b`},
		"a word":             {"key=" + strings.Repeat("ab", 2*ContextSize), "key=abab"},
		"JSON behind a text": {`sent {"password": "` + long + `"}`, `"password": "a b`},
	} {
		t.Run(name, func(t *testing.T) {
			s, b := newStream(t, Origin{}, ContextSize+1), NewBatch(observed)
			s.Write(b, []byte(test.line+"\n"))
			got := records(b)
			before, _, _ := sides(got[len(got)-1])
			assert.Contains(t, before[:min(len(before), 4*maxOpen)], test.before)
			assert.LessOrEqual(t, len(before), ContextSize+(MaxDepth+4)*maxOpen)
		})
	}
}

func TestWhatIsFlushedIsKnownToWhatFollows(t *testing.T) {
	const header = "2025-10-01 16:12:05,000 ERROR app: failed"
	type piece struct{ body, before, after string }
	for name, test := range map[string]struct {
		first, then string
		want        []piece
	}{
		"half a text":        {header + " wi", "th it\n", []piece{{"failed wi", "", ""}, {"th it", header + " wi", ""}}},
		"half of JSON":       {`{"message": "ha`, `lf"}` + "\n", []piece{{`{"message": "ha`, "", ""}, {`lf"}`, `{"message": "ha`, ""}}},
		"whole JSON":         {`{"message": "m"}`, "\n" + `{"message": "n"}` + "\n", []piece{{body: "m"}, {body: "n"}}},
		"a record":           {header + "\n", "more\n" + `{"message": "n"}` + "\nelse\n", []piece{{body: "failed"}, {"more", header + "\n", ""}, {body: "n"}, {body: "else"}}},
		"half a following":   {header + "\nmo", "re\n", []piece{{"failed\nmo", "", ""}, {"re", header + "\nmo", ""}}},
		"the end of a line":  {header, "\n" + header + "\n", []piece{{body: "failed"}, {body: "failed"}}},
		"half of docker's":   {`{"log":"ha`, `lf\n"}` + "\n", []piece{{`{"log":"ha`, "", ""}, {`lf\n"}`, `{"log":"ha`, ""}}},
		"a whole one of his": {`{"log":"m\n","stream":"stdout","time":"2025-10-01T16:12:05Z"}`, "\n", []piece{{body: "m"}}},
	} {
		t.Run(name, func(t *testing.T) {
			s, b := newStream(t, Origin{}, 1000), NewBatch(observed)
			s.Write(b, []byte(test.first))
			s.Flush(b)
			require.Zero(t, s.Pending())
			s.Write(b, []byte(test.then))
			s.End(b)
			var got []piece
			for _, record := range records(b) {
				before, after, _ := sides(record)
				got = append(got, piece{record.Body().Str(), before, after})
			}
			assert.ElementsMatch(t, test.want, got)
		})
	}
}

// The lines of a private key are one secret, whatever is printed before them, and
// wherever a stream goes on in it.
func TestLinesOfAPrivateKeyKnowItsBeginning(t *testing.T) {
	const key = "-----BEGIN PRIVATE KEY-----\nMIIB\nAgEA\nAiBx\nAiBy\nAiBz\n-----END PRIVATE KEY-----\n"
	for name, test := range map[string]struct{ behind, text string }{
		"alone":                {"", key},
		"behind a record":      {"", `{"message": "m"}` + "\n" + key},
		"behind a word":        {"", "the key: " + key},
		"after a restart":      {`{"message": "m"}` + "\n" + key[:38], key[38:]},
		"in a line":            {key[:35], key[35:]},
		"behind a longer text": {strings.Repeat("text\n", 5000) + key[:38], key[38:]},
	} {
		t.Run(name, func(t *testing.T) {
			s, b := newStream(t, Origin{}, 1000), NewBatch(observed)
			s.ResumeBehind([]byte(test.behind))
			s.Write(b, []byte(test.text+"print\n"))
			s.End(b)
			inKey := 0
			for _, record := range records(b) {
				before, _, isCut := sides(record)
				switch body := record.Body().Str(); {
				case strings.HasPrefix(body, "Ai") || strings.HasPrefix(body, "-----END"):
					assert.True(t, inPrivateKey([]byte(before)), body)
					inKey++
				case body == "print":
					assert.False(t, isCut)
				}
			}
			assert.Equal(t, 4, inKey)
		})
	}
}

func TestABeginningWithoutAnEndIsNoKeyForEver(t *testing.T) {
	s, b := newStream(t, Origin{}, 1000), NewBatch(observed)
	s.Write(b, []byte("-----BEGIN "+strings.Repeat("x", 300)+"\n"+strings.Repeat("print\n", 2*maxKeyLines)))
	s.End(b)
	inKey := 0
	for _, record := range records(b) {
		before, _, isCut := sides(record)
		if isCut {
			inKey++
		}
		assert.LessOrEqual(t, len(before), maxKeyBegin+1)
	}
	assert.Equal(t, maxKeyLines, inKey)
}

func TestTheEndIsNoCut(t *testing.T) {
	for _, text := range []string{"2025-10-01 16:12:05,000 ERROR app: no newline", `{"message": "ha`, "print", `2025-10-01T16:12:05Z stdout P part`} {
		s, b := newStream(t, Origin{}, 1000), NewBatch(observed)
		s.Write(b, []byte(text))
		s.End(b)
		require.Len(t, records(b), 1)
		_, _, isCut := sides(records(b)[0])
		assert.False(t, isCut, text)
	}
}

func TestNULsAreNoText(t *testing.T) {
	hole := strings.Repeat("\x00", 3000)
	for name, test := range map[string]struct {
		text string
		want []string
		nuls int
	}{
		"before JSON":       {"\x00\x00" + `{"message": "m"}` + "\n", []string{"m"}, 2},
		"before a text":     {hole + "2025-10-01 16:12:05,000 ERROR app: failed\n", []string{"failed"}, 3000},
		"in a line":         {`{"message": "ha` + hole + `{"message": "m"}` + "\n", []string{`{"message": "ha`, "m"}, 3000},
		"at a line's end":   {"print\x00\n", []string{"print"}, 1},
		"behind the last":   {`{"message": "m"}` + "\n" + hole, []string{"m"}, 3000},
		"a line of them":    {hole + "\n" + `{"message": "m"}` + "\n", []string{"m"}, 3000},
		"a text with one":   {"print\x00more\n", []string{"print\x00more"}, 0},
		"behind a half one": {"half" + hole + "\n", []string{"half"}, 3000},
	} {
		for _, size := range []int{1 << 20, 1000} {
			t.Run(fmt.Sprintf("%s in blocks of %d", name, size), func(t *testing.T) {
				s, b := newStream(t, Origin{}, 1000), NewBatch(observed)
				for rest := test.text; rest != ""; {
					n := min(size, len(rest))
					s.Write(b, []byte(rest[:n]))
					rest = rest[n:]
				}
				s.End(b)
				var got []string
				for _, record := range records(b) {
					got = append(got, record.Body().Str())
				}
				assert.ElementsMatch(t, test.want, got)
				assert.EqualValues(t, test.nuls, b.NULs)
			})
		}
	}
}

func TestNoNULIsInAKey(t *testing.T) {
	b := NewBatch(observed)
	s := newStream(t, Origin{}, 1000)
	s.Write(b, []byte(`{"message": "m", "pass\u0000word": "x", "\u0000key": {"a\u0000": 1}, "raw`+"\x00"+`": 2}`+"\n"))
	require.Len(t, records(b), 1)
	assert.Equal(t, map[string]any{"password": "x", "key": map[string]any{"a": int64(1)}, "raw": int64(2)}, records(b)[0].Attributes().AsRaw())
}

func TestNoKeyIsEmpty(t *testing.T) {
	for line, want := range map[string]any{
		`{"": 1, "n": {"": [{"\u0000": 2}]}}`: map[string]any{
			minaattr.Unnamed: int64(1), "n": map[string]any{minaattr.Unnamed: []any{map[string]any{minaattr.Unnamed: int64(2)}}},
		},
		`{"a": 1, "": 2, "b": 3}`: map[string]any{"a": int64(1), minaattr.Unnamed: int64(2), "b": int64(3)},
	} {
		d, b := newDecoder(t), NewBatch(observed)
		for range 2 { // the second time the keys are expected
			NewStream(Origin{}, 1000).Write(d, b, line+"\n")
		}
		for _, record := range records(b) {
			assert.Equal(t, want, record.Attributes().AsRaw(), line)
		}
	}
}

// bodies returns what came out of a batch, in order.
func bodies(b *Batch) (all []string) {
	for _, record := range records(b) {
		before, after, _ := sides(record)
		all = append(all, fmt.Sprintf("%d %s %q %v %q %q", record.ObservedTimestamp(), uidOf(record), record.Body().AsString(), record.SeverityNumber(), before, after))
	}
	return all
}

// interleaved is what several writers have left in one file.
const interleaved = "2025-10-01T16:12:05.786Z stderr F 2025-10-01 16:12:05,786 ERROR app: failed\n" +
	"2025-10-01T16:12:05.787Z stderr F Traceback (most recent call last):\n" +
	"2025-10-01T16:12:05.788Z stdout F {\"message\": \"m\"}\n" +
	"2025-10-01T16:12:05.789Z stderr F   File \"a.py\", line 1, in f\n" +
	"2025-10-01T16:12:05.790Z stdout P half \n" +
	"2025-10-01T16:12:05.791Z stderr F ValueError: bad\n" +
	"web-1  | 2025-10-01 16:12:05,786 ERROR app: failed\n" +
	"db-1   | {\"message\": \"d\", \"level\": \"INFO\"}\n" +
	"web-1  | Traceback (most recent call last):\n" +
	"2025-10-01T16:12:05.792Z stdout F line\n" +
	"web-1  | ValueError: bad\n"

// FuzzResume cuts the lines of a source at any place, and lets a new stream go on
// there with what is pending, as after a batch that was refused: the records are the same.
func FuzzResume(f *testing.F) {
	text, err := os.ReadFile("testdata/lines/text.log")
	require.NoError(f, err)
	f.Add(string(text), uint16(100), uint8(3))
	f.Add(strings.Repeat("x", 300)+"\nmore\n"+`{"message": "`+strings.Repeat("é", 99)+`"}`+"\n", uint16(100), uint8(70))
	f.Add("half\n\xef\xbb\xbfx\n", uint16(5), uint8(3))
	f.Add(interleaved, uint16(100), uint8(30))
	f.Add("{\n  \"message\": \"m\",\n  \"n\": [\n    1\n  ]\n}\n{\"a\": 1}{\"message\": \"n\", \"level\": \"INFO\"} x\n", uint16(40), uint8(9))
	f.Add("print\n-----BEGIN PRIVATE KEY-----\nMIIB\nAgEA\nAiBx\n-----END PRIVATE KEY-----\nprint\n", uint16(50), uint8(9))
	f.Fuzz(func(t *testing.T, text string, limit uint16, size uint8) {
		if limit < 16 || size < 3 || strings.Contains(text, "\x00") {
			return // a byte order mark would be cut, and a hole of NULs
		}
		decoder := newDecoder(t)
		whole, resumed := NewBatch(observed), NewBatch(observed)
		one, another := NewStream(identified, int(limit)), NewStream(identified, int(limit))
		pending := ""
		for rest := text; rest != ""; {
			n := min(int(size), len(rest))
			one.Write(decoder, whole, rest[:n])
			another.Write(decoder, resumed, rest[:n])
			pending += rest[:n]
			pending = pending[len(pending)-int(another.Pending()):]
			next := NewStream(identified, int(limit))
			next.Resume(another.Cuts())
			next.Write(decoder, resumed, pending)
			another, rest = next, rest[n:]
		}
		one.End(decoder, whole)
		another.End(decoder, resumed)
		require.Equal(t, bodies(whole), bodies(resumed))
		requireDistinct(t, uids(whole))
	})
}

// FuzzCut reads any text with any limit: nothing of a line is lost, and no piece is too long.
func FuzzCut(f *testing.F) {
	f.Add(strings.Repeat("x", 300), uint16(100))
	f.Add(strings.Repeat("é", 300), uint16(17))
	f.Fuzz(func(t *testing.T, line string, limit uint16) {
		line = strings.ToValidUTF8(strings.NewReplacer("\n", "", "\x00", "", "\uFEFF", "").Replace(line), "")
		if limit < 16 || len(line) <= int(limit) {
			return
		}
		s, b := newStream(t, Origin{}, int(limit)), NewBatch(observed)
		s.Write(b, []byte(line+"\n"))
		s.End(b)
		var joined strings.Builder
		for _, record := range records(b) {
			require.LessOrEqual(t, len(record.Body().Str()), int(limit))
			joined.WriteString(record.Body().Str())
		}
		require.Equal(t, line, joined.String())
	})
}
