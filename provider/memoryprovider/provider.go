package memoryprovider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"go.opentelemetry.io/collector/confmap"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/provider/varprovider"
)

const (
	scheme = "memory"
	// variable has how much memory the collector may use, in MiB.
	variable = "MINA_MEMORY_MIB"
	// usablePercent is the part of a control group's limit that is the collector's: beside it
	// are stacks, the garbage collector's own tables, and what the kernel keeps for sockets
	// and pages.
	usablePercent = 80
	// mostMiB is a TiB: who says more has counted in bytes or KiB.
	mostMiB = 1 << 20
)

// uri is a default in MiB, or a part of it and the whole.
var uri = regexp.MustCompile(`^` + scheme + `:(?:([1-9][0-9]{0,8})/)?([1-9][0-9]{0,8})$`)

type provider struct {
	// controlGroup returns its limit in bytes, or why there is none.
	controlGroup func() (uint64, error)
	logger       *zap.Logger
}

// NewFactory returns the factory of the provider of the scheme memory:
//
//	${memory:200}     how much memory the collector may use, in MiB: MINA_MEMORY_MIB, or if
//	                  that is not set 200, or less where the limit of the control group is
//	                  less than that: 80 percent of it
//	${memory:12/200}  12 of each 200 of these MiB, from 1 to 12
//
// A MINA_MEMORY_MIB that is no whole number, or that no host has, is an error that names it.
func NewFactory() confmap.ProviderFactory {
	return confmap.NewProviderFactory(func(set confmap.ProviderSettings) confmap.Provider {
		return provider{memlimit.FromCgroup, cmp.Or(set.Logger, zap.NewNop())}
	})
}

func (p provider) Retrieve(_ context.Context, text string, _ confmap.WatcherFunc) (*confmap.Retrieved, error) {
	parts := uri.FindStringSubmatch(text)
	if parts == nil {
		return nil, fmt.Errorf("${%s}: write ${memory:200} for so many MiB, or ${memory:12/200} for a part of them", text)
	}
	whole, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil {
		return nil, err
	}
	usable, err := p.usable(whole)
	if err != nil {
		return nil, err
	}
	if parts[1] == "" {
		return number(usable)
	}
	part, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return nil, err
	}
	return number(max(1, part*min(usable, whole)/whole))
}

// number returns a number that may be a part of a text, such as a size.
func number(n int64) (*confmap.Retrieved, error) {
	return confmap.NewRetrievedFromYAML([]byte(strconv.FormatInt(n, 10)))
}

// usable returns how many MiB the collector may use, where most are the usual ones.
func (p provider) usable(most int64) (int64, error) {
	limit, err := p.controlGroup()
	switch {
	case err == nil:
		most = max(1, min(most, int64(limit>>20)*usablePercent/100))
	case errors.Is(err, memlimit.ErrNoLimit), errors.Is(err, memlimit.ErrNoCgroup), errors.Is(err, memlimit.ErrCgroupsNotSupported):
	default:
		p.logger.Warn("Cannot read the memory limit of the control group; set "+variable+" if there is one", zap.Int64("limit_mib", most), zap.Error(err))
	}
	n, err := varprovider.Number(variable, strconv.FormatInt(most, 10))
	if err == nil && (n < 1 || n > mostMiB) {
		err = fmt.Errorf("the environment variable %s must be from 1 to %d, in MiB (got %d)", variable, mostMiB, n)
	}
	return n, err
}

func (provider) Scheme() string { return scheme }

func (provider) Shutdown(context.Context) error { return nil }
