package pytrace

import (
	"bytes"
	"iter"
	"slices"
	"strings"
)

// A traceback has the path of a file, and not the name by which Python has imported it.
// That name is what is behind one of these:
//
//   - Python's own library, or site-packages and what is like it;
//   - the directory of the project, which is the first one of an absolute path (/app) or,
//     where that one is known to hold projects, the next (/srv/mina, /home/ben/mina);
//   - a directory further down that is no package, since its name is no identifier
//     (mina-2026-11), or which is a release's (releases/123) or the source's (src).
//
// It depends on nothing but the path, so that a call has one name in all tracebacks.

// isApplication reports whether a file is the application's own: neither Python's nor
// installed beside it, nor the script of an installed program.
func isApplication(path []byte) bool {
	return len(path) > 0 && path[0] != '<' && libraryEnd(path) == 0 && !isProgram(path)
}

// moduleOf returns the name of the module in a file: services.ids.
func moduleOf(path []byte) string {
	if name, isFrozen := bytes.CutPrefix(path, []byte("<frozen ")); isFrozen {
		return string(bytes.TrimSuffix(name, []byte(">")))
	}
	if bytes.HasPrefix(path, []byte("<")) {
		return string(path) // <string>
	}
	begin := modulesBegin(path)
	var name []byte
	file := begin
	for dir, behind := range directories(path) {
		if behind > begin {
			name = append(append(name, dir...), '.')
			file = behind
		}
	}
	name = append(name, stem(bytes.TrimLeft(path[file:], `/\`))...)
	return string(bytes.TrimSuffix(name, []byte(".__init__")))
}

// modulesBegin returns where in a path Python has begun to look for modules.
func modulesBegin(path []byte) int {
	if end := libraryEnd(path); end > 0 {
		return end
	}
	return projectEnd(path)
}

// stem returns the name of a file without the extension of Python's.
func stem(file []byte) []byte {
	for _, extension := range []string{".py", ".pyc", ".pyw", ".pyx"} {
		if stem, ok := bytes.CutSuffix(file, []byte(extension)); ok {
			return stem
		}
	}
	return file
}

// directories yields the directories of a path, and where what is in them begins.
func directories(path []byte) iter.Seq2[[]byte, int] {
	return func(yield func([]byte, int) bool) {
		for at := 0; ; {
			dir, behind := directory(path, at)
			if len(dir) == 0 || !yield(dir, behind) {
				return
			}
			at = behind
		}
	}
}

// directory returns the directory that is named at a place of a path, and where what is in
// it begins. The last name is a file's.
func directory(path []byte, at int) (dir []byte, behind int) {
	begin := at
	for begin < len(path) && isSeparator(path[begin]) {
		begin++
	}
	for i := begin; i < len(path); i++ {
		if isSeparator(path[i]) {
			return path[begin:i], i + 1
		}
	}
	return nil, begin
}

func isSeparator(c byte) bool { return c == '/' || c == '\\' }

// libraryEnd returns where the modules begin in a path to what is installed, or 0.
func libraryEnd(path []byte) (end int) {
	isWindows := bytes.IndexByte(path, '\\') >= 0
	var above []byte
	inPython := false
	for dir, behind := range directories(path) {
		switch {
		case isInstalled(dir), isLib(above) && isPython(dir), inPython && bytes.EqualFold(dir, []byte("Lib")):
			end = behind
		}
		inPython = inPython || isWindows && isWindowsPython(dir)
		above = dir
	}
	return end
}

func isInstalled(dir []byte) bool {
	switch string(dir) {
	case "site-packages", "dist-packages", "lib-python", "lib_pypy":
		return true
	}
	for _, archive := range []string{".egg", ".whl", ".exe"} {
		if bytes.HasSuffix(dir, []byte(archive)) {
			return true
		}
	}
	return bytes.HasPrefix(dir, []byte("python3")) && bytes.HasSuffix(dir, []byte(".zip"))
}

func isLib(dir []byte) bool { return string(dir) == "lib" || string(dir) == "lib64" }

// isPython tells python3, python3.12 and pypy3.10, which are in lib.
func isPython(dir []byte) bool {
	version, ok := bytes.CutPrefix(dir, []byte("python3"))
	if !ok {
		version, ok = bytes.CutPrefix(dir, []byte("pypy3"))
	}
	return ok && (len(version) == 0 || version[0] == '.')
}

// isWindowsPython tells a directory that Python is in on Windows, with its library in Lib:
// Python312, Anaconda3, and the store's PythonSoftwareFoundation.Python.3.12_….
func isWindowsPython(dir []byte) bool {
	name := bytes.ToLower(dir)
	version, ok := bytes.CutPrefix(name, []byte("python"))
	return ok && len(bytes.Trim(version, "0123456789.-")) == 0 ||
		bytes.HasSuffix(name, []byte("conda3")) || bytes.HasPrefix(name, []byte("pythonsoftwarefoundation."))
}

// isProgram tells the script that starts an installed program: /usr/local/bin/gunicorn.
func isProgram(path []byte) bool {
	var last []byte
	file := path
	for dir, behind := range directories(path) {
		last, file = dir, path[behind:]
	}
	return (string(last) == "bin" || string(last) == "Scripts") && bytes.IndexByte(file, '.') < 0
}

// projectEnd returns where the modules begin in a path to a file of the application.
func projectEnd(path []byte) (end int) {
	if isAbsolute(path) {
		end = rootEnd(path)
	}
	isRelease := false
	for dir, behind := range directories(path) {
		if behind > end && (isRelease || isNoPackage(dir)) {
			end = behind
		}
		isRelease = string(dir) == "releases"
	}
	return end
}

func isAbsolute(path []byte) bool {
	return len(path) > 0 && isSeparator(path[0]) || isDrive(path)
}

func isDrive(path []byte) bool { return len(path) > 1 && path[1] == ':' }

// holders are directories that have projects in them, and how many names lead to these.
var holders = map[string]int{
	"srv": 1, "opt": 1, "mnt": 1, "media": 1, "data": 1, "tmp": 1, "root": 1, "deploy": 1,
	"www": 1, "apps": 1, "sites": 1, "projects": 1, "workspaces": 1,
	"program files": 1, "program files (x86)": 1, "programdata": 1,
	"home": 2, "users": 2, "usr": 2, "var": 2, "inetpub": 2,
}

// shelves are what may be between a holder and the projects.
var shelves = []string{"apps", "sites", "www", "projects", "repos", "repositories", "pycharmprojects", "documents", "desktop"}

// rootEnd returns where what is in the directory of the project begins in an absolute path.
func rootEnd(path []byte) (end int) {
	if lambda := "/var/task/"; bytes.HasPrefix(path, []byte(lambda)) {
		return len(lambda)
	}
	if bytes.HasPrefix(path, []byte(`\\`)) { // \\host\share\, \\?\C:\
		_, end = directory(path, end)
		_, end = directory(path, end)
	} else if isDrive(path) {
		_, end = directory(path, end)
	}
	dir, behind := directory(path, end)
	for range holders[strings.ToLower(string(dir))] {
		end = behind
		dir, behind = directory(path, end)
	}
	for end > 0 && slices.Contains(shelves, strings.ToLower(string(dir))) {
		dir, behind = directory(path, behind)
	}
	return behind
}

// isNoPackage tells a directory that no module is imported from by its name.
func isNoPackage(dir []byte) bool {
	switch string(dir) {
	case "src", "current", "releases":
		return true
	}
	return identifierEnd(dir) < len(dir) || bytes.IndexByte(dir, '-') >= 0 || isRevision(dir)
}

// isRevision tells the id of a commit.
func isRevision(dir []byte) bool {
	const shortest = 7
	return len(dir) >= shortest && len(bytes.Trim(dir, "0123456789abcdef")) == 0 && bytes.ContainsAny(dir, "0123456789")
}
