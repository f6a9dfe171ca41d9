package e2e

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// words returns lines that are told from those of another name.
func words(name string, from, to int) string {
	var text strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&text, `{"timestamp": "2025-10-01T16:12:05Z", "level": "INFO", "logger": "app", "message": "%s %d"}`+"\n", name, i)
	}
	return text.String()
}

// rotation is what happens to the files of one folder.
type rotation struct {
	// before is done while the files are read for the first time, and then when all of
	// them has been delivered.
	before, then func(f folder)
	// want is how often the lines come, by their numbers from 0 to 20, 20 to 40 and 40 to 60.
	want [3]int
	// held is the name of the file that is said to be a copy, and of its original.
	held []string
}

// folder is that of one case, whose lines have its name.
type folder struct {
	testing.TB
	dir, name string
}

func (f folder) path(name string) string { return filepath.Join(f.dir, name) }

// add appends lines to a file.
func (f folder) add(name string, from, to int) { appendTo(f, f.path(name), words(f.name, from, to)) }

func (f folder) move(name, to string) { require.NoError(f, os.Rename(f.path(name), f.path(to))) }

func (f folder) remove(name string) { require.NoError(f, os.Remove(f.path(name))) }

func (f folder) compress(name, to string) {
	text, err := os.ReadFile(f.path(name))
	require.NoError(f, err)
	require.NoError(f, os.MkdirAll(filepath.Dir(f.path(to)), 0o755))
	appendTo(f, f.path(to), gzipped(f, string(text)))
}

// rotations are told by what is in their folder. All text of a file that is read
// before is 20 lines, 0 to 20.
var rotations = map[string]rotation{
	"a second start that begins with the whole of the first": {
		before: func(f folder) { f.add("Start_application_1.log", 0, 20) },
		then:   func(f folder) { f.add("Start_application_2.log", 0, 40) },
		want:   [3]int{2, 1},
	},
	"a second start by date": {
		before: func(f folder) { f.add("Start_application_20251001_120000.log", 0, 20) },
		then:   func(f folder) { f.add("Start_application_20251002_120000.log", 0, 40) },
		want:   [3]int{2, 1},
	},
	"a second start that goes on little by little": {
		before: func(f folder) { f.add("Start_application_1.log", 0, 20) },
		then: func(f folder) {
			for i := range 40 {
				f.add("Start_application_2.log", i, i+1)
			}
		},
		want: [3]int{2, 1},
	},
	"a new file that begins with the whole of the rotated one": {
		before: func(f folder) { f.add("app.log", 0, 20) },
		then:   func(f folder) { f.move("app.log", "app.log.1"); f.add("app.log", 0, 40) },
		want:   [3]int{2, 1},
	},
	"a new file that begins with the whole of the one rotated by date": {
		before: func(f folder) { f.add("app.log", 0, 20) },
		then:   func(f folder) { f.move("app.log", "app.log-20251001"); f.add("app.log", 0, 40) },
		want:   [3]int{2, 1},
	},
	"two rotations at once": {
		before: func(f folder) { f.add("app.log", 0, 20) },
		then: func(f folder) {
			f.move("app.log", "app.log.2")
			f.add("app.log.1", 0, 40)
			f.add("app.log", 0, 60)
		},
		want: [3]int{3, 2, 1},
	},
	"names that are no rotation": {
		before: func(f folder) { f.add("job-1.log", 0, 20) },
		then:   func(f folder) { f.add("job-2.log", 0, 20); f.add("worker.log", 0, 20); f.add("job-1.log.txt", 0, 20) },
		want:   [3]int{4},
	},
	"a number that is the file's own": {
		before: func(f folder) { f.add("worker.1", 0, 20) },
		then:   func(f folder) { f.add("worker.2", 0, 20) },
		want:   [3]int{2},
	},
	"equal lines after a rename": {
		before: func(f folder) { appendTo(f, f.path("app.log"), strings.Repeat(words(f.name, 0, 1), 20)) },
		then: func(f folder) {
			f.move("app.log", "app.log.1")
			appendTo(f, f.path("app.log"), strings.Repeat(words(f.name, 0, 1), 20))
			f.add("app.log", 20, 40)
		},
		want: [3]int{40, 1},
	},
	"an archive instead of the rotated file": {
		before: func(f folder) { f.add("app.log.1", 0, 20) },
		then: func(f folder) {
			f.compress("app.log.1", "app.log.1.gz")
			f.remove("app.log.1")
			f.add("app.log", 20, 40)
		},
		want: [3]int{1, 1},
	},
	"an archive under the next number": {
		before: func(f folder) { f.add("app.log.1", 0, 20) },
		then: func(f folder) {
			f.compress("app.log.1", "app.log.2.gz")
			f.remove("app.log.1")
			f.add("app.log.1", 20, 40)
		},
		want: [3]int{1, 1},
	},
	"an archive in a folder of its own": {
		before: func(f folder) { f.add("app.log", 0, 20) },
		then: func(f folder) {
			f.compress("app.log", "old/app.log-20251001.gz")
			f.remove("app.log")
			f.add("app.log", 20, 40)
		},
		want: [3]int{1, 1},
	},
	"an archive of a finished start": {
		before: func(f folder) { f.add("Start_application_1.log", 0, 20) },
		then: func(f folder) {
			f.compress("Start_application_1.log", "Start_application_1.log.gz")
			f.remove("Start_application_1.log")
			f.add("Start_application_2.log", 0, 40)
		},
		want: [3]int{2, 1},
	},
	"archives of two files with one text": {
		before: func(f folder) { f.add("a.log.1", 0, 20); f.add("b.log.1", 0, 20) },
		then: func(f folder) {
			for _, name := range []string{"a.log.1", "b.log.1"} {
				f.compress(name, name+".gz")
				f.remove(name)
			}
			f.add("a.log", 20, 40)
		},
		want: [3]int{2, 1},
	},
	"an archive that is kept beside its file": {
		before: func(f folder) { f.add("app.log.1", 0, 20) },
		then:   func(f folder) { f.compress("app.log.1", "app.log.1.gz"); f.add("app.log", 20, 40) },
		want:   [3]int{1, 1},
		held:   []string{"app.log.1.gz", "app.log.1"},
	},
	"a copy that stays": {
		before: func(f folder) { f.add("app.log", 0, 20) },
		then:   func(f folder) { f.add("app.log.1", 0, 20); f.add("other.log", 20, 40) },
		want:   [3]int{1, 1},
		held:   []string{"app.log.1", "app.log"},
	},
	"a copy that goes on": {
		before: func(f folder) { f.add("app.log", 0, 20) },
		then:   func(f folder) { f.add("app.log.1", 0, 40) },
		want:   [3]int{2, 1},
	},
	"a copy that is cut short": {
		before: func(f folder) { f.add("app.log", 0, 20) },
		then:   func(f folder) { f.add("app.log.1", 0, 10); f.add("other.log", 20, 40) },
		want:   [3]int{1, 1},
		held:   []string{"app.log.1", "app.log"},
	},
	"two files that begin alike and are as long": {
		before: func(f folder) { f.add("app.log", 0, 20) },
		then:   func(f folder) { f.add("app.log.1", 0, 20); f.add("app.log", 20, 40); f.add("app.log.1", 40, 60) },
		want:   [3]int{2, 1, 1},
	},
	"two names of one file": {
		before: func(f folder) {
			f.add("app.log", 0, 20)
			require.NoError(f, os.Link(f.path("app.log"), f.path("hard.log")))
			require.NoError(f, os.Symlink("app.log", f.path("current.log")))
		},
		then: func(f folder) { f.add("app.log", 20, 40) },
		want: [3]int{1, 1},
	},
}

