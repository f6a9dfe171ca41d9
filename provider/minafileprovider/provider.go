package minafileprovider

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/fileprovider"
	"go.yaml.in/yaml/v3"

	"github.com/mina-observability/otelcol-mina/internal/setting"
)

// directory is the variable with the directory of the shipped files.
const directory = "MINA_CONFIG_DIR"

// provider is the stock one, but for where it looks and what it says.
type provider struct{ confmap.Provider }

// NewFactory returns the factory of the provider of the scheme file.
func NewFactory() confmap.ProviderFactory {
	return confmap.NewProviderFactory(func(set confmap.ProviderSettings) confmap.Provider {
		return provider{fileprovider.NewFactory().Create(set)}
	})
}

// Retrieve reads a file. The stock provider takes what is not YAML for a text, which it
// may be in a file with a token, whose last line has an end; the error that follows on a
// configuration does not say which file it was.
func (p provider) Retrieve(ctx context.Context, uri string, watcher confmap.WatcherFunc) (*confmap.Retrieved, error) {
	uri = p.Scheme() + ":" + located(strings.TrimPrefix(uri, p.Scheme()+":"))
	retrieved, err := p.Provider.Retrieve(ctx, uri, watcher)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w; a relative path begins at the working directory, or in the directory that %s names", err, directory)
	}
	if err != nil {
		return nil, err
	}
	if !isNamedYAML(uri) {
		return cleaned(retrieved)
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

// cleaned returns what was meant by a file with a value, such as a token.
func cleaned(retrieved *confmap.Retrieved) (*confmap.Retrieved, error) {
	raw, err := retrieved.AsRaw()
	if err != nil {
		return nil, err
	}
	switch raw := raw.(type) {
	case map[string]any, []any:
		return retrieved, nil
	case string:
		return confmap.NewRetrieved(setting.Clean(raw))
	}
	text, err := retrieved.AsString()
	if err != nil {
		return nil, err
	}
	return confmap.NewRetrievedFromYAML([]byte(setting.Clean(text)))
}

// located returns where a file is that is not in the working directory: in the directory
// of the shipped files, whose paths may begin with the "config/" of the documents.
func located(path string) string {
	shipped := os.Getenv(directory)
	if shipped == "" || filepath.IsAbs(path) {
		return path
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return path
	}
	return filepath.Join(shipped, strings.TrimPrefix(filepath.ToSlash(path), "config/"))
}

func isNamedYAML(uri string) bool {
	extension := strings.ToLower(filepath.Ext(uri))
	return extension == ".yaml" || extension == ".yml"
}
