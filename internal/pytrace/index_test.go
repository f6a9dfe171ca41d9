package pytrace

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestWhereTracebacksBegin marks in each text where the traceback begins.
func TestWhereTracebacksBegin(t *testing.T) {
	for name, text := range map[string]string{
		"at the beginning":               "§" + traced,
		"below a message":                "Payment failed\nfor ana\n§" + traced,
		"behind a message":               "Payment failed: §" + traced,
		"at a group":                     "failed\n§  + Exception Group Traceback (most recent call last):\n",
		"at a remote one":                "1 pool\n§multiprocessing.pool.RemoteTraceback: \n\"\"\"\n" + traced,
		"at a syntax error":              "6 syntax\n§  File \"/srv/mina/conf.py\", line 3\n    a b\n      ^\nSyntaxError: invalid syntax",
		"at one without source":          "6 syntax\n§  File \"<string>\", line 3\nIndentationError: unexpected indent",
		"at a cause not raised":          "failed: again\nfoo: bar\n§app.errors.NoSuchError: 7\nmore\n" + joined + traced,
		"at a cause of any class":        "failed\n§app.NoSuchMeeting: 7\n" + joined + traced,
		"behind a place":                 "see\n  File \"/srv/mina/a.html\", line 3\nand\n§" + traced,
		"with CRLF":                      "failed\r\n§Traceback (most recent call last):\r\n",
		"inline with CRLF":               "failed: §Traceback (most recent call last):\r\n",
		"below what looks like a report": "Exception in thread pool:\n§" + traced,
		"below a warning":                "app.py:12: UserWarning: old\n§" + traced,
		"at a report":                    "failed\n§Exception in thread pool:\n" + traced,
		"nowhere":                        "failed\n  File \"/srv/mina/a.html\", line 3\n    {{ x\nunexpected 'x'\n",
		"nowhere in a stack":             "slow\nStack (most recent call last):\n  File \"a.py\", line 3, in f\n    x()",
		"nowhere in prose":               "The word Traceback is no beginning",
		"nowhere in nothing":             "",
	} {
		want := strings.Index(text, "§")
		assert.Equal(t, want, Index([]byte(strings.Replace(text, "§", "", 1))), name)
	}
}
