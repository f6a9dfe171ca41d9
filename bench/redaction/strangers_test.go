package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/bench/corpora"
)

// leastRecall is what must be hidden of the claimed types in the texts of a scanner.
var leastRecall = map[string]float64{"gitleaks": 0.98, "osv-scalibr": 0.97}

func TestSecretsOfScannersAreHidden(t *testing.T) {
	ours, err := mina(map[string]any{})
	require.NoError(t, err)
	for _, corpus := range corpora.Scanners {
		recall, err := scan(ours, corpus)
		require.NoError(t, err)
		claimed := recall.claimed["text"]
		t.Logf("%s: %d of %d", corpus.Name, claimed.Gone, claimed.Of)
		assert.GreaterOrEqual(t, claimed.Recall(), leastRecall[corpus.Name], corpus.Name)
	}
}

func TestWhatIsClaimedHasARule(t *testing.T) {
	for _, corpus := range corpora.Scanners {
		texts, err := corpus.Texts()
		require.NoError(t, err)
		checked := map[string]bool{"": true, "sensitive_key": true}
		for _, text := range texts {
			if rule := corpus.Claimed(text.Rule); !checked[rule] {
				checked[rule] = true
				_, err := mina(map[string]any{"rules": []any{rule}})
				assert.NoError(t, err)
			}
		}
	}
}

func TestHidden(t *testing.T) {
	for _, c := range []struct {
		name, delivered, text, secret string
		want                          bool
	}{
		{"all of it", "x=abcdefgh", "x=abcdefgh", "abcdefgh", false},
		{"its first half", "x=abcd[REDACTED:x]", "x=abcdefgh", "abcdefgh", false},
		{"its last half", "x=[REDACTED:x]efgh", "x=abcdefgh", "abcdefgh", false},
		{"less than half", "x=[REDACTED:x]gh", "x=abcdefgh", "abcdefgh", true},
		{"nothing", "x=[REDACTED:x]", "x=abcdefgh", "abcdefgh", true},
		{"half of it stands elsewhere too", "abcd=[REDACTED:x]", "abcd=abcdefgh", "abcdefgh", true},
		{"a short one", "pin=[REDACTED:x] at 12", "pin=1234 at 12", "1234", true},
	} {
		assert.Equal(t, c.want, hidden(c.delivered, c.text, c.secret), c.name)
	}
}

func TestKeyOf(t *testing.T) {
	for text, want := range map[string]string{
		`apiToken = "s3cr3t"`: "apiToken", `"api.key": "s3cr3t"`: "api.key", "var apiToken string = `s3cr3t`": "apiToken", `A_TOKEN :::= 's3cr3t'`: "A_TOKEN",
		`'a-b' => 's3cr3t'`: "a-b", "bearer s3cr3t": "", "s3cr3t": "", "x_s3cr3t": "",
	} {
		assert.Equal(t, want, keyOf(corpora.Text{Text: text, Secret: "s3cr3t"}), text)
	}
}

func TestOnlyWrongChangesAreCounted(t *testing.T) {
	corpus := corpora.Corpus{Name: "loki", Texts: func() ([]corpora.Text, error) {
		return []corpora.Text{{Text: "nothing"}, {Text: "tenant_token=53331da43746e62cfb0365cbbd44be8"}, {Text: "more, tenant_token=53331da43746e62cfb0365cbbd44be8"}}, nil
	}}
	process := func(logs plog.Logs) (plog.Logs, error) {
		body := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body()
		switch body.Str() {
		case "tenant_token=53331da43746e62cfb0365cbbd44be8":
			body.SetStr("tenant_token=[REDACTED:generic_secret]")
		case "more, tenant_token=53331da43746e62cfb0365cbbd44be8":
			body.SetStr("[REDACTED:iban], tenant_token=[REDACTED:generic_secret]")
		}
		return logs, nil
	}
	left, err := leave(process, corpus)
	require.NoError(t, err)
	assert.Equal(t, 1, left.right)
	assert.Equal(t, map[string]int{"iban": 1, "generic_secret": 1}, left.byRule())
	assert.InDelta(t, 1e6/3.0, left.perMillion(), 1)
}
