package main

import (
	"fmt"
	"io"
	"net/url"
	"time"
)

// hour asks for the last hour of a day of many records.
func (b *bench) hour() error {
	day := yesterday()
	begin := time.Now()
	p, err := newPage(b.dir, func(to io.Writer) error { return writeLines(to, b.many, day, day.AddDate(0, 0, 1)) })
	if err != nil {
		return err
	}
	defer p.stop()
	fmt.Printf("%d records of a day, loaded in %s; its last hour:\n\n| | page ms | engine ms |\n|---|---:|---:|\n", b.many, time.Since(begin).Round(time.Second))
	first := latency{}
	for _, asked := range []struct{ name, path, q string }{
		{"the newest 200", "/api/records", ""},
		{"errors", "/api/records", "level:error"},
		{"a user's", "/api/records", "user:42"},
		{"a word", "/api/records", "limit"},
		{"none", "/api/records", "nowhere"},
		{"the volume", "/api/volume", ""},
		{"the facets", "/api/facets", ""},
	} {
		var answer struct{}
		parameters := url.Values{"q": {asked.q}, "from": {day.Add(23 * time.Hour).Format(time.RFC3339)}, "to": {day.AddDate(0, 0, 1).Format(time.RFC3339)}}
		l, err := p.ask(b.rounds, asked.path, parameters, &answer)
		if err != nil {
			return err
		}
		if asked.path == "/api/records" && l.whole > first.whole {
			first = l
		}
		fmt.Printf("| %s | %.1f | %.1f |\n", asked.name, ms(l.whole), ms(l.engine))
	}
	fmt.Println()
	goal("first records of the last hour, ms", ms(first.whole), 250)
	return nil
}
