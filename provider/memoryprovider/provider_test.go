package memoryprovider

import (
	"errors"
	"testing"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
)

// in returns a provider where the control group has a limit, or an error.
func in(limit uint64, err error) (provider, *observer.ObservedLogs) {
	core, logged := observer.New(zapcore.WarnLevel)
	return provider{func() (uint64, error) { return limit, err }, zap.New(core)}, logged
}

func TestMemoryIsWhatIsSetOrLeft(t *testing.T) {
	none, odd := memlimit.ErrNoLimit, errors.New("an odd file")
	for name, tt := range map[string]struct {
		variable string
		limit    uint64
		err      error
		want     int64
		parts    int64 // 12 of 200
		warnings int
	}{
		"no limit":                        {"", 0, none, 200, 12, 0},
		"no control group":                {"", 0, memlimit.ErrNoCgroup, 200, 12, 0},
		"another system":                  {"", 0, memlimit.ErrCgroupsNotSupported, 200, 12, 0},
		"a limit that cannot be read":     {"", 0, odd, 200, 12, 1},
		"64 MiB":                          {"", 64 << 20, nil, 51, 3, 0},
		"250 MiB":                         {"", 250 << 20, nil, 200, 12, 0},
		"much":                            {"", 1 << 62, nil, 200, 12, 0},
		"next to nothing":                 {"", 1 << 20, nil, 1, 1, 0},
		"set, and no limit":               {"400", 0, none, 400, 12, 0},
		"set, and a limit":                {"100", 64 << 20, nil, 100, 6, 0},
		"set to nothing":                  {" ", 128 << 20, nil, 102, 6, 0},
		"set, to as much as there can be": {"1048576", 0, none, 1048576, 12, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(variable, tt.variable)
			p, logged := in(tt.limit, tt.err)
			for uri, want := range map[string]int64{"memory:200": tt.want, "memory:12/200": tt.parts} {
				retrieved, err := p.Retrieve(t.Context(), uri, nil)
				require.NoError(t, err)
				got, err := retrieved.AsRaw()
				require.NoError(t, err)
				assert.EqualValues(t, want, got, uri)
			}
			assert.Equal(t, 2*tt.warnings, logged.Len())
		})
	}
}

func TestMistakesAreNamed(t *testing.T) {
	p, _ := in(0, memlimit.ErrNoLimit)
	t.Setenv(variable, "200MiB")
	_, err := p.Retrieve(t.Context(), "memory:200", nil)
	require.EqualError(t, err, `the environment variable MINA_MEMORY_MIB must be a whole number without a unit (got "200MiB")`)
	for _, value := range []string{"0", "1048577", "4294967296", "9223372036854775807"} { // 4 GiB in bytes were a limit of 0
		t.Setenv(variable, value)
		_, err = p.Retrieve(t.Context(), "memory:12/200", nil)
		require.EqualError(t, err, "the environment variable MINA_MEMORY_MIB must be from 1 to 1048576, in MiB (got "+value+")")
	}
	t.Setenv(variable, "")
	for _, uri := range []string{"memory:", "memory:0", "memory:-1", "memory:1/0", "memory:200MiB", "memory:1/2/3", "memory:99999999999", "other:200"} {
		_, err := p.Retrieve(t.Context(), uri, nil)
		require.ErrorContains(t, err, "${"+uri+"}: write ${memory:200}")
	}
}

// TestAPartIsInsideOfASize holds "${memory:12/200}MiB".
func TestAPartIsInsideOfASize(t *testing.T) {
	p, _ := in(128<<20, nil)
	retrieved, err := p.Retrieve(t.Context(), "memory:12/200", nil)
	require.NoError(t, err)
	text, err := retrieved.AsString()
	require.NoError(t, err)
	assert.Equal(t, "6", text)
}

// TestTheControlGroupOfThisProcessCanBeRead holds that the machine of the test, whatever
// its control groups are, is understood.
func TestTheControlGroupOfThisProcessCanBeRead(t *testing.T) {
	core, logged := observer.New(zapcore.WarnLevel)
	p := NewFactory().Create(confmap.ProviderSettings{Logger: zap.New(core)})
	require.NoError(t, confmaptest.ValidateProviderScheme(p))
	_, err := p.Retrieve(t.Context(), "memory:200", nil)
	require.NoError(t, err)
	assert.Zero(t, logged.Len(), logged.All())
	require.NoError(t, p.Shutdown(t.Context()))
}

func FuzzRetrieve(f *testing.F) {
	f.Add("memory:12/200")
	f.Fuzz(func(t *testing.T, text string) {
		p, _ := in(64<<20, nil)
		_, _ = p.Retrieve(t.Context(), text, nil)
	})
}
