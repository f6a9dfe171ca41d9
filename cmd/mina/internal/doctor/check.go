package doctor

import (
	"fmt"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/cli"
)

// Verdict is what has come of a check.
type Verdict string

// The verdicts.
const (
	OK   Verdict = "ok"
	Warn Verdict = "warn"
	Fail Verdict = "fail"
)

// Check is one thing that was looked at.
type Check struct {
	Verdict Verdict `json:"verdict"`
	// Of says what was looked at: files, state, destination.
	Of string `json:"of"`
	// Found is what was found, and Do what to do about it, or "".
	Found string `json:"found"`
	Do    string `json:"do,omitempty"`
}

func ok(of, format string, values ...any) Check {
	return Check{Verdict: OK, Of: of, Found: fmt.Sprintf(format, values...)}
}

func warn(of, do, format string, values ...any) Check {
	return Check{Verdict: Warn, Of: of, Do: do, Found: fmt.Sprintf(format, values...)}
}

func fail(of, do, format string, values ...any) Check {
	return Check{Verdict: Fail, Of: of, Do: do, Found: fmt.Sprintf(format, values...)}
}

var styles = map[Verdict]cli.Style{OK: cli.Green, Warn: cli.Yellow, Fail: cli.Red}

func (c Check) print(term *cli.Terminal) {
	term.Say("%s %-13s %s", term.Paint(styles[c.Verdict], fmt.Sprintf("%-4s", c.Verdict)), c.Of, c.Found)
	if c.Do != "" {
		term.Say("; %s", term.Paint(cli.Bold, c.Do))
	}
	term.Say("\n")
}
