package tail

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint/checkpointtest"
)

// bzipped are three lines, as bzip2 compresses them.
const bzipped = "QlpoOTFBWSZTWdno6ZIAAG/fgDAQUAZzEAEhhBAipk0KIAB1Ffqp5R6RoAG1ABH6qQ1DRoaeo000H6pvS5ojhDusxho9tl6Illn2zh0WUYKQvWKjEzUQcYpYQiREEFIQU2HFHHGLjw9fEpho/KvTKEsG5irCiq5K5/F3JFOFCQ2ejpkg"

func zstded(t testing.TB, text string) string {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	return string(w.EncodeAll([]byte(text), nil))
}

// utf16ed returns a text in UTF-16, without a byte order mark.
func utf16ed(text string, big bool) string {
	var out []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		high, low := byte(unit>>8), byte(unit)
		if big {
			out = append(out, high, low)
		} else {
			out = append(out, low, high)
		}
	}
	return string(out)
}

// readAll reads as the tailer does, and returns why there is no more.
func readAll(t testing.TB, r reader) (text string, err error) {
	t.Helper()
	var all strings.Builder
	buffer := make([]byte, 1<<10)
	for {
		var block string
		block, buffer, err = r.next(int64(all.Len()), nil, buffer, 1<<20)
		all.WriteString(block)
		if errors.Is(err, errHalfLine) {
			half, restErr := r.rest(int64(all.Len()), 1<<20)
			require.NoError(t, restErr)
			return all.String() + half, err
		}
		if block == "" || err != nil {
			return all.String(), err
		}
	}
}

func TestAllOfACompressedTextIsRead(t *testing.T) {
	text := lines(0, 3000)
	whole := gzipped(t, text)
	bzip, err := base64.StdEncoding.DecodeString(bzipped)
	require.NoError(t, err)
	changed := func(content string, at int) string {
		return content[:at] + string(content[at]^0x55) + content[at+1:]
	}
	for name, test := range map[string]struct {
		content, text     string
		damaged, cutShort bool
	}{
		"gzip":                   {content: whole, text: text},
		"several members":        {content: whole + gzipped(t, "more\n") + gzipped(t, ""), text: text + "more\n"},
		"garbage behind it":      {content: whole + "garbage of any kind", text: text, damaged: true},
		"a byte behind it":       {content: whole + "g", text: text, cutShort: true},
		"zeros behind it":        {content: whole + strings.Repeat("\x00", 1<<10), text: text, damaged: true},
		"garbage behind members": {content: whole + gzipped(t, "more\n") + "garbage of any kind", text: text + "more\n", damaged: true},
		"a wrong checksum":       {content: changed(whole, len(whole)-8), text: text, damaged: true},
		"a wrong length":         {content: changed(whole, len(whole)-1), text: text, damaged: true},
		"no checksum":            {content: whole[:len(whole)-8], text: text, cutShort: true},
		"no newline at the end":  {content: gzipped(t, text+"end"), text: text + "end"},
		"bzip2":                  {content: string(bzip), text: lines(0, 3)},
		"bzip2 and garbage":      {content: string(bzip) + "garbage", text: lines(0, 3), damaged: true},
		"zstd":                   {content: zstded(t, text), text: text},
		"zstd of pzstd":          {content: "\x50\x2a\x4d\x18\x04\x00\x00\x00size" + zstded(t, text), text: text},
		"several frames of zstd": {content: zstded(t, text) + zstded(t, "more\n"), text: text + "more\n"},
		"a wrong sum of zstd":    {content: changed(zstded(t, text), len(zstded(t, text))-1), text: text},
		"zeros behind zstd":      {content: zstded(t, text) + strings.Repeat("\x00", 1<<10), text: text, damaged: true},
		"a wrong sum of bzip2":   {content: changed(string(bzip), len(bzip)-2), text: lines(0, 3), damaged: true},
		"bzip2 without its sum":  {content: string(bzip[:len(bzip)-3]), text: lines(0, 3), cutShort: true},
		"zeros behind bzip2":     {content: string(bzip) + strings.Repeat("\x00", 1<<10), text: lines(0, 3), damaged: true},
		"a hole in a text":       {content: gzipped(t, "a\n"+strings.Repeat("\x00", 1<<20)+text), text: "a\n" + strings.Repeat("\x00", 1<<20) + text},
		"UTF-16, compressed":     {content: gzipped(t, "\xff\xfe"+utf16ed(text, false)), text: text},
		"compressed twice":       {content: zstded(t, whole), text: text},
		"twice, and garbage":     {content: gzipped(t, whole+"garbage of any kind"), text: text, damaged: true},
		"twice, and cut":         {content: gzipped(t, whole[:len(whole)-8]), text: text, cutShort: true},
		"garbage behind zstd":    {content: zstded(t, text) + "garbage", text: text, damaged: true},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := openReader(t, test.content, true)
			read, err := readAll(t, r)
			assert.Equal(t, test.text, read)
			var damaged *damagedError
			assert.Equal(t, test.damaged, errors.As(err, &damaged), err)
			assert.Equal(t, test.cutShort, errors.Is(err, errCutShort), err)
			assert.Equal(t, !test.cutShort, errors.Is(err, io.EOF), err)
		})
	}
}

