package minafileprovider

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/fileprovider"
	"go.yaml.in/yaml/v3"
)

// provider is the stock one, but for what it says.
type provider struct{ confmap.Provider }

// NewFactory returns the factory of the provider of the scheme file.
func NewFactory() confmap.ProviderFactory {
	return confmap.NewProviderFactory(func(set confmap.ProviderSettings) confmap.Provider {
		return provider{fileprovider.NewFactory().Create(set)}
	})
}

// Retrieve reads a file. The stock provider takes what is not YAML for a text, which it
// may be in a file with a token; the error that follows does not say which file it was.
func (p provider) Retrieve(ctx context.Context, uri string, watcher confmap.WatcherFunc) (*confmap.Retrieved, error) {
	retrieved, err := p.Provider.Retrieve(ctx, uri, watcher)
	if err != nil || !isNamedYAML(uri) {
		return retrieved, err
	}
	raw, err := retrieved.AsRaw()
	text, isText := raw.(string)
	if err != nil || !isText {
		return retrieved, err
	}
	var ignored any
	if err := yaml.Unmarshal([]byte(text), &ignored); err != nil {
		return nil, fmt.Errorf("%s is not YAML: %w", strings.TrimPrefix(uri, p.Scheme()+":"), err)
	}
	return retrieved, nil
}

func isNamedYAML(uri string) bool {
	extension := strings.ToLower(filepath.Ext(uri))
	return extension == ".yaml" || extension == ".yml"
}
