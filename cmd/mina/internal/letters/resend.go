package letters

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/cli"
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/otelcol"
	"github.com/mina-observability/otelcol-mina/internal/exitcode"
)

const resendHelp = `Sends the dead letters in files to a destination again, with the collector and
resend.yaml. Each file is moved aside first, to FILE.resending.jsonl, and removed when every
record of it is delivered, or refused again and in a dead-letter file anew. The collector
that runs may go on meanwhile. Run it as the collector's user. It ends with

  0  every record was delivered
  1  the configuration is not valid, or another process sends the file; nothing was moved
  2  it was called in a way that it does not know, or a file is not there or another user's
  3  it was interrupted: the same command goes on, and sends that file again as a whole
  4  all were sent, and some are in a dead-letter file again`

func resend() cli.Command {
	var (
		settings otelcol.Settings
		to       string
	)
	return cli.Command{
		Name: "resend", Arguments: "--to DESTINATION [--config FILE]... FILE...", Positional: true, Summary: "send the records in files again", Help: resendHelp,
		Flags: func(f *flag.FlagSet) {
			settings.Declare(f)
			f.StringVar(&to, "to", "", "the `DESTINATION`: a file of the configuration by its name, such as loki, or with its path")
			f.Lookup("config").Usage = "a `FILE` of settings of your own, such as of the processor mina; may be given several times"
		},
		Run: func(ctx context.Context, term *cli.Terminal, arguments []string) error {
			files, err := toSend(arguments)
			switch {
			case err != nil:
				return err
			case to == "":
				return cli.Misuse("name the destination with --to, and files")
			}
			c, err := settings.Resending(to)
			if err != nil {
				return err
			}
			// Nothing is moved for a configuration that does not start.
			if _, err := c.Effective(ctx); err != nil {
				return err
			}
			return (&sending{term, c}).all(ctx, files)
		},
	}
}

// toSend returns the files to send, without what is left of them, and each once.
func toSend(arguments []string) ([]string, error) {
	var files []string
	for _, file := range arguments {
		if !strings.HasSuffix(file, suffix) {
			return nil, cli.Misuse("%s is no file of dead letters: their names end in %s", file, suffix)
		}
		if moved, ok := strings.CutSuffix(file, sendingSuffix); ok {
			file = moved + suffix
		}
		files = append(files, file)
	}
	slices.Sort(files)
	files = slices.Compact(files)
	if len(files) == 0 {
		return nil, cli.Misuse("name files of dead letters; mina dead-letters ls lists them")
	}
	for _, file := range files {
		there := false
		for _, name := range []string{file, aside(file)} {
			info, err := os.Lstat(name)
			if errors.Is(err, os.ErrNotExist) {
				continue
			}
			// A file of another user's would take the place of the collector's own.
			if err != nil || !own(info) {
				return nil, cli.Misuse("%s is not yours: run this as its owner", name)
			}
			there = true
		}
		if !there {
			return nil, cli.Misuse("there is no %s", file)
		}
	}
	return files, nil
}

func aside(file string) string { return strings.TrimSuffix(file, suffix) + sendingSuffix }

// sending sends files with a collector.
type sending struct {
	term      *cli.Terminal
	collector *otelcol.Collector
}

func (s *sending) all(ctx context.Context, files []string) error {
	refused := false
	for _, file := range files {
		again, err := s.file(ctx, file)
		if err != nil {
			return err
		}
		refused = refused || again
	}
	if refused {
		return &cli.Exit{Code: exitcode.DeadLetters}
	}
	return nil
}

// file sends what a run before has not done of a file, and then what has come since.
func (s *sending) file(ctx context.Context, file string) (refused bool, err error) {
	release, err := claim(file)
	if err != nil {
		return false, err
	}
	defer release()
	if _, err := os.Lstat(aside(file)); err == nil {
		if refused, err = s.moved(ctx, file); err != nil {
			return refused, err
		}
	}
	err = os.Rename(file, aside(file))
	if errors.Is(err, os.ErrNotExist) {
		return refused, nil
	}
	if err != nil {
		return refused, err
	}
	again, err := s.moved(ctx, file)
	return refused || again, err
}

// moved sends a file that was moved aside, and removes it.
func (s *sending) moved(ctx context.Context, file string) (refused bool, err error) {
	letters, err := os.Open(aside(file))
	if err != nil {
		return false, err
	}
	defer letters.Close()
	cmd := s.collector.Command(ctx, nil)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = letters, s.term.Out, s.term.Err
	// The collector says what has come of it.
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	if err := cmd.Run(); cmd.ProcessState == nil {
		return false, err
	}
	code := cmd.ProcessState.ExitCode()
	switch code {
	case exitcode.Delivered:
		s.term.Say("DELIVERED: %s\n", file)
	case exitcode.DeadLetters:
		s.term.Say("REFUSED AGAIN, or in part: %s; those records are in a dead-letter file again\n", file)
	case -1: // by a signal that it could not hear
		code = exitcode.Interrupted
		fallthrough
	default:
		return false, &cli.Exit{Code: code, Err: fmt.Errorf("NOT DONE: the records are in %s; the same command sends them again, also those that were delivered", aside(file))}
	}
	return code == exitcode.DeadLetters, os.Remove(aside(file))
}
