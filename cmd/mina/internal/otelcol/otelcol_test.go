package otelcol

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// TestVariablesAreThoseOfTheUnit holds the files of variables to the packages' unit.
func TestVariablesAreThoseOfTheUnit(t *testing.T) {
	unit, err := os.ReadFile(filepath.Join(program.Root(), "packaging", "systemd", "otelcol-mina.service"))
	require.NoError(t, err)
	var files []string
	for _, file := range regexp.MustCompile(`(?m)^EnvironmentFile=-(.*)$`).FindAllStringSubmatch(string(unit), -1) {
		files = append(files, file[1])
	}
	assert.Equal(t, files, []string{storeEnvironment, environment})
}

// TestVariablesAreReadAsSystemdDoes holds what parse_env_file of systemd 255 makes of them.
func TestVariablesAreReadAsSystemdDoes(t *testing.T) {
	for text, want := range map[string][]string{
		"# a comment\n; another\nA=b":                    {"A=b"},
		"# a comment \\\nA=b":                            {"A=b"},
		"MINA_LOGS=/var/log/mina/app.log*\r\nB=c\r\n":    {"MINA_LOGS=/var/log/mina/app.log*", "B=c"},
		` OTLP_HEADERS = {"authorization": "Bearer x"} `: {`OTLP_HEADERS={"authorization": "Bearer x"}`},
		`A="a \"b\" \$c \n"`:                             {`A=a "b" $c \n`},
		`A='a \ "b" $c'`:                                 {`A=a \ "b" $c`},
		`A=a\\b\c\"`:                                     {`A=a\bc"`},
		`A=it's "so"`:                                    {`A=it's "so"`},
		`A="a" b  "c"`:                                   {`A=ab  "c"`},
		`A="a" 'b'`:                                      {`A=ab`},
		`A=" a "  `:                                      {`A= a `},
		"A=a\\\nb\nC=d":                                  {"A=ab", "C=d"},
		"A=\"{\n  \\\"b\\\": 1\\\n}\"\nC=d":              {"A={\n  \"b\": 1}", "C=d"},
		"A='a\nb=c'\nC=d":                                {"A=a\nb=c", "C=d"},
		"A=\nB= \nC=''":                                  {"A=", "B=", "C="},
		"A=b=c==":                                        {"A=b=c=="},
		"A=# no comment":                                 {"A=# no comment"},
		`A=a\`:                                           {`A=a`},
		`A="it"'s' "one" # b`:                            {"A=itsone# b"},
		"A=\"-----BEGIN\nMII\\\nC\"\nB=b":                {"A=-----BEGIN\nMIIC", "B=b"},
		"":                                               nil,
	} {
		variables, err := parseVariables(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, variables, text)
	}
	for text, want := range map[string]string{
		"A=1\nnothing":            "line 2 is not NAME=value",
		"export A=1":              "line 1 is not NAME=value",
		"A='1\n2'\nA-B=1":         "line 3 is not NAME=value",
		"=1":                      "line 1 is not NAME=value",
		"A=1\nB=\"hunter2\nC=3\n": "the quote in line 2 has no end",
		"A=a\x00b":                "line 1 holds a zero byte",
		"\ufeffA=1":               "it begins with a byte order mark, which systemd takes for a part of the first name: save it without",
	} {
		_, err := parseVariables(text)
		require.EqualError(t, err, want, text)
	}
}

// TestOptionsAreReadAsTheCollectorGetsThem from systemd: an override has spaces, in quotes.
func TestOptionsAreReadAsTheCollectorGetsThem(t *testing.T) {
	for options, want := range map[string][]string{
		"--config a.yaml --config=b.yaml":           {"a.yaml", "b.yaml"},
		`--config a.yaml --config "yaml:a::b: c d"`: {"a.yaml", "yaml:a::b: c d"},
		`--config='yaml:a: "b"' --config=c\ d.yaml`: {`yaml:a: "b"`, "c d.yaml"},
		`"--config=yaml:a: \"b\""`:                  {`yaml:a: "b"`},
		"--set=a.b=c --config a.yaml --set d.e=f=g": {"a.yaml", "yaml:a::b: c", "yaml:d::e: f=g"},
		"--feature-gates --config=a --config":       {"a"},
		"  --config\ta.yaml\n":                      {"a.yaml"},
		`--config ""`:                               {""},
		"":                                          nil,
	} {
		assert.Equal(t, want, configsIn(options), options)
	}
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
	require.NoError(t, os.WriteFile(variables, []byte("MINA_CONFIG_DIR=/nowhere\nDD_SITE=datadoghq.eu\nOTELCOL_OPTIONS=--feature-gates x --config base.yaml --config=own.yaml --config \"yaml:a::b: 'c d'\"\n"), 0o600))
	c, err = (&Settings{path: program, envFile: variables}).Collector()
	require.NoError(t, err)
	assert.Equal(t, []string{"base.yaml", "own.yaml", "yaml:a::b: 'c d'"}, c.Configs)
	c, err = (&Settings{path: program, envFile: variables, configs: []string{"own.yaml"}}).Collector()
	require.NoError(t, err)
	assert.Equal(t, []string{"own.yaml"}, c.Configs)
	env := c.Command(t.Context(), nil).Environ()
	assert.Contains(t, env, "DD_SITE=datadoghq.eu")
	assert.Contains(t, env, "MINA_CONFIG_DIR="+folder)
	assert.NotContains(t, env, "MINA_CONFIG_DIR=/nowhere")
}

func TestADestinationThatIsNoneIsNamed(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"resend.yaml", "loki.yaml"} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), nil, 0o600))
	}
	t.Setenv("MINA_CONFIG_DIR", folder)
	settings := Settings{path: os.Args[0]}
	_, err := settings.Resending("Lokki")
	require.EqualError(t, err, `there is no destination "Lokki"; did you mean "loki"? (`+folder+" has no Lokki.yaml)")
	c, err := settings.Resending("loki")
	require.NoError(t, err)
	assert.Equal(t, []string{filepath.Join(folder, "resend.yaml"), filepath.Join(folder, "loki.yaml")}, c.Configs)
	c, err = settings.Resending("own/loki.yaml")
	require.NoError(t, err)
	assert.Equal(t, "own/loki.yaml", c.Configs[1])
}

func TestOnlyTheComplaintIsKept(t *testing.T) {
	assert.Equal(t, "invalid configuration: a\nb", Complaint("2025\tinfo\tStarting\nError: invalid configuration: a\nb\n"))
	assert.Equal(t, "yaml: line 4", Complaint("Error: failed to get config: yaml: line 4\n"))
	assert.Equal(t, "killed", Complaint("killed"))
}
