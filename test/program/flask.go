package program

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
)

// Flask is the running example application, which prints its log.
type Flask struct {
	*Process
	// URL is its base URL.
	URL string
}

// StartFlask starts the example application under gunicorn with two workers, and returns
// when it answers. Further variables are set as NAME=value.
func StartFlask(env ...string) (*Flask, error) {
	_, port, err := net.SplitHostPort(FreeAddress())
	if err != nil {
		return nil, err
	}
	gunicorn := exec.Command("/usr/bin/gunicorn", "--bind", "127.0.0.1:"+port, "--access-logfile", "-", "main:app")
	gunicorn.Dir = filepath.Join(Root(), "examples", "flask")
	gunicorn.Env = append(append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1", "WEB_CONCURRENCY=2"), env...)
	process, err := Start(gunicorn)
	if err != nil {
		return nil, err
	}
	f := &Flask{Process: process, URL: "http://127.0.0.1:" + port}
	if err := f.Await(readyDeadline, f.healthy); err != nil {
		f.Stop()
		return nil, err
	}
	return f, nil
}

func (f *Flask) healthy() bool {
	response, err := http.Get(f.URL + "/healthz")
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}
