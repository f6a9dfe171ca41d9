package redaction

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAStrayEscapeHidesNothingInJSON(t *testing.T) {
	for text, want := range map[string]string{
		`{"p\u0061ssword\q": "granite42fox"}`:              `{"p\u0061ssword\q": "[REDACTED:sensitive_key]"}`,
		`{"text": "C:\app p\u0061ssword=granite42fox"}`:    `{"text": "C:\\app password=[REDACTED:sensitive_key]"}`,
		"{\"text\": \"a\nb p\\u0061ssword=granite42fox\"}": `{"text": "a\nb password=[REDACTED:sensitive_key]"}`,
	} {
		assert.Equal(t, want, redactText(t, Config{}, text), text)
	}
}
