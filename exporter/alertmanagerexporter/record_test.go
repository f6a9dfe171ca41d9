package alertmanagerexporter

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// noon is the time of these tests.
var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// transition is a record of the connector alert; attributes are set, or with nil removed.
func transition(changes map[string]any) plog.Logs {
	attributes := map[string]any{
		"alert.name": "FailedLogins", "alert.state": "firing", "alert.fingerprint": "0123456789abcdef", "alert.starts_at": "2026-11-26T12:00:00.123456789Z",
		"alert.value": 6.0, "alert.labels.severity": "critical", "alert.labels.team": "security", "alert.labels.client.address": "203.0.113.9",
		"alert.annotations.summary": "6 failed logins", "alert.annotations.runbook_url": "https://example.com/runbook",
		"alert.search": `"Login failed" client.address:="203.0.113.9"`, "alert.example": map[string]any{"body": "Login failed for ana"},
	}
	for key, value := range changes {
		if attributes[key] = value; value == nil {
			delete(attributes, key)
		}
	}
	logs := plog.NewLogs()
	record := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	record.SetEventName("mina.alert")
	if err := record.Attributes().FromRaw(attributes); err != nil {
		panic(err)
	}
	return logs
}

func recordOf(logs plog.Logs) plog.LogRecord {
	return logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
}

func TestTransitionIsRead(t *testing.T) {
	fires := &alert{
		Fingerprint: "0123456789abcdef", Starts: noon.Add(123456789), Received: noon,
		Labels:      model.LabelSet{"alertname": "FailedLogins", "severity": "critical", "team": "security", "client_address": "203.0.113.9"},
		Annotations: model.LabelSet{"summary": "6 failed logins", "runbook_url": "https://example.com/runbook"},
		Search:      `"Login failed" client.address:="203.0.113.9"`,
	}
	for name, test := range map[string]struct {
		changes map[string]any
		want    func(a *alert)
	}{
		"firing":                           {nil, func(*alert) {}},
		"resolved":                         {map[string]any{"alert.state": "resolved", "alert.ends_at": "2026-11-26T13:05:00+01:00"}, func(a *alert) { a.Resolved, a.Ends = true, noon.Add(5*time.Minute) }},
		"firing, whatever its end":         {map[string]any{"alert.ends_at": "never"}, func(*alert) {}},
		"without a search":                 {map[string]any{"alert.search": nil}, func(a *alert) { a.Search = "" }},
		"half a search is none":            {map[string]any{"alert.search": strings.Repeat("x", maxSearch+1)}, func(a *alert) { a.Search, a.cut = "", true }},
		"labels that are no texts":         {map[string]any{"alert.labels.port": 443, "alert.labels.up": true}, func(a *alert) { a.Labels["port"], a.Labels["up"] = "443", "true" }},
		"another attribute is passed over": {map[string]any{"log.record.uid": "x"}, func(*alert) {}},
		"a long annotation": {map[string]any{"alert.annotations.summary": strings.Repeat("x", 5000)}, func(a *alert) {
			a.Annotations["summary"], a.cut = model.LabelValue(strings.Repeat("x", maxAnnotation-3)+"…"), true
		}},
	} {
		t.Run(name, func(t *testing.T) {
			want := *fires
			want.Labels, want.Annotations = want.Labels.Clone(), want.Annotations.Clone()
			test.want(&want)
			got, err := read(recordOf(transition(test.changes)), noon)
			require.NoError(t, err)
			assert.Equal(t, &want, got)
		})
	}
}

