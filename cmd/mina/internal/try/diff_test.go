package try

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/cli"
)

func TestChangesAreTold(t *testing.T) {
	for name, test := range map[string]struct {
		before, after []field
		want          []change
	}{
		"nothing":   {[]field{{"body", "a"}}, []field{{"body", "a"}}, []change{{same, "body", "body", "a", "a"}}},
		"redacted":  {[]field{{"body", "a"}}, []field{{"body", "b"}}, []change{{changed, "body", "body", "a", "b"}}},
		"renamed":   {[]field{{"line", "91"}}, []field{{"code.line.number", "91"}}, []change{{renamed, "line", "code.line.number", "91", "91"}}},
		"came anew": {nil, []field{{"service.name", "mina"}}, []change{{Kind: added, To: "service.name", After: "mina"}}},
		"has gone":  {[]field{{"card", "4111"}}, nil, []change{{Kind: removed, From: "card", Before: "4111"}}},
		"of several with a value, the one with the name": {
			[]field{{"first", "7"}, {"user.id", "7"}},
			[]field{{"enduser.id", "7"}, {"other", "7"}},
			[]change{{renamed, "first", "other", "7", "7"}, {renamed, "user.id", "enduser.id", "7", "7"}},
		},
		"a name that stays is not another's": {
			[]field{{"a", "1"}, {"b", "2"}},
			[]field{{"b", "1"}},
			[]change{{Kind: removed, From: "a", Before: "1"}, {changed, "b", "b", "2", "1"}},
		},
	} {
		assert.Equal(t, test.want, changes(test.before, test.after), name)
	}
}

func TestDifferencesAreColoured(t *testing.T) {
	a := attempt{
		decoded:   &record{original: "a line\x1b[2J", fields: []field{{"body", "password=hunter2"}, {"line", "91"}, {"gone", "x"}}},
		processed: &record{redacted: []string{"body sensitive_key"}, fields: []field{{"body", "password=[REDACTED:sensitive_key]"}, {"code.line.number", "91"}, {"service.name", "mina"}}},
	}
	in := &input{starts: []int64{0}}
	for colored, want := range map[bool]string{
		false: `   1  a line\x1b[2J
      - body = password=hunter2
      + body = password=[REDACTED:sensitive_key]
      > line → code.line.number = 91
      - gone = x
      + service.name = mina
      ! body: sensitive_key

`,
		true: `   1  <1>a line\x1b[2J</>
      <33>-</> body = <2>password=hunter2</>
      <33>+</> body = password=<31>[REDACTED:sensitive_key]</>
      <34>></> <2>line</> → <34>code.line.number</> = 91
      <31>-</> gone = <2>x</>
      <32>+</> <32>service.name</> = mina
      <31>! body: sensitive_key</>

`,
	} {
		var out strings.Builder
		printAttempt(&cli.Terminal{Out: &out, Colored: colored}, a, in)
		got := out.String()
		for _, code := range []string{"1", "2", "31", "32", "33", "34"} {
			got = strings.ReplaceAll(got, "\x1b["+code+"m", "<"+code+">")
		}
		assert.Equal(t, want, strings.ReplaceAll(got, "\x1b[0m", "</>"))
	}
}
