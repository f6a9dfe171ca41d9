package minaconverter

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.uber.org/goleak"
	"go.yaml.in/yaml/v3"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func read(t *testing.T, text string) map[string]any {
	t.Helper()
	var all map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(text), &all))
	return all
}

func TestConvert(t *testing.T) {
	for name, test := range map[string]struct{ conf, want string }{
		"an authenticator is started": {
			`
extensions: {file_storage: {}, basicauth/loki: {}, unused: {}}
exporters: {otlp: {auth: {authenticator: basicauth/loki}}}
service: {extensions: [file_storage]}
`, `[file_storage, basicauth/loki]`,
		},
		"storage and middlewares, wherever they are": {
			`
extensions: {a: {}, b: {storage: c}, c: {}}
receivers: {r: {deep: [{middlewares: [{id: a}]}], storage: b}}
service: {pipelines: {}}
`, `[a, b, c]`,
		},
		"what is listed stays as it is": {
			`
extensions: {b: {}, a: {}}
exporters: {e: {sending_queue: {storage: a}}}
service: {extensions: [b, a]}
`, `[b, a]`,
		},
		"what is not configured is for the collector to report": {
			`
exporters: {e: {sending_queue: {storage: a}}}
service: {extensions: [b]}
`, `[b]`,
		},
		"a store, and what shows it": {
			`
extensions: {page: {store: store}, store: {}, other: {}}
exporters: {e: {auth: {authenticator: store}}}
service: {extensions: [other]}
`, `[other, page, store]`,
		},
		"a store that nobody else names": {
			`
extensions: {page/two: {store: store}, store: null}
service: {extensions: []}
`, `[page/two, store]`,
		},
		"what shows a store that is none": {
			`
extensions: {page: {store: elsewhere}, deep: {under: {store: store}}, store: {}}
service: {extensions: []}
`, `[store]`,
		},
		"values that only look alike": {
			`
extensions: {a: {}, b: {store: {a: a}}, c: {store: [a]}}
processors: {p: {storage: [a], authenticator: {a: a}, middlewares: a}}
service: {extensions: []}
`, `[]`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			conf := confmap.NewFromStringMap(read(t, test.conf))
			require.NoError(t, NewFactory().Create(confmap.ConverterSettings{}).Convert(t.Context(), conf))
			var want any
			require.NoError(t, yaml.Unmarshal([]byte(test.want), &want))
			got, _ := conf.Get("service::extensions").([]any)
			assert.ElementsMatch(t, want, got)
		})
	}
}

func TestExtensionsThatAreNoListAreForTheCollectorToReport(t *testing.T) {
	conf := confmap.NewFromStringMap(read(t, "{extensions: {a: {}, zpages: {}}, exporters: {e: {storage: a}}, service: {extensions: zpages}}"))
	require.NoError(t, NewFactory().Create(confmap.ConverterSettings{}).Convert(t.Context(), conf))
	assert.Equal(t, "zpages", conf.Get("service::extensions"))
}

func TestHealthCheckIsTranslated(t *testing.T) {
	for name, test := range map[string]struct{ conf, want string }{
		"endpoint":    {`{endpoint: "localhost:1", path: /health}`, `{endpoint: "localhost:1", path: /health, http: {endpoint: "localhost:1", status: {enabled: true, path: /health}}}`},
		"nothing set": {`null`, `{http: {status: {enabled: true, path: /}}}`},
		"new keys":    {`{http: {endpoint: "localhost:1"}}`, `{http: {endpoint: "localhost:1"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			conf := confmap.NewFromStringMap(read(t, "extensions: {health_check/x: "+test.conf+", other: {endpoint: a}}"))
			require.NoError(t, converter{}.Convert(t.Context(), conf))
			assert.Equal(t, read(t, "v: "+test.want)["v"], conf.Get("extensions::health_check/x"))
			assert.Equal(t, map[string]any{"endpoint": "a"}, conf.Get("extensions::other"))
		})
	}
}
