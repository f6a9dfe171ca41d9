package main

import (
	"bytes"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// question is a row of the document: a command of jq, and what to ask the page for.
type question struct {
	name, jq, path string
	parameters     url.Values
}

// newestPage is how many records the page shows first.
const newestPage = "200"

// documented are the questions of docs/search.md, about the day of the log.
func documented() (all []question, err error) {
	text, err := os.ReadFile(filepath.Join(program.Root(), "docs", "search.md"))
	if err != nil {
		return nil, err
	}
	row := regexp.MustCompile("(?m)^\\| ([^|]+) \\| `(jq [^`]+) app\\.log` \\| \\[[^\\]]+\\]\\(http://localhost:8320/#/([^)]+)\\)")
	day := strings.NewReplacer("2025-10-01", yesterday().Format(time.DateOnly), "2025-10-02", yesterday().AddDate(0, 0, 1).Format(time.DateOnly), `\|`, "|")
	for _, cells := range row.FindAllStringSubmatch(string(text), -1) {
		q := question{name: cells[1], jq: day.Replace(cells[2])}
		path, query, _ := strings.Cut(day.Replace(cells[3]), "?")
		if q.parameters, err = url.ParseQuery(query); err != nil {
			return nil, err
		}
		q.path = "/api/records"
		if id, isRequest := strings.CutPrefix(path, "request/"); isRequest {
			q.path = "/api/requests/" + id
		}
		q.parameters.Set("limit", newestPage)
		all = append(all, q)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("docs/search.md has no questions")
	}
	return all, nil
}

// questions compares the page with jq on the same records.
func (b *bench) questions() error {
	all, err := documented()
	if err != nil {
		return err
	}
	log := filepath.Join(b.dir, "app.log")
	from := yesterday().Add(12 * time.Hour)
	file, err := os.Create(log)
	if err != nil {
		return err
	}
	if err = writeLines(file, b.records, from, from.Add(6*time.Hour)); err == nil {
		err = file.Close()
	}
	if err != nil {
		return err
	}
	p, err := newPage(b.dir, func(to io.Writer) error { return copyFile(to, log) })
	if err != nil {
		return err
	}
	defer p.stop()
	if err := p.disk(log, b.records); err != nil {
		return err
	}
	return b.compare(p, all, log)
}

func (b *bench) compare(p *page, all []question, log string) error {
	fmt.Printf("\n| | records | jq s | page ms | engine ms | page over engine ms | jq / page |\n|---|---:|---:|---:|---:|---:|---:|\n")
	slowest, own, timeline := 0.0, time.Duration(0), time.Duration(0)
	for _, q := range all {
		found, spent, err := q.askJQ(log)
		if err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
		var answer struct {
			Records []struct{} `json:"records"`
		}
		l, err := p.ask(b.rounds, q.path, q.parameters, &answer)
		if err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
		if shown := len(answer.Records); shown != min(found, 200) {
			return fmt.Errorf("%s: jq finds %d records, and the page shows %d", q.name, found, shown)
		}
		slowest, own = max(slowest, l.whole.Seconds()/spent.Seconds()), max(own, l.own())
		if q.path != "/api/records" {
			timeline = l.whole
		}
		fmt.Printf("| %s | %d | %.1f | %.1f | %.1f | %.1f | %.0f |\n", q.name, found, spent.Seconds(), ms(l.whole), ms(l.engine), ms(l.own()), spent.Seconds()/l.whole.Seconds())
	}
	var newest struct{}
	l, err := p.ask(b.rounds, "/api/records", url.Values{"from": {"now-7d"}, "limit": {newestPage}}, &newest)
	if err != nil {
		return err
	}
	fmt.Printf("| newest %s | | | %.1f | %.1f | %.1f | |\n\n", newestPage, ms(l.whole), ms(l.engine), ms(l.own()))
	itself, err := p.askEngine(b.rounds)
	if err != nil {
		return err
	}
	fmt.Printf("the newest %s in the engine's own way: %.1f ms; the timeline takes %.2f of what the page takes for them\n", newestPage, ms(itself), timeline.Seconds()/l.whole.Seconds())
	for _, path := range []string{"/api/volume", "/api/facets", "/api/exceptions", "/api/slow"} {
		l, err := p.ask(b.rounds, path, url.Values{"from": {"now-7d"}}, &newest)
		if err != nil {
			return err
		}
		fmt.Printf("%s: %.1f ms, of it the engine %.1f ms\n", path, ms(l.whole), ms(l.engine))
	}
	goal("hundred times the page's time, of jq's", 100*slowest, 1)
	goal("a timeline, of the engine's newest 200", timeline.Seconds()/itself.Seconds(), 0.2)
	goal("the page over its engine's answer, ms", ms(max(own, l.own())), 15)
	return nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// askJQ has jq answer on the file, and returns how many records it has found.
func (q *question) askJQ(log string) (found int, took time.Duration, err error) {
	lines := &lineCounter{}
	cmd := exec.Command("sh", "-c", q.jq+` "$0"`, log)
	cmd.Stdout, cmd.Stderr = lines, os.Stderr
	begin := time.Now()
	err = cmd.Run()
	return lines.n, time.Since(begin), err
}

type lineCounter struct{ n int }

func (l *lineCounter) Write(text []byte) (int, error) {
	l.n += bytes.Count(text, []byte("\n"))
	return len(text), nil
}

func copyFile(to io.Writer, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(to, file)
	return err
}
