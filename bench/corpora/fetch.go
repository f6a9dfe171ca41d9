package corpora

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Module returns the folder of a Go module, which is downloaded if it is not there.
func Module(version string) (dir string, err error) {
	out, err := exec.Command("go", "mod", "download", "-json", version).Output()
	var module struct{ Dir, Error string }
	if jsonErr := json.Unmarshal(out, &module); jsonErr != nil && err == nil {
		err = jsonErr
	}
	if err != nil || module.Error != "" {
		return "", fmt.Errorf("go mod download %s: %w %s", version, err, module.Error)
	}
	return module.Dir, nil
}

// debian unpacks a Debian package into a new folder, which the caller removes.
func debian(name string) (dir string, err error) {
	if dir, err = os.MkdirTemp("", "mina-corpora-"); err != nil {
		return "", err
	}
	download := exec.Command("sh", "-c", `apt-get download "$0" && dpkg-deb -x "$0"_*.deb .`, name)
	download.Dir = dir
	if out, err := download.CombinedOutput(); err != nil {
		_ = os.RemoveAll(dir)
		return "", fmt.Errorf("apt-get download %s: %w: %s", name, err, out)
	}
	return dir, nil
}

// files returns the texts of the regular files below a folder that match a pattern.
func files(dir, pattern string) (texts map[string]string, err error) {
	paths, err := filepath.Glob(filepath.Join(dir, pattern))
	if err == nil && len(paths) == 0 {
		err = fmt.Errorf("there is no %s in %s", pattern, dir)
	}
	texts = map[string]string{}
	for _, path := range paths {
		if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		texts[filepath.Base(path)] = string(text)
	}
	return texts, err
}
