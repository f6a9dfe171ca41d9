package transition

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"text/template"
	"time"

	"github.com/mina-observability/otelcol-mina/internal/truncate"
)

const (
	// longestTemplate is how long a template may be, and longestText what it writes.
	longestTemplate = 4096
	longestText     = 1024
)

// text is a label or an annotation.
type text struct {
	name string
	// lasting says that it may not say what changes while an alert lasts.
	lasting  bool
	template *template.Template
}

// parse reads the template of a text. It is tried at once, so that what it cannot say is
// known before there is an alert.
func (w *Writer) parse(t text, body string) (text, error) {
	if len(body) > longestTemplate {
		return t, fmt.Errorf("must be %d bytes at most (got %d)", longestTemplate, len(body))
	}
	var err error
	if t.template, err = template.New("").Funcs(w.functions(t, Moment{})).Parse(body); err != nil {
		return t, plain(err)
	}
	if len(t.template.Templates()) > 1 {
		return t, errors.New("define is not possible here")
	}
	if t.template.Tree != nil { // there is none of nothing
		check := checker{root: reflect.TypeOf(w.words(t, Moment{})), groupBy: w.facts.GroupBy}
		if err := check.node(t.template.Root, check.root); err != nil {
			return t, err
		}
	}
	for _, sample := range w.samples() {
		if _, err := w.execute(t, sample); err != nil {
			return t, plain(err)
		}
	}
	return t, nil
}

// samples are moments such as there will be.
func (w *Writer) samples() []Moment {
	at := time.Unix(1_700_000_000, 0)
	known := Moment{Value: float64(w.facts.Threshold + 1), First: at, Last: at, Example: sampleRecord()}
	for _, name := range w.facts.GroupBy {
		known.Group = append(known.Group, Label{name, "example"})
	}
	return []Moment{known, {}}
}

// write returns what a text says of a moment, and of one that it cannot say why.
func (w *Writer) write(t text, m Moment) string {
	written, err := w.execute(t, m)
	if err != nil {
		written = "cannot be written: " + plain(err).Error()
	}
	return truncate.Text(strings.ToValidUTF8(written, ""), longestText)
}

func (w *Writer) execute(t text, m Moment) (string, error) {
	if t.template.Tree == nil {
		return "", nil
	}
	bound, err := t.template.Clone()
	if err != nil {
		return "", err
	}
	var page page
	err = bound.Funcs(w.functions(t, m)).Execute(&page, w.words(t, m))
	if errors.Is(err, errFull) {
		err = nil
	}
	return page.String(), err
}

// page takes a little more than the longest text.
type page struct{ bytes.Buffer }

var errFull = errors.New("the text is long enough")

func (p *page) Write(part []byte) (int, error) {
	if p.Len() > longestText {
		return 0, errFull
	}
	return p.Buffer.Write(part[:min(len(part), longestText+1-p.Len())])
}

// plain returns an error of a template without the template's name, which the key says.
func plain(err error) error {
	message := strings.TrimPrefix(err.Error(), "template: ")
	message = strings.ReplaceAll(message, `executing "" `, "")
	return errors.New(strings.TrimPrefix(message, ":"))
}
