package sentryeventsexporter

import (
	"errors"
	"net/url"
	"path"
	"strings"
)

// dsn says where a project's events go, and as whom
// (develop.sentry.dev/sdk/overview, "Parsing the DSN").
type dsn struct {
	// endpoint takes envelopes.
	endpoint string
	key      string
	// public is the DSN without a secret key, as it stands in an envelope.
	public string
}

// parseDSN reads https://KEY@HOST/PROJECT. Its errors do not hold the key.
func parseDSN(text string) (dsn, error) {
	if text == "" {
		return dsn{}, errors.New("dsn must be set: https://KEY@HOST/PROJECT, from Settings > Projects > Client Keys")
	}
	parsed, err := url.Parse(text)
	if err != nil {
		return dsn{}, errors.New("dsn is no URL; it looks like https://KEY@HOST/PROJECT")
	}
	prefix, project := path.Split(strings.TrimRight(parsed.Path, "/"))
	if api, ok := strings.CutSuffix(prefix, "/api/"+path.Base(prefix)+"/"); ok && project == "envelope" {
		prefix, project = api, path.Base(prefix) // the address of the endpoint, with a key in it
	}
	switch {
	case parsed.Scheme != "http" && parsed.Scheme != "https":
		return dsn{}, errors.New("dsn must begin with https:// or http://")
	case parsed.User == nil || parsed.User.Username() == "":
		return dsn{}, errors.New("dsn has no key in front of the host: https://KEY@HOST/PROJECT")
	case parsed.Hostname() == "":
		return dsn{}, errors.New("dsn has no host behind the key: https://KEY@HOST/PROJECT")
	case project == "":
		return dsn{}, errors.New("dsn has no project behind the host: https://KEY@HOST/PROJECT")
	}
	base := url.URL{Scheme: parsed.Scheme, Host: parsed.Host, Path: path.Join(prefix, "api", project, "envelope") + "/"}
	if !strings.HasPrefix(base.Path, "/") {
		base.Path = "/" + base.Path
	}
	public := url.URL{Scheme: parsed.Scheme, User: url.User(parsed.User.Username()), Host: parsed.Host, Path: parsed.Path}
	return dsn{endpoint: base.String(), key: parsed.User.Username(), public: public.String()}, nil
}
