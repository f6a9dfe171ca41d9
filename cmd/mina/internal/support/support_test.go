package support

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/cli"
	"github.com/mina-observability/otelcol-mina/internal/rawconfig"
)

func TestOfAConfigurationIsShownWhatIsHarmless(t *testing.T) {
	const configuration = `
receivers: {mina: {file: {include: [/var/log/mina/app.log*], poll_interval: 500ms, storage: state_storage}, format: auto, text: {layouts: ["%(message)s"]}, http: {endpoint: "127.0.0.1:8319", allowed_hosts: ["*.svc.cluster.local"]}}}
processors: {mina/own: {max_record_size: 524288, redaction: {action: hash, hash_key: hunter, allow: {values: [hunter]}, custom_rules: [{name: badge, pattern: "B-[0-9]+"}]}}, transform: {log_statements: ['set(body, "hunter2")']}}
exporters:
  otlp_http: {endpoint: "https://ana:hunter@backend.example:4318/tenant-7?key=hunter3", headers: [{name: authorization, value: Bearer}], timeout: 30s, retry_on_failure: {enabled: true}}
  plain: {endpoint: "http://localhost:4318", endpoints: ["http://a:1/"], brokers: [b:9092], username: ana, token: 12345678}
  odd: {endpoint: "hunter 4", compression: gzip, limits: {value_bytes: 0}, dsn: "https://abc@sentry.example/1"}
  oauth2client: {endpoint_params: {assertion: hunter, audience: payments}, const_labels: {team: hunter}}
service: {extensions: [basicauth/page, "odd one"], pipelines: {logs/own: {receivers: [mina], processors: [mina/own], exporters: [otlp_http]}}, telemetry: {logs: {level: info}, resource: {tenant: "Hunter & Sons"}}}
`
	const want = `
receivers: {mina: {file: {include: [/var/log/mina/app.log*], poll_interval: 500ms, storage: state_storage}, format: auto, text: {layouts: ["[removed]"]}, http: {endpoint: "127.0.0.1:8319", allowed_hosts: ["*.svc.cluster.local"]}}}
processors: {mina/own: {max_record_size: 524288, redaction: {action: hash, hash_key: "[removed]", allow: {values: ["[removed]"]}, custom_rules: [{name: badge, pattern: "[removed]"}]}}, transform: {log_statements: ["[removed]"]}}
exporters:
  otlp_http: {endpoint: "https://backend.example:4318/[removed]", headers: [{name: "[removed]", value: "[removed]"}], timeout: 30s, retry_on_failure: {enabled: true}}
  plain: {endpoint: "http://localhost:4318", endpoints: ["http://a:1/"], brokers: [b:9092], username: "[removed]", token: "[removed]"}
  odd: {endpoint: "[removed]", compression: gzip, limits: {value_bytes: 0}, dsn: "[removed]"}
  oauth2client: {endpoint_params: {assertion: "[removed]", audience: "[removed]"}, const_labels: {team: "[removed]"}}
service: {extensions: [basicauth/page, "[removed]"], pipelines: {logs/own: {receivers: [mina], processors: [mina/own], exporters: [otlp_http]}}, telemetry: {logs: {level: info}, resource: {tenant: "[removed]"}}}
`
	var f filter
	assert.Equal(t, plain(t, want), normal(t, f.harmless(plain(t, configuration))))
	for _, secret := range []string{"hunter", "hunter3", "tenant-7", "12345678", "Hunter & Sons", "https://abc@sentry.example/1"} {
		assert.Contains(t, f.out, secret)
	}
	assert.NotContains(t, f.out, "mina/own")
	assert.NotContains(t, f.out, "payments", "a word is in many texts")
}

func plain(t *testing.T, text string) (config rawconfig.Config) {
	t.Helper()
	require.NoError(t, yaml.Unmarshal([]byte(text), &config))
	return config
}

// normal returns a configuration as it is written and read again.
func normal(t *testing.T, config rawconfig.Config) rawconfig.Config {
	t.Helper()
	text, err := yaml.Marshal(config)
	require.NoError(t, err)
	return plain(t, string(text))
}

