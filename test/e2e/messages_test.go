package e2e

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// TestANewcomersMistakesAreNamed with the file, the variable or the key, and what to do.
func TestANewcomersMistakesAreNamed(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "mine.yaml")
	appendTo(t, broken, "exporters:\n  file:\n\tpath: a\n")
	several := filepath.Join(t.TempDir(), "several.yaml")
	appendTo(t, several, "processors: {mina: {}}\n---\nprocessors: {mina: {redaction: {action: drop}}}\n")
	both := slices.Clip([]string{"config/base.yaml", "config/otlp.yaml"})
	auto := []string{"config/base.yaml", "destinations:auto"}
	for name, tt := range map[string]struct {
		env     string
		configs []string
		want    string
	}{
		"a file that is not YAML":   {"", append(both, broken), broken + " is not YAML: yaml: line 3: found character that cannot start any token"},
		"a file in parts":           {"", append(both, several), several + " is several YAML documents, of which only the first would be read"},
		"a header's number":         {`OTLP_HEADERS={"x-scope-orgid": 1}`, both, "headers::x-scope-orgid must be a text: put it in quotes"},
		"memory in bytes":           {"MINA_MEMORY_MIB=268435456", both, "MINA_MEMORY_MIB must be from 1 to 1048576, in MiB (got 268435456)"},
		"extensions in no list":     {"", append(both, "yaml:service::extensions: state_storage"), "'service.extensions' source data must be an array or slice"},
		"a destination in capitals": {"MINA_DESTINATIONS=OTLP", auto, `there is no destination "OTLP"; did you mean "otlp"?`},
		"a file that is not there":  {"", append(both, "config/non.yaml"), "open config/non.yaml: no such file"},
		"headers that are no map":   {"OTLP_HEADERS=authorization", both, "the environment variable OTLP_HEADERS must be a map"},
		"memory with a unit":        {"MINA_MEMORY_MIB=200MiB", both, `the environment variable MINA_MEMORY_MIB must be a whole number without a unit (got "200MiB")`},
		"a delivery that is none":   {"MINA_DELIVERY=acked", both, `delivery (MINA_DELIVERY) must be acknowledged or queued (got "acked")`},
		"a queue with a unit":       {"MINA_QUEUE_BYTES=1GiB", both, `the environment variable MINA_QUEUE_BYTES must be a whole number without a unit (got "1GiB")`},
		"no such destination":       {"MINA_DESTINATIONS=datdog", auto, `MINA_DESTINATIONS: there is no destination "datdog"; did you mean "datadog"?`},
		"a destination's variable":  {"MINA_DESTINATIONS=datadog", auto, "set the environment variable DD_API_KEY: a Datadog API key"},
		"a time without a unit":     {"", append(both, "yaml:connectors::fanout::spill_after: 5"), "spill_after must have a unit: 5 alone counts nanoseconds, so write 500ms or 5s"},
		"a time of the intake":      {"", append(both, "yaml:receivers::mina::http::delivery_timeout: 5"), "http::delivery_timeout must have a unit"},
		"a time of an exporter":     {"", append(both, "yaml:exporters::lossless_otlp_http::timeout: 30"), "timeout must have a unit: 30 alone"},
		"a time that is none":       {"NEW_RELIC_MAX_AGE=47", append(both, "config/newrelic.yaml"), `accept::past must be a duration such as 500ms, 30s or 24h (got "47")`},
		"a time that is too short":  {"", append(both, "yaml:exporters::lossless_otlp_http::timeout: 30us"), "timeout must be at least 1ms (got 30us)"},
		"no pause":                  {"", append(both, "yaml:exporters::lossless_otlp_http::retry_on_failure::initial_interval: 0s"), "retry_on_failure::initial_interval must be at least 1ms (got 0s)"},
		"a number with a unit":      {"", append(both, "yaml:connectors::fanout::dead_letter::max_size_mib: 1GiB"), `dead_letter::max_size_mib must be a number (got "1GiB")`},
		"a text for a section":      {"", append(both, "yaml:receivers::mina::file: /var/log/mina/app.log"), "file must be a section, with keys of "},
		"a time of the storage":     {"", append(both, "yaml:extensions::state_storage::timeout: 1"), "timeout must have a unit: 1 alone"},
		"a connector's key":         {"", append(both, "yaml:connectors::fanout::spil_after: 5s"), "there is no key spil_after; did you mean spill_after?"},
		"a dead-letter key":         {"", append(both, "yaml:connectors::fanout::dead_letter::directry: a"), "there is no key dead_letter::directry; did you mean dead_letter::directory?"},
		"a storage's key":           {"", append(both, "yaml:extensions::state_storage::dirctory: /tmp"), "there is no key dirctory; did you mean directory?"},
		"a runtime's key":           {"", append(both, "yaml:extensions::go_runtime::limit_mb: 5"), "there is no key limit_mb; did you mean limit_mib?"},
		"no destination":            {"", both[:1], "add one, such as --config config/otlp.yaml"},
		"no source":                 {"", both[1:], "add one before the destinations, such as --config config/base.yaml"},
		"a section":                 {"", append(both, "yaml:exporter::debug: {}"), "there is no section exporter; did you mean exporters?"},
		"a section of the service":  {"", append(both, "yaml:service::pipeline::logs: {}"), "there is no section service::pipeline; did you mean service::pipelines?"},
		"a pattern":                 {"MINA_LOGS=/var/log/[a", both, `include: "/var/log/[a" is no glob pattern`},
		"a pause between looks":     {"", append(both, "yaml:receivers::mina::file::poll_interval: 1ms"), "receivers::mina::file: poll_interval must be at least 10ms (got 1ms)"},
		"a pipeline's processor":    {"", append(both, "yaml:service::pipelines::logs::processors: [minna]"), `service::pipelines::logs::processors: "minna" is not configured; did you mean "mina"?`},
		"a list that is none":       {"MINA_ALLOWED_HOSTS=[{a: b}]", both, "the environment variable MINA_ALLOWED_HOSTS must be a list"},
		"memory below nothing":      {"MINA_MEMORY_MIB=-5", both, `the environment variable MINA_MEMORY_MIB must be a whole number without a unit (got "-5")`},
		"a processor's key":         {"", append(both, "yaml:processors::mina::redacton: {}"), "there is no key redacton; did you mean redaction?"},
		"a key in a section":        {"", append(both, "yaml:processors::mina::redaction::acton: mask"), "there is no key redaction::acton; did you mean redaction::action?"},
		"a receiver's key":          {"", append(both, "yaml:receivers::mina::file::includes: [a]"), "there is no key file::includes; did you mean file::include?"},
		"an exporter's key":         {"", append(both, "yaml:exporters::lossless_otlp_http::endpont: a"), "there is no key endpont; did you mean endpoint?"},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := validate(t, []string{"MINA_STATE_DIR=" + t.TempDir(), "NEW_RELIC_LICENSE_KEY=key", tt.env}, tt.configs...)
			require.Error(t, err)
			assert.Contains(t, out, tt.want)
		})
	}
}

