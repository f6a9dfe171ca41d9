package minaprocessor

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/corpus"
	"github.com/mina-observability/otelcol-mina/internal/minalog"
)

const (
	cutJWT = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI5MzA4NTUxIiwibmFtZSI6IkFuYSBCIn0.q3Zk8vXw1LrT5yUbN0pQmA7sJdE2hGcF4oIiWxKzYtR"
	cutPEM = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\nMzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu\nNMoSfm76oqFvAp8Gy0iz5sxjZmSnXyCdPEovGhLa0VzMaQ8s+CLOyS56YyCFGeJZ\n-----END PRIVATE KEY-----"
)

// plantedAtCuts are texts with a secret, as an application may write them.
var plantedAtCuts = map[string]struct{ text, secret string }{
	"password in a text":         {"login password=Vq9zKx2Lm7Wt for ana", "Vq9zKx2Lm7Wt"},
	"quoted password":            {"login password='Vq9 zKx 2Lm 7Wt' for ana", "Vq9 zKx 2Lm 7Wt"},
	"password in a repr":         {"{'user': 'ana', 'password': 'Vq9zKx2Lm7Wt', 'n': 1}", "Vq9zKx2Lm7Wt"},
	"value in JSON":              {`{"user": "ana", "password": "Vq9zKx2Lm7Wt", "n": 1}`, "Vq9zKx2Lm7Wt"},
	"value in JSON with blanks":  {`{"user": "ana", "password": "Vq9z Kx2L m7Wt", "n": 1}`, "Vq9z Kx2L m7Wt"},
	"value with an escape":       {`{"user": "ana", "password": "Vq9z\"Kx2L\\m7Wt", "n": 1}`, `Vq9z\"Kx2L\\m7Wt`},
	"value with a coded letter":  {`{"user": "ana", "password": "Vq9z\u00e9Kx2Lm7Wt", "n": 1}`, `Kx2Lm7Wt`},
	"key with an escape":         {`{"user": "ana", "pass\u0077ord": "Vq9zKx2Lm7Wt", "n": 1}`, "Vq9zKx2Lm7Wt"},
	"map under a sensitive key":  {`{"user": "ana", "secret": {"part": "Vq9zKx2Lm7Wt"}, "n": 1}`, "Vq9zKx2Lm7Wt"},
	"token":                      {"got " + cutJWT + " from ana", cutJWT},
	"token in JSON":              {`{"seen": "` + cutJWT + `", "n": 1}`, cutJWT},
	"card":                       {"paid with 5425 2334 3010 9903 by ana", "5425 2334 3010 9903"},
	"card in JSON":               {`{"paid": "5425233430109903", "n": 1}`, "5425233430109903"},
	"card as a number":           {`{"paid": 5425233430109903, "n": 1}`, "5425233430109903"},
	"private key":                {"loaded " + cutPEM + " from disk", strings.Split(cutPEM, "\n")[1]},
	"private key, second line":   {"loaded " + cutPEM + " from disk", strings.Split(cutPEM, "\n")[2]},
	"private key in JSON":        {`{"loaded": "` + strings.ReplaceAll(cutPEM, "\n", `\n`) + `", "n": 1}`, strings.Split(cutPEM, "\n")[1]},
	"bearer":                     {"sent Authorization: Bearer Vq9zKx2Lm7WtYb4N to ana", "Vq9zKx2Lm7WtYb4N"},
	"bearer header in a repr":    {"{'Authorization': 'Bearer Vq9zKx2Lm7WtYb4N'}", "Vq9zKx2Lm7WtYb4N"},
	"password in a URL":          {"cloned https://ana:Vq9zKx2Lm7Wt@git.example/a.git today", "Vq9zKx2Lm7Wt"},
	"connection string":          {"opened Server=db01;Database=mina;User Id=ana;Password=Vq9zKx2Lm7Wt;Encrypt=yes today", "Vq9zKx2Lm7Wt"},
	"database URL":               {"opened postgresql://ana:Vq9zKx2Lm7Wt@db01:5432/mina today", "Vq9zKx2Lm7Wt"},
	"key of a cloud near a word": {"aws secret is wJalrXUtnFEMIK7MDENGbPxRfiCYzXAMPLEKEYq2 today", "wJalrXUtnFEMIK7MDENGbPxRfiCYzXAMPLEKEYq2"},
	"token of a vendor":          {"pushed with ghp_16C7e42F292c6912E7710c838347Ae178B4a today", "16C7e42F292c6912E7710c838347Ae178B4a"},
	"value on the next line":     {"failed with\npassword:\n  Vq9zKx2Lm7Wt\nfor ana", "Vq9zKx2Lm7Wt"},
}

// cutStream is a stream that ends in the processor.
type cutStream struct {
	t       *testing.T
	decoder *minalog.Decoder
	stream  *minalog.Stream
	batch   *minalog.Batch
}

