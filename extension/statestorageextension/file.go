package statestorageextension

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/extension/statestorageextension/internal/bolt"
	"github.com/mina-observability/otelcol-mina/internal/filelock"
)

// retryLock is the pause before the lock of a file is tried again.
const retryLock = 20 * time.Millisecond

// open opens the file. One that is damaged, or that bbolt has found to be, is moved
// aside first, and what can be read of it is taken over.
func (c *client) open(damage error) error {
	file, existed, err := c.lock()
	if err != nil {
		return err
	}
	if damage == nil && existed {
		damage = check(file)
	}
	if damage != nil {
		return c.replace(file, damage)
	}
	err = c.use(file)
	var found *damageError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &found):
		return c.replace(nil, found)
	case !existed:
		_ = os.Remove(c.path) // a part of a new file would be damage at the next start
	}
	return c.explain(err)
}

// replace begins a new file with what can be read of a damaged one.
func (c *client) replace(damaged *os.File, damage error) error {
	if damaged != nil {
		_ = damaged.Close()
	}
	aside, err := moveAside(c.path)
	if err != nil {
		return fmt.Errorf("the state file %s is damaged (%w) and cannot be moved aside: %w", c.path, damage, err)
	}
	c.removeOldest() // which may be what the disk has no room for
	file, _, err := c.lock()
	if err != nil {
		return err
	}
	if err := c.use(file); err != nil {
		_ = os.Remove(c.path)
		return c.explain(err)
	}
	c.takeOver(aside, damage)
	return nil
}

// lock returns the file, locked, and whether it was there before; or nil for
// something else in its place.
func (c *client) lock() (file *os.File, existed bool, err error) {
	info, err := os.Stat(c.path)
	if err == nil && !info.Mode().IsRegular() {
		return nil, true, nil
	}
	existed = err == nil
	for until := time.Now().Add(c.cfg.Timeout); ; time.Sleep(retryLock) {
		file, err = os.OpenFile(c.path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, false, c.explain(err)
		}
		err = filelock.TryLock(file)
		switch {
		case err == nil && samePlace(file, c.path):
			return file, existed, nil
		case err == nil: // another collector has just moved it aside
			existed = false
		case !errors.Is(err, filelock.ErrTaken):
			_ = file.Close()
			return nil, false, c.explain(err)
		case time.Now().After(until):
			holder := holderOf(file)
			_ = file.Close()
			return nil, false, fmt.Errorf("the state file %s is in use by another collector%s; "+
				"give each a state directory of its own: in the shipped configuration, with MINA_STATE_DIR", c.path, holder)
		}
		_ = file.Close()
	}
}

func samePlace(file *os.File, path string) bool {
	opened, err := file.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(opened, there)
}

// explain says what to do about a file that cannot be opened.
func (c *client) explain(err error) error {
	return fmt.Errorf("the state file %s cannot be opened: %w; give it to the user that runs the collector (uid %d), make room, "+
		"or name another directory: in the shipped configuration, with MINA_STATE_DIR", c.path, reason(err), os.Getuid())
}

var (
	errEmpty  = errors.New("it is empty")
	errNoFile = errors.New("it is no file")
)

// check returns what is wrong with a file. Nil is something else in its place.
func check(file *os.File) error {
	if file == nil {
		return errNoFile
	}
	info, err := file.Stat()
	switch {
	case err != nil:
		return err
	case info.Size() == 0:
		return errEmpty
	}
	return bolt.Check(file, info.Size())
}

// use has bbolt open the file, which is its to close from then on.
func (c *client) use(file *os.File) (err error) {
	defer func() {
		if err != nil {
			_ = file.Close()
		}
	}()
	defer recoverDamage(&err)()
	db, err := bbolt.Open(c.path, 0o600, &bbolt.Options{
		NoSync:         !c.cfg.FSync,
		NoFreelistSync: true,
		FreelistType:   bbolt.FreelistMapType,
		OpenFile:       func(string, int, os.FileMode) (*os.File, error) { return file, nil },
	})
	if err != nil {
		return err
	}
	if err := prepareBuckets(db); err != nil {
		return errors.Join(err, db.Close())
	}
	c.db, c.file = db, file
	return nil
}

// foreignBucket has the items of the stock file_storage, which have no sums.
var foreignBucket = []byte("default")

// prepareBuckets makes the bucket of the items, with those of the stock file_storage
// if there are any.
func prepareBuckets(db *bbolt.DB) error {
	prepared := false
	if err := db.View(func(tx *bbolt.Tx) error {
		prepared = tx.Bucket(itemsBucket) != nil && tx.Bucket(foreignBucket) == nil
		return nil
	}); err != nil || prepared {
		return err
	}
	return db.Update(func(tx *bbolt.Tx) error {
		items, err := tx.CreateBucketIfNotExists(itemsBucket)
		if err != nil {
			return err
		}
		foreign := tx.Bucket(foreignBucket)
		if foreign == nil {
			return nil
		}
		if err := foreign.ForEach(func(key, value []byte) error { return items.Put(key, seal(key, value)) }); err != nil {
			return err
		}
		return tx.DeleteBucket(foreignBucket)
	})
}

// What is moved aside has the name of its file, this, and the time.
const (
	asideMark = ".corrupt-"
	asideTime = "20060102T150405.000000000Z"
)

// maxAside is how many damaged files of one name are kept.
const maxAside = 3

// moveAside renames what is at a path, and returns its new name.
func moveAside(path string) (string, error) {
	for {
		aside := path + asideMark + time.Now().UTC().Format(asideTime)
		if _, err := os.Lstat(aside); errors.Is(err, os.ErrNotExist) {
			return aside, os.Rename(path, aside)
		}
	}
}

// removeOldest leaves the newest of the damaged files that have been moved aside: a disk
// that damages files would be full of them.
func (c *client) removeOldest() {
	directory, name := filepath.Split(c.path)
	entries, err := os.ReadDir(directory)
	aside := slices.DeleteFunc(entries, func(entry os.DirEntry) bool {
		moved, ok := strings.CutPrefix(entry.Name(), name+asideMark)
		_, notTime := time.Parse(asideTime, moved)
		return !ok || notTime != nil || entry.IsDir()
	})
	for _, entry := range aside[:max(0, len(aside)-maxAside)] { // they are in the order of their names, and so of their times
		err = errors.Join(err, os.Remove(filepath.Join(directory, entry.Name())))
	}
	if err != nil {
		c.logger.Warn("A damaged state file of an earlier time cannot be removed", zap.Error(err))
	}
}

// takeOver takes what can be read of a damaged file into the new one, and says so.
func (c *client) takeOver(aside string, damage error) {
	saved, err := c.salvage(aside)
	c.telemetry.StorageDamagedFiles.Add(context.Background(), 1)
	c.logger.Error("A state file was damaged and has been moved aside: "+c.follows,
		zap.String("file", c.path), zap.String("moved_to", aside), zap.NamedError("damage", damage), zap.Int("saved_items", saved), zap.Error(err))
}
