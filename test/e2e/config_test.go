package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/contract"
	"github.com/mina-observability/otelcol-mina/test/program"
)

// needed returns what the destinations cannot do without.
func needed(t *testing.T) []string {
	t.Helper()
	env := []string{
		"BETTERSTACK_HOST=s1.eu-nbg-2.betterstackdata.com", "PAPERTRAIL_ENDPOINT=localhost:6514", "SENTRY_DSN=http://0123456789abcdef@localhost:9000/1",
		"KAFKA_BROKERS=localhost:9092", "KAFKA_SOURCE_BROKERS=localhost:9093", "PAGE_PASSWORD=hunter2",
	}
	for _, v := range contract.Vendors() {
		env = append(env, v.Env...)
		overlay, err := os.ReadFile(filepath.Join(program.Root(), "config", v.Overlay+".yaml"))
		require.NoError(t, err)
		if strings.Contains(string(overlay), v.Address+":?") { // the others have a default
			env = append(env, v.Address+"=https://logs.example.com")
		}
	}
	return env
}

func validate(t *testing.T, env []string, configs ...string) (string, error) {
	t.Helper()
	args := []string{"validate"}
	for _, config := range configs {
		args = append(args, "--config", config)
	}
	cmd := exec.Command(binary(t), args...)
	cmd.Dir = program.Root()
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestShippedConfigsAreValid takes every overlay with every input and delivery.
func TestShippedConfigsAreValid(t *testing.T) {
	t.Parallel()
	overlays, err := filepath.Glob(filepath.Join(program.Root(), "config", "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, overlays)
	gateways := []string{"gateway-otlp.yaml", "gateway-kafka.yaml"}
	inputs := append([]string{"base.yaml", "stdin.yaml", "resend.yaml"}, gateways...)
	onTopOf := map[string]string{"alerts-try.yaml": "alerts.yaml", "explore-open.yaml": "explore.yaml"}
	env := needed(t)
	for _, overlay := range overlays {
		name := filepath.Base(overlay)
		if slices.Contains(inputs, name) {
			continue
		}
		for _, delivery := range deliveries {
			for _, input := range inputs {
				onTop := slices.Contains(gateways, input)
				if input != "base.yaml" && !onTop && delivery == "queued" {
					continue // it has no storage: the source is gone when it has been read
				}
				t.Run(input+" "+name+" "+delivery, func(t *testing.T) {
					configs := []string{"config/" + input, "config/" + name}
					if name == "opamp.yaml" { // which is no destination
						configs = append(configs, "config/otlp.yaml")
					}
					if below, ok := onTopOf[name]; ok {
						configs = slices.Insert(configs, 1, "config/"+below)
					}
					if onTop {
						configs = slices.Insert(configs, 0, "config/base.yaml")
					}
					out, err := validate(t, append(slices.Clone(env), "MINA_STATE_DIR="+t.TempDir(), "MINA_DELIVERY="+delivery), configs...)
					require.NoError(t, err, out)
				})
			}
		}
	}
}

func TestMistakesAreNamed(t *testing.T) {
	for name, tt := range map[string]struct{ config, want string }{
		"receiver value":       {"yaml:receivers::mina::file::start_at: middle", `receivers::mina::file: start_at must be beginning or end (got "middle")`},
		"receiver key":         {"yaml:receivers::mina::file::includes: [a]", "has invalid keys: includes"},
		"processor value":      {"yaml:processors::mina::redaction::action: shred", `processors::mina::redaction: action: there is no action "shred"; there are mask, partial, hash, drop, audit`},
		"hash key":             {"yaml:processors::mina::redaction::action: hash", "hash_key must have at least 32 bytes"},
		"unknown rule":         {"yaml:processors::mina::redaction::rules: [creditcard]", `processors::mina::redaction: rules: there is no rule "creditcard"; did you mean "credit_card"?`},
		"unknown set":          {"yaml:processors::mina::redaction::sets: [pi]", `processors::mina::redaction: sets: there is no set "pi"; did you mean`},
		"custom pattern":       {"yaml:processors::mina::redaction::custom_rules: [{name: badge, pattern: 'B-('}]", `custom_rules::0 (badge): pattern: "B-(" does not compile`},
		"empty match":          {"yaml:processors::mina::redaction::custom_rules: [{name: badge, pattern: '.*'}]", `custom_rules::0 (badge): pattern: ".*" matches the empty text`},
		"a queue that answers": {"yaml:exporters::debug/local::sending_queue: {num_consumers: 2}", "exporters::debug/local::sending_queue: the queue answers before delivery"},
		"time zone":            {"yaml:receivers::mina::timezone: Mars/Olympus", `receivers::mina: timezone must be an IANA name such as Europe/Berlin (got "Mars/Olympus")`},
		"text layout":          {"yaml:receivers::mina::text::layouts: ['%(levelname)s %(name)s%(message)s']", `receivers::mina: text::layouts::0: the format "%(levelname)s %(name)s%(message)s": nothing stands between %(name)s and %(message)s at byte 22`},
		"field name":           {"yaml:receivers::mina::fields::level: [msg]", `receivers::mina: fields::message: "msg" is already listed under level`},
		"bytes in flight":      {"yaml:receivers::mina::max_in_flight: 1", "receivers::mina: max_in_flight must be at least 1KiB (got 1)"},
		"pause":                {"yaml:receivers::mina::retry::initial_interval: -1s", "receivers::mina: retry::initial_interval must be positive (got -1s)"},
		"a batch processor":    {"yaml:{processors: {batch: }, service: {pipelines: {logs/local: {processors: [batch]}}}}", "processors::batch in service::pipelines::logs/local answers before delivery"},
		"not YAML":             {"yaml:receivers: [", "yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := validate(t, []string{"MINA_STATE_DIR=" + t.TempDir()}, "config/base.yaml", "config/local.yaml", tt.config)
			require.Error(t, err)
			assert.Contains(t, out, tt.want)
			what := tt.want[strings.LastIndex(tt.want, ": ")+1:]
			assert.Equal(t, 1, strings.Count(out, what), "it is said once: %s", out)
		})
	}
}

// TestStartsFromAnyDirectory names the shipped files as the documents do, or by their
// whole paths.
func TestStartsFromAnyDirectory(t *testing.T) {
	shipped := filepath.Join(program.Root(), "config")
	for name, tt := range map[string]struct {
		env     string
		configs []string
	}{
		"by MINA_CONFIG_DIR": {"MINA_CONFIG_DIR=" + shipped, []string{"config/base.yaml", "config/otlp.yaml"}},
		"by their names":     {"MINA_CONFIG_DIR=" + shipped, []string{"base.yaml", "otlp.yaml"}},
		"by whole paths":     {"", []string{filepath.Join(shipped, "base.yaml"), filepath.Join(shipped, "otlp.yaml")}},
	} {
		for _, delivery := range deliveries {
			t.Run(name+" "+delivery, func(t *testing.T) {
				e, path := newEndpoint(t), filepath.Join(t.TempDir(), "app.log")
				appendTo(t, path, numbered(0, 10))
				cmd := exec.Command(binary(t), "--config", tt.configs[0], "--config", tt.configs[1],
					"--config", "yaml:receivers::mina::http::endpoint: "+program.FreeAddress(),
					"--config", "yaml:extensions::health_check::endpoint: "+program.FreeAddress(),
					"--config", "yaml:service::telemetry::metrics::level: none")
				cmd.Dir = "/"
				cmd.Env = append(os.Environ(), tt.env, "MINA_STATE_DIR="+t.TempDir(), "MINA_LOGS="+path, "OTLP_ENDPOINT="+e.URL, "MINA_DELIVERY="+delivery)
				start(t, cmd)
				eventually(t, func() bool { return len(e.bodies()) == 10 }, "it delivers")
			})
		}
	}
}

// TestOneKeyOfAQueueIsOneKey overrides a single key: the others stay as they were.
func TestOneKeyOfAQueueIsOneKey(t *testing.T) {
	effective := func(args ...string) []string {
		cmd := exec.Command(binary(t), append([]string{"print-config", "--config", "config/base.yaml", "--config", "config/otlp.yaml"}, args...)...)
		cmd.Dir, cmd.Env = program.Root(), append(os.Environ(), "MINA_STATE_DIR="+t.TempDir())
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
		return slices.DeleteFunc(strings.Split(string(out), "\n"), func(line string) bool { return strings.Contains(line, os.TempDir()) })
	}
	usual := effective()
	want := slices.Clone(usual)
	queue := slices.Index(usual, "        sending_queue:")
	require.Positive(t, queue)
	consumers := queue + slices.Index(usual[queue:], "            num_consumers: 16")
	want[consumers] = "            num_consumers: 4"
	assert.Equal(t, want, effective("--config", "yaml:exporters::lossless_otlp_http::sending_queue::num_consumers: 4"))
	assert.Equal(t, want, effective("--set=exporters.lossless_otlp_http.sending_queue.num_consumers=4"))
}

// TestWhatAnswersBeforeDeliveryDoesNotStart until it is allowed to lose records.
func TestWhatAnswersBeforeDeliveryDoesNotStart(t *testing.T) {
	const ours, stock = "exporters::lossless_otlp_http", "exporters::otlp_http/stock"
	for name, tt := range map[string]struct {
		// section is where the values stand, of which the first is objected to.
		section, values, key string
		// allowed is where allow_loss: true may stand.
		allowed []string
	}{
		"told not to wait":      {ours + "::sending_queue", "wait_for_result: false", ours + "::sending_queue:", []string{ours, ours + "::sending_queue"}},
		"told to refuse":        {ours + "::sending_queue", "block_on_overflow: false", ours + "::sending_queue::block_on_overflow:", []string{ours, ours + "::sending_queue"}},
		"stored, with an end":   {ours, "{sending_queue: {wait_for_result: false, storage: state_storage}, retry_on_failure: {max_elapsed_time: 5m}}", ours + "::retry_on_failure::max_elapsed_time:", []string{ours, ours + "::retry_on_failure"}},
		"a stock queue":         {stock + "::sending_queue", "enabled: true", stock + "::sending_queue:", []string{stock, stock + "::sending_queue"}},
		"a stock queue's key":   {stock + "::sending_queue", "{enabled: true, num_consumers: 4}", stock + "::sending_queue:", []string{stock}},
		"a stock queue on disk": {stock, "{sending_queue: {enabled: true, storage: state_storage, block_on_overflow: true}, retry_on_failure: {max_elapsed_time: 0}}", stock + "::sending_queue::storage:", []string{stock, stock + "::sending_queue"}},
		"the batch processor":   {"processors::batch", "send_batch_size: 100", "processors::batch ", []string{"processors::batch"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := t.TempDir()
			s := program.OTLP(state, filepath.Join(state, "app.log"), "http://"+program.FreeAddress(), "acknowledged")
			s.Configs = append(s.Configs, stockOTLP(t, "http://"+program.FreeAddress()))
			if strings.Contains(tt.key, "batch") {
				s.Overrides = []string{"service::pipelines::logs/otlp::processors: [batch]"}
			}
			value := tt.values
			if !strings.HasPrefix(value, "{") {
				value = "{" + value + "}"
			}
			s.Overrides = append(s.Overrides, tt.section+": "+value)
			c, err := program.StartCollector(s)
			require.NoError(t, err)
			endWith(t, c.Process)
			require.Error(t, c.WaitReady(), "it does not start")
			assert.Contains(t, c.Output(), tt.key)
			out, err := validate(t, s.Env, validated(s)...)
			require.Error(t, err)
			assert.Contains(t, out, tt.key)
			for _, at := range tt.allowed {
				allowing := s
				allowing.Overrides = append(slices.Clone(s.Overrides), at+"::allow_loss: true")
				out, err = validate(t, s.Env, validated(allowing)...)
				require.NoError(t, err, out)
				startCollector(t, allowing).Stop()
			}
		})
	}
}

// validated returns what is to be validated of what would be started.
func validated(s program.Settings) (configs []string) {
	for _, config := range s.Configs {
		if !filepath.IsAbs(config) {
			config = "config/" + config
		}
		configs = append(configs, config)
	}
	for _, override := range s.Overrides {
		configs = append(configs, "yaml:"+override)
	}
	return configs
}

func TestSecretsOfTheConfigurationAreNotPrinted(t *testing.T) {
	const key = "a-hash-key-that-nobody-may-see-0123"
	e := newEndpoint(t)
	s := program.OTLP(t.TempDir(), filepath.Join(program.Root(), "examples", "sample.log"), e.URL, "acknowledged")
	s.Env = append(s.Env, "HASH_KEY="+key, `OTLP_HEADERS={"authorization": "`+key+`"}`)
	s.Overrides = []string{"processors::mina::redaction::action: hash", "processors::mina::redaction::hash_key: ${env:HASH_KEY}"}
	c := startCollector(t, s)
	eventually(t, func() bool { return len(e.records()) == 33 }, "the sample")
	c.Stop()
	assert.NotContains(t, c.Output(), key)
	assert.Contains(t, e.bytes(), "[HASHED:credit_card:")
}

func TestAuditReportsAndChangesNothing(t *testing.T) {
	e := newEndpoint(t)
	s := program.OTLP(t.TempDir(), filepath.Join(program.Root(), "examples", "sample.log"), e.URL, "acknowledged")
	s.Overrides = []string{"processors::mina::redaction::action: audit", "processors::mina::redaction::report: {}"}
	c := startCollector(t, s)
	eventually(t, func() bool { return len(e.records()) == 33 }, "the sample")
	c.Stop()
	delivered := e.bytes()
	assert.NotContains(t, delivered, "[REDACTED:")
	assert.Contains(t, delivered, "mina.redaction")
	assert.Contains(t, delivered, "body credit_card")
}
