package engine

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"go.opentelemetry.io/collector/config/configopaque"
)

// StopGrace is how long an engine may take to write what it has, and end.
const StopGrace = 10 * time.Second

// FlushInterval is how often the engine writes to the disk. It is the least that it takes.
const FlushInterval = time.Second

// user is whose password the engine asks for.
const user = "mina"

// Settings say how an engine is run.
type Settings struct {
	// Path is the program, or "" for the one beside this executable.
	Path string
	// Address is where it listens.
	Address string
	// RetentionDays is for how many days it keeps records.
	RetentionDays int
	// FreeBytes is how much room it leaves on the disk.
	FreeBytes int64
	// MemoryMiB is how much memory it may use.
	MemoryMiB int
}

// Process is an engine that was started.
type Process struct {
	// Ended is closed when it has ended.
	Ended <-chan struct{}

	address  string
	password configopaque.String
	cmd      *exec.Cmd
	death    Death
}

// Start starts an engine on the directory. The error is a Problem, or why the system does
// not let us.
func (d *Directory) Start(s Settings) (*Process, error) {
	if runtime.GOOS == "windows" {
		return nil, &Problem{Reason: "no VictoriaLogs is run on Windows", Action: "name one that runs elsewhere with endpoint"}
	}
	program, err := find(s.Path)
	if err != nil {
		return nil, err
	}
	if err := d.endOrphan(); err != nil {
		return nil, err
	}
	if err := checkPort(s.Address); err != nil {
		return nil, err
	}
	password, err := d.newPassword()
	if err != nil {
		return nil, err
	}
	cmd := command(program, d.flags(s))
	// What the collector's environment holds, such as keys of vendors, is none of its business.
	cmd.Env = []string{fmt.Sprintf("GOMEMLIMIT=%dMiB", s.MemoryMiB)}
	return d.run(&Process{address: s.Address, password: password, cmd: cmd})
}

func (d *Directory) run(p *Process) (*Process, error) {
	log := journal{path: d.Log()}
	output, begin, err := log.open()
	if err != nil {
		return nil, err
	}
	defer output.Close()
	p.cmd.Stdout, p.cmd.Stderr = output, output
	started, ended := make(chan error), make(chan struct{})
	p.Ended = ended
	go func() {
		// The child is asked to end when the thread ends that has started it.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := p.cmd.Start()
		started <- err
		if err != nil {
			return
		}
		_ = p.cmd.Wait() // the state says how
		printed, _ := log.since(begin)
		p.death = deathOf(p.cmd.ProcessState, printed)
		close(ended)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	if err := os.WriteFile(d.file(pidFile), []byte(strconv.Itoa(p.cmd.Process.Pid)), 0o600); err != nil {
		p.Stop()
		return nil, err
	}
	return p, nil
}

// flags are those of VictoriaLogs v1.52.1.
func (d *Directory) flags(s Settings) []string {
	return []string{
		"-storageDataPath=" + d.Data(),
		"-httpListenAddr=" + s.Address,
		"-httpAuth.username=" + user,
		"-httpAuth.password=file://" + d.file(passwordFile),
		"-http.disableCORS",
		"-defaultMsgValue=", // a record without a message has none
		fmt.Sprintf("-retentionPeriod=%dd", s.RetentionDays),
		"-futureRetention=2d",
		fmt.Sprintf("-storage.minFreeDiskSpaceBytes=%d", s.FreeBytes),
		fmt.Sprintf("-inmemoryDataFlushInterval=%s", FlushInterval),
		// Of a limit of 160 MiB, a fifth for caches leaves room for ingestion and queries.
		fmt.Sprintf("-memory.allowedBytes=%dMiB", max(1, s.MemoryMiB/5)),
		"-search.maxConcurrentRequests=4",
		"-search.maxQueryDuration=30s",
		"-delete.enable",
		// A record that is too old is printed as a warning, each.
		"-loggerLevel=WARN", "-loggerMaxArgLen=500", "-loggerWarnsPerSecondLimit=10", "-loggerErrorsPerSecondLimit=10",
	}
}

// newPassword makes a password, and writes it to where only this user reads it.
func (d *Directory) newPassword() (configopaque.String, error) {
	password := rand.Text()
	if err := os.RemoveAll(d.file(passwordFile)); err != nil {
		return "", err
	}
	return configopaque.String(password), os.WriteFile(d.file(passwordFile), []byte(password), 0o600)
}

// Rotate keeps what the engine prints within its bounds.
func (d *Directory) Rotate() error { return journal{path: d.Log()}.rotate() }

// Authorize directs a request to the engine, with its password.
func (p *Process) Authorize(request *http.Request) {
	request.URL.Scheme, request.URL.Host, request.Host = "http", p.address, ""
	request.SetBasicAuth(user, string(p.password))
}

// Death returns how the engine has ended, once it has.
func (p *Process) Death() Death {
	<-p.Ended
	return p.death
}

// Stop has the engine write what it has and end, or, if it does not, kills it.
func (p *Process) Stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.Ended:
	case <-time.After(StopGrace):
		_ = p.cmd.Process.Kill()
		<-p.Ended
	}
}
