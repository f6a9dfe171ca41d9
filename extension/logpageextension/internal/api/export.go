package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/engine"
)

const (
	// exportPage is how many records are read at once.
	exportPage = 5000
	// maxExports bounds how many are written at once: each keeps the store busy.
	maxExports = 4
)

var errManyExports = &Failure{Status: http.StatusServiceUnavailable, Message: "Too many exports are being written.", Do: "Wait until one of them has ended."}

// format writes records of an export.
type format interface {
	// begin returns what stands before the records.
	begin() []byte
	// record returns a record, whose values have the store's names.
	record(values map[string]string) []byte
}

// export writes all records of a search into a file, newest first.
func (a *API) export(w http.ResponseWriter, r *http.Request) {
	p := a.read(r)
	q, err := p.query()
	if err != nil {
		a.fail(w, r, err)
		return
	}
	select {
	case a.exports <- struct{}{}:
		defer func() { <-a.exports }()
	default:
		errManyExports.Write(w)
		return
	}
	name, media := p.Get("format"), "application/x-ndjson"
	var to format = jsonLines{}
	switch name {
	case "", "jsonl":
		name = "jsonl"
	case "csv":
		media = "text/csv; charset=utf-8"
		to, err = a.table(r.Context(), q, p.Get("cols"))
	default:
		err = bad("format has to be jsonl or csv.", "Correct the address.")
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	header := func() {
		const stamp = "20060102T150405Z"
		w.Header().Set("Content-Type", media)
		w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="logs-%s-%s.%s"`, q.From.Format(stamp), q.To.Format(stamp), name))
	}
	if r.Method == http.MethodHead {
		header()
		return
	}
	if err := a.writeAll(r.Context(), w, q, to, header); err != nil {
		panic(http.ErrAbortHandler) // the only way to say that a file has not ended
	}
}

// writeAll writes the records page by page. What goes wrong before the first is said.
func (a *API) writeAll(ctx context.Context, w http.ResponseWriter, q engine.Query, to format, header func()) error {
	control := http.NewResponseController(w)
	text := to.begin()
	var after *position
	for isFirst := true; isFirst || after != nil; isFirst = false {
		found, next, err := a.newest(ctx, q, after, exportPage)
		switch {
		case err != nil && isFirst:
			a.failure(err).Write(w)
			return nil
		case err != nil:
			return err
		case isFirst:
			header()
		}
		for _, r := range found {
			r.Fields["_time"], r.Fields["_msg"] = r.Time, r.Body
			text = append(text, to.record(r.Fields)...)
		}
		if err := send(w, control, text); err != nil {
			return err
		}
		text, after = text[:0], next
	}
	return nil
}

// jsonLines writes an object a line, as the store takes them, too.
type jsonLines struct{}

func (jsonLines) begin() []byte { return nil }

func (jsonLines) record(values map[string]string) []byte {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(values) // texts can always be written
	return line.Bytes()
}

// table writes a line a record, with the same columns in each.
type table struct{ columns []string }

// firstColumns are those that one looks at first.
var firstColumns = []string{"_time", "severity_text", "scope.name", "_msg"}

// table returns a table of the columns that are asked for, or of all fields.
func (a *API) table(ctx context.Context, q engine.Query, columns string) (table, error) {
	if columns != "" {
		return table{strings.Split(columns, ",")}, nil
	}
	q.Pipes = "| field_names"
	rows, err := a.store.Rows(ctx, q)
	var others []string
	for _, row := range rows {
		if name := row["name"]; !slices.Contains(firstColumns, name) && !slices.Contains(ofTheStore, name) {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	return table{append(slices.Clone(firstColumns), others...)}, err
}

func (t table) begin() []byte {
	names := make(map[string]string, len(t.columns))
	for _, name := range t.columns {
		names[name] = name
	}
	return t.record(names)
}

func (t table) record(values map[string]string) []byte {
	cells := make([]string, len(t.columns))
	for i, name := range t.columns {
		cells[i] = harmless(values[name])
	}
	return csvLine(cells)
}

func csvLine(cells []string) []byte {
	var line bytes.Buffer
	w := csv.NewWriter(&line)
	_ = w.Write(cells) // a buffer takes everything
	w.Flush()
	return line.Bytes()
}

// beginFormulas are signs that a formula may begin with, also of full width, and what may
// stand in front of one.
const beginFormulas = "=+-@\t\r\n＝＋－＠"

// harmless returns a cell that no spreadsheet takes for a formula. What is logged may be
// what an attacker has sent.
func harmless(cell string) string {
	first, _ := utf8.DecodeRuneInString(cell)
	if !strings.ContainsRune(beginFormulas, first) {
		return cell
	}
	if _, err := strconv.ParseFloat(cell, 64); err == nil {
		return cell
	}
	return "'" + cell
}
