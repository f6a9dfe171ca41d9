// Program mina looks after a collector of this repository, otelcol-mina, on its host: it
// says how the collector does, tries a configuration, and sends again what was refused.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/cli"
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/doctor"
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/health"
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/letters"
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/status"
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/support"
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/try"
)

// version is set by the linker: the collector's.
var version = "unknown"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the second signal ends it at once
	program := cli.Program{
		Name:     "mina",
		Help:     "Looks after a collector, otelcol-mina, on its host.",
		Version:  version,
		Commands: []cli.Command{health.Command(), status.Command(), try.Command(), doctor.Command(), letters.Command(), support.Command(version)},
	}
	code := program.Run(ctx, cli.Standard(), os.Args[1:])
	stop()
	os.Exit(code)
}
