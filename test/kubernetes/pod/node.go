package pod

import (
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// node is a node's folder of logs, as the kubelet and the container runtimes write it.
type node struct{ pods, docker string }

func newNode(folder string) (*node, error) {
	n := &node{pods: filepath.Join(folder, "var", "log", "pods"), docker: filepath.Join(folder, "var", "lib", "docker", "containers")}
	for _, folder := range []string{n.pods, n.docker} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// log is where the container of a pod writes, after some restarts.
func (n *node) log(namespace, pod, container string, restarts int) string {
	return filepath.Join(n.pods, namespace+"_"+pod+"_"+uid, container, fmt.Sprintf("%d.log", restarts))
}

// uid is that of every pod.
const uid = "0f8fad5b-d9cb-469f-a165-70867728950e"

// write appends lines as containerd and CRI-O do. One that is longer than 40 bytes comes
// in parts.
func (n *node) write(path string, lines ...string) error {
	var text strings.Builder
	for _, line := range lines {
		stamp := time.Now().UTC().Format("2006-01-02T15:04:05.000000000Z")
		for len(line) > 40 {
			fmt.Fprintf(&text, "%s stdout P %s\n", stamp, line[:40])
			line = line[40:]
		}
		fmt.Fprintf(&text, "%s stdout F %s\n", stamp, line)
	}
	return appendTo(path, text.String())
}

// writeDocker appends lines as docker does, to whose log the kubelet's name is a link.
func (n *node) writeDocker(path string, lines ...string) error {
	id := strings.Repeat("ab", 32)
	target := filepath.Join(n.docker, id, id+"-json.log")
	var text strings.Builder
	for _, line := range lines {
		fmt.Fprintf(&text, `{"log":%q,"stream":"stdout","time":%q}`+"\n", line+"\n", time.Now().UTC().Format(time.RFC3339Nano))
	}
	if err := appendTo(target, text.String()); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.Symlink(target, path)
}

// rotate does what the kubelet does with a log that got too long: it gets another name,
// and is compressed, under yet another name until that is done.
func (n *node) rotate(path string) error {
	rotated := path + "." + time.Now().UTC().Format("20060102-150405")
	if err := os.Rename(path, rotated); err != nil {
		return err
	}
	if err := appendTo(path, ""); err != nil {
		return err
	}
	text, err := os.ReadFile(rotated)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(rotated+".tmp", os.O_CREATE|os.O_WRONLY, 0o640)
	if err != nil {
		return err
	}
	defer file.Close()
	compressor := gzip.NewWriter(file)
	if _, err := compressor.Write(text); err != nil {
		return err
	}
	if err := compressor.Close(); err != nil {
		return err
	}
	if err := os.Rename(rotated+".tmp", rotated+".gz"); err != nil {
		return err
	}
	return os.Remove(rotated)
}

// appendTo writes with the rights that logs of containers have: root's, and its group's.
func appendTo(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o640)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = file.WriteString(text)
	return err
}
