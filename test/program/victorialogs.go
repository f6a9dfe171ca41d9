package program

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// VictoriaLogs is a running VictoriaLogs.
type VictoriaLogs struct {
	*Process
	// URL is its base URL.
	URL string

	path      string
	arguments []string
}

// ErrNoVictoriaLogs says that there is no VictoriaLogs to run.
var ErrNoVictoriaLogs = errors.New("_build/victoria-logs has not been built: make _build/victoria-logs")

// HasVictoriaLogs reports that there is none.
func HasVictoriaLogs() error {
	_, err := victoriaLogs()
	return err
}

// victoriaLogs returns the path of the program.
func victoriaLogs() (string, error) {
	path := filepath.Join(Root(), "_build", "victoria-logs")
	if _, err := os.Stat(path); err != nil {
		return "", ErrNoVictoriaLogs
	}
	return path, nil
}

// StartVictoriaLogs starts the VictoriaLogs that has been built with its records in a
// directory, and returns when it answers.
func StartVictoriaLogs(directory, address string, flags ...string) (*VictoriaLogs, error) {
	path, err := victoriaLogs()
	if err != nil {
		return nil, err
	}
	v := &VictoriaLogs{URL: "http://" + address, path: path, arguments: append([]string{
		"-storageDataPath=" + directory, "-httpListenAddr=" + address, "-loggerLevel=WARN",
		"-retentionPeriod=100y", "-memory.allowedBytes=32MiB", "-inmemoryDataFlushInterval=1s",
	}, flags...)}
	return v, v.Restart()
}

// Restart starts it again after it has ended, and returns when it answers.
func (v *VictoriaLogs) Restart() (err error) {
	if v.Process, err = Start(exec.Command(v.path, v.arguments...)); err != nil {
		return err
	}
	if err := v.Await(readyDeadline, func() bool { return v.get("/health") == nil }); err != nil {
		v.Kill()
		return err
	}
	return nil
}

// passing keeps no connection, whose goroutines a test would have to wait for.
var passing = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// Load stores records, an object in JSON a line. They can be found when it returns.
func (v *VictoriaLogs) Load(lines string) error {
	if err := v.Insert(lines); err != nil {
		return err
	}
	return v.get("/internal/force_flush")
}

// Insert stores records, which can be found as soon as they can in operation.
func (v *VictoriaLogs) Insert(lines string) error {
	response, err := passing.Post(v.URL+"/insert/jsonline?_stream_fields=service.name,host.name,scope.name", "application/stream+json", strings.NewReader(lines))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("VictoriaLogs has answered %s", response.Status)
	}
	return nil
}

func (v *VictoriaLogs) get(path string) error {
	response, err := passing.Get(v.URL + path)
	if err != nil {
		return err
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("VictoriaLogs has answered %s", response.Status)
	}
	return nil
}
