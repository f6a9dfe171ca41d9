package pytrace

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// generated is an exception that Python has raised and printed.
type generated struct {
	Text     string
	Expected known
	// One says that the text holds one traceback, and not one in another's message.
	One bool
}

// known is what Python knows of an exception. Frames are null if they are many.
type known struct {
	Class, Message string
	Frames         []knownFrame
	Cause          bool
	Before         *known
	Group          []known
}

type knownFrame struct {
	path     string
	line     int
	function string
}

func (f *knownFrame) UnmarshalJSON(text []byte) error {
	return json.Unmarshal(text, &[]any{&f.path, &f.line, &f.function})
}

// TestWhatPythonRaisedIsRead lets the Python at hand raise exceptions of all kinds, and
// holds what is read of their text against what Python knows.
func TestWhatPythonRaisedIsRead(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3 that could raise exceptions: ", err)
	}
	output, err := exec.CommandContext(t.Context(), python, "testdata/generate.py", "200", "12").Output()
	require.NoError(t, err)
	var all []generated
	require.NoError(t, json.Unmarshal(output, &all))
	require.Len(t, all, 200)
	for _, g := range all {
		if !isKnown(t, &g.Expected, Parse(g.Text)) || !isRead(t, g) {
			t.Fatal(g.Text)
		}
	}
}

// isRead asserts what the receiver is told.
func isRead(t *testing.T, g generated) bool {
	const message = "Payment failed\nfor ana\n"
	class, text, ok := Raised([]byte(g.Text))
	if !assert.True(t, ok) || !assert.Equal(t, g.Expected.Class, string(class)) || !assert.Equal(t, g.Expected.Message, string(text)) {
		return false
	}
	if !assert.Zero(t, Index([]byte(g.Text))) || !assert.Equal(t, len(message), Index([]byte(message+g.Text))) {
		return false
	}
	lines := strings.Split(g.Text, "\n")
	if !g.One || !Begins([]byte(lines[0])) {
		return true
	}
	l := Begin([]byte(lines[0]))
	for _, line := range lines[1:] {
		if !assert.True(t, l.Continues([]byte(line)), line) {
			return false
		}
	}
	return true
}

func isKnown(t *testing.T, want *known, got *Exception) bool {
	if want == nil {
		return assert.Nil(t, got)
	}
	if !assert.NotNil(t, got, want.Class) {
		return false
	}
	ok := assert.Equal(t, want.Class, strings.TrimPrefix(got.Module+"."+got.Type, ".")) &&
		assert.Equal(t, want.Message, got.Value) &&
		assert.Equal(t, want.Cause, got.Cause) &&
		isKnown(t, want.Before, got.Before) &&
		assert.Len(t, got.Group, len(want.Group))
	for i := 0; ok && i < len(want.Group); i++ {
		ok = isKnown(t, &want.Group[i], got.Group[i])
	}
	if ok && want.Frames != nil {
		frames := make([]knownFrame, len(got.Frames))
		for i, f := range got.Frames {
			frames[i] = knownFrame{f.Path, f.Line, f.Function}
		}
		ok = assert.Equal(t, want.Frames, frames)
	}
	return ok
}
