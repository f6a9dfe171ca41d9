package tail

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPatternsMatchFilesOfAnyName(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{"app.log", "app.log.1", "m\xfcnchen.log", "a/app.log", "a/b/app.log", "\xff\xfe/app.log", "\xff\xfe/\xe9/app.log", "[x]/app.log"} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, path)), 0o755))
		write(t, filepath.Join(dir, path), "")
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "folder.log"), 0o755))
	for name, tt := range map[string]struct{ include, exclude, want []string }{
		"one":              {include: []string{"app.log"}, want: []string{"app.log"}},
		"nothing":          {include: []string{"none*.log", "none/*.log", "app.log/*.log"}},
		"rotated":          {include: []string{"app.log*"}, want: []string{"app.log", "app.log.1"}},
		"excluded":         {include: []string{"app.log*"}, exclude: []string{"*.1"}, want: []string{"app.log"}},
		"any name":         {include: []string{"*.log"}, want: []string{"app.log", "m\xfcnchen.log"}},
		"everywhere":       {include: []string{"**/app.log"}, want: []string{"[x]/app.log", "a/app.log", "a/b/app.log", "app.log", "\xff\xfe/app.log", "\xff\xfe/\xe9/app.log"}},
		"folders":          {include: []string{"*/app.log"}, want: []string{"[x]/app.log", "a/app.log", "\xff\xfe/app.log"}},
		"one folder":       {include: []string{"\xff\xfe/*"}, want: []string{"\xff\xfe/app.log"}},
		"twice":            {include: []string{"a/*.log", "a/app.log"}, want: []string{"a/app.log"}},
		"alternatives":     {include: []string{"{a,\xff\xfe}/app.log"}, want: []string{"a/app.log", "\xff\xfe/app.log"}},
		"escaped":          {include: []string{`\[x\]/app.log`}, want: []string{"[x]/app.log"}},
		"a way that winds": {include: []string{"a/../a/./b/*.log"}, want: []string{"a/b/app.log"}},
	} {
		t.Run(name, func(t *testing.T) {
			below := func(names []string) (paths []string) {
				for _, name := range names {
					paths = append(paths, dir+"/"+name)
				}
				return paths
			}
			paths, hidden := patterns{below(tt.include), below(tt.exclude)}.match()
			assert.Equal(t, below(tt.want), paths)
			assert.Empty(t, hidden.paths)
		})
	}
}

func TestRelativePatternsGiveRelativePaths(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "app.log"), "")
	require.NoError(t, os.Mkdir(filepath.Join(dir, "below"), 0o755))
	t.Chdir(filepath.Join(dir, "below"))
	paths, _ := patterns{include: []string{"../*.log"}}.match()
	assert.Equal(t, []string{"../app.log"}, paths)
	t.Chdir(dir)
	paths, _ = patterns{include: []string{"./*.log"}}.match()
	assert.Equal(t, []string{"app.log"}, paths)
}

func TestWhatIsHidden(t *testing.T) {
	h := &hidden{}
	h.note("/logs/gone", fs.ErrNotExist)
	h.note("/logs/file/below", syscall.ENOTDIR)
	h.note("/logs/fine", nil)
	assert.Empty(t, h.paths)
	h.note("/logs/a", syscall.EMFILE)
	h.note("b", fs.ErrPermission)
	for path, want := range map[string]bool{
		"/logs/a": true, "/logs/a/app.log": true, "/logs/a/b/app.log": true, "b/app.log": true, "/logs/ab/app.log": false, "/logs/app.log": false, "/b/app.log": false,
	} {
		assert.Equal(t, want, h.has(path), path)
	}
	h.note("/", syscall.EIO)
	assert.True(t, h.has("/logs/app.log"))
}

// TestDoublestarStillNeedsAFolderOfOurOwn fails when contrib's matcher can be used.
func TestDoublestarStillNeedsAFolderOfOurOwn(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "\xff"), 0o755))
	write(t, filepath.Join(dir, "\xff", "app.log"), "")
	paths, err := doublestar.FilepathGlob(dir + "/*/*.log")
	require.NoError(t, err)
	assert.Empty(t, paths, "it finds files in any folder: use contrib's matcher")
}
