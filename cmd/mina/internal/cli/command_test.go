package cli

import (
	"context"
	"errors"
	"flag"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// greeter is a program with one command, which says how it was called.
func greeter() *Program {
	var name string
	return &Program{Name: "greeter", Help: "Greets.", Version: "1.2.3", Commands: []Command{{
		Name: "greet", Arguments: "[--name NAME] WORD...", Positional: true, Summary: "greet somebody", Help: "Greets somebody.",
		Flags: func(f *flag.FlagSet) { f.StringVar(&name, "name", "Ana", "whom, a `NAME`") },
		Run: func(_ context.Context, term *Terminal, arguments []string) error {
			switch strings.Join(arguments, " ") {
			case "fail":
				return errors.New("no voice")
			case "end":
				return &Exit{Code: 4}
			}
			_, err := term.Out.Write([]byte(name + ": " + strings.Join(arguments, " ") + "\n"))
			return err
		},
	}, {Name: "wave", Summary: "wave in some way", Help: "Waves.", Commands: []Command{{
		Name: "once", Help: "Waves once.",
		Run: func(_ context.Context, term *Terminal, _ []string) error {
			term.Say("waves\n")
			return nil
		},
	}}}}}
}

func TestAProgramIsCalled(t *testing.T) {
	for arguments, want := range map[string]struct {
		code     int
		out, err string
	}{
		"greet hello":                    {Good, "Ana: hello\n", ""},
		"greet --name Bo hello":          {Good, "Bo: hello\n", ""},
		"greet hello --name Bo again":    {Good, "Bo: hello again\n", ""},
		"greet hello -- --name Bo":       {Good, "Ana: hello --name Bo\n", ""},
		"greet -- -":                     {Good, "Ana: -\n", ""},
		"wave once":                      {Good, "waves\n", ""},
		"wave once more":                 {Misused, "", "greeter wave once: there is no argument \"more\"\n"},
		"wave twice":                     {Misused, "", "greeter wave: there is no command \"twice\"; there are once\n"},
		"wave once --help":               {Good, "Usage: greeter wave once\n\nWaves once.\n", ""},
		"greet fail":                     {Bad, "", "greeter greet: no voice\n"},
		"greet end":                      {4, "", ""},
		"greet --nam Bo":                 {Misused, "", "greeter greet: flag provided but not defined: -nam; see greeter greet --help\n"},
		"gret":                           {Misused, "", "greeter: there is no command \"gret\"; did you mean \"greet\"?\n"},
		"version":                        {Good, "greeter version 1.2.3\n", ""},
		"":                               {Misused, "", programHelp},
		"--help":                         {Good, programHelp, ""},
		"help":                           {Good, programHelp, ""},
		"help greet":                     {Good, commandHelp, ""},
		"greet hello --help and so on":   {Good, commandHelp, ""},
		"help gret":                      {Misused, "", "greeter: there is no command \"gret\"; did you mean \"greet\"?\n"},
		"greet --name Bo -- fail --more": {Good, "Bo: fail --more\n", ""},
	} {
		t.Run(arguments, func(t *testing.T) {
			var out, err strings.Builder
			code := greeter().Run(t.Context(), &Terminal{Out: &out, Err: &err}, strings.Fields(arguments))
			assert.Equal(t, want.code, code)
			assert.Equal(t, want.out, out.String())
			assert.Equal(t, want.err, err.String())
		})
	}
}

func TestAnInterruptIsNoFaultOfTheCommands(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for arguments, want := range map[string]string{"greet fail": "greeter greet: interrupted\n", "greet end": "", "greet hello": ""} {
		var out, err strings.Builder
		greeter().Run(ctx, &Terminal{Out: &out, Err: &err}, strings.Fields(arguments))
		assert.Equal(t, want, err.String(), arguments)
	}
}

const programHelp = `Greets.

Usage: greeter COMMAND [FLAGS]

Commands:
  greet         greet somebody
  wave          wave in some way

greeter COMMAND --help says more of each.
`

const commandHelp = `Usage: greeter greet [--name NAME] WORD...

Greets somebody.

Flags:
  --name NAME
        whom, a NAME (default Ana)
`

func TestColoursAreForThoseWhoSeeThem(t *testing.T) {
	assert.Equal(t, Text("\x1b[31mno\x1b[0m"), (&Terminal{Colored: true}).Paint(Red, "no"))
	assert.Equal(t, Text("no"), (&Terminal{}).Paint(Red, "no"))
	assert.Equal(t, Text("no"), (&Terminal{Colored: true}).Paint(Plain, "no"))
}

func TestTextsOfOthersDoNotSteerTheTerminal(t *testing.T) {
	for text, want := range map[string]string{
		"päid\t7\n":              "päid\t7\n",
		"\x1b]0;title\a\x1b[31m": `\x1b]0;title\a\x1b[31m`,
		"a\rb\u009b\u202e":       `a\rb\u009b\u202e`,
	} {
		var out, err strings.Builder
		term := &Terminal{Out: &out, Err: &err, Colored: true}
		term.Say("%s %v %s", text, errors.New(text), term.Paint(Red, text))
		term.Complain("%s", text)
		assert.Equal(t, want+" "+want+" \x1b[31m"+want+"\x1b[0m", out.String())
		assert.Equal(t, want, err.String())
	}
}
