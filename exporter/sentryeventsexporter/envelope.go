package sentryeventsexporter

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
	"github.com/mina-observability/otelcol-mina/internal/truncate"
)

// What Sentry takes of an event, in bytes, before and after compression.
const (
	maxEvent      = 1_000_000
	maxCompressed = 200_000
)

// maxText is how long the texts of an event are that was too long.
const maxText = 8 << 10

// envelope encodes an event (develop.sentry.dev/sdk/data-model/envelopes). One that is
// too long loses its breadcrumbs, the oldest first, then what is extra, then the ends
// of its texts.
func (s *sender) envelope(e *event) ([]byte, error) {
	var compressed []byte
	for _, shorten := range []func(*event) bool{nil, halveBreadcrumbs, dropExtra, cutTexts, dropFrames} {
		for shorten == nil || shorten(e) {
			payload, err := json.Marshal(e)
			if err != nil {
				return nil, err
			}
			if compressed, err = s.compress(e.EventID, payload); err != nil {
				return nil, err
			}
			if len(payload) <= maxEvent && len(compressed) <= maxCompressed {
				return compressed, nil
			}
			if shorten == nil {
				break
			}
		}
	}
	return compressed, nil // as short as it gets: Sentry decides
}

func (s *sender) compress(id string, payload []byte) ([]byte, error) {
	header, err := json.Marshal(map[string]string{"event_id": id, "dsn": s.dsn.public, "sent_at": time.Now().UTC().Format(time.RFC3339)})
	if err != nil {
		return nil, err
	}
	var compressed bytes.Buffer
	to := gzip.NewWriter(&compressed)
	_, err = fmt.Fprintf(to, "%s\n{\"type\":\"event\",\"length\":%d}\n%s\n", header, len(payload), payload)
	if err == nil {
		err = to.Close()
	}
	return compressed.Bytes(), err
}

// note says in an event that a part of it was left out.
func (e *event) note(part string) {
	if e.Tags[minaattr.Truncated] == "" {
		e.Tags[minaattr.Truncated] = part
	} else if !strings.Contains(e.Tags[minaattr.Truncated], part) {
		e.Tags[minaattr.Truncated] += ", " + part
	}
}

func halveBreadcrumbs(e *event) bool {
	if e.Breadcrumbs == nil {
		return false
	}
	e.Breadcrumbs.Values = e.Breadcrumbs.Values[(len(e.Breadcrumbs.Values)+1)/2:]
	if len(e.Breadcrumbs.Values) == 0 {
		e.Breadcrumbs = nil
	}
	e.note("breadcrumbs")
	return true
}

func dropExtra(e *event) bool {
	if e.Extra == nil {
		return false
	}
	e.Extra = nil
	e.note("extra")
	return true
}

// cutTexts cuts the message and the texts of exceptions, once.
func cutTexts(e *event) bool {
	done := false
	cut := func(text *string) {
		if len(*text) > maxText {
			*text, done = truncate.Text(*text, maxText), true
		}
	}
	cut(&e.LogEntry.Formatted)
	if e.Request != nil {
		cut(&e.Request.QueryString)
		cut(&e.Request.URL)
	}
	if e.Exception != nil {
		for i := range e.Exception.Values {
			cut(&e.Exception.Values[i].Value)
		}
	}
	if done {
		e.note("message")
	}
	return done
}

// dropFrames leaves every exception its last ten frames.
func dropFrames(e *event) bool {
	if e.Exception == nil {
		return false
	}
	done := false
	for _, x := range e.Exception.Values {
		if x.Stacktrace == nil || len(x.Stacktrace.Frames) <= 10 {
			continue
		}
		x.Stacktrace.Frames = x.Stacktrace.Frames[len(x.Stacktrace.Frames)-10:]
		done = true
	}
	if done {
		e.note("frames")
	}
	return done
}
