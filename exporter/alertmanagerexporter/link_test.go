package alertmanagerexporter

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLinkLeadsToTheRecords(t *testing.T) {
	for name, test := range map[string]struct {
		template string
		changes  map[string]any
		want     string
	}{
		"firing": {
			defaultLink, nil,
			"http://localhost:8320/#/search?q=%22Login+failed%22+client.address%3A%3D%22203.0.113.9%22&from=2026-11-26T11:45:00Z&to=2026-11-26T12:10:01Z",
		},
		"resolved": {
			defaultLink,
			map[string]any{"alert.state": "resolved", "alert.ends_at": "2026-11-26T12:05:00.5Z"},
			"http://localhost:8320/#/search?q=%22Login+failed%22+client.address%3A%3D%22203.0.113.9%22&from=2026-11-26T11:45:00Z&to=2026-11-26T12:05:01Z",
		},
		"without a search":          {defaultLink, map[string]any{"alert.search": nil}, "http://localhost:8320/#/search?q=%2A&from=2026-11-26T11:45:00Z&to=2026-11-26T12:10:01Z"},
		"none":                      {"", nil, ""},
		"what there is":             {"https://h/{{.Name}}/{{.Fingerprint}}/{{.Labels.client_address}}?{{.Starts}}&{{.Ends}}&{{.From.UnixMilli}}", nil, "https://h/FailedLogins/0123456789abcdef/203.0.113.9?2026-11-26T12:00:00Z&&1795693500123"},
		"a label that is not there": {"https://h/{{.Labels.nobody}}", nil, "https://h/"},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := newLink(test.template)
			require.NoError(t, err)
			a, err := read(recordOf(transition(test.changes)), noon)
			require.NoError(t, err)
			got, err := l.of(a, noon.Add(10*time.Minute))
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
		})
	}
}

func TestLinkThatAlertmanagerWouldRefuse(t *testing.T) {
	l, err := newLink("https://h/{{.Search}}{{.Labels.extra}}")
	require.NoError(t, err)
	for _, search := range []string{"%zz", "\x01", strings.Repeat("x", maxLink)} {
		_, err := l.of(&alert{Search: search, Starts: noon}, noon)
		require.Error(t, err, "%.8q", search)
		assert.NotContains(t, err.Error(), search)
	}
}

// FuzzLink finds every search again in its link.
func FuzzLink(f *testing.F) {
	f.Add(`"Login failed" client.address:="203.0.113.9"`)
	f.Add("a&b=c#d %zz \x00 größe")
	l, err := newLink(defaultLink)
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, search string) {
		if search == "" || len(search) > maxSearch/3 {
			t.Skip()
		}
		text, err := l.of(&alert{Search: search, Starts: noon}, noon)
		require.NoError(t, err)
		_, query, _ := strings.Cut(text, "?")
		values, err := url.ParseQuery(query)
		require.NoError(t, err)
		require.Equal(t, search, values.Get("q"))
	})
}
