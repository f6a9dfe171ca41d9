package minafileprovider

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/fileprovider"
	"go.yaml.in/yaml/v3"

	"github.com/mina-observability/otelcol-mina/internal/setting"
)

// directory is the variable with the directory of the shipped files.
const directory = "MINA_CONFIG_DIR"

// Shipped returns the directory of the shipped files, or "" if none is named.
func Shipped() string { return setting.Clean(os.Getenv(directory)) }

// provider is the stock one, but for where it looks and what it says.
type provider struct {
	confmap.Provider
	// read are the directories of the configurations that have been read.
	read []string
}

// NewFactory returns the factory of the provider of the scheme file.
func NewFactory() confmap.ProviderFactory {
	return confmap.NewProviderFactory(func(set confmap.ProviderSettings) confmap.Provider {
		return &provider{Provider: fileprovider.NewFactory().Create(set)}
	})
}

// Retrieve reads a file. The stock provider takes what is not YAML for a text, which it
// may be in a file with a token, whose last line has an end; the error that follows on a
// configuration does not say which file it was.
func (p *provider) Retrieve(ctx context.Context, uri string, watcher confmap.WatcherFunc) (*confmap.Retrieved, error) {
	path := p.located(strings.TrimPrefix(uri, p.Scheme()+":"))
	uri = p.Scheme() + ":" + path
	retrieved, err := p.Provider.Retrieve(ctx, uri, watcher)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w; a relative path begins at the working directory, beside a file that is read, or in the directory that %s names", err, directory)
	}
	if err != nil {
		return nil, err
	}
	if !isNamedYAML(uri) {
		return cleaned(retrieved)
	}
	if err := checkWhole(path); err != nil {
		return nil, err
	}
	p.remember(filepath.Dir(path))
	raw, err := retrieved.AsRaw()
	text, isText := raw.(string)
	if err != nil || !isText {
		return retrieved, err
	}
	var ignored any
	if err := yaml.Unmarshal([]byte(text), &ignored); err != nil {
		return nil, fmt.Errorf("%s is not YAML: %w", path, unquoted(err))
	}
	return retrieved, nil
}

// unquoted returns an error of YAML's without the value that one of them quotes: a password may
// begin with an asterisk.
func unquoted(err error) error {
	if strings.Contains(err.Error(), "unknown anchor") {
		return errors.New("a value begins with *, which refers to an anchor in YAML: put it in quotes")
	}
	return err
}

// checkWhole reports a file of several documents. The stock provider reads the first one, and
// nothing says that the settings of the others are not there.
func checkWhole(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	documents := yaml.NewDecoder(file)
	var first, next yaml.Node
	if documents.Decode(&first) != nil { // there is none, or it has been reported
		return nil
	}
	for {
		err := documents.Decode(&next)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil || next.Content[0].Tag != "!!null" {
			return fmt.Errorf("%s is several YAML documents, of which only the first would be read: take the --- between them out, and write each section once", path)
		}
	}
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
		return confmap.NewRetrieved(setting.Literal(setting.Clean(raw)))
	}
	text, err := retrieved.AsString()
	if err != nil {
		return nil, err
	}
	return confmap.NewRetrievedFromYAML([]byte(setting.Clean(text)))
}

// located returns where a file is that is not in the working directory: beside one that
// has been read before, which may be the one that names it, or in the directory of the
// shipped files, whose paths may begin with the "config/" of the documents.
func (p *provider) located(path string) string {
	if filepath.IsAbs(path) || exists(path) {
		return path
	}
	for _, directory := range p.read {
		if beside := filepath.Join(directory, path); exists(beside) {
			return beside
		}
	}
	if shipped := Shipped(); shipped != "" {
		return filepath.Join(shipped, strings.TrimPrefix(filepath.ToSlash(path), "config/"))
	}
	return path
}

func (p *provider) remember(directory string) {
	if !slices.Contains(p.read, directory) {
		p.read = append(p.read, directory)
	}
}

// exists reports whether there is a file, also one that may not be read.
func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

func isNamedYAML(uri string) bool {
	extension := strings.ToLower(filepath.Ext(uri))
	return extension == ".yaml" || extension == ".yml"
}
