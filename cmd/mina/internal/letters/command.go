package letters

import (
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/cli"
)

const help = `Dead letters are records that a destination refused for what they are. The collector keeps
them, with the reason, below its state directory, in a file for each exporter.`

// Command returns the command.
func Command() cli.Command {
	return cli.Command{
		Name: "dead-letters", Summary: "list the records that destinations refused, and send them again",
		Help: help, Commands: []cli.Command{list(), resend()},
	}
}
