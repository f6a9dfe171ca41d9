package destination

import (
	"errors"
	"fmt"
	"net/textproto"
	"net/url"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configauth"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"
	"golang.org/x/net/http/httpguts"

	"github.com/mina-observability/otelcol-mina/internal/setting"
)

// CleanClient takes line ends, quotes and the like from around an address and headers,
// where they come from variables and files. A header without a value is not sent, and an
// authenticator without a name is none.
func CleanClient(cfg *confighttp.ClientConfig) {
	cfg.Endpoint, cfg.ProxyURL = withOneScheme(setting.Clean(cfg.Endpoint)), setting.Clean(cfg.ProxyURL)
	for i := range cfg.Headers {
		header := &cfg.Headers[i]
		header.Name = setting.Clean(header.Name)
		header.Value = configopaque.String(cleanHeader(header.Name, string(header.Value)))
	}
	if auth := cfg.Auth.Get(); auth != nil && auth.AuthenticatorID == (component.ID{}) {
		cfg.Auth = configoptional.None[configauth.Config]()
	}
	cfg.Headers = slices.DeleteFunc(cfg.Headers, func(header configopaque.Pair) bool { return header.Value == "" })
}

// withOneScheme returns the address without the scheme that stood in front of a variable
// for a host, where a whole address has been put into that.
func withOneScheme(address string) string {
	_, inner, _ := strings.Cut(address, "://")
	if strings.HasPrefix(inner, "https://") || strings.HasPrefix(inner, "http://") {
		return inner
	}
	return address
}

// cleanHeader returns what was meant by a header's value, which may have a token behind
// its scheme.
func cleanHeader(name, value string) string {
	value = setting.Clean(value)
	if scheme, token, ok := strings.Cut(value, " "); ok && textproto.CanonicalMIMEHeaderKey(name) == "Authorization" {
		return scheme + " " + setting.Clean(token)
	}
	return value
}

// ValidateClient reports headers that cannot be sent, a proxy_url that is no URL, and a
// timeout below nothing. It quotes no header's value, no proxy_url, nor a name that is none,
// which may be a value.
func ValidateClient(cfg *confighttp.ClientConfig) error {
	var errs []error
	for name, value := range cfg.Headers.Iter {
		switch {
		case !httpguts.ValidHeaderFieldName(name):
			errs = append(errs, errors.New("headers has a name that no header can have: a name is of letters, digits and hyphens"))
		case !httpguts.ValidHeaderFieldValue(string(value)):
			errs = append(errs, fmt.Errorf("headers::%s holds a line break or another control character; it must be one line of text", name))
		}
	}
	if cfg.Timeout < 0 {
		errs = append(errs, fmt.Errorf("timeout must not be negative (got %s)", cfg.Timeout))
	}
	return errors.Join(append(errs, validateProxy(cfg.ProxyURL))...)
}

// validateProxy reports a proxy_url that is no URL. The client's own error would quote it.
func validateProxy(address string) error {
	if address == "" {
		return nil
	}
	if parsed, err := url.Parse(address); err != nil || parsed.Host == "" {
		return fmt.Errorf("proxy_url must be a URL such as http://proxy.example.com:3128 (got %q)", ShownAddress(address))
	}
	return nil
}