func newCutStream(t *testing.T, limit int) cutStream {
	config := minalog.DefaultConfig()
	decoder, err := minalog.NewDecoder(&config)
	require.NoError(t, err)
	return cutStream{t, decoder, minalog.NewStream(minalog.Origin{}, limit), minalog.NewBatch(time.Unix(1759335126, 0))}
}

func (s cutStream) write(text string) { s.stream.Write(s.decoder, s.batch, text) }
func (s cutStream) flush()            { s.stream.Flush(s.decoder, s.batch) }

// delivered returns all texts of the records that come out of the processor.
func (s cutStream) delivered(process func(plog.Logs) plog.Logs) string {
	s.stream.End(s.decoder, s.batch)
	var text strings.Builder
	for _, rl := range process(s.batch.Logs()).ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				text.WriteString(record.Body().AsString() + "\x00")
				for key, value := range record.Attributes().All() {
					text.WriteString(key + "\x00" + value.AsString() + "\x00")
				}
			}
		}
	}
	return text.String()
}

// around are the lines that a text is written in: what stands before and behind it.
var around = map[string][2]string{
	"bare":        {"", "\n"},
	"text record": {"2025-10-01 16:12:05,785 ERROR app: ", "\n"},
	"JSON":        {`{"timestamp": "2025-10-01T16:12:05Z", "level": "ERROR", "detail": `, "}\n"},
}

func TestNothingOfASecretLeavesBecauseOfACut(t *testing.T) {
	process := cutProcessor(t)
	for name, planted := range plantedAtCuts {
		for form, sides := range around {
			if form == "JSON" && !json.Valid([]byte(planted.text)) || form == "bare" && strings.Contains(planted.text, "\n") {
				continue
			}
			t.Run(name+", "+form, func(t *testing.T) {
				for at := range len(planted.text) {
					cutAt(t, process, sides[0], planted.text, sides[1], planted.secret, at)
				}
			})
		}
	}
}

func TestNothingOfAnyKindOfSecretLeavesBecauseOfACut(t *testing.T) {
	process := cutProcessor(t)
	sides := around["text record"]
	for kind := range corpus.Kinds() {
		rule, secret, phrase := corpus.Secret(1, kind)
		secret = pemMarks.ReplaceAllString(secret, "")
		t.Run(rule, func(t *testing.T) {
			for at := range len(phrase) {
				cutAt(t, process, sides[0], phrase, sides[1], secret, at)
			}
		})
	}
}

// cutAt cuts a text at a place in both ways that the collector has.
func cutAt(t *testing.T, process func(plog.Logs) plog.Logs, before, text, behind, secret string, at int) {
	t.Run("too long", func(t *testing.T) {
		const limit = 1 << 10
		pad, end := padding(text, limit-len(before)-at)
		line := before + pad + text + end + behind
		s := newCutStream(t, limit)
		s.write(line)
		holdsNothing(t, s.delivered(process), uncut(t, process, line), secret, text[:at])
	})
	t.Run("flushed", func(t *testing.T) {
		line := before + text + behind
		s := newCutStream(t, 1<<20)
		s.write(line[:len(before)+at])
		s.flush()
		s.write(line[len(before)+at:])
		holdsNothing(t, s.delivered(process), uncut(t, process, line), secret, text[:at])
	})
}

// uncut returns what is delivered of a line that is not cut.
func uncut(t *testing.T, process func(plog.Logs) plog.Logs, line string) string {
	s := newCutStream(t, 1<<20)
	s.write(line)
	return s.delivered(process)
}

func cutProcessor(t *testing.T) func(plog.Logs) plog.Logs {
	p := newTestProcessor(t, map[string]any{"semconv": map[string]any{}, "redaction": map[string]any{"sets": []any{"default", "pii", "phi"}}})
	return func(logs plog.Logs) plog.Logs {
		out, err := p.process(t.Context(), logs)
		require.NoError(t, err)
		return out
	}
}

// pemMarks are the lines around a key, which are no secret.
var pemMarks = regexp.MustCompile(`-----(BEGIN|END)[A-Z ]*-----`)

// padding is text that a client may choose, around another one: so many bytes before
// it, and enough behind.
func padding(text string, length int) (before, behind string) {
	pad := strings.Repeat("a ", 1<<9)
	if json.Valid([]byte(text)) {
		before, end := `{"pad": "`, `", "x": `
		return before + pad[:max(0, length-len(before)-len(end))] + end, `, "more": "` + pad + `"}`
	}
	return pad[:max(0, length)], " " + pad
}

// holdsNothing fails if four letters of the secret are delivered that are not
// delivered without the cut.
func holdsNothing(t *testing.T, delivered, known, secret, before string) {
	t.Helper()
	const run = 4
	for i := range len(secret) - run + 1 {
		part := secret[i : i+run]
		if strings.Trim(part, "abcdefghijklmnopqrstuvwxyz.") == "" {
			continue // a word of a language could not be told from it
		}
		if strings.Contains(delivered, part) && !strings.Contains(known, part) {
			assert.Fail(t, "a part of the secret has been delivered", "%q, cut behind %q:\n%q", part, before, delivered)
			return
		}
	}
}
