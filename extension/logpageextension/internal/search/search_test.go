package search

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/internal/logsql"
)

// said returns what becomes of a box.
func said(box string) string {
	filter, err := Parse(box)
	if err == nil {
		return filter.String()
	}
	var e *Error
	if !errors.As(err, &e) {
		return "another error: " + err.Error()
	}
	return "error at " + box[:min(e.At, len(box))] + "⟨here⟩: " + e.Message + ". " + e.Do
}

// TestBoxes compares with testdata/boxes.txt, where what becomes of a box stands below it;
// MINA_UPDATE_GOLDEN=1 writes it anew.
func TestBoxes(t *testing.T) {
	const path, indent = "testdata/boxes.txt", "    "
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	var after strings.Builder
	for line := range strings.Lines(string(before)) {
		if strings.HasPrefix(line, indent) {
			continue
		}
		after.WriteString(line)
		if box := strings.TrimSuffix(line, "\n"); box != "" && box[0] != '#' {
			after.WriteString(indent + said(box) + "\n")
		}
	}
	if os.Getenv("MINA_UPDATE_GOLDEN") != "" {
		require.NoError(t, os.WriteFile(path, []byte(after.String()), 0o600))
	}
	assert.Equal(t, after.String(), string(before))
}

// TestTheSearchesOfAlertsAreUnderstood takes those of the configuration and of the documents.
func TestTheSearchesOfAlertsAreUnderstood(t *testing.T) {
	search := regexp.MustCompile(`(?m)^\s*search: (.+)$`)
	found := 0
	for _, name := range []string{"config/alerts.yaml", "docs/alerts.md"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "..", "..", name))
		require.NoError(t, err)
		for _, match := range search.FindAllStringSubmatch(string(text), -1) {
			box := strings.ReplaceAll(strings.Trim(match[1], "'"), "${var:MINA_ALERT_SLOW_MS:-5000}", "5000")
			for _, box := range []string{box, "(" + box + ") " + logsql.Exact("client.address", "203.0.113.9").String() + " " + logsql.Exact("severity_text", `a "b"`).String()} {
				filter, err := Parse(box)
				require.NoError(t, err, box)
				assert.NotContains(t, filter.String(), "*", box)
			}
			found++
		}
	}
	assert.GreaterOrEqual(t, found, 5)
}

func TestABoxIsBounded(t *testing.T) {
	assert.Contains(t, said(strings.Repeat("x", longest+1)), "the search has 8193 bytes, of 8192 at most")
	assert.Contains(t, said(strings.Repeat("(", deepest+1)), "too many parentheses")
	assert.Equal(t, "error at a\x00ü⟨here⟩: the search is no UTF-8 from here on. Write it anew.", said("a\x00ü\xffb"))
	_, err := Parse(strings.Repeat("-(", deepest) + "x")
	assert.NoError(t, err)
}

// FuzzParse never panics, and says of each box what is meant or where and why it is not.
func FuzzParse(f *testing.F) {
	boxes, err := os.ReadFile("testdata/boxes.txt")
	require.NoError(f, err)
	for line := range strings.Lines(string(boxes)) {
		f.Add(strings.TrimSpace(line))
	}
	f.Fuzz(func(t *testing.T, box string) {
		filter, err := Parse(box)
		if err == nil {
			assert.NotEmpty(t, filter.String())
			return
		}
		var e *Error
		require.ErrorAs(t, err, &e)
		assert.GreaterOrEqual(t, e.At, 0)
		assert.LessOrEqual(t, e.At, len(box))
		assert.NotEmpty(t, e.Message)
		assert.NotEmpty(t, e.Do)
	})
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(`level:>=warning user:42 duration_seconds:>120 -path:/healthz "rate limit" (http.ip:203.0.113.9 or status:5xx)`); err != nil {
			b.Fatal(err)
		}
	}
}
