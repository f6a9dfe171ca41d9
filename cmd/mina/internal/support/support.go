package support

import (
	"context"
	"errors"
	"flag"
	"os"
	"time"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/cli"
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/collector"
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/otelcol"
)

const help = `Writes a bundle for those who help: a tar.gz with the versions, the configuration, status,
health, metrics, what mina doctor finds, the host's system and limits, and the names and
sizes of files. It holds no line of a log, no dead letter and no log of the collector's. Of
the configuration it holds what is known to be harmless; tokens, addresses but for their
hosts, and texts of your own are left out, and taken out of errors that quote them. Look at
it before you send it. It ends with

  0  the bundle is written, whatever could not be found out
  1  it cannot be written`

// Command returns the command. The version is this program's.
func Command(version string) cli.Command {
	var (
		settings         otelcol.Settings
		endpoint, output string
		timeout          time.Duration
	)
	return cli.Command{
		Name: "support", Arguments: "[--config FILE]... [--output FILE]",
		Summary: "write a bundle for those who help, without payloads and secrets",
		Help:    help,
		Flags: func(f *flag.FlagSet) {
			settings.Declare(f)
			f.StringVar(&endpoint, "endpoint", collector.StatusURL, "the `URL` of the extension mina_status of a collector that runs")
			f.StringVar(&output, "output", "", "the `FILE` to write, which must not be there; without it mina-support-TIME.tar.gz")
			f.DurationVar(&timeout, "timeout", 5*time.Second, "how long an answer may take")
		},
		Run: func(ctx context.Context, term *cli.Terminal, _ []string) error {
			c, err := settings.Collector()
			if err != nil {
				return err
			}
			if output == "" {
				output = "mina-support-" + time.Now().UTC().Format("20060102T150405Z") + ".tar.gz"
			}
			file, err := os.OpenFile(output, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
			if err != nil {
				return err
			}
			b := collect(ctx, &sources{collector: c, endpoint: endpoint, timeout: timeout, version: version, now: time.Now()})
			if err := errors.Join(b.write(file), ctx.Err()); err != nil { // what was interrupted has half of it
				_ = os.Remove(output)
				return err
			}
			for _, entry := range b.entries {
				term.Say("%s\n", entry.name)
			}
			term.Say("These are in %s. Look at it before you send it.\n", output)
			return nil
		},
	}
}
