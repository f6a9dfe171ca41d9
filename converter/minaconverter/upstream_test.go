package minaconverter

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/fileprovider"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
)

const reasonIsGone = "the collector does better: look at docs/decisions/005-converter.md again"

// upstream merges files as the collector does, without our converter.
func upstream(t *testing.T, files ...string) *confmap.Conf {
	t.Helper()
	var paths []string
	for _, text := range files {
		file, err := os.CreateTemp(t.TempDir(), "*.yaml")
		require.NoError(t, err)
		_, err = file.WriteString(text)
		require.NoError(t, err)
		require.NoError(t, file.Close())
		paths = append(paths, file.Name())
	}
	resolver, err := confmap.NewResolver(confmap.ResolverSettings{URIs: paths, ProviderFactories: []confmap.ProviderFactory{fileprovider.NewFactory()}})
	require.NoError(t, err)
	conf, err := resolver.Resolve(t.Context())
	require.NoError(t, err)
	require.NoError(t, resolver.Shutdown(t.Context()))
	return conf
}

// TestUpstreamStillReplacesTheListOfExtensions fails when the lists of two files add up
// without a feature gate.
func TestUpstreamStillReplacesTheListOfExtensions(t *testing.T) {
	conf := upstream(t, "service: {extensions: [state_storage]}", "service: {extensions: [basicauth/loki]}")
	assert.Equal(t, []any{"basicauth/loki"}, conf.Get("service::extensions"), reasonIsGone)
}

// TestUpstreamStillReplacesAnEmbeddedFileAsAWhole fails when an override of one key leaves
// the others of a file that is embedded in its place.
func TestUpstreamStillReplacesAnEmbeddedFileAsAWhole(t *testing.T) {
	embedded := filepath.Join(t.TempDir(), "queue.yaml")
	require.NoError(t, os.WriteFile(embedded, []byte("{wait_for_result: true, num_consumers: 16}"), 0o600))
	conf := upstream(t, "exporters: {e: {sending_queue: '${file:"+embedded+"}'}}", "exporters: {e: {sending_queue: {num_consumers: 4}}}")
	assert.Equal(t, map[string]any{"num_consumers": 4}, conf.Get("exporters::e::sending_queue"), reasonIsGone)
}

// TestUpstreamStillAnswersBeforeDelivery fails when the defaults of an exporter's queue
// and of its retries are such that checkDelivery has nothing to say about them.
func TestUpstreamStillAnswersBeforeDelivery(t *testing.T) {
	queue, retry := exporterhelper.NewDefaultQueueConfig(), configretry.NewDefaultBackOffConfig()
	assert.False(t, queue.WaitForResult, reasonIsGone)
	assert.Nil(t, queue.StorageID, reasonIsGone)
	assert.False(t, queue.BlockOnOverflow, reasonIsGone)
	assert.NotZero(t, retry.MaxElapsedTime, reasonIsGone)
}
