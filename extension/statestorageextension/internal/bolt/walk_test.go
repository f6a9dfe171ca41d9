package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"
)

const pageSize = 4096

// image returns a file of bbolt with branches, overflowing pages, free pages, an
// inline bucket and an empty one.
func image(t testing.TB) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bolt")
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{NoSync: true, NoFreelistSync: true, PageSize: pageSize}) // the same pages each time
	require.NoError(t, err)
	update := func(do func(*bbolt.Bucket) error) {
		require.NoError(t, db.Update(func(tx *bbolt.Tx) error {
			bucket, err := tx.CreateBucketIfNotExists([]byte("items"))
			require.NoError(t, err)
			return do(bucket)
		}))
	}
	for i := range 40 {
		update(func(bucket *bbolt.Bucket) error {
			for j := range 10 {
				if err := bucket.Put(key(i*10+j), bytes.Repeat([]byte{byte(i)}, 1+(i*97+j*513)%9000)); err != nil {
					return err
				}
			}
			return bucket.Delete(key(i * 5))
		})
	}
	require.NoError(t, db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket([]byte("empty"))
		require.NoError(t, err)
		inline, err := tx.CreateBucket([]byte("inline"))
		require.NoError(t, err)
		return inline.Put([]byte("a"), []byte("b"))
	}))
	require.NoError(t, db.Close())
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return content
}

func key(i int) []byte { return fmt.Appendf(nil, "key-%05d", i) }

func check(content []byte) error {
	return Check(bytes.NewReader(content), int64(len(content)))
}

// salvage returns what is visited, by bucket and key.
func salvage(content []byte) map[string][]byte {
	items := map[string][]byte{}
	_ = Salvage(bytes.NewReader(content), int64(len(content)), func(bucket, key, value []byte) error {
		items[string(bucket)+"/"+string(key)] = value
		return nil
	})
	return items
}

func TestAHealthyFilePassesAndIsReadWhole(t *testing.T) {
	content := image(t)
	require.NoError(t, check(content))
	items := salvage(content)
	want := map[string][]byte{}
	path := filepath.Join(t.TempDir(), "bolt")
	require.NoError(t, os.WriteFile(path, content, 0o600))
	db, err := bbolt.Open(path, 0o600, nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	require.NoError(t, db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, bucket *bbolt.Bucket) error {
			return bucket.ForEach(func(key, value []byte) error {
				want[string(name)+"/"+string(key)] = bytes.Clone(value)
				return nil
			})
		})
	}))
	assert.Equal(t, want, items)
}

// newestMeta returns the offset of the meta page in use.
func newestMeta(content []byte) int {
	if binary.NativeEndian.Uint64(content[16+48:]) > binary.NativeEndian.Uint64(content[pageSize+16+48:]) {
		return 0
	}
	return pageSize
}

// patchMeta changes both meta pages and their sums.
func patchMeta(content []byte, at int, value uint64) {
	for _, page := range []int{0, pageSize} {
		fields := content[page+16 : page+16+64]
		binary.NativeEndian.PutUint64(fields[at:], value)
		sum := fnv.New64a()
		_, _ = sum.Write(fields[:56])
		binary.NativeEndian.PutUint64(fields[56:], sum.Sum64())
	}
}

