package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestSettingsAreReadOrTheMistakeIsNamed(t *testing.T) {
	dir := t.TempDir()
	networks := filepath.Join(dir, "networks")
	require.NoError(t, os.WriteFile(networks, []byte("# the office\n198.51.100.0/24 # its network\n\n2001:db8::7\n"), 0o600))
	mistaken := filepath.Join(dir, "mistaken")
	require.NoError(t, os.WriteFile(mistaken, []byte("198.51.100.0/24\n198.51.100\n"), 0o600))
	tests := map[string]struct {
		args []string
		err  string
	}{
		"nothing":             {},
		"everything":          {args: []string{"-listen", "127.0.0.1:0", "-alert", "BruteForce", "-timeout", "10m", "-allow", "203.0.113.1", "-allow", "2001:db8::/32", "-allow-file", networks, "-dry-run"}},
		"no duration":         {args: []string{"-timeout", "1"}, err: `invalid value "1" for flag -timeout`},
		"a short timeout":     {args: []string{"-timeout", "999ms"}, err: "-timeout 999ms: must be 1s or more"},
		"no network":          {args: []string{"-allow", "198.51.100.0/33"}, err: `"198.51.100.0/33" is neither an address nor a network`},
		"a name":              {args: []string{"-allow", "office.example"}, err: `"office.example" is neither`},
		"an address mapped":   {args: []string{"-allow", "::ffff:198.51.100.7"}, err: "write 198.51.100.7"},
		"a network mapped":    {args: []string{"-allow", "::ffff:198.51.100.0/120"}, err: "write 198.51.100.0"},
		"a line of a file":    {args: []string{"-allow-file", mistaken}, err: `line 2: "198.51.100" is neither`},
		"no such file":        {args: []string{"-allow-file", filepath.Join(dir, "none")}, err: "no such file"},
		"what is no flag":     {args: []string{"203.0.113.9"}, err: `"203.0.113.9" is no flag`},
		"an unknown flag":     {args: []string{"-unblock"}, err: "flag provided but not defined: -unblock"},
		"the help is no text": {args: []string{"-h"}, err: flag.ErrHelp.Error()},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := parseSettings(test.args, &bytes.Buffer{})
			if test.err == "" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, test.err)
		})
	}
}

func TestOneHourAndLocalhostAreTheDefaults(t *testing.T) {
	s, err := parseSettings(nil, &bytes.Buffer{})
	require.NoError(t, err)
	assert.Equal(t, &settings{listen: "localhost:9095", alert: "FailedLogins", timeout: time.Hour, allow: alwaysAllowed()}, s)
}

func TestRunServesUntilItIsStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var output bytes.Buffer
	require.NoError(t, run(ctx, []string{"-listen", "127.0.0.1:0", "-dry-run"}, &output))
	assert.Contains(t, output.String(), "dry run: nothing is blocked")
	assert.ErrorContains(t, run(ctx, []string{"-listen", "127.0.0.1:no", "-dry-run"}, &output), "-listen 127.0.0.1:no")
	assert.ErrorContains(t, run(ctx, []string{"-listen", "0.0.0.0:0", "-dry-run"}, &output), "-token-file")
}
