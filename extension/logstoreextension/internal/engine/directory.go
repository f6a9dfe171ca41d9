package engine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/mina-observability/otelcol-mina/internal/directory"
	"github.com/mina-observability/otelcol-mina/internal/filelock"
)

// What is in a directory beside the records.
const (
	dataFolder   = "data"
	lockFile     = "collector.lock"
	pidFile      = "victoria-logs.pid"
	passwordFile = "password"
	logFile      = "victoria-logs.log"
)

// Directory is where one collector keeps its records, and no other meanwhile.
type Directory struct {
	path string
	lock *os.File
}

// Open makes a directory, for its owner alone, and takes it. It fails where another
// collector has it.
func Open(path string) (*Directory, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if entry := foreignIn(path); entry != "" {
		return nil, &Problem{
			Reason: fmt.Sprintf("directory %q is not for the records alone: it has %q", path, entry),
			Action: "name one of its own, such as " + filepath.Join(path, "explore") + ": nobody else may read it then",
		}
	}
	lock, err := openLock(path)
	if err != nil {
		return nil, &Problem{
			Reason: fmt.Sprintf("directory %q cannot be used: %s", path, withoutPath(err)),
			Action: fmt.Sprintf("give it to the user that runs the collector (uid %d), or name another directory", os.Getuid()),
		}
	}
	if err := filelock.TryLock(lock); err != nil {
		holder, _ := os.ReadFile(lock.Name())
		_ = lock.Close()
		return nil, &Problem{
			Reason: fmt.Sprintf("directory %q is in use by another collector (process %s)", path, printable(holder)),
			Action: "end that one, or name another directory and another address to listen on",
		}
	}
	_ = lock.Truncate(0)
	_, _ = lock.WriteAt([]byte(strconv.Itoa(os.Getpid())), 0)
	return &Directory{path: path, lock: lock}, nil
}

// foreignIn returns what is in a directory that has nothing of ours, or "". That of others
// must not be closed to them.
func foreignIn(path string) (foreign string) {
	entries, _ := os.ReadDir(path) // openLock says why there are none
	for _, entry := range entries {
		switch name := entry.Name(); name {
		case lockFile, pidFile, dataFolder:
			return ""
		case "lost+found": // of a disk of its own
		default:
			foreign = name
		}
	}
	return foreign
}

func openLock(path string) (*os.File, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	// Its owner may have made it with the rights of any other directory.
	if err := os.Chmod(path, 0o700); err != nil { //nolint:gosec // a directory needs x
		return nil, err
	}
	return os.OpenFile(filepath.Join(path, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
}

// Close lets others take the directory.
func (d *Directory) Close() { _ = d.lock.Close() }

// Data is where the records are.
func (d *Directory) Data() string { return d.file(dataFolder) }

// day is the folder of a day's records.
var day = regexp.MustCompile(`/partitions/\d{8}\b`)

// Damaged returns the folder of the day that an engine says it has ended of, or "".
func (d *Directory) Damaged(of Death) string {
	if folder := day.FindString(of.Reason); folder != "" && strings.Contains(of.Reason, d.Data()+folder) {
		return d.Data() + folder
	}
	return ""
}

// Log is where the engine prints to.
func (d *Directory) Log() string { return d.file(logFile) }

func (d *Directory) file(name string) string { return filepath.Join(d.path, name) }

// Free returns how much room there is on the disk, in bytes.
func (d *Directory) Free() int64 {
	free, err := directory.Free(d.path)
	if err != nil {
		return 0
	}
	return free
}

// endOrphan ends the engine that a collector has left behind which was killed: nobody
// knows its password any more.
func (d *Directory) endOrphan() error {
	text, err := os.ReadFile(d.file(pidFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || !d.isOurs(pid) {
		return os.Remove(d.file(pidFile))
	}
	// It may be writing what it has, because it was asked to end when its collector ended:
	// SIGTERM would end that. One that was starting has not heard of it.
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGKILL} {
		for until := time.Now().Add(StopGrace); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
			_ = kill(pid, signal)
			if !d.isOurs(pid) {
				return os.Remove(d.file(pidFile))
			}
		}
	}
	return &Problem{
		Reason: fmt.Sprintf("process %d of a collector that was killed still uses directory %q, and does not end", pid, d.path),
		Action: fmt.Sprintf("end process %d", pid),
	}
}

// isOurs reports whether a process is an engine that runs on this directory. The number of
// one that has ended may be another's meanwhile.
func (d *Directory) isOurs(pid int) bool {
	for _, argument := range arguments(pid) {
		if argument == "-storageDataPath="+d.Data() {
			return true
		}
	}
	return false
}

func printable(text []byte) string {
	if pid, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil {
		return strconv.Itoa(pid)
	}
	return "unknown"
}