func TestDamageIsNamed(t *testing.T) {
	healthy := image(t)
	newest := newestMeta(healthy)
	root := int(binary.NativeEndian.Uint64(healthy[newest+16+16:])) * pageSize
	for want, damage := range map[string]func([]byte) []byte{
		"neither meta page can be read: EOF":                                        func([]byte) []byte { return nil },
		"neither meta page can be read: no file of bbolt":                           func([]byte) []byte { return bytes.Repeat([]byte("garbage "), 4096) },
		"neither meta page can be read: checksum error":                             func(c []byte) []byte { c[20+16]++; c[pageSize+20+16]++; return c },
		"neither meta page can be read: format 3, and not 2":                        func(c []byte) []byte { c[20] = 3; c[pageSize+20] = 3; return c },
		"meta page 0: no file of bbolt":                                             func(c []byte) []byte { clear(c[:pageSize]); return c },
		"meta page 1: checksum error":                                               func(c []byte) []byte { c[pageSize+16+40]++; return c },
		"it has a list of free pages, which the collector does not write":           func(c []byte) []byte { patchMeta(c, 32, 5); return c },
		"page 1: beyond the end":                                                    func(c []byte) []byte { patchMeta(c, 16, 1); return c },
		"page 18446744073709551615: beyond the end":                                 func(c []byte) []byte { patchMeta(c, 16, ^uint64(0)); return c },
		fmt.Sprintf("page %d: has the number 0", root/pageSize):                     func(c []byte) []byte { clear(c[root : root+pageSize]); return c },
		fmt.Sprintf("page %d: of kind 0x4", root/pageSize):                          func(c []byte) []byte { c[root+8] = 4; return c },
		fmt.Sprintf("page %d: 65535 elements", root/pageSize):                       func(c []byte) []byte { c[root+10], c[root+11] = 255, 255; return c },
		fmt.Sprintf("page %d: is 4294967296 pages long", root/pageSize):             func(c []byte) []byte { copy(c[root+12:], "\xff\xff\xff\xff"); return c },
		fmt.Sprintf("page %d: element 0 is not within it", root/pageSize):           func(c []byte) []byte { c[root+16+4+2] = 255; return c },
		fmt.Sprintf("page %d: an item beside the buckets", root/pageSize):           func(c []byte) []byte { c[root+16] = 0; return c },
		fmt.Sprintf("page %d: a bucket that is not within its page", root/pageSize): func(c []byte) []byte { c[root+16+12] = 3; return c },
	} {
		t.Run(want, func(t *testing.T) {
			content := damage(bytes.Clone(healthy))
			require.EqualError(t, check(content), want)
			salvage(content) // ends, whatever there is
		})
	}
	short := healthy[:binary.NativeEndian.Uint64(healthy[newest+16+40:])/2*pageSize]
	assert.ErrorContains(t, check(short), "pages, and the file has only")
	assert.NotEmpty(t, salvage(short), "what is before the cut is there")
}

// TestPagesThatPointAtEachOtherEnd is of what would overflow bbolt's stack.
func TestPagesThatPointAtEachOtherEnd(t *testing.T) {
	content := image(t)
	found := false
	for at := 2 * pageSize; at < len(content); at += pageSize {
		if binary.NativeEndian.Uint16(content[at+8:]) == branchPage && binary.NativeEndian.Uint64(content[at:]) == uint64(at/pageSize) {
			binary.NativeEndian.PutUint64(content[at+16+8:], uint64(at/pageSize))
			found = true
		}
	}
	require.True(t, found, "no branch page")
	require.ErrorContains(t, check(content), "belongs to two places")
	assert.NotEmpty(t, salvage(content))
}

func TestSalvageUsesTheOlderStateWhereTheNewerIsGone(t *testing.T) {
	content := image(t)
	clear(content[newestMeta(content):][:pageSize])
	require.Error(t, check(content))
	assert.Greater(t, len(salvage(content)), 300)
}

func TestTheVisitorEndsTheWalk(t *testing.T) {
	content := image(t)
	enough, visits := errors.New("enough"), 0
	err := Salvage(bytes.NewReader(content), int64(len(content)), func(_, _, _ []byte) error {
		visits++
		return enough
	})
	require.ErrorIs(t, err, enough)
	assert.Equal(t, 1, visits)
}

// FuzzCheck changes a file in one place. What passes, bbolt opens, reads and writes.
func FuzzCheck(f *testing.F) {
	healthy := image(f)
	root := int(binary.NativeEndian.Uint64(healthy[newestMeta(healthy)+16+16:])) * pageSize
	f.Add(root+10, []byte{255})
	f.Add(root+16, []byte{1, 0, 0, 0, 255})
	f.Add(len(healthy)/2, make([]byte, pageSize))
	f.Add(0, []byte("garbage"))
	path := filepath.Join(f.TempDir(), "bolt")
	f.Fuzz(func(t *testing.T, at int, patch []byte) {
		content := bytes.Clone(healthy)
		copy(content[min(max(at, 0), len(content)):], patch)
		salvage(content)
		if check(content) != nil {
			return
		}
		require.NoError(t, os.WriteFile(path, content, 0o600))
		db, err := bbolt.Open(path, 0o600, &bbolt.Options{NoSync: true, NoFreelistSync: true, FreelistType: bbolt.FreelistMapType})
		require.NoError(t, err)
		defer func() { require.NoError(t, db.Close()) }()
		require.NoError(t, db.Update(func(tx *bbolt.Tx) error {
			for i := range 400 {
				tx.Bucket([]byte("items")).Get(key(i))
			}
			bucket, err := tx.CreateBucketIfNotExists([]byte("another"))
			require.NoError(t, err)
			return bucket.Put([]byte("a"), []byte("b"))
		}))
	})
}

func BenchmarkCheck(b *testing.B) {
	content := image(b)
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		require.NoError(b, check(content))
	}
}
