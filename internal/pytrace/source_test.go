package pytrace

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestALineBelowAFrameIsSource(t *testing.T) {
	const frameLine = "  File \"/srv/mina/main.py\", line 103, in crash\n"
	for name, test := range map[string]struct {
		text, line string
		want       bool
	}{
		"behind the frame":           {"ERROR app: x\nTraceback (most recent call last):\n" + frameLine, `    {}["meeting"]`, true},
		"a record":                   {frameLine, `    {"level": "ERROR", "message": "x"}`, true},
		"of several lines":           {frameLine + "    f({\n", `        "level": "ERROR",`, true},
		"behind markers":             {frameLine + "    f({\n      ~~\n", `    })`, true},
		"in a group":                 {"  +-+---------------- 1 ----------------\n    |   File \"a.py\", line 1, in f\n", `    |     {}["x"]`, true},
		"behind loguru's frame":      {"> File \"a.py\", line 1, in f\n\n", `    {}["x"]`, true},
		"behind a value of loguru's": {frameLine + "    charge()\n    └ <function>\n", "    └ {}", true},
		"where syntax is wrong":      {"  File \"a.py\", line 1\n", `    {"level" "x"}`, true},
		"the next frame":             {frameLine + "    f()\n", `  File "a.py", line 1, in f`, false},
		"the exception":              {frameLine + "    f()\n", `KeyError: 'x'`, false},
		"a record behind it":         {frameLine, `{"level": "ERROR", "message": "x"}`, false},
		"an indented record":         {frameLine, ` {"level": "ERROR", "message": "x"}`, false},
		"behind the exception":       {frameLine + "    f()\nKeyError: 'x'\n", `    {}`, false},
		"behind another text":        {"ERROR app: rows\n", `    {}`, false},
		"far below a frame":          {frameLine + strings.Repeat("    f()\n", maxSourceLines), `    {}`, false},
		"no text":                    {"", `    {}`, false},
		"no line":                    {frameLine, ``, false},
	} {
		assert.Equal(t, test.want, IsSource([]byte(test.line), []byte(strings.TrimSuffix(test.text, "\n"))), name)
	}
}

func TestALineBelowTheCallsNamesTheirException(t *testing.T) {
	const calls = "  File \"a.py\", line 1, in f\n    f()\n"
	for name, test := range map[string]struct {
		text, line string
		want       bool
	}{
		"a class":              {calls, `HTTPError: {"level": "ERROR"}`, true},
		"of a module":          {calls, `app.errors.Refused: 404: {"level": "ERROR"}`, true},
		"below the frame":      {"  File \"a.py\", line 1, in f", `KeyError: 'x'`, true},
		"a progress bar":       {calls, `Loading: 100%|##| 1/1{"level": "ERROR"}`, false},
		"no class":             {calls, `{"level": "ERROR"}`, false},
		"behind the exception": {calls + "KeyError: 'x'", `ValueError: x`, false},
		"behind another text":  {"ERROR app: rows", `ValueError: x`, false},
	} {
		assert.Equal(t, test.want, IsException([]byte(test.line), []byte(strings.TrimSuffix(test.text, "\n"))), name)
	}
}