// TestRotatedFilesAreReadOnceAndNewOnesWhole changes files while the collector runs,
// and while it is down.
func TestRotatedFilesAreReadOnceAndNewOnesWhole(t *testing.T) {
	for _, down := range []bool{false, true} {
		for _, delivery := range deliveries {
			t.Run(fmt.Sprintf("%s, down %t", delivery, down), func(t *testing.T) {
				t.Parallel()
				e, dir := newEndpoint(t), t.TempDir()
				folders := map[string]folder{}
				for name, r := range rotations {
					f := folder{t, filepath.Join(dir, name), name}
					require.NoError(t, os.Mkdir(f.dir, 0o755))
					r.before(f)
					folders[name] = f
				}
				settings := program.OTLP(t.TempDir(), dir+"/**/*", e.URL, delivery)
				c := startCollector(t, settings)
				eventually(t, func() bool { return len(e.records()) >= 20*(len(rotations)+1) }, "what is there")
				output := func() []string { return said(c, "taken for a copy") }
				if down {
					c.Stop()
				}
				want := map[string]int{}
				held := 0
				for name, r := range rotations {
					r.then(folders[name])
					for i, count := range r.want {
						for line := 20 * i; line < 20*i+20 && count > 0; line++ {
							want[fmt.Sprintf("%s %d", name, line)] = count
						}
					}
					if r.held != nil {
						held++
					}
				}
				for line := 1; line < 20; line++ {
					delete(want, fmt.Sprintf("equal lines after a rename %d", line))
				}
				if down {
					c = startCollector(t, settings)
				}
				eventually(t, func() bool { return maps.Equal(want, e.bodies()) && len(output()) >= held }, "%s", differences{want, e})
				c.Stop()
				assert.Equal(t, want, e.bodies())
				assert.Len(t, output(), held)
				for name, r := range rotations {
					if r.held != nil {
						f := folders[name]
						assert.Len(t, said(c, "taken for a copy", `"path": "`+f.path(r.held[0])+`"`, `"original": "`+f.path(r.held[1])+`"`), 1)
					}
				}
			})
		}
	}
}

// differences are what has not come as often as it should.
type differences struct {
	want map[string]int
	e    *endpoint
}

func (d differences) String() string {
	var text strings.Builder
	got := d.e.bodies()
	for body, count := range d.want {
		if got[body] != count {
			fmt.Fprintf(&text, "%s: %d times, not %d\n", body, got[body], count)
		}
	}
	for body, count := range got {
		if d.want[body] == 0 {
			fmt.Fprintf(&text, "%s: %d times, not 0\n", body, count)
		}
	}
	return text.String()
}
