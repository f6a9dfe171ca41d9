package pytrace

import (
	"bytes"
	"strings"
)

// Exception is one exception of a traceback.
type Exception struct {
	// Module and Type are its class: requests.exceptions and HTTPError. A builtin
	// class has no module; an exception that was cut off has no type.
	Module string `json:"module,omitempty"`
	Type   string `json:"type"`
	// Value is its text, with the notes below it.
	Value string `json:"value,omitempty"`
	// Frames are from caller to callee.
	Frames []Frame `json:"frames,omitempty"`
	// Before is the exception that led to this one, and Cause says that it was given
	// as its cause (raise … from …).
	Before *Exception `json:"before,omitempty"`
	Cause  bool       `json:"cause,omitempty"`
	// Group holds the exceptions of an exception group.
	Group []*Exception `json:"group,omitempty"`
}

// Frame is one call.
type Frame struct {
	Path     string `json:"path"`
	Line     int    `json:"line"`
	Function string `json:"function,omitempty"`
	// Source is the line of the program, without its indentation.
	Source string `json:"source,omitempty"`
}

// Application reports whether a call is of the application, and not of Python or of what is
// installed.
func (f *Frame) Application() bool { return isApplication([]byte(f.Path)) }

// Module is the name by which Python has imported the file, as far as its path tells it:
// services.ids.
func (f *Frame) Module() string { return moduleOf([]byte(f.Path)) }

// File is the path of the file from where its module is named: services/ids.py.
func (f *Frame) File() string {
	if strings.HasPrefix(f.Path, "<") {
		return f.Path
	}
	return f.Path[modulesBegin([]byte(f.Path)):]
}

// maxFrames is how many frames are kept of an exception: half of them from each end. It
// is what Sentry shows.
const maxFrames = 250

func (e *Exception) addFrame(f Frame) {
	e.Frames = append(e.Frames, f)
	if len(e.Frames) > 2*maxFrames {
		e.leaveOutTheMiddle()
	}
}

func (e *Exception) leaveOutTheMiddle() {
	if len(e.Frames) > maxFrames {
		e.Frames = append(e.Frames[:maxFrames/2], e.Frames[len(e.Frames)-maxFrames/2:]...)
	}
}

// repeatFrame adds the last frame again, as often as Python has left it out.
func (e *Exception) repeatFrame(times int) {
	if len(e.Frames) == 0 {
		return
	}
	last := e.Frames[len(e.Frames)-1]
	for range min(times, maxFrames) {
		e.addFrame(last)
	}
}

// addSource gives the last frame its line of the program. What else stands below a
// frame, markers and the rest of a long expression, is left out.
func (e *Exception) addSource(line []byte) {
	if last := len(e.Frames) - 1; last >= 0 && e.Frames[last].Source == "" {
		e.Frames[last].Source = string(bytes.TrimSpace(line))
	}
}

// isNothing reports whether nothing has been read of the exception itself.
func (e *Exception) isNothing() bool {
	return e.Type == "" && len(e.Frames) == 0 && len(e.Group) == 0
}

// splitClass splits what Python prints for a class into its module and its qualified
// name, which begins, as far as can be told, at the function or the class that the
// class is in: a.b.load.<locals>.Missing, a.b.Store.Missing.
func splitClass(name string) (module, class string) {
	parts := strings.Split(name, ".")
	begin := len(parts) - 1
	for i, part := range parts {
		if first := strings.TrimLeft(part, "_"); first != "" && first[0] >= 'A' && first[0] <= 'Z' {
			begin = i
			break
		}
		if i+1 < len(parts) && parts[i+1] == "<locals>" {
			begin = i
			break
		}
	}
	return strings.Join(parts[:begin], "."), strings.Join(parts[begin:], ".")
}
