package otelcol

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestVariablesAreReadAsSystemdDoes(t *testing.T) {
	variables, err := parseVariables(`# a comment
; another
MINA_LOGS=/var/log/mina/app.log*
 OTLP_HEADERS = {"authorization": "Bearer x"}
QUOTED="a \"b\" \$c \n"
SINGLE='a \ "b"'
EMPTY=
BACK=a\\b\c
`)
	require.NoError(t, err)
	assert.Equal(t, []string{
		"MINA_LOGS=/var/log/mina/app.log*", `OTLP_HEADERS={"authorization": "Bearer x"}`, `QUOTED=a "b" $c \n`, `SINGLE=a \ "b"`, "EMPTY=", `BACK=a\b\c`,
	}, variables)
	_, err = parseVariables("A=1\nnothing")
	require.EqualError(t, err, "line 2 is not NAME=value")
	_, err = parseVariables("export A=1")
	require.EqualError(t, err, "line 1 is not NAME=value")
}

func FuzzVariables(f *testing.F) {
	f.Add("A=\"b\\")
	f.Add("A='")
	f.Fuzz(func(t *testing.T, text string) {
		variables, err := parseVariables(text)
		if err == nil {
			for _, variable := range variables {
				assert.True(t, strings.Contains(variable, "="))
			}
		}
	})
}

func TestTheConfigurationThatIsThereIsTaken(t *testing.T) {
	folder := t.TempDir()
	program := filepath.Join(folder, "program")
	require.NoError(t, os.WriteFile(program, nil, 0o700))
	t.Setenv("MINA_CONFIG_DIR", folder)
	t.Chdir(folder)
	_, err := (&Settings{path: program}).Collector()
	require.ErrorContains(t, err, "there is no base.yaml in MINA_CONFIG_DIR")

	base := filepath.Join(folder, "base.yaml")
	require.NoError(t, os.WriteFile(base, nil, 0o600))
	c, err := (&Settings{path: program}).Collector()
	require.NoError(t, err)
	assert.Equal(t, []string{program, "validate", "--config", base, "--config", "destinations:auto", "--config", "yaml:a: b"}, c.Command(t.Context(), []string{"validate"}, "yaml:a: b").Args)

	variables := filepath.Join(folder, "env")
	require.NoError(t, os.WriteFile(variables, []byte("MINA_CONFIG_DIR=/nowhere\nDD_SITE=datadoghq.eu\nOTELCOL_OPTIONS=--feature-gates x --config base.yaml --config=own.yaml\n"), 0o600))
	c, err = (&Settings{path: program, envFile: variables}).Collector()
	require.NoError(t, err)
	assert.Equal(t, []string{"base.yaml", "own.yaml"}, c.Configs)
	c, err = (&Settings{path: program, envFile: variables, configs: []string{"own.yaml"}}).Collector()
	require.NoError(t, err)
	assert.Equal(t, []string{"own.yaml"}, c.Configs)
	env := c.Command(t.Context(), nil).Environ()
	assert.Contains(t, env, "DD_SITE=datadoghq.eu")
	assert.Contains(t, env, "MINA_CONFIG_DIR="+folder)
	assert.NotContains(t, env, "MINA_CONFIG_DIR=/nowhere")
}

func TestOnlyTheComplaintIsKept(t *testing.T) {
	assert.Equal(t, "invalid configuration: a\nb", Complaint("2025\tinfo\tStarting\nError: invalid configuration: a\nb\n"))
	assert.Equal(t, "yaml: line 4", Complaint("Error: failed to get config: yaml: line 4\n"))
	assert.Equal(t, "killed", Complaint("killed"))
}
