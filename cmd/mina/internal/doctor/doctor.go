package doctor

import (
	"context"
	"flag"
	"time"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/cli"
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/collector"
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/otelcol"
	"github.com/mina-observability/otelcol-mina/internal/collectorstatus"
	"github.com/mina-observability/otelcol-mina/internal/rawconfig"
)

const help = `Looks for what keeps the collector from working on this host, a line a check: ok, warn or
fail, and what to do. It has the collector validate the configuration, reads a byte of every
file, writes and removes a file in the state directory, asks whether ports are free, and
looks up, connects to and asks every destination, without your token and without a record.

Run it as the collector's user, since it may do what that user may:
sudo -u otelcol-mina mina doctor. It ends with

  0  nothing fails
  1  something does
  2  it was called in a way that it does not know`

// Command returns the command.
func Command() cli.Command {
	var (
		settings otelcol.Settings
		endpoint string
		asJSON   bool
		timeout  time.Duration
	)
	return cli.Command{
		Name: "doctor", Arguments: "[--config FILE]... [--json]",
		Summary: "look for what keeps the collector from working here",
		Help:    help,
		Flags: func(f *flag.FlagSet) {
			settings.Declare(f)
			f.StringVar(&endpoint, "endpoint", collector.StatusURL, "the `URL` of the extension mina_status of a collector that runs")
			f.DurationVar(&timeout, "timeout", 5*time.Second, "how long a destination may take")
			f.BoolVar(&asJSON, "json", false, "print JSON")
		},
		Run: func(ctx context.Context, term *cli.Terminal, _ []string) error {
			c, err := settings.Collector()
			if err != nil {
				return err
			}
			checks := Examine(ctx, c, endpoint, timeout)
			if asJSON {
				err = term.JSON(checks)
			}
			for _, check := range checks {
				if !asJSON {
					check.print(term)
				}
				if check.Verdict == Fail && err == nil {
					err = &cli.Exit{Code: cli.Bad}
				}
			}
			return err
		},
	}
}

// Examine makes all checks of a collector, which may run, with its extension mina_status at
// endpoint. The timeout is for each destination.
func Examine(ctx context.Context, c *otelcol.Collector, endpoint string, timeout time.Duration) []Check {
	return (&examination{collector: c, endpoint: endpoint, timeout: timeout}).all(ctx)
}

// examination is of one configuration.
type examination struct {
	collector *otelcol.Collector
	endpoint  string
	timeout   time.Duration

	config rawconfig.Config
	// running is the collector that runs, if one does.
	running *collectorstatus.Status
}

// all returns all checks that can be made.
func (e *examination) all(ctx context.Context) []Check {
	checks := e.configuration(ctx)
	if e.config == nil {
		return checks
	}
	checks = append(checks, e.run(ctx), user())
	checks = append(checks, e.files()...)
	checks = append(checks, e.state()...)
	checks = append(checks, e.ports()...)
	checks = append(checks, e.memory())
	return append(checks, e.destinations(ctx)...)
}

// configuration has the collector read it. Without it, there is nothing to look at.
func (e *examination) configuration(ctx context.Context) []Check {
	version, err := e.collector.Version(ctx)
	if err != nil {
		return []Check{fail("collector", "install it, or name it with --collector", "%s does not run: %v", e.collector.Path, err)}
	}
	checks := []Check{ok("collector", "%s, version %s", e.collector.Path, version)}
	config, err := e.collector.Unredacted(ctx)
	if err != nil {
		return append(checks, fail("configuration", "", "%v", err))
	}
	e.config = config
	return append(checks, ok("configuration", "%s, valid", cli.Counted(float64(len(e.collector.Configs)), "part")))
}

// run looks whether a collector runs.
func (e *examination) run(ctx context.Context) Check {
	ctx, cancel := context.WithTimeout(ctx, e.timeout)
	defer cancel()
	status, err := collector.Status(ctx, e.endpoint)
	if err != nil {
		return warn("running", "", "%v", err)
	}
	e.running = &status
	return ok("running", "pid %d, for %s", status.PID, cli.Duration(time.Since(status.Started)))
}

// used returns of a class of components those that pipelines or the service name.
func (e *examination) used(class string) rawconfig.Config {
	all := rawconfig.Config{}
	take := func(ids []string) {
		for _, id := range ids {
			if component, found := e.config.Section(class)[id]; found {
				all[id] = component
			}
		}
	}
	pipelines := e.config.Section("service", "pipelines")
	for _, pipeline := range pipelines.Keys() {
		take(pipelines.Section(pipeline).Texts(class))
	}
	take(e.config.Section("service").Texts(class))
	return all
}