// Wherever a compressed file is cut, what can be read of it is the text's beginning,
// and when the rest comes, it is read on.
func TestACompressedFileIsReadToWhereItIsCut(t *testing.T) {
	text := lines(0, 300)
	for name, content := range map[string]string{"gzip": gzipped(t, text), "zstd": zstded(t, text)} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "app.log")
			for at := 32; at < len(content); at += 97 {
				write(t, path, content[:at])
				handle, err := os.Open(path)
				require.NoError(t, err)
				read, err := readAll(t, newReader(handle, begins(t, handle), true))
				require.NoError(t, handle.Close())
				assert.True(t, strings.HasPrefix(text, read), at)
				assert.True(t, err == nil || errors.Is(err, errCutShort), err)
			}
		})
	}
}

func TestUTF16IsDecoded(t *testing.T) {
	text := `{"message": "grüße 漢字 😀"}` + "\n" + lines(0, 2000)
	for name, big := range map[string]bool{"\xff\xfe": false, "\xfe\xff": true} {
		r, path := openReader(t, name+utf16ed(text, big), true)
		read, err := readAll(t, r)
		require.NoError(t, err)
		assert.Equal(t, text, read)

		handle, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		require.NoError(t, err)
		more := utf16ed("half😀", big)
		_, err = handle.WriteString(more[:len(more)-2]) // half a character
		require.NoError(t, err)
		_, _, err = r.next(int64(len(text)), nil, make([]byte, 1<<10), 1<<20)
		require.ErrorIs(t, err, errHalfLine)
		half, err := r.rest(int64(len(text)), 1<<20)
		require.NoError(t, err)
		assert.Equal(t, "half", half)
		_, err = handle.WriteString(more[len(more)-2:] + utf16ed(" whole\n", big))
		require.NoError(t, err)
		require.NoError(t, handle.Close())
		block, _, err := r.next(int64(len(text)), nil, make([]byte, 1<<10), 1<<20)
		require.NoError(t, err)
		assert.Equal(t, "half😀 whole\n", block)
		_, err = r.before(int64(len(text)), 10)
		require.NoError(t, err)
	}
}

// watched is a bench whose warnings are kept.
func watched(t *testing.T, dir string) (*bench, *observer.ObservedLogs) {
	b := newBench(t, dir, checkpointtest.NewMemory(), func(c *Config) { c.FlushAfter = time.Millisecond })
	core, logs := observer.New(zap.WarnLevel)
	b.logger = zap.New(core)
	return b, logs
}

func TestWhatCannotBeReadIsPassedOverAndSaidOnce(t *testing.T) {
	for form, magic := range foreign {
		for how, of := range map[string]func(t testing.TB, text string) string{
			"plain": func(_ testing.TB, text string) string { return text }, "compressed": gzipped,
		} {
			t.Run(form+" "+how, func(t *testing.T) {
				dir := t.TempDir()
				b, logs := watched(t, dir)
				write(t, filepath.Join(dir, "app.log.1"), of(t, string(magic)+strings.Repeat("\x80\n", 1000)))
				write(t, filepath.Join(dir, "app.log"), lines(0, 3))
				b.poll()
				write(t, filepath.Join(dir, "app.log.1"), of(t, string(magic)+strings.Repeat("\x80\n", 2000)))
				b.poll()
				b.poll()
				assert.Equal(t, numbers(0, 3), b.bodies())
				require.Equal(t, 1, logs.Len())
				assert.Equal(t, form, logs.All()[0].ContextMap()["form"])
				assert.Equal(t, filepath.Join(dir, "app.log.1"), logs.All()[0].ContextMap()["path"])

				// Another text under the same inode is read.
				write(t, filepath.Join(dir, "app.log.1"), lines(3, 5))
				b.poll()
				assert.Equal(t, numbers(0, 5), b.bodies())
			})
		}
	}
}

