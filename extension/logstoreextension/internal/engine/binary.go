package engine

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// name is what the program is called.
const name = "victoria-logs"

// find returns the program that is configured, or else the one beside this executable, or
// else the one of PATH.
func find(path string) (string, error) {
	if path != "" {
		program, err := exec.LookPath(path)
		if err != nil {
			return "", &Problem{
				Reason: fmt.Sprintf("path %q is no program: %s", path, withoutPath(err)),
				Action: "name the program victoria-logs with path, or leave path out and put it beside the collector",
			}
		}
		return filepath.Abs(program)
	}
	executable, err := os.Executable()
	if err != nil {
		return "", err
	}
	beside := filepath.Join(filepath.Dir(executable), name)
	for _, candidate := range []string{beside, name} {
		if program, err := exec.LookPath(candidate); err == nil {
			return filepath.Abs(program)
		}
	}
	return "", &Problem{
		Reason: fmt.Sprintf("there is no program %s: looked for %s and in PATH", name, beside),
		Action: "put it there (make build makes it as _build/victoria-logs), name it with path, or set endpoint to a VictoriaLogs that runs already",
	}
}

// withoutPath leaves out what the message around an error says already.
func withoutPath(err error) error {
	var execution *exec.Error
	if errors.As(err, &execution) {
		err = execution.Err
	}
	var path *os.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return err
}
