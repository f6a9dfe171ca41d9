package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func validate(t *testing.T, env []string, configs ...string) (string, error) {
	t.Helper()
	args := []string{"validate"}
	for _, config := range configs {
		args = append(args, "--config", config)
	}
	cmd := exec.Command(binary(t), args...)
	cmd.Dir = root(t)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestShippedConfigsAreValid takes every overlay with every input and delivery.
func TestShippedConfigsAreValid(t *testing.T) {
	overlays, err := filepath.Glob(filepath.Join(root(t), "config", "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, overlays)
	for _, overlay := range overlays {
		name := filepath.Base(overlay)
		if name == "base.yaml" || name == "stdin.yaml" {
			continue
		}
		for _, delivery := range deliveries {
			for _, input := range []string{"base.yaml", "stdin.yaml"} {
				if input == "stdin.yaml" && delivery == "queued" {
					continue // it has no storage: the source is gone when it has been read
				}
				t.Run(input+" "+name+" "+delivery, func(t *testing.T) {
					out, err := validate(t, []string{"MINA_STATE_DIR=" + t.TempDir(), "MINA_DELIVERY=" + delivery}, "config/"+input, "config/"+name)
					require.NoError(t, err, out)
				})
			}
		}
	}
}

func TestMistakesAreNamed(t *testing.T) {
	for name, tt := range map[string]struct{ config, want string }{
		"receiver value":  {"yaml:receivers::mina::file::start_at: middle", `receivers::mina::file: start_at must be beginning or end (got "middle")`},
		"receiver key":    {"yaml:receivers::mina::file::includes: [a]", "has invalid keys: includes"},
		"processor value": {"yaml:processors::mina::redaction::action: shred", `processors::mina::redaction: action must be mask, hash or drop (got "shred")`},
		"hash key":        {"yaml:processors::mina::redaction::action: hash", "hash_key must have at least 32 bytes"},
		"not YAML":        {"yaml:receivers: [", "yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := validate(t, []string{"MINA_STATE_DIR=" + t.TempDir()}, "config/base.yaml", "config/local.yaml", tt.config)
			require.Error(t, err)
			assert.Contains(t, out, tt.want)
		})
	}
}

func TestSecretsOfTheConfigurationAreNotPrinted(t *testing.T) {
	const key = "a-hash-key-that-nobody-may-see-0123"
	e := newEndpoint(t)
	s := otlp(t.TempDir(), filepath.Join(root(t), "examples", "sample.log"), e.URL, "acknowledged")
	s.env = append(s.env, "HASH_KEY="+key, `OTLP_HEADERS={"authorization": "`+key+`"}`)
	s.args = []string{"--config", "yaml:processors::mina::redaction::action: hash", "--config", "yaml:processors::mina::redaction::hash_key: ${env:HASH_KEY}"}
	c := startCollector(t, s)
	eventually(t, func() bool { return len(e.records()) == 33 }, "the sample")
	c.stop()
	assert.NotContains(t, c.output.String(), key)
	assert.Contains(t, e.bytes(), "[HASHED:credit_card:")
}
