// Package health is the command that says by its exit code whether the collector is
// healthy: for images without a shell, and for scripts.
package health

import (
	"cmp"
	"context"
	"flag"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/cli"
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/collector"
)

const help = `Asks the collector's health check, says in a line how it is, and ends with

  0  it is healthy
  1  it is not, or does not answer

A collector is unhealthy while a destination takes nothing. For a probe that restarts it,
name its own pipeline, --pipeline logs, which stays healthy then.`

// Command returns the command.
func Command() cli.Command {
	var (
		endpoint, pipeline string
		timeout            time.Duration
	)
	return cli.Command{
		Name: "health", Arguments: "[--endpoint URL] [--pipeline NAME]",
		Summary: "end with 0 if the collector is healthy",
		Help:    help,
		Flags: func(f *flag.FlagSet) {
			f.StringVar(&endpoint, "endpoint", collector.HealthURL(), "the `URL` of the health check")
			f.StringVar(&pipeline, "pipeline", "", "ask for one pipeline, by its `NAME`, such as logs or logs/otlp")
			f.DurationVar(&timeout, "timeout", 3*time.Second, "how long to wait for the answer")
		},
		Run: func(ctx context.Context, term *cli.Terminal, _ []string) error {
			ctx, cancel := context.WithTimeout(ctx, timeout)
			defer cancel()
			answer, err := collector.Health(ctx, endpoint, pipeline)
			if err != nil {
				return err
			}
			term.Say("%s\n", line(answer))
			if !answer.Healthy {
				return &cli.Exit{Code: cli.Bad}
			}
			return nil
		},
	}
}

func line(c collector.Component) string {
	switch {
	case c.Healthy:
		return "healthy"
	case c.Status == "StatusStarting":
		return "unhealthy: it is starting"
	}
	for _, name := range slices.Sorted(maps.Keys(c.Components)) {
		if part := c.Components[name]; !part.Healthy && part.Error != "" {
			return "unhealthy: " + strings.TrimPrefix(name, "pipeline:") + ": " + part.Error
		}
	}
	return "unhealthy: " + cmp.Or(c.Error, c.Status)
}
