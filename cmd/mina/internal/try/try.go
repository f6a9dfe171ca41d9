package try

import (
	"context"
	"errors"
	"flag"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/cli"
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/otelcol"
)

const help = `Shows what the collector makes of the lines of a log: each line, the record that it is
decoded to, and what the processors change: renamed, added, redacted, dropped. FILE may be
compressed with gzip; - is standard input.

It runs the receiver mina and the processors of your configuration, and nothing else of
it: the file is only read, nothing is sent, no checkpoint, queue or file is written, and no
port is opened. The lines are shown as they are, with the secrets in them. It ends with

  0  the lines were tried, whatever has become of them
  1  the configuration or the file cannot be read
  2  it was called in a way that it does not know`

// Command returns the command.
func Command() cli.Command {
	var (
		settings otelcol.Settings
		pipeline string
		lines    int
		asJSON   bool
	)
	return cli.Command{
		Name: "try", Arguments: "[--config FILE]... [--json] FILE", Positional: true,
		Summary: "show what becomes of the lines of a log, and send nothing",
		Help:    help,
		Flags: func(f *flag.FlagSet) {
			settings.Declare(f)
			f.StringVar(&pipeline, "pipeline", "", "show what a destination's pipeline gets, by its `NAME`, such as logs/loki; without it, what all get")
			f.IntVar(&lines, "lines", 1000, "try the first `N` lines, or all for 0")
			f.BoolVar(&asJSON, "json", false, "print an object of JSON a record, and one with the summary")
		},
		Run: func(ctx context.Context, term *cli.Terminal, arguments []string) error {
			if len(arguments) != 1 {
				return cli.Misuse("name one file, or - for standard input")
			}
			in, err := open(ctx, arguments[0], term.In, lines)
			if err != nil {
				return err
			}
			defer func() { _ = in.Close() }()
			c, err := settings.Collector()
			if err != nil {
				return err
			}
			p, o, err := tryOut(ctx, c, pipeline, in)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(term.Out, o, in)
			}
			show(term, p, o, in)
			return nil
		},
	}
}

// withoutDestination lets a configuration be read that has none yet.
const withoutDestination = "yaml:exporters::nop/" + ownName + ": {}"

func tryOut(ctx context.Context, c *otelcol.Collector, pipeline string, in *input) (*plan, *outcome, error) {
	config, err := c.Effective(ctx, withoutDestination)
	if err != nil {
		return nil, nil, errors.Join(errors.New("the configuration cannot be read"), err)
	}
	p, err := planFor(config, pipeline)
	if err != nil {
		return nil, nil, err
	}
	o, err := p.run(ctx, c, in)
	return p, o, err
}