func TestMalformedTransitionIsNamedWithoutWhatIsInIt(t *testing.T) {
	for name, test := range map[string]struct {
		changes map[string]any
		want    string
	}{
		"no name":                 {map[string]any{"alert.name": nil}, "alert.name is missing"},
		"a name that is no text":  {map[string]any{"alert.name": 7}, "alert.name is missing"},
		"no state":                {map[string]any{"alert.state": nil}, "alert.state must be firing or resolved"},
		"a state of its own":      {map[string]any{"alert.state": "s3cr3t"}, "alert.state must be firing or resolved"},
		"no fingerprint":          {map[string]any{"alert.fingerprint": nil}, "alert.fingerprint must be a text of 1 to 128 bytes"},
		"an endless fingerprint":  {map[string]any{"alert.fingerprint": strings.Repeat("f", 129)}, "alert.fingerprint must be a text of 1 to 128 bytes"},
		"no start":                {map[string]any{"alert.starts_at": nil}, "alert.starts_at must be a time such as 2026-11-26T12:00:00Z"},
		"a start that is no time": {map[string]any{"alert.starts_at": "s3cr3t"}, "alert.starts_at must be a time such as 2026-11-26T12:00:00Z"},
		"a start in nanoseconds":  {map[string]any{"alert.starts_at": 1764158400000000000}, "alert.starts_at must be a time such as 2026-11-26T12:00:00Z"},
		"the year 10000":          {map[string]any{"alert.starts_at": "9999-12-31T23:59:59-14:00"}, "alert.starts_at must be a time such as 2026-11-26T12:00:00Z"},
		"the year 1":              {map[string]any{"alert.starts_at": "0001-01-01T00:00:00Z"}, "alert.starts_at must be a time such as 2026-11-26T12:00:00Z"},
		"resolved without an end": {map[string]any{"alert.state": "resolved"}, "alert.ends_at must be a time such as 2026-11-26T12:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(recordOf(transition(test.changes)), noon)
			require.EqualError(t, err, test.want)
		})
	}
}

// FuzzRead holds every alert that can be read against what Alertmanager takes.
func FuzzRead(f *testing.F) {
	f.Add("FailedLogins", "firing", "0123456789abcdef", "2026-11-26T12:00:00Z", "", "client.address", "203.0.113.9")
	f.Add("SlowProcessing", "resolved", "f", "2026-11-26T12:00:00Z", "2020-11-26T12:00:00.5+14:00", "", "\xff\x00")
	f.Add("Future", "resolved", "f", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", "9", "x")
	l, err := newLink(defaultLink)
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, name, state, fingerprint, starts, ends, label, value string) {
		logs := transition(map[string]any{
			"alert.name": name, "alert.state": state, "alert.fingerprint": fingerprint, "alert.starts_at": starts, "alert.ends_at": ends,
			"alert.labels." + label: value, "alert.annotations." + label: value, "alert.search": value,
		})
		a, err := read(recordOf(logs), noon)
		if err != nil {
			return
		}
		m := message{alert: a}
		sent := m.wire(noon, time.Minute)
		sent.GeneratorURL, err = l.of(a, noon)
		require.NoError(t, err)
		require.NoError(t, sent.Validate())
		require.Equal(t, a.Resolved, sent.ResolvedAt(noon))
		for name := range sent.Labels {
			require.True(t, model.LegacyValidation.IsValidLabelName(string(name)))
		}
		stored, err := json.Marshal(a)
		require.NoError(t, err)
		again, err := parseAlert(fingerprint, stored)
		require.NoError(t, err)
		again.cut = a.cut
		require.Equal(t, a, again)
	})
}

func TestTimesThatAlertmanagerTakes(t *testing.T) {
	stale := noon.Add(4 * time.Minute)
	for name, test := range map[string]struct{ a, want alert }{
		"firing":                          {alert{Starts: noon.Add(-time.Minute)}, alert{Starts: noon.Add(-time.Minute), Ends: stale}},
		"firing, ahead of our clock":      {alert{Starts: noon.Add(time.Hour)}, alert{Starts: noon, Ends: stale}},
		"resolved":                        {alert{Resolved: true, Starts: noon.Add(-time.Hour), Ends: noon.Add(-time.Minute)}, alert{Starts: noon.Add(-time.Hour), Ends: noon.Add(-time.Minute)}},
		"resolved, ahead of our clock":    {alert{Resolved: true, Starts: noon.Add(-time.Hour), Ends: noon.Add(time.Minute)}, alert{Starts: noon.Add(-time.Hour), Ends: noon}},
		"resolved before it began":        {alert{Resolved: true, Starts: noon, Ends: noon.Add(-time.Minute)}, alert{Starts: noon.Add(-time.Minute), Ends: noon.Add(-time.Minute)}},
		"resolved, all ahead of our time": {alert{Resolved: true, Starts: noon.Add(time.Hour), Ends: noon.Add(2 * time.Hour)}, alert{Starts: noon, Ends: noon}},
	} {
		t.Run(name, func(t *testing.T) {
			m := message{alert: &test.a}
			sent := m.wire(noon, time.Minute)
			assert.Equal(t, test.want.Starts, sent.StartsAt)
			assert.Equal(t, test.want.Ends, sent.EndsAt)
		})
	}
}

// BenchmarkRead is what a transition costs.
func BenchmarkRead(b *testing.B) {
	record := recordOf(transition(nil))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := read(record, noon); err != nil {
			b.Fatal(err)
		}
	}
}
