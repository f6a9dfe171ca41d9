package status

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/cli"
)

// show writes an overview for people: what there is first, what is wrong in colour.
func show(term *cli.Terminal, o Overview) {
	verdict := term.Paint(cli.Green, "healthy")
	if !o.Healthy {
		verdict = term.Paint(cli.Red, "unhealthy")
	}
	term.Say("otelcol-mina %s, %s, pid %d, for %s", o.Version, verdict, o.PID, cli.Duration(o.during))
	if o.MemoryBytes > 0 {
		term.Say(", %s of memory, %.1f %% of a core", cli.Bytes(o.MemoryBytes), 100*o.CPUSeconds/max(o.during.Seconds(), 1))
	}
	term.Say("\n")
	if o.Unhealthy != "" && !slices.ContainsFunc(o.Destinations, func(d Destination) bool { return d.Answer == o.Unhealthy }) {
		term.Say("%s\n", o.Unhealthy)
	}
	if len(o.Files.Patterns) > 0 {
		row(term, "files", strings.Join(o.Files.Patterns, " "))
	}
	if o.measured {
		printFiles(term, o.Files, o.during)
	}
	if o.Backlog.InFlightLimit > 0 {
		row(term, "waiting", backlog(term, o.Backlog))
	}
	for _, d := range o.Destinations {
		printDestination(term, d, o.measured, o.during)
	}
	printDisk(term, o)
	for _, missing := range o.Missing {
		row(term, "not known", term.Paint(cli.Yellow, missing))
	}
}

// row writes what is said under a name. Without the name it goes on with the one above.
func row(term *cli.Terminal, name string, text any) { term.Say("%-13s%s\n", name, text) }

func printFiles(term *cli.Terminal, f Files, during time.Duration) {
	states := cli.Textf("%s open", cli.Count(f.Open))
	for _, state := range []struct {
		files float64
		text  string
		style cli.Style
	}{{f.Unreadable, " unreadable: see mina doctor", cli.Red}, {f.Held, " held for copies", cli.Plain}, {f.Waiting, " waiting", cli.Plain}} {
		if state.files > 0 {
			states = cli.Textf("%s, %s", states, term.Paint(state.style, cli.Count(state.files)+state.text))
		}
	}
	row(term, "", states)
	var lines float64
	for _, n := range f.Lines {
		lines += n
	}
	row(term, "", fmt.Sprintf("%s, %s read, %s%s", cli.Counted(lines, "line"), cli.Bytes(f.Bytes), cli.Rate(lines, during), formats(f.Lines)))
	for _, reason := range slices.Sorted(maps.Keys(f.ParseFailures)) {
		row(term, "", term.Paint(cli.Yellow, fmt.Sprintf("%s no record: %s", cli.Counted(f.ParseFailures[reason], "line"), reason)))
	}
	if f.LostBytes > 0 {
		row(term, "", term.Paint(cli.Red, cli.Bytes(f.LostBytes)+" lost: deleted or truncated before they were read"))
	}
}

func formats(lines map[string]float64) string {
	var parts []string
	for _, format := range slices.Sorted(maps.Keys(lines)) {
		parts = append(parts, format+" "+cli.Count(lines[format]))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

func backlog(term *cli.Terminal, b Backlog) cli.Text {
	if b.Bytes == 0 {
		return "nothing"
	}
	style := cli.Plain
	if b.OldestSeconds > 300 {
		style = cli.Yellow
	}
	text := term.Paint(style, fmt.Sprintf("%s not acknowledged, the oldest for %s", cli.Bytes(b.Bytes), seconds(b.OldestSeconds)))
	return cli.Textf("%s; %s of %s on their way", text, cli.Bytes(b.InFlight), cli.Bytes(b.InFlightLimit))
}

func printDestination(term *cli.Terminal, d Destination, measured bool, during time.Duration) {
	style := cli.Green
	if d.Reason != "" || !d.Healthy {
		style = cli.Red
	}
	row(term, "destination", term.Paint(style, d.Pipeline+"  "+strings.Join(d.Exporters, " ")))
	if why := d.Waits(); why != "" {
		row(term, "", term.Paint(cli.Red, why))
	}
	if !measured {
		return
	}
	text := cli.Textf("%s sent, %s", cli.Counted(d.Sent, "record"), cli.Rate(d.Sent, during))
	if d.Delivered != nil {
		text += cli.Textf(", the last %s ago", cli.Duration(d.ago))
	}
	if d.QueueBytes > 0 {
		text += cli.Textf("; %s of %s in the queue on disk", cli.Bytes(d.QueueBytes), cli.Bytes(d.QueueCapacity))
	}
	if d.DeadLetters > 0 {
		text += "; " + term.Paint(cli.Yellow, cli.Counted(d.DeadLetters, "dead letter"))
	}
	if d.Dropped > 0 {
		text += "; " + term.Paint(cli.Yellow, cli.Counted(d.Dropped, "record")+" dropped")
	}
	row(term, "", text)
}

var reasons = map[string]string{"unreachable": "it takes nothing", "sender_refused": "it refuses this sender", "throttled": "it wants fewer records"}

// Waits says what a destination waits for, or "".
func (d Destination) Waits() string {
	reason := reasons[d.Reason]
	switch {
	case reason == "" && d.Healthy:
		return ""
	case reason == "":
		reason = "records wait"
	}
	if d.WaitingSeconds > 0 {
		reason += " for " + seconds(d.WaitingSeconds)
	}
	if d.Answer != "" {
		reason += ": " + d.Answer
	}
	return reason
}

func printDisk(term *cli.Terminal, o Overview) {
	if len(o.DeadLetters) > 0 {
		var size float64
		for _, file := range o.DeadLetters {
			size += float64(file.Bytes)
		}
		row(term, "dead letters", term.Paint(cli.Yellow, fmt.Sprintf("%s, %s: mina dead-letters ls", cli.Counted(float64(len(o.DeadLetters)), "file"), cli.Bytes(size))))
	}
	for _, disk := range o.Disk {
		row(term, "disk", fmt.Sprintf("%s free at %s", cli.Bytes(disk.FreeBytes), disk.Directory))
	}
	if s := o.Store; s != nil {
		text := cli.Text("its store runs")
		switch {
		case s.Elsewhere:
			text = cli.Text("its store is elsewhere")
		case !s.Running:
			text = term.Paint(cli.Red, "its store does not run")
		}
		if !s.Elsewhere {
			text = cli.Textf("%s, with %s; %s free there", text, cli.Bytes(s.Bytes), cli.Bytes(s.FreeBytes))
		}
		row(term, "page", text)
	}
}

func seconds(s float64) string { return cli.Duration(time.Duration(s * float64(time.Second))) }
