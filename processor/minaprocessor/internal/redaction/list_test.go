package redaction

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAListOfStringsIsReadAsOneText(t *testing.T) {
	const key = "[REDACTED:private_key]"
	for name, tt := range map[string]struct{ list, want []any }{
		"command line":   {[]any{"curl", "-u", "ana:granite42fox", "https://h"}, []any{"curl", "-u", "ana:[REDACTED:command_line]", "https://h"}},
		"lines of a key": {[]any{"-----BEGIN PRIVATE KEY-----", "MIIEpAIBAAKCAQEAx4UbaDzY5xjW6hc9jwN0mX33", "-----END PRIVATE KEY-----", "after"}, []any{key, key, key, "after"}},
		"mixed":          {[]any{"curl", "-u", "ana:granite42fox", 7}, []any{"curl", "-u", "ana:granite42fox", int64(7)}},
		"quotes":         {[]any{"curl", "-u", "a'a:granite42fox"}, []any{"curl", "-u", "a'a:[REDACTED:command_line]"}},
		"one by one":     {[]any{"password=granite42fox", "x"}, []any{"password=[REDACTED:sensitive_key]", "x"}},
	} {
		attributes, _, _ := record(t, Config{Action: Mask}, map[string]any{"l": tt.list}, nil)
		assert.Equal(t, tt.want, attributes["l"], name)
	}
	assert.Equal(t, `{"cmd": ["curl", "-u", "ana:[REDACTED:command_line]", "x"], "n": 1}`, redactText(t, Config{}, `{"cmd": ["curl", "-u", "ana:granite42fox", "x"], "n": 1}`))

	attributes, _, counts := record(t, Config{Action: Audit}, map[string]any{"l": []any{"sshpass", "-p", "granite42fox", "4111111111111111"}}, nil)
	assert.Equal(t, []any{"sshpass", "-p", "granite42fox", "4111111111111111"}, attributes["l"])
	assert.Equal(t, map[string]int64{"command_line": 1, "credit_card": 1}, counts)

	attributes, _, _ = record(t, Config{Action: Drop}, map[string]any{"l": []any{"sshpass", "-p", "granite42fox", "ssh"}}, nil)
	assert.Equal(t, []any{"sshpass", "-p", "ssh"}, attributes["l"])
}
