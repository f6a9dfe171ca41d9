package e2e

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// secretTexts are texts with a secret in them, between braces of their own.
var secretTexts = map[string]string{
	"a password":          `login of ana password=«kQ7xV2mZ9wLp4TgB» failed`,
	"a quoted password":   `login of ana, {'password': '«nR8yH3cX6vJd5FsK»'} failed`,
	"a JSON value":        `{"level": "INFO", "message": "sent", "client_secret": "«bT6zW1qM8uEa3YhG»", "n": 1}`,
	"a nested JSON value": `{"level": "INFO", "message": "sent", "auth": {"user": "ana", "api_key": "«pD5jS9fK2xNc7RvQ»"}}`,
	"JSON in JSON":        `{"level": "INFO", "message": "{\"user\": \"ana\", \"password\": \"«gL3tB8yW6mHz1PqC»\"}"}`,
	"a token":             `request with Authorization: Bearer «eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbmFzdGFzaWEifQ.dBjftJeZ4CVPmB92K27uhbUJU1p1r» denied`,
	"a token of its own":  `took «eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJiZW5qYW1pbjAyIn0.Xc7uRrT0mQ2vLk9sWf4hYpJaGdZbNe» away`,
	"a card":              `paid with «5425 2334 3010 9903» today`,
	"an address's user":   `connecting to postgres://mina:«wZ4rN7kV2sXc9QjT»@db.example.com/mina now`,
	"a key of a vendor":   `upload by «AKIAQ7RZ3VXN5WMKT2PL» failed`,
	"a private key":       `key is -----BEGIN PRIVATE KEY-----\n«MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj»\n-----END PRIVATE KEY----- it was`,
	"bare lines of a key": "-----BEGIN RSA PRIVATE KEY-----\n" + strings.Repeat("MIIBOgIBAAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8Qu\n", 9) +
		"«xY5pN7hD2sRf8QcZ4vLb9KtWm3GjUa6Te1Xo0IiPqBrVnCyHgJkSdMwEzFuAlOb2»\n" + "-----END RSA PRIVATE KEY-----",
	"lines of a key": "took the key:\n-----BEGIN PRIVATE KEY-----\n" + strings.Repeat("MIIBOgIBAAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8Qu\n", 9) +
		"«KUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQJAIJLixBy2qpFoS4DSmoEm»\n" + strings.Repeat("o3qGy0t6z09AIJtH+5OeRV1be+N4cDYJKffGzDa88vQENZiRm0GRq6a+HPGQMd2k\n", 9) + "-----END PRIVATE KEY-----",
	"a traceback's value":  "failed\nTraceback (most recent call last):\n  File \"a.py\", line 1, in f\n    login(user)\nValueError: cannot log in with {'password': '«vF6nX9rL2pKw5ZtM»'}",
	"a key that is hidden": `{"level": "INFO", "message": "sent", "pass\u0000word": "«hY2vK8nT5xRb7MwD»"}`,
}

// planted is a text of one file, in parts that the collector may cut between.
type planted []string

// plant divides a text at places, which are in thousandths of its secret. What is
// before that has places below 0.
func plant(text, marker string, places ...int) planted {
	before, secret := cutAtSecret(text)
	whole := strings.NewReplacer("«", "", "»", "").Replace(text)
	head := "2025-10-01 16:12:05,000 INFO app: " + marker + " "
	switch {
	case strings.HasPrefix(whole, "-"):
		head = `{"message": "` + marker + `"}` + "\n"
	case strings.HasPrefix(whole, "{"):
		head, whole, before = `{"marker": "`+marker+`", `, whole[1:], before[1:]
	}
	whole = head + whole + "\n"
	var p planted
	from := 0
	for _, place := range places {
		to := len(head) + len(before) + len(secret)*place/1000
		p = append(p, whole[from:to])
		from = to
	}
	return append(p, whole[from:])
}

// cutAtSecret returns the text before the secret, and that.
func cutAtSecret(text string) (before, secret string) {
	before, secret, _ = strings.Cut(text, "«")
	secret, _, _ = strings.Cut(secret, "»")
	return before, secret
}