// TestAnEmptyVariableIsOneThatIsNotSet, as in an env file in which a name is left without
// a value.
func TestAnEmptyVariableIsOneThatIsNotSet(t *testing.T) {
	t.Parallel()
	var configs, empty []string
	for _, name := range []string{"base", "otlp", "local", "metrics", "alerts", "explore"} {
		path := "config/" + name + ".yaml"
		configs = append(configs, "--config", path)
		text, err := os.ReadFile(filepath.Join(program.Root(), path))
		require.NoError(t, err)
		for _, variable := range regexp.MustCompile(`\$\{\w+:([A-Z_]+)`).FindAllStringSubmatch(string(text), -1) {
			empty = append(empty, variable[1]+"=")
		}
	}
	require.Contains(t, empty, "MINA_LISTEN=")
	effective := func(env []string) string {
		cmd := exec.Command(binary(t), append([]string{"print-config"}, configs...)...)
		cmd.Dir, cmd.Env = program.Root(), append(os.Environ(), env...)
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
		return string(out)
	}
	assert.Equal(t, effective(nil), effective(empty))
}

// TestAPortThatIsTakenIsNamed by its key or by what it is for.
func TestAPortThatIsTakenIsNamed(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	defer taken.Close()
	address := taken.Addr().String()
	host, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	for override, want := range map[string]string{
		"receivers::mina::http::endpoint: " + address:    `failed to start "mina" receiver: http.endpoint "` + address + `"`,
		"extensions::health_check::endpoint: " + address: "failed to start extensions: failed to bind to address " + address,
		"service::telemetry::metrics: {level: normal, readers: [{pull: {exporter: {prometheus: {host: " + host + ", port: " + port + "}}}}]}": "binding address " + address + " for Prometheus exporter",
	} {
		s := program.OTLP(t.TempDir(), filepath.Join(t.TempDir(), "app.log"), "http://"+program.FreeAddress(), "acknowledged")
		s.Overrides = []string{override}
		c, err := program.StartCollector(s)
		require.NoError(t, err)
		endWith(t, c.Process)
		require.Error(t, c.WaitReady(), override)
		assert.Contains(t, c.Output(), want)
		assert.Contains(t, c.Output(), "address already in use")
	}
}