func TestDamageIsSaidOnce(t *testing.T) {
	dir := t.TempDir()
	b, logs := watched(t, dir)
	write(t, filepath.Join(dir, "app.log.1.gz"), gzipped(t, lines(0, 3000))+"garbage of any kind")
	for range 3 {
		b.poll()
	}
	assert.Equal(t, numbers(0, 3000), b.bodies())
	require.Equal(t, 1, logs.Len())
	assert.Contains(t, logs.All()[0].Message, "damaged")
}

func TestATruncatedArchiveIsReadToTheCut(t *testing.T) {
	for name, tt := range map[string]struct{ text, cut, records int }{
		"in its end":          {3000, 20, 2900},
		"a short one":         {2, 6, 2},
		"before it has text":  {3000, len(gzipped(t, lines(0, 3000))) - 12, 0},
		"in its header":       {3000, len(gzipped(t, lines(0, 3000))) - 5, 0},
		"a short one, to one": {3, 16, 1},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			b, logs := watched(t, dir)
			content := gzipped(t, lines(0, tt.text))
			write(t, filepath.Join(dir, "app.log.1.gz"), content[:len(content)-tt.cut])
			require.Eventually(t, func() bool {
				b.poll()
				b.flushIdle()
				return logs.Len() > 0
			}, 5*time.Second, 5*time.Millisecond)
			b.poll()
			assert.Contains(t, logs.All()[0].Message, "cut")
			require.GreaterOrEqual(t, len(b.bodies()), tt.records)
			assert.Equal(t, numbers(0, tt.records), b.bodies()[:tt.records])
			count := len(b.bodies())
			for range 3 {
				b.poll()
				b.flushIdle()
			}
			assert.Equal(t, 1, logs.Len())
			assert.Len(t, b.bodies(), count)

			// If it is only written slowly, it is read on.
			write(t, filepath.Join(dir, "app.log.1.gz"), content)
			b.poll()
			assert.Contains(t, strings.Join(b.bodies(), ""), numbers(0, tt.text)[tt.text-1], "its last record")
		})
	}
}

func TestAHoleIsPassedOver(t *testing.T) {
	const size = 1 << 30
	dir := t.TempDir()
	b, _ := watched(t, dir)
	path := filepath.Join(dir, "app.log")
	write(t, path, lines(0, 2))
	b.poll()

	handle, err := os.OpenFile(path, os.O_WRONLY, 0)
	require.NoError(t, err)
	require.NoError(t, handle.Truncate(size)) // it may still be written to
	b.poll()
	assert.Equal(t, numbers(0, 2), b.bodies())

	_, err = handle.WriteAt([]byte(lines(2, 4)), size)
	require.NoError(t, err)
	require.NoError(t, handle.Close())
	b.poll()
	assert.Equal(t, numbers(0, 4), b.bodies())

	for _, f := range b.files {
		assert.EqualValues(t, size+len(lines(2, 4)), f.offset())
	}
	appended, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = appended.WriteString(lines(4, 5))
	require.NoError(t, err)
	require.NoError(t, appended.Close())
	b.poll()
	assert.Equal(t, numbers(0, 5), b.bodies())
}

func TestAFileThatBeginsWithAHoleIsReadAlsoAfterARestart(t *testing.T) {
	dir, memory := t.TempDir(), checkpointtest.NewMemory()
	path := filepath.Join(dir, "app.log")
	write(t, path, strings.Repeat("\x00", 640<<10)+lines(0, 2))
	b := newBench(t, dir, memory)
	b.poll()
	require.NoError(t, b.store.Save(t.Context()))
	assert.Equal(t, numbers(0, 2), b.bodies())
	b.sender.Stop()

	again := newBench(t, dir, memory)
	write(t, path, strings.Repeat("\x00", 640<<10)+lines(0, 3))
	again.poll()
	assert.Equal(t, numbers(2, 3), again.bodies())
}

// Whatever follows the magic, reading ends, without a panic and with the same text again.
func FuzzCodecs(f *testing.F) {
	for i, c := range codecs {
		f.Add(uint8(i), append(bytes.Clone(c.magic), "0123456789"...))
	}
	f.Add(uint8(0), []byte(gzipped(f, lines(0, 3))))
	f.Add(uint8(2), []byte(zstded(f, lines(0, 3))))
	f.Fuzz(func(t *testing.T, kind uint8, content []byte) {
		magic := codecs[int(kind)%len(codecs)].magic
		if !bytes.HasPrefix(content, magic) {
			content = append(bytes.Clone(magic), content...)
		}
		r, _ := openReader(t, string(content), true)
		first, _ := readAll(t, r)
		r, _ = openReader(t, string(content), true)
		second, _ := readAll(t, r)
		require.Equal(t, first, second)
	})
}
