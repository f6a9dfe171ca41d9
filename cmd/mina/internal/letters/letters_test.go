package letters

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/cli"
)

func TestFilesAreListedOldestFirst(t *testing.T) {
	folder := t.TempDir()
	for i, name := range []string{"b.jsonl", "a.20261001T161205.785Z.jsonl", "c.resending.jsonl", "empty.jsonl", "other.txt"} {
		path := filepath.Join(folder, name)
		text := "x"
		if name == "empty.jsonl" {
			text = ""
		}
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		at := time.Unix(int64(1000+i), 0)
		require.NoError(t, os.Chtimes(path, at, at))
	}
	require.NoError(t, os.Mkdir(filepath.Join(folder, "folder.jsonl"), 0o700))
	files, err := Files([]string{filepath.Join(folder, "missing"), folder})
	require.NoError(t, err)
	var names []string
	for _, file := range files {
		names = append(names, filepath.Base(file.Path))
	}
	assert.Equal(t, []string{"b.jsonl", "a.20261001T161205.785Z.jsonl", "c.resending.jsonl"}, names)
	_, err = Files([]string{filepath.Join(folder, "other.txt")})
	require.Error(t, err)
}

func TestACollectorThatDoesNotAnswerIsNotWaitedFor(t *testing.T) {
	silent := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-silent }))
	defer server.Close()
	defer close(silent)
	state := t.TempDir()
	t.Setenv("MINA_STATE_DIR", state)
	require.NoError(t, os.Mkdir(filepath.Join(state, "dead-letter"), 0o700))
	file := filepath.Join(state, "dead-letter", "a.jsonl")
	require.NoError(t, os.WriteFile(file, []byte(letter("400", "no")), 0o600))
	var out strings.Builder
	program := cli.Program{Name: "mina", Commands: []cli.Command{list()}}
	assert.Equal(t, cli.Good, program.Run(t.Context(), &cli.Terminal{Out: &out, Err: &out}, []string{"ls", "--endpoint", server.URL, "--timeout", "50ms"}))
	assert.Contains(t, out.String(), file)
}

func TestLettersAreCountedByTheirCause(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.jsonl")
	require.NoError(t, os.WriteFile(path, []byte(letter("400", "first")+"\n"+letter("413", "long")+"\n"+letter("413", "longer")+"\nnot JSON\n\n{}\n"+letter("400", "half")[:100]), 0o600))
	c, err := read(File{Path: path})
	require.NoError(t, err)
	assert.Equal(t, content{
		File: File{Path: path}, Records: 3, Unreadable: 2,
		Causes: []cause{{"lossless_otlp_http", "refused", "413", "longer", 2}, {"lossless_otlp_http", "refused", "400", "first", 1}},
	}, c)
}

func letter(status, answer string) string {
	return `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"secret"},"attributes":[{"key":"mina.dead_letter.exporter","value":{"stringValue":"lossless_otlp_http"}},{"key":"mina.dead_letter.reason","value":{"stringValue":"refused"}},{"key":"mina.dead_letter.status","value":{"intValue":"` +
		status + `"}},{"key":"mina.dead_letter.answer","value":{"stringValue":"` + answer + `"}}]}]}]}]}`
}

func FuzzLetters(f *testing.F) {
	f.Add([]byte(letter("400", "no")))
	f.Fuzz(func(t *testing.T, line []byte) {
		var c content
		c.count(line)
		sum := 0
		for _, one := range c.Causes {
			sum += one.Records
		}
		assert.Equal(t, c.Records, sum)
	})
}

func TestOneProcessSendsAFile(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "a.jsonl")
	release, err := claim(file)
	require.NoError(t, err)
	_, err = claim(file)
	require.EqualError(t, err, file+" is being sent by another process: wait for its end")
	others, err := claim(filepath.Join(folder, "b.jsonl"))
	require.NoError(t, err, "other files may be sent meanwhile")
	others()
	release()
	release, err = claim(file)
	require.NoError(t, err)
	release()
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestFilesAreNamedOnceAndAreThere(t *testing.T) {
	folder := t.TempDir()
	a, b := filepath.Join(folder, "a.jsonl"), filepath.Join(folder, "b.jsonl")
	require.NoError(t, os.WriteFile(a, nil, 0o600))
	require.NoError(t, os.WriteFile(aside(b), nil, 0o600))
	files, err := toSend([]string{b, aside(b), a, aside(a)})
	require.NoError(t, err)
	assert.Equal(t, []string{a, b}, files)
	for _, arguments := range [][]string{nil, {filepath.Join(folder, "c.jsonl")}, {a, "app.log"}} {
		_, err := toSend(arguments)
		var exit *cli.Exit
		require.ErrorAs(t, err, &exit)
		assert.Equal(t, cli.Misused, exit.Code)
	}
}
