package letters

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/cli"
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/collector"
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/otlp"
	"github.com/mina-observability/otelcol-mina/internal/minaattr"
	"github.com/mina-observability/otelcol-mina/internal/setting"
)

const listHelp = `Lists the files of dead letters: how many records each holds, of which exporter, and why
they were refused. Of the records themselves, nothing is shown. It ends with

  0  the files are listed, also where there is none
  1  a file or a directory cannot be read`

func list() cli.Command {
	var (
		directories []string
		endpoint    string
		asJSON      bool
		timeout     time.Duration
	)
	return cli.Command{
		Name: "ls", Arguments: "[--json]", Summary: "list the files, with how many records and why", Help: listHelp,
		Flags: func(f *flag.FlagSet) {
			cli.Strings(f, &directories, "directory", "a `DIRECTORY` of dead letters; may be given several times. Without one: those of the collector that runs, or else dead-letter below MINA_STATE_DIR")
			f.StringVar(&endpoint, "endpoint", collector.StatusURL, "the `URL` of the extension mina_status")
			f.BoolVar(&asJSON, "json", false, "print JSON")
			f.DurationVar(&timeout, "timeout", 5*time.Second, "how long to wait for the answer")
		},
		Run: func(ctx context.Context, term *cli.Terminal, _ []string) error {
			ctx, cancel := context.WithTimeout(ctx, timeout)
			defer cancel()
			files, err := Files(directoriesOr(ctx, directories, endpoint))
			if err != nil {
				return err
			}
			contents := make([]content, 0, len(files))
			for _, file := range files {
				c, err := read(file)
				if err != nil {
					return err
				}
				contents = append(contents, c)
			}
			if asJSON {
				return term.JSON(contents)
			}
			printList(term, contents, time.Now())
			return nil
		},
	}
}

// directoriesOr returns the directories, or those that the collector has, if none are named.
func directoriesOr(ctx context.Context, directories []string, endpoint string) []string {
	if len(directories) > 0 {
		return directories
	}
	if status, err := collector.Status(ctx, endpoint); err == nil && len(status.DeadLetterDirectories) > 0 {
		return status.DeadLetterDirectories
	}
	state := cmp.Or(setting.Clean(os.Getenv("MINA_STATE_DIR")), "/var/lib/otelcol-mina")
	return []string{filepath.Join(state, "dead-letter")}
}

// content is what a file of dead letters holds.
type content struct {
	File
	Records int `json:"records"`
	// Unreadable lines are no letters.
	Unreadable int     `json:"unreadable"`
	Causes     []cause `json:"causes"`
}

// cause is why records were refused, the latest answer among them.
type cause struct {
	Exporter string `json:"exporter"`
	Reason   string `json:"reason"`
	Status   string `json:"status,omitempty"`
	Answer   string `json:"answer,omitempty"`
	Records  int    `json:"records"`
}

func read(file File) (content, error) {
	c := content{File: file, Causes: []cause{}}
	from, err := os.Open(file.Path)
	if err != nil {
		return c, err
	}
	defer from.Close()
	lines := bufio.NewReader(from)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 1 {
			c.count(line)
		}
		switch {
		case errors.Is(err, io.EOF):
			slices.SortStableFunc(c.Causes, func(a, b cause) int { return b.Records - a.Records })
			return c, nil
		case err != nil:
			return c, err
		}
	}
}

// count counts the records of a line by their causes.
func (c *content) count(line []byte) {
	var logs otlp.Logs
	if json.Unmarshal(line, &logs) != nil {
		c.Unreadable++
		return
	}
	for _, rl := range logs.ResourceLogs {
		for _, sl := range rl.ScopeLogs {
			for _, record := range sl.LogRecords {
				c.Records++
				c.add(causeOf(record.Attributes))
			}
		}
	}
}

func causeOf(attributes []otlp.KeyValue) (found cause) {
	for _, attribute := range attributes {
		switch text := attribute.Value.Text(); attribute.Key {
		case minaattr.DeadLetterExporter:
			found.Exporter = text
		case minaattr.DeadLetterReason:
			found.Reason = text
		case minaattr.DeadLetterStatus:
			found.Status = text
		case minaattr.DeadLetterAnswer:
			found.Answer = text
		}
	}
	return found
}

func (c *content) add(one cause) {
	at := slices.IndexFunc(c.Causes, func(known cause) bool {
		return known.Exporter == one.Exporter && known.Reason == one.Reason && known.Status == one.Status
	})
	if at < 0 {
		c.Causes, at = append(c.Causes, one), len(c.Causes)
	}
	c.Causes[at].Records++
	c.Causes[at].Answer = one.Answer
}

func printList(term *cli.Terminal, contents []content, now time.Time) {
	if len(contents) == 0 {
		term.Say("There are no dead letters.\n")
	}
	for _, c := range contents {
		term.Say("%s\n", term.Paint(cli.Bold, c.Path))
		term.Say("  %s, %s, the last %s ago\n", cli.Counted(float64(c.Records), "record"), cli.Bytes(float64(c.Bytes)), cli.Duration(now.Sub(c.Last)))
		if strings.HasSuffix(c.Path, sendingSuffix) {
			term.Say("  %s\n", term.Paint(cli.Yellow, "being sent again, or interrupted in it: the same command goes on"))
		}
		for _, one := range c.Causes {
			text := fmt.Sprintf("%s: %s", one.Exporter, one.Reason)
			if one.Status != "" {
				text += " with HTTP " + one.Status
			}
			text += ", " + cli.Counted(float64(one.Records), "record")
			if one.Answer != "" {
				text += ": " + one.Answer
			}
			term.Say("  %s\n", text)
		}
		if c.Unreadable > 0 {
			term.Say("  %s\n", term.Paint(cli.Red, cli.Counted(float64(c.Unreadable), "line")+" cannot be read"))
		}
	}
}
