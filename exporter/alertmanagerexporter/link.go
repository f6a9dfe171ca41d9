package alertmanagerexporter

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"text/template"
	"time"

	"github.com/prometheus/common/model"
)

const (
	// defaultLink is the search on the page of logs, if it runs.
	defaultLink = `http://localhost:8320/#/search?q={{or .Search "*" | urlquery}}&from={{.From}}&to={{.To}}`
	// beforeStart is how long before an alert began its link shows records: longer
	// than the windows of the shipped rules.
	beforeStart = 15 * time.Minute
	// maxLink is how long a link may be, in bytes: browsers and chats take no longer ones.
	maxLink = 4096
)

// link leads from an alert to its records.
type link struct{ template *template.Template }

// moment is a time that a template prints in RFC 3339, in seconds.
type moment struct{ time.Time }

func (m moment) String() string {
	if m.IsZero() {
		return ""
	}
	return m.UTC().Format(time.RFC3339)
}

// linked is what a template of a link knows.
type linked struct {
	Name, Fingerprint, Search string
	// Labels have the names that Alertmanager has.
	Labels map[string]string
	// Starts and Ends are those of the alert; one that fires has no end. From and To
	// are what is to be shown: from a while before it began to its end, or now.
	Starts, Ends, From, To moment
}

// newLink reads the template of links, and tries it.
func newLink(text string) (*link, error) {
	parsed, err := template.New("generator_url").Option("missingkey=zero").Parse(text)
	if err != nil {
		return nil, err
	}
	l := &link{parsed}
	now := time.Now()
	labels := model.LabelSet{model.AlertNameLabel: "FailedLogins", "client_address": "203.0.113.9"}
	a := &alert{Fingerprint: "0123456789abcdef", Starts: now, Labels: labels, Search: `"Login failed" client.address:="203.0.113.9"`}
	_, err = l.of(a, now)
	return l, err
}

// of returns the link of an alert as of now, which is empty if there are none.
func (l *link) of(a *alert, now time.Time) (string, error) {
	data := linked{
		Name: a.name(), Fingerprint: a.Fingerprint, Search: a.Search, Labels: make(map[string]string, len(a.Labels)),
		Starts: moment{a.Starts}, Ends: moment{a.Ends}, From: moment{a.Starts.Add(-beforeStart)}, To: moment{now},
	}
	for name, value := range a.Labels {
		data.Labels[string(name)] = string(value)
	}
	if a.Resolved {
		data.To = moment{a.Ends}
	}
	data.To.Time = data.To.Truncate(time.Second).Add(time.Second) // with what belongs to the last second
	var text strings.Builder
	if err := l.template.Execute(&text, data); err != nil {
		return "", err
	}
	return text.String(), checkLink(text.String())
}

// checkLink reports what Alertmanager would refuse, with all alerts of the request.
func checkLink(text string) error {
	if text == "" {
		return nil
	}
	if len(text) > maxLink {
		return fmt.Errorf("the link is longer than %d bytes", maxLink)
	}
	parsed, err := url.ParseRequestURI(text)
	if err != nil || parsed.Host == "" || parsed.Scheme != "http" && parsed.Scheme != "https" {
		return errors.New("what it makes is no URL such as http://localhost:8320/")
	}
	return nil
}
