package destinationsprovider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"go.opentelemetry.io/collector/confmap"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/internal/setting"
	"github.com/mina-observability/otelcol-mina/provider/minafileprovider"
)

const (
	scheme = "destinations"
	// named is the variable with the destinations, where they are not to be found out.
	named = "MINA_DESTINATIONS"
	// auto stands for the destinations whose variables are set.
	auto = "auto"
)

type provider struct {
	files  confmap.Provider
	logger *zap.Logger
}

// NewFactory returns the factory of the provider of the scheme destinations. It is for
// --config, behind base.yaml:
//
//	destinations:auto            the destinations whose variables are set
//	destinations:datadog,sentry  these, whatever is set
//
// MINA_DESTINATIONS is stronger, where it is set. A destination is a file in the directory
// that MINA_CONFIG_DIR names, or else in config, without its .yaml. An error names what
// there is no file for, or the file that cannot be read.
func NewFactory() confmap.ProviderFactory {
	return confmap.NewProviderFactory(func(set confmap.ProviderSettings) confmap.Provider {
		return provider{minafileprovider.NewFactory().Create(set), cmp.Or(set.Logger, zap.NewNop())}
	})
}

// Retrieve returns the files of the destinations, merged.
func (p provider) Retrieve(ctx context.Context, uri string, _ confmap.WatcherFunc) (*confmap.Retrieved, error) {
	wanted, isDestinations := strings.CutPrefix(uri, scheme+":")
	if !isDestinations {
		return nil, fmt.Errorf("%q is not of the scheme %s", uri, scheme)
	}
	available, err := p.open(cmp.Or(minafileprovider.Shipped(), "config"))
	if err != nil {
		return nil, err
	}
	chosen, err := p.choose(ctx, available, cmp.Or(setting.Clean(os.Getenv(named)), wanted))
	if err != nil {
		return nil, err
	}
	merged := confmap.New()
	for _, name := range chosen {
		config, err := available.read(ctx, name)
		if err == nil {
			err = merged.Merge(config)
		}
		if err != nil {
			return nil, err
		}
	}
	p.logger.Info("Records go to these destinations", zap.Strings("destinations", chosen))
	return confmap.NewRetrieved(merged.ToStringMap())
}

// choose returns the names in a list, which commas part, each once.
func (p provider) choose(ctx context.Context, available directory, list string) (chosen []string, err error) {
	seen := map[string]bool{}
	for name := range strings.SplitSeq(list, ",") {
		name = strings.TrimSpace(name)
		names := []string{name}
		switch name {
		case "":
			continue
		case auto:
			names, err = p.configured(ctx, available)
		default:
			err = available.check(name)
		}
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if !seen[name] {
				chosen = append(chosen, name)
			}
			seen[name] = true
		}
	}
	if len(chosen) == 0 {
		return nil, errors.New(named + " names no destination: write " + auto + ", or names with commas between them, such as datadog,sentry")
	}
	return chosen, nil
}

func (p provider) Scheme() string { return scheme }

func (p provider) Shutdown(ctx context.Context) error { return p.files.Shutdown(ctx) }
