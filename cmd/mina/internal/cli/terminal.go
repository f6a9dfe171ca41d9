package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode"
)

// Terminal is where a command reads and writes.
type Terminal struct {
	In       io.Reader
	Out, Err io.Writer
	// Colored says whether what is written to Out may have colours.
	Colored bool
}

// Standard returns the terminal of the process. Colours are for people, and for those
// who want them (https://no-color.org).
func Standard() *Terminal {
	return &Terminal{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Colored: isTerminal(os.Stdout) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

func isTerminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && file.Name() != os.DevNull
}

// Say writes to Out, as Textf does.
func (t *Terminal) Say(format string, values ...any) {
	_, _ = io.WriteString(t.Out, string(Textf(format, values...)))
}

// JSON writes a value to Out, for scripts.
func (t *Terminal) JSON(value any) error {
	encoder := json.NewEncoder(t.Out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

// Complain writes to Err, as Textf does.
func (t *Terminal) Complain(format string, values ...any) {
	_, _ = io.WriteString(t.Err, string(Textf(format, values...)))
}

// Text may be written to a terminal as it is. All else may be of others: file names, errors,
// what another process has answered.
type Text string

// Textf returns a text of values, which are made printable if they are not.
func Textf(format string, values ...any) Text {
	for i, value := range values {
		switch value := value.(type) {
		case string:
			values[i] = printable(value)
		case error:
			values[i] = printable(value.Error())
		}
	}
	return Text(fmt.Sprintf(format, values...))
}

// printable returns a text of others' as it may be written to a terminal: what would move
// the cursor, colour the rest or change its title is written as an escape instead.
func printable(text string) string {
	var b strings.Builder
	for _, r := range text {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r) {
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Style is how a text looks.
type Style string

// The styles, in the codes of ECMA-48.
const (
	Plain  Style = ""
	Bold   Style = "1"
	Dim    Style = "2"
	Red    Style = "31"
	Green  Style = "32"
	Yellow Style = "33"
	Blue   Style = "34"
)

// Paint returns a text as it is to be written.
func (t *Terminal) Paint(style Style, text string) Text {
	text = printable(text)
	if !t.Colored || style == Plain || text == "" {
		return Text(text)
	}
	return Text("\x1b[" + string(style) + "m" + text + "\x1b[0m")
}
