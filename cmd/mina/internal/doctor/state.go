package doctor

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/cli"
	"github.com/mina-observability/otelcol-mina/internal/directory"
	"github.com/mina-observability/otelcol-mina/internal/rawconfig"
)

// tight is how much room on the disk is little, whatever is configured.
const tight = 256 << 20

// state writes to the folders of checkpoints and queues, and looks for room for these.
func (e *examination) state() (checks []Check) {
	queues := e.queues()
	extensions := e.used("extensions")
	for _, id := range extensions.Keys() {
		folder := extensions.Section(id).Text("directory")
		if kind := rawconfig.Kind(id); folder == "" || kind != "state_storage" && kind != "file_storage" {
			continue
		}
		existing, err := writable(folder)
		if err != nil {
			do := "chown " + userName() + " " + quoted(existing)
			if existing != folder {
				do = "install -d -m 0700 -o " + userName() + " " + quoted(folder)
			}
			checks = append(checks, fail("state", do+", or set MINA_STATE_DIR", "%s cannot write to %s: %v%s", whoAmI(), folder, reason(err), owner(existing)))
			continue
		}
		checks = append(checks, ok("state", "%s can be written to", folder))
		free, err := directory.Free(existing)
		switch room := float64(free); {
		case err != nil:
		case room < tight:
			checks = append(checks, fail("disk", "make room, or set MINA_STATE_DIR", "%s are free at %s", cli.Bytes(room), existing))
		case room < queues:
			checks = append(checks, warn("disk", "set MINA_QUEUE_BYTES to less, or make room", "%s are free at %s, and queues may take %s", cli.Bytes(room), existing, cli.Bytes(queues)))
		default:
			checks = append(checks, ok("disk", "%s are free at %s, and queues may take %s", cli.Bytes(room), existing, cli.Bytes(queues)))
		}
	}
	return checks
}

// queues returns how much the queues on disk may take: one for each pipeline behind fanout.
func (e *examination) queues() float64 {
	var all float64
	pipelines := e.config.Section("service", "pipelines")
	for _, id := range pipelines.Keys() {
		for _, receiver := range pipelines.Section(id).Texts("receivers") {
			if size, ok := e.config.Section("connectors", receiver)["queue_bytes"].(int); ok {
				all += float64(size)
			}
		}
	}
	return all
}

// writable writes a file into a folder, or, if that is not there, into what it would be made
// in, and takes it away again. It returns the folder that it has tried.
func writable(folder string) (string, error) {
	for parent := filepath.Dir(folder); parent != folder; parent = filepath.Dir(folder) {
		if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
			break
		}
		folder = parent
	}
	file, err := os.CreateTemp(folder, ".mina-doctor-")
	if err != nil {
		return folder, err
	}
	return folder, errors.Join(file.Close(), os.Remove(file.Name()))
}
