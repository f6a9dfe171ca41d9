package otelcol

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/mina-observability/otelcol-mina/internal/rawconfig"
)

// Effective has the collector read and check its configuration, with more behind it, and
// returns that without its opaque values.
func (c *Collector) Effective(ctx context.Context, more ...string) (rawconfig.Config, error) {
	return c.print(ctx, "redacted", more)
}

// Unredacted is as Effective, with what is secret. It is not to be shown.
func (c *Collector) Unredacted(ctx context.Context, more ...string) (rawconfig.Config, error) {
	return c.print(ctx, "unredacted", more)
}

func (c *Collector) print(ctx context.Context, mode string, more []string) (rawconfig.Config, error) {
	var printed bytes.Buffer
	cmd := c.Command(ctx, []string{"print-config", "--mode", mode}, more...)
	cmd.Stdout = &printed
	if err := run(cmd); err != nil {
		return nil, err
	}
	var config rawconfig.Config
	if err := yaml.Unmarshal(printed.Bytes(), &config); err != nil {
		return nil, fmt.Errorf("%s print-config has printed no YAML: %w", c.Path, err)
	}
	return config, nil
}

// Version returns what the collector says of its version.
func (c *Collector) Version(ctx context.Context) (string, error) {
	var printed bytes.Buffer
	cmd := exec.CommandContext(ctx, c.Path, "--version")
	cmd.Stdout = &printed
	err := run(cmd)
	return strings.TrimPrefix(strings.TrimSpace(printed.String()), name+" version "), err
}

// run runs a command of the collector's. The error is what it says is wrong.
func run(cmd *exec.Cmd) error {
	var said bytes.Buffer
	cmd.Stderr = &said
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return errors.New(Complaint(said.String()))
	}
	return err
}

// Complaint returns what a collector that has ended says was wrong.
func Complaint(said string) string {
	var lines []string
	for _, line := range strings.Split(strings.TrimSpace(said), "\n") {
		if complaint, found := strings.CutPrefix(line, "Error: "); found {
			lines = lines[:0] // it comes last, and the log before it is how it came to that
			line = complaint
		}
		lines = append(lines, line)
	}
	return strings.TrimPrefix(strings.Join(lines, "\n"), "failed to get config: ")
}
