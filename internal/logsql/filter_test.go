package logsql

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestFilters(t *testing.T) {
	late, failed := Word("", "late"), Exact("severity_text", "ERROR")
	for want, filter := range map[string]Filter{
		`*`:                           All(),
		`i("late")`:                   late,
		`i("late"*)`:                  Prefix("", "late"),
		`"late"`:                      Phrase("", "late"),
		`!"_msg":="" i("rate limit")`: And(Exists(""), Word("", "rate limit")),
		`"user":i("ana")`:             Word("user", "ana"),
		`client.address:="::1"`:       Exact("client.address", "::1"),
		`"meeting_id":=""`:            Exact("meeting_id", ""),
		`_stream_id:"0000"`:           Exact("_stream_id", "0000"),
		`"n":>"120"`:                  Compare("n", Greater, "120"),
		`"n":>="-1.5"`:                Compare("n", AtLeast, "-1.5"),
		`"n":* "n":<"b"`:              Compare("n", Less, "b"),
		`"n":="1"*`:                   Begins("n", "1"),
		`client.address:ipv4_range("10.0.0.0/8")`: Call("client.address", "ipv4_range", "10.0.0.0/8"),
		`"n":<"120"`:                  Compare("n", Less, "120"),
		`"_time":<="2026-11-26"`:      Compare("_time", AtMost, "2026-11-26"),
		`"a b":~"^\\d+\"$"`:           Regexp("a b", `^\d+"$`),
		`"n":in("1", "2, 3")`:         In("n", "1", "2, 3"),
		`"n":in()`:                    In("n"),
		`!i("late")`:                  Not(late),
		`!(i("late") or "n":*)`:       Not(Or(late, Exists("n"))),
		`!(i("late") "n":*)`:          Not(And(late, Exists("n"))),
		`!!i("late")`:                 Not(Not(late)),
		`!*`:                          Or(),
		`"severity_text":="ERROR"`:    And(failed),
		`i("late") (i("late") or "")`: And(late, Or(late, Phrase("", ""))),
		`(i("late") "n":*) or !"n":*`: Or(And(late, Exists("n")), Not(Exists("n"))),
	} {
		assert.Equal(t, want, filter.String())
	}
	assert.Equal(t, All(), And())
}

func TestNamesInQuotes(t *testing.T) {
	for name, want := range map[string]string{
		"client.address":       `client.address`,
		"mina.request.id":      `mina.request.id`,
		"user_agent.original":  `"user_agent.original"`,
		"http.request.Method":  `"http.request.Method"`,
		"options.x":            `"options.x"`,
		"not.x":                `"not.x"`,
		"in":                   `"in"`,
		"":                     `""`,
		"a b":                  `"a b"`,
		`a:b"c\`:               `"a:b\"c\\"`,
		"a\n\x00\xff\u202eü🦊|": `"a\n\x00\xff\u202eü🦊|"`,
	} {
		assert.Equal(t, want, Name(name))
	}
}
