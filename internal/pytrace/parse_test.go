package pytrace

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestGolden reads what CPython has printed. MINA_UPDATE_GOLDEN=1 writes the
// expectations anew.
func TestGolden(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			got, err := json.MarshalIndent(Parse(string(text)), "", "  ")
			require.NoError(t, err)
			golden := strings.TrimSuffix(path, ".txt") + ".json"
			if os.Getenv("MINA_UPDATE_GOLDEN") != "" {
				require.NoError(t, os.WriteFile(golden, append(got, '\n'), 0o600))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.JSONEq(t, string(want), string(got))
			windows, err := json.Marshal(Parse(strings.ReplaceAll(string(text), "\n", "\r\n")))
			require.NoError(t, err)
			assert.JSONEq(t, string(want), string(windows), "with CRLF")
		})
	}
}

func TestTextsThatAreNoTraceback(t *testing.T) {
	for _, text := range []string{
		"", "\n\n", "hello", "note: this is fine", "Traceback", string(headerText), "  File no frame", "key: value\nother: value", "+-+---------------- 1 ----------------", "| a\n| b",
	} {
		assert.Nil(t, Parse(text), text)
	}
}

func TestClassesAndTheirModules(t *testing.T) {
	for name, want := range map[string][2]string{
		"ValueError":                                {"", "ValueError"},
		"requests.exceptions.HTTPError":             {"requests.exceptions", "HTTPError"},
		"socket.timeout":                            {"socket", "timeout"},
		"concurrent.futures.process._RemoteFailure": {"concurrent.futures.process", "_RemoteFailure"},
		"services.store.Store.Missing":              {"services.store", "Store.Missing"},
		"services.store.load.<locals>.Missing":      {"services.store", "load.<locals>.Missing"},
		"load.<locals>.Missing":                     {"", "load.<locals>.Missing"},
		"services.Store.load.<locals>.Missing":      {"services", "Store.load.<locals>.Missing"},
	} {
		e := Parse(string(headerText) + "\n  File \"a.py\", line 1, in f\n    f()\n" + name + ": text")
		require.NotNil(t, e, name)
		assert.Equal(t, want, [2]string{e.Module, e.Type}, name)
	}
}

func TestEndlessRecursionIsCutInTheMiddle(t *testing.T) {
	var text strings.Builder
	text.WriteString(string(headerText) + "\n")
	for range 5000 {
		text.WriteString("  File \"a.py\", line 1, in f\n    f()\n")
	}
	text.WriteString("  File \"a.py\", line 2, in last\n    raise\n  [Previous line repeated 999999999 more times]\nRecursionError: too deep\n")
	e := Parse(text.String())
	require.NotNil(t, e)
	assert.Len(t, e.Frames, maxFrames)
	assert.Equal(t, "f", e.Frames[0].Function)
	assert.Equal(t, "last", e.Frames[maxFrames-1].Function)
	assert.Equal(t, "RecursionError", e.Type)
}

func FuzzParse(f *testing.F) {
	paths, err := filepath.Glob("testdata/*.txt")
	require.NoError(f, err)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(f, err)
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		check(t, Parse(text), 0)
		above, line := "", text
		if at := strings.LastIndexByte(text, '\n'); at >= 0 {
			above, line = text[:at], text[at+1:]
		}
		if IsSource([]byte(line), []byte(above)) && indentOf([]byte(line)) < sourceIndent {
			t.Fatalf("%q is source", line)
		}
	})
}

// check asserts what holds for every exception.
func check(t *testing.T, e *Exception, depth int) {
	if e == nil {
		return
	}
	if len(e.Frames) > maxFrames || depth > maxDepth+1 {
		t.Fatal("there is no bound")
	}
	if e.isNothing() && e.Before == nil {
		t.Fatal("an exception of nothing")
	}
	for before := e.Before; before != nil; before = before.Before {
		checkShallow(t, before, depth)
	}
	for _, child := range e.Group {
		if child == nil {
			t.Fatal("a group holds nothing")
		}
		check(t, child, depth+1)
	}
}

func checkShallow(t *testing.T, e *Exception, depth int) {
	alone := *e
	alone.Before = nil
	check(t, &alone, depth)
}

func BenchmarkParse(b *testing.B) {
	text, err := os.ReadFile("testdata/three.txt")
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		Parse(string(text))
	}
}
