package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/spelling"
)

// The codes that the program ends with, if a command does not say others.
const (
	// Good is the code when all is well.
	Good = 0
	// Bad is the code when something is not, or could not be found out.
	Bad = 1
	// Misused is the code when the program was called in a way that it does not know.
	Misused = 2
)

// Command is one of the program's commands.
type Command struct {
	Name string
	// Arguments are what follows the name, as the help writes them: [--json] FILE...
	Arguments string
	// Positional says that some of them are no flags. Otherwise such a one is refused.
	Positional bool
	// Summary is one line for the list of commands.
	Summary string
	// Help is the text above the flags: what the command does, and its exit codes.
	Help string
	// Flags declares the command's flags.
	Flags func(*flag.FlagSet)
	// Commands are those that this one consists of, if it has no Run.
	Commands []Command
	// Run does the work, with what is no flag. Its error is printed, and ends the program
	// with Bad, or with the code of an Exit.
	Run func(ctx context.Context, term *Terminal, arguments []string) error
}

// Exit is an error that ends the program with a code of its own. Without an Err, all has
// been said.
type Exit struct {
	Code int
	Err  error
}

var errInterrupted = errors.New("interrupted")

func (e *Exit) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("exit code %d", e.Code)
	}
	return e.Err.Error()
}

func (e *Exit) Unwrap() error { return e.Err }

// Misuse returns the error of a command that was called in a way it does not know.
func Misuse(format string, values ...any) error {
	return &Exit{Code: Misused, Err: fmt.Errorf(format, values...)}
}

// Program is a program of several commands.
type Program struct {
	Name string
	// Help is the text above the list of commands.
	Help     string
	Version  string
	Commands []Command
}

// Run runs the command that the arguments name, and returns the code to end with.
func (p *Program) Run(ctx context.Context, term *Terminal, arguments []string) int {
	if len(arguments) == 0 {
		term.Complain("%s", p.help())
		return Misused
	}
	name, rest := arguments[0], arguments[1:]
	switch name {
	case "-h", "-help", "--help":
		term.Say("%s", p.help())
		return Good
	case "-v", "-version", "--version", "version":
		term.Say("%s version %s\n", p.Name, p.Version)
		return Good
	case "help":
		if len(rest) == 0 {
			term.Say("%s", p.help())
			return Good
		}
		name, rest = rest[0], []string{"--help"}
	}
	command, err := p.find(name)
	if err != nil {
		term.Complain("%s: %v\n", p.Name, err)
		return Misused
	}
	if command.Run == nil {
		inner := Program{Name: p.Name + " " + command.Name, Help: command.Help, Version: p.Version, Commands: command.Commands}
		return inner.Run(ctx, term, rest)
	}
	return p.run(ctx, term, command, rest)
}

func (p *Program) run(ctx context.Context, term *Terminal, command *Command, arguments []string) int {
	positional, err := parse(command, arguments)
	switch {
	case errors.Is(err, flag.ErrHelp):
		term.Say("%s", p.helpOn(command))
		return Good
	case err != nil:
		err = Misuse("%w; see %s %s --help", err, p.Name, command.Name)
	case len(positional) > 0 && !command.Positional:
		err = Misuse("there is no argument %q", positional[0])
	default:
		err = command.Run(ctx, term, positional)
	}
	if err == nil {
		return Good
	}
	exit := &Exit{Code: Bad, Err: err}
	if !errors.As(err, &exit) && ctx.Err() != nil {
		err = errInterrupted // whatever has failed for it
	}
	if exit.Err != nil {
		term.Complain("%s %s: %v\n", p.Name, command.Name, err)
	}
	return exit.Code
}

func (p *Program) find(name string) (*Command, error) {
	var names []string
	for i := range p.Commands {
		if p.Commands[i].Name == name {
			return &p.Commands[i], nil
		}
		names = append(names, p.Commands[i].Name)
	}
	return nil, spelling.Check("command", name, names)
}

// parse reads flags also behind arguments, as people write them, and up to a --.
func parse(command *Command, arguments []string) ([]string, error) {
	flags := flagsOf(command)
	var positional []string
	for {
		if err := flags.Parse(arguments); err != nil {
			return nil, err
		}
		rest := flags.Args()
		if read := len(arguments) - len(rest); len(rest) == 0 || read > 0 && arguments[read-1] == "--" {
			return append(positional, rest...), nil
		}
		positional, arguments = append(positional, rest[0]), rest[1:]
	}
}

func flagsOf(command *Command) *flag.FlagSet {
	flags := flag.NewFlagSet(command.Name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	if command.Flags != nil {
		command.Flags(flags)
	}
	return flags
}

func (p *Program) help() string {
	var text strings.Builder
	_, _ = fmt.Fprintf(&text, "%s\n\nUsage: %s COMMAND [FLAGS]\n\nCommands:\n", p.Help, p.Name)
	for _, command := range p.Commands {
		_, _ = fmt.Fprintf(&text, "  %-14s%s\n", command.Name, command.Summary)
	}
	_, _ = fmt.Fprintf(&text, "\n%s COMMAND --help says more of each.\n", p.Name)
	return text.String()
}

func (p *Program) helpOn(command *Command) string {
	var text, flags strings.Builder
	_, _ = fmt.Fprintf(&text, "Usage: %s\n\n%s\n", strings.TrimSpace(p.Name+" "+command.Name+" "+command.Arguments), command.Help)
	flagsOf(command).VisitAll(func(f *flag.Flag) { flags.WriteString(describe(f)) })
	if flags.Len() > 0 {
		_, _ = fmt.Fprintf(&text, "\nFlags:\n%s", flags.String())
	}
	return text.String()
}

// describe returns the help on a flag, with two hyphens, as it is shown everywhere.
func describe(f *flag.Flag) string {
	value, usage := flag.UnquoteUsage(f)
	text := fmt.Sprintf("  %s\n        %s", strings.TrimSpace("--"+f.Name+" "+value), usage)
	if f.DefValue != "" && f.DefValue != "false" {
		text += fmt.Sprintf(" (default %s)", f.DefValue)
	}
	return text + "\n"
}

// Strings declares a flag that may be given several times.
func Strings(flags *flag.FlagSet, values *[]string, name, usage string) {
	flags.Func(name, usage, func(value string) error {
		*values = append(*values, value)
		return nil
	})
}