// pad makes the first part so long that the limit of a record lies behind it.
func (p planted) pad(limit int) planted {
	first := p[0]
	filler := strings.Repeat("filler of the record, ", limit/20)[:limit-len(first)-1]
	if strings.HasPrefix(first, "{") {
		filler = `{"filler": "` + filler[:len(filler)-len(`{"filler": "", `)+2] + `", `
		return planted{filler + first[1:] + p[1]}
	}
	at := strings.Index(first, "app: ") + len("app: ")
	return planted{first[:at] + filler + " " + first[at:] + p[1]}
}

// places are where the secrets are cut, in thousandths of their length.
var places = map[string][]int{
	"before it": {0}, "in its beginning": {120}, "in the middle": {500}, "in its end": {950}, "behind it": {1000},
	"in its key": {-350}, "twice": {300, 700}, "in its key and in it": {-250, 400},
}

// TestNothingOfASecretLeavesAtACut lets the collector cut at its longest record, and
// where a line has waited for its rest, which comes while it runs or when it has been
// started again.
func TestNothingOfASecretLeavesAtACut(t *testing.T) {
	for _, tt := range []struct {
		name, delivery string
		refused        bool
		restarted      bool
	}{
		{name: "taken", delivery: "acknowledged"},
		{name: "taken", delivery: "queued", restarted: true},
		{name: "refused", delivery: "acknowledged", refused: true, restarted: true},
		{name: "refused", delivery: "queued", refused: true},
	} {
		t.Run(tt.name+" "+tt.delivery, func(t *testing.T) {
			t.Parallel()
			e, dir, state := newEndpoint(t), t.TempDir(), t.TempDir()
			all, url := plantAll(), e.URL
			if tt.refused {
				url = refusing(t, e, "filler of")
			}
			path := func(name string) string { return filepath.Join(dir, name+".log") }
			settings := program.OTLP(state, dir+"/*.log", url, tt.delivery)
			settings.Env = append(settings.Env, "OTLP_COMPRESSION=none")
			settings.Overrides = []string{"receivers::mina::file::flush_after: 20ms", "receivers::mina::file::poll_interval: 20ms"}
			arrived := func(text string, times int) func() bool {
				return func() bool { return strings.Count(e.bytes()+contents(t, state), text) >= times }
			}
			c, output := startCollector(t, settings), ""
			for part := range 3 {
				for name, p := range all {
					if part < len(p) {
						appendTo(t, path(name), p[part])
					}
				}
				// This line has no end either, and is written to last.
				witness := fmt.Sprintf("witness %d of", part)
				appendTo(t, path("witness"), witness+" what has waited ")
				eventually(t, arrived(witness, 1), "what has waited for its rest")
				if tt.restarted {
					c.Stop()
					output += c.Output()
					c = startCollector(t, settings)
				}
			}
			for name := range all {
				appendTo(t, path(name), words("end of "+name, 0, 1))
			}
			eventually(t, arrived(`end of `, len(all)), "the ends")
			c.Stop()
			output += c.Output()
			for where, text := range map[string]string{"what is delivered": e.bytes(), "the state": contents(t, state), "the log": output} {
				for name, text := range leaked(text) {
					assert.Fail(t, "a secret has left", "%s in %s: %s", name, where, text)
				}
			}
			assert.NotContains(t, e.bytes(), "mina.cut")
		})
	}
}

// plantAll returns every secret at every place, and so far behind a record's beginning
// that its limit lies there.
func plantAll() map[string]planted {
	const limit = 256 << 10
	all := map[string]planted{}
	for secret, text := range secretTexts {
		for place, at := range places {
			name := secret + ", cut " + place
			p := plant(text, fmt.Sprintf("M%03d", len(all)), at...)
			all[name] = p
			if place == "in the middle" {
				all[name+", long"] = p.pad(limit)
			}
		}
	}
	return all
}

// leaked returns what a text has of the secrets, by their names.
func leaked(text string) map[string]string {
	const stretch = 6
	found := map[string]string{}
	for name := range secretTexts {
		_, secret := cutAtSecret(secretTexts[name])
		for at := 0; at+stretch <= len(secret); at++ {
			if strings.Contains(text, secret[at:at+stretch]) {
				found[name] = secret[at : at+stretch]
			}
		}
	}
	return found
}

// contents returns what all files of a folder hold.
func contents(t testing.TB, dir string) string {
	t.Helper()
	var all strings.Builder
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all.Write(text)
		return err
	}))
	return all.String()
}
