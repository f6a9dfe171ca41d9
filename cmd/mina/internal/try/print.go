package try

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/cli"
)

// show writes records for people.
func show(term *cli.Terminal, p *plan, o *outcome, in *input) {
	for _, a := range o.attempts {
		printAttempt(term, a, in)
	}
	for _, r := range o.more {
		term.Say("%s\n", term.Paint(cli.Green, "+ a record that the processors have made"))
		for _, f := range r.fields {
			printChange(term, change{Kind: added, To: f.name, After: f.value})
		}
		term.Say("\n")
	}
	printSummary(term, p, o, in)
}

func printAttempt(term *cli.Terminal, a attempt, in *input) {
	for i, line := range strings.Split(strings.TrimSuffix(a.decoded.original, "\n"), "\n") {
		number := ""
		if i == 0 {
			number = fmt.Sprint(in.line(a.decoded.offset))
		}
		term.Say("%4s  %s\n", number, term.Paint(cli.Bold, line))
	}
	if a.processed == nil {
		term.Say("      %s\n\n", term.Paint(cli.Yellow, "dropped by the processors"))
		return
	}
	for _, c := range changes(a.decoded.fields, a.processed.fields) {
		printChange(term, c)
	}
	for _, hit := range a.processed.redacted {
		where, rule, _ := strings.Cut(hit, " ")
		term.Say("      %s\n", term.Paint(cli.Red, "! "+where+": "+rule))
	}
	term.Say("\n")
}

// printChange shows a field. What goes on is below what it was.
func printChange(term *cli.Terminal, c change) {
	before, after := term.Paint(cli.Dim, fold(c.Before)), placeholders(term, fold(c.After))
	switch c.Kind {
	case same:
		term.Say("        %s = %s\n", c.From, after)
	case renamed:
		term.Say("      %s %s → %s = %s\n", term.Paint(cli.Blue, ">"), term.Paint(cli.Dim, c.From), term.Paint(cli.Blue, c.To), after)
	case changed:
		term.Say("      %s %s = %s\n", term.Paint(cli.Yellow, "-"), c.From, before)
		term.Say("      %s %s = %s\n", term.Paint(cli.Yellow, "+"), c.To, after)
	case removed:
		term.Say("      %s %s = %s\n", term.Paint(cli.Red, "-"), c.From, before)
	case added:
		term.Say("      %s %s = %s\n", term.Paint(cli.Green, "+"), term.Paint(cli.Green, c.To), after)
	}
}

// fold indents what is below the first line of a value.
func fold(value string) string {
	return strings.ReplaceAll(value, "\n", "\n          ")
}

var placeholder = regexp.MustCompile(`\[(REDACTED|HASHED):[^\]]*\]`)

// placeholders colours what stands in for what was redacted.
func placeholders(term *cli.Terminal, value string) (text cli.Text) {
	for {
		at := placeholder.FindStringIndex(value)
		if at == nil {
			return text + term.Paint(cli.Plain, value)
		}
		text += term.Paint(cli.Plain, value[:at[0]]) + term.Paint(cli.Red, value[at[0]:at[1]])
		value = value[at[1]:]
	}
}

func printSummary(term *cli.Terminal, p *plan, o *outcome, in *input) {
	dropped := 0
	for _, a := range o.attempts {
		if a.processed == nil {
			dropped++
		}
	}
	text := fmt.Sprintf("%s: %s; %s", cli.Counted(float64(len(in.starts)), "line"), list(o.counts.Lines), cli.Counted(float64(len(o.attempts)), "record"))
	if dropped > 0 {
		text += fmt.Sprintf(", %d dropped", dropped)
	}
	term.Say("%s\n", text)
	if len(o.counts.Failures) > 0 {
		term.Say("%s\n", term.Paint(cli.Yellow, "no record, and sent as they are: "+list(o.counts.Failures)))
	}
	if len(o.counts.Redactions) > 0 {
		term.Say("%s\n", term.Paint(cli.Red, "redacted: "+list(o.counts.Redactions)))
	} else {
		term.Say("redacted: nothing\n")
	}
	if in.cut {
		term.Say("There are more lines: --lines 0 tries all of them.\n")
	}
	term.Say("Run were the receiver %s and the processors of %s: %s. Nothing was sent.\n", p.receiver, strings.Join(p.way, " and "), strings.Join(p.processors, ", "))
}

// list writes counts, the largest first.
func list(counts map[string]float64) string {
	names := slices.Sorted(maps.Keys(counts))
	slices.SortStableFunc(names, func(a, b string) int { return int(counts[b] - counts[a]) })
	for i, name := range names {
		names[i] = name + " " + cli.Count(counts[name])
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// shown is a record in JSON.
type shown struct {
	Line     int               `json:"line,omitempty"`
	Original string            `json:"original,omitempty"`
	Decoded  map[string]string `json:"decoded,omitempty"`
	// Record is what has become of it, or nothing.
	Record     map[string]string `json:"record,omitempty"`
	Dropped    bool              `json:"dropped,omitempty"`
	Changes    []change          `json:"changes,omitempty"`
	Redactions []string          `json:"redactions,omitempty"`
}

type summary struct {
	Lines   int    `json:"lines"`
	Records int    `json:"records"`
	Dropped int    `json:"dropped"`
	Cut     bool   `json:"cut"`
	Counts  counts `json:"counts"`
}

func printJSON(w io.Writer, o *outcome, in *input) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	total := summary{Lines: len(in.starts), Records: len(o.attempts), Cut: in.cut, Counts: o.counts}
	for _, a := range o.attempts {
		one := shown{Line: in.line(a.decoded.offset), Original: a.decoded.original, Decoded: byName(a.decoded.fields), Dropped: a.processed == nil}
		if one.Dropped {
			total.Dropped++
		} else {
			one.Record, one.Redactions = byName(a.processed.fields), a.processed.redacted
			one.Changes = slices.DeleteFunc(changes(a.decoded.fields, a.processed.fields), func(c change) bool { return c.Kind == same })
		}
		if err := encoder.Encode(one); err != nil {
			return err
		}
	}
	for _, r := range o.more {
		if err := encoder.Encode(shown{Record: byName(r.fields), Redactions: r.redacted}); err != nil {
			return err
		}
	}
	return encoder.Encode(map[string]summary{"summary": total})
}

func byName(fields []field) map[string]string {
	values := map[string]string{}
	for _, f := range fields {
		values[f.name] = f.value
	}
	return values
}
