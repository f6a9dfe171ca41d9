package otelcol

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/cli"
	"github.com/mina-observability/otelcol-mina/internal/setting"
	"github.com/mina-observability/otelcol-mina/internal/spelling"
)

const (
	name = "otelcol-mina"
	// installed is where the packages and the image have the configuration.
	installed = "/etc/otelcol-mina"
	// environment is the file of variables of the packages' unit, and storeEnvironment that
	// of the store of the page, which may be there too. Both are root's: who can write to one
	// decides what the collector does.
	environment      = installed + "/otelcol-mina.env"
	storeEnvironment = installed + "/explore.env"
	// options is the variable in which the unit has the collector's flags.
	options = "OTELCOL_OPTIONS"
)

// Settings say which collector, and which configuration.
type Settings struct {
	configs []string
	path    string
	envFile string
}

// Declare declares the flags of a command that runs the collector.
func (s *Settings) Declare(flags *flag.FlagSet) {
	cli.Strings(flags, &s.configs, "config", "a configuration, as the collector takes it: a `FILE`, yaml:…, destinations:auto; may be given several times. Without one: base.yaml of MINA_CONFIG_DIR, "+installed+" or ./config, with destinations:auto")
	flags.StringVar(&s.path, "collector", "", "the collector's `PROGRAM`; without it the otelcol-mina beside this program, or in PATH")
	flags.StringVar(&s.envFile, "env-file", "", "a `FILE` of variables as systemd reads it; those that are set are stronger. Without it "+environment+", if it is there")
}

// Collector is a collector's program with a configuration.
type Collector struct {
	Path string
	// Configs are the values of its flags --config.
	Configs []string
	// Env are its variables, as NAME=value.
	Env []string
}

// Collector finds what the settings name.
func (s *Settings) Collector() (*Collector, error) {
	c, err := s.unconfigured()
	if err != nil {
		return nil, err
	}
	if c.Configs = s.configs; len(c.Configs) == 0 {
		err = c.useInstalled()
	}
	return c, err
}

// unconfigured returns the collector with its variables.
func (s *Settings) unconfigured() (*Collector, error) {
	path, err := s.find()
	if err != nil {
		return nil, err
	}
	env, err := s.variables()
	return &Collector{Path: path, Env: env}, err
}

// find returns the path of the collector.
func (s *Settings) find() (string, error) {
	if s.path != "" {
		return exec.LookPath(s.path)
	}
	if own, err := os.Executable(); err == nil {
		if beside, err := exec.LookPath(filepath.Join(filepath.Dir(own), name)); err == nil {
			return beside, nil
		}
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("there is no %s beside this program or in PATH: name it with --collector", name)
	}
	return path, nil
}

// variables returns the variables of the process, with those of the files that are not set.
func (s *Settings) variables() ([]string, error) {
	if s.envFile != "" {
		variables, err := readVariables(s.envFile)
		return append(variables, os.Environ()...), err // of two with a name, exec takes the last
	}
	ofStore, _ := readVariables(storeEnvironment) // for explore.yaml alone, and seldom there
	variables, err := readVariables(environment)
	switch {
	case errors.Is(err, os.ErrNotExist):
		err = nil
	case errors.Is(err, os.ErrPermission):
		err = fmt.Errorf("%s has the collector's variables, and may not be read: run this as root or as the collector's user, such as with sudo -u otelcol-mina", environment)
	}
	return slices.Concat(ofStore, variables, os.Environ()), err
}

func readVariables(file string) ([]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	variables, err := parseVariables(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return variables, nil
}

// useInstalled takes the configuration that the packages' unit and the image's command have.
func (c *Collector) useInstalled() error {
	directory, err := c.directoryOf("base.yaml")
	if err != nil {
		return fmt.Errorf("%w: name the configuration with --config", err)
	}
	if c.Configs = configsIn(c.Variable(options)); len(c.Configs) == 0 {
		c.Configs = []string{filepath.Join(directory, "base.yaml"), "destinations:auto"}
	}
	return nil
}

// directoryOf returns the directory of the configuration that has a file.
func (c *Collector) directoryOf(file string) (string, error) {
	for _, directory := range []string{setting.Clean(c.Variable("MINA_CONFIG_DIR")), installed, "config"} {
		if _, err := os.Stat(filepath.Join(directory, file)); directory == "" || err != nil {
			continue
		}
		if directory == installed {
			c.Env = append(c.Env, "MINA_CONFIG_DIR="+directory)
		}
		return directory, nil
	}
	return "", fmt.Errorf("there is no %s in MINA_CONFIG_DIR, %s or ./config", file, installed)
}

// Resending returns the collector that sends dead letters again, to a destination by the name
// of its file, such as loki, or its path.
func (s *Settings) Resending(destination string) (*Collector, error) {
	c, err := s.unconfigured()
	if err != nil {
		return nil, err
	}
	directory, err := c.directoryOf("resend.yaml")
	if err != nil {
		return nil, err
	}
	if !strings.HasSuffix(destination, ".yaml") {
		if err := spelling.Check("destination", destination, overlaysIn(directory)); err != nil {
			return nil, cli.Misuse("%w (%s has no %s.yaml)", err, directory, destination)
		}
		destination = filepath.Join(directory, destination+".yaml")
	}
	c.Configs = append([]string{filepath.Join(directory, "resend.yaml"), destination}, s.configs...)
	return c, nil
}

// overlaysIn returns the names of the configurations in a directory.
func overlaysIn(directory string) (names []string) {
	paths, _ := filepath.Glob(filepath.Join(directory, "*.yaml")) // none where it cannot be read
	for _, path := range paths {
		names = append(names, strings.TrimSuffix(filepath.Base(path), ".yaml"))
	}
	return names
}

// Variable returns the value of a variable, or "".
func (c *Collector) Variable(name string) string {
	for _, variable := range slices.Backward(c.Env) {
		if value, found := strings.CutPrefix(variable, name+"="); found {
			return value
		}
	}
	return ""
}

// Command returns a command of the collector's. The configuration follows the arguments,
// and more configuration that.
func (c *Collector) Command(ctx context.Context, arguments []string, more ...string) *exec.Cmd {
	for _, config := range slices.Concat(c.Configs, more) {
		arguments = append(arguments, "--config", config)
	}
	cmd := exec.CommandContext(ctx, c.Path, arguments...)
	cmd.Env = c.Env
	return cmd
}
