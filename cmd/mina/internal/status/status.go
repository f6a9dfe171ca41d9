// Package status is the command that says how the collector does: what it reads, what
// waits and why, and what there is on the disk.
package status

import (
	"context"
	"flag"
	"time"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/cli"
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/collector"
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/letters"
	"github.com/mina-observability/otelcol-mina/internal/collectorstatus"
)

const help = `Says how the collector of this host does: which files it reads and what waits in them,
each destination and what it waits for, queues, dead letters and disk. It asks the extension
mina_status, the health check and the collector's own metrics. It ends with

  0  the collector is healthy
  1  it is not, or does not answer`

// Command returns the command.
func Command() cli.Command {
	var (
		endpoint string
		asJSON   bool
		timeout  time.Duration
	)
	return cli.Command{
		Name: "status", Arguments: "[--json]",
		Summary: "say what the collector reads, what waits, and why",
		Help:    help,
		Flags: func(f *flag.FlagSet) {
			f.StringVar(&endpoint, "endpoint", collector.StatusURL, "the `URL` of the extension mina_status")
			f.BoolVar(&asJSON, "json", false, "print JSON")
			f.DurationVar(&timeout, "timeout", 5*time.Second, "how long to wait for answers")
		},
		Run: func(ctx context.Context, term *cli.Terminal, _ []string) error {
			ctx, cancel := context.WithTimeout(ctx, timeout)
			defer cancel()
			told, err := collector.Status(ctx, endpoint)
			if err != nil {
				return err
			}
			overview := Ask(ctx, told)
			if asJSON {
				err = term.JSON(overview)
			} else {
				show(term, overview)
			}
			if err == nil && !overview.Healthy {
				return &cli.Exit{Code: cli.Bad}
			}
			return err
		},
	}
}

// Ask asks a collector that has told its status for all else.
func Ask(ctx context.Context, told collectorstatus.Status) Overview {
	s := sources{status: told, now: time.Now()}
	if told.Health != "" {
		s.health, s.healthErr = collector.Health(ctx, collector.Reachable(told.Health), "")
	}
	if told.Metrics != "" {
		s.metrics, s.metricsErr = collector.Metrics(ctx, collector.Reachable(told.Metrics))
	}
	s.letters, s.lettersErr = letters.Files(told.DeadLetterDirectories)
	return overview(s)
}