func TestSecretsAreTakenOutOfTexts(t *testing.T) {
	s := newScrubber([]string{"hunter2", `with "quotes" & more`, "abc", "hunter2-longer"})
	for text, want := range map[string]string{
		"password hunter2, hunter2-longer":           "password [removed], [removed]",
		"https://ana:pw@backend:4318/x?y=z and more": "https://backend:4318/[removed] and more",
		"http://backend:4318":                        "http://backend:4318",
		"https://backend/path":                       "https://backend/[removed]",
		"GET with+%22quotes%22+%26+more":             "GET [removed]",
		`{"error": "the destination answered 401 Unauthorized: card \"4111\" in x", "b": 1}`: `{"error": "the destination answered 401 Unauthorized: [removed]", "b": 1}`,
		"responded with HTTP Status Code 400, Message=no 4111":                               "responded with HTTP Status Code 400[removed]",
		"rpc error: code = InvalidArgument desc = no 4111":                                   "rpc error: code = InvalidArgument desc = [removed]",
		"answers at backend:4318 (HTTP 401, without a token)":                                "answers at backend:4318 (HTTP 401, without a token)",
		"lookup backend: no such host":                                                       "lookup backend: no such host",
		`timeout must be a duration such as 30s (got "Bearer hunte")`:                        "timeout must be a duration such as 30s (got [removed])",
		`{"found": "must be a number (got \"Bearer \\\"x\")", "of": "a"}`:                    `{"found": "must be a number (got [removed])", "of": "a"}`,
		"yaml: unknown anchor 'hunter3' referenced":                                          "yaml: unknown anchor [removed] referenced",
		"must be at least 1 (got 0)":                                                         "must be at least 1 (got 0)",
		"abc is too short":                                                                   "abc is too short",
		"amqp://%zz@host/x":                                                                  "[removed]",
	} {
		assert.Equal(t, want, s.scrub(text))
	}
	inJSON, err := json.Marshal(`with "quotes" & more`)
	require.NoError(t, err)
	assert.Equal(t, `"[removed]"`, s.scrub(string(inJSON)))
}

func TestOpaqueValuesAreFound(t *testing.T) {
	unredacted := plain(t, `{a: {token: hunter2, list: [{value: hunter3}, same]}, same: x, gone: hunter4}`)
	redacted := plain(t, `{a: {token: "[REDACTED]", list: [{value: "[REDACTED]"}, same]}, same: x}`)
	assert.ElementsMatch(t, []string{"hunter2", "hunter3", "hunter4"}, different(unredacted, redacted))
}

func TestOfAConfigurationThatCannotBeReadTheTextsAreKnown(t *testing.T) {
	own := filepath.Join(t.TempDir(), "own.yaml")
	require.NoError(t, os.WriteFile(own, []byte("exporters: {otlp_http: {headers: [Bearer hunter2], timeout: key-hunter3}}\n"), 0o600))
	broken := filepath.Join(t.TempDir(), "broken.yaml")
	require.NoError(t, os.WriteFile(broken, []byte("a: ["), 0o600))
	texts := textsIn([]string{own, "file:" + own, broken, "missing.yaml", "destinations:auto", "yaml:exporters::otlp_http::timeout: key-hunter4", "yaml:a: ["})
	for _, want := range []string{"Bearer hunter2", "key-hunter3", "key-hunter4"} {
		assert.Contains(t, texts, want)
	}
}

func TestOfAnInterruptNoBundleIsLeft(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	output := filepath.Join(t.TempDir(), "bundle.tar.gz")
	var said strings.Builder
	program := cli.Program{Name: "mina", Commands: []cli.Command{Command("1")}}
	assert.Equal(t, cli.Bad, program.Run(ctx, &cli.Terminal{Out: &said, Err: &said}, []string{"support", "--collector", os.Args[0], "--config", "a.yaml", "--output", output}))
	assert.Equal(t, "mina support: interrupted\n", said.String())
	assert.NoFileExists(t, output)
}

func TestVariablesMayBeSecrets(t *testing.T) {
	values := valuesOf([]string{
		`OTLP_HEADERS={"authorization": "Bearer hunter2", "x": "eyJhbGciOi.eyJzdWIi.sig_x"}`, "AXIOM_TOKEN=12345678", "OTLP_ENDPOINT=http://ana:hunter3@backend.example:4318/x", "LOKI_PASSWORD=hunter", "DD_SITE=datadoghq.eu",
		"MINA_LOGS=/var/log/*", "OTHER=Some words", "LEVEL=info", "LOKI_URL=https://loki.example",
	})
	for _, want := range []string{"hunter2", "eyJhbGciOi.eyJzdWIi.sig_x", "12345678", "hunter3", "hunter", "Some words"} {
		assert.Contains(t, values, want)
	}
	for _, harmless := range []string{"info", "/var/log/*", "backend.example", "datadoghq.eu", "https://loki.example", "authorization"} {
		assert.NotContains(t, values, harmless)
	}
	assert.Equal(t, "DD_API_KEY (empty)\nMINA_LOGS\n", names([]string{"MINA_LOGS=x", "DD_API_KEY=", "EDITOR=vi", "MINA_LOGS=y"}))
}

func FuzzScrub(f *testing.F) {
	f.Add("hunter2", "https://a:hunter2@b/c hunter2")
	f.Fuzz(func(t *testing.T, secret, text string) {
		scrubbed := newScrubber([]string{secret}).scrub(text)
		// What is put in its place could make it anew.
		if len(secret) >= shortest && !strings.ContainsAny(secret, removed) {
			assert.NotContains(t, scrubbed, secret)
		}
	})
}
