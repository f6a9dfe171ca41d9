package otelcol

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Config is a configuration as the collector has read it.
type Config map[string]any

// Effective has the collector read and check its configuration, with more behind it, and
// returns that without its opaque values.
func (c *Collector) Effective(ctx context.Context, more ...string) (Config, error) {
	return c.print(ctx, "redacted", more)
}

// Unredacted is as Effective, with what is secret. It is not to be shown.
func (c *Collector) Unredacted(ctx context.Context, more ...string) (Config, error) {
	return c.print(ctx, "unredacted", more)
}

func (c *Collector) print(ctx context.Context, mode string, more []string) (Config, error) {
	var printed bytes.Buffer
	cmd := c.Command(ctx, []string{"print-config", "--mode", mode}, more...)
	cmd.Stdout = &printed
	if err := run(cmd); err != nil {
		return nil, err
	}
	var config Config
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

// Section returns the map at a path, which is empty if there is none.
func (c Config) Section(path ...string) Config {
	for _, key := range path {
		c = Of(c[key])
	}
	return c
}

// Of returns a value of a configuration as a section, which is empty if it is none.
func Of(value any) Config {
	switch section := value.(type) {
	case Config:
		return section
	case map[string]any:
		return section
	}
	return nil
}

// List returns the list of sections at a key.
func (c Config) List(key string) (sections []Config) {
	list, _ := c[key].([]any)
	for _, item := range list {
		sections = append(sections, Of(item))
	}
	return sections
}

// Text returns the text at a key, or "".
func (c Config) Text(key string) string {
	text, _ := c[key].(string)
	return text
}

// Texts returns the list of texts at a key.
func (c Config) Texts(key string) (texts []string) {
	list, _ := c[key].([]any)
	for _, item := range list {
		texts = append(texts, fmt.Sprint(item))
	}
	return texts
}

// Keys returns the keys in their order.
func (c Config) Keys() []string { return slices.Sorted(maps.Keys(c)) }

// Kind returns the type of a component, or the signal of a pipeline, by its id.
func Kind(id string) string {
	kind, _, _ := strings.Cut(id, "/")
	return kind
}
