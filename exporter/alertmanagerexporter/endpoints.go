package alertmanagerexporter

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/destination"
	"github.com/mina-observability/otelcol-mina/internal/setting"
)

// alertsPath is where an Alertmanager takes alerts, behind a prefix of its own.
const alertsPath = "/api/v2/alerts"

// addresses returns the addresses of a list, each of which may be several with commas
// between them, as in a variable.
func addresses(list []string) (all []string) {
	for _, text := range list {
		for address := range strings.SplitSeq(setting.Clean(text), ",") {
			if address = setting.Clean(address); address != "" {
				all = append(all, address)
			}
		}
	}
	return all
}

// alertsURL returns what alerts are posted to. The address may be what --web.external-url
// says, or that of the page, or the whole.
func alertsURL(address string) (string, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Hostname() == "" || parsed.Scheme != "http" && parsed.Scheme != "https" {
		return "", fmt.Errorf("must be a URL such as http://alertmanager:9093 (got %q)", destination.ShownAddress(address))
	}
	base := strings.TrimRight(parsed.EscapedPath(), "/")
	base = strings.TrimSuffix(strings.TrimSuffix(base, alertsPath), "/api/v2")
	parsed.Path, parsed.RawPath, parsed.Fragment, parsed.RawFragment = "", "", "", ""
	return parsed.JoinPath(base, alertsPath).String(), nil
}

// checkEndpoints reports addresses that cannot be used.
func checkEndpoints(endpoints []string) error {
	if len(endpoints) == 0 {
		return errors.New("endpoints must have at least one URL such as http://alertmanager:9093")
	}
	var errs []error
	seen := map[string]int{}
	for i, endpoint := range endpoints {
		address, err := alertsURL(endpoint)
		if err != nil {
			errs = append(errs, fmt.Errorf("endpoints::%d %w", i, err))
			continue
		}
		if first, twice := seen[address]; twice {
			errs = append(errs, fmt.Errorf("endpoints::%d is the same Alertmanager as endpoints::%d (got %q)", i, first, destination.ShownAddress(endpoint)))
		}
		seen[address] = i
	}
	return errors.Join(errs...)
}

// nameOf returns what an Alertmanager is called in logs and metrics: its host and port,
// with a number where others have the same. The rest of an address may hold a token.
func nameOf(endpoints []string, number int) string {
	host := func(endpoint string) string {
		parsed, err := url.Parse(endpoint)
		if err != nil {
			return ""
		}
		return parsed.Host
	}
	name, same := host(endpoints[number]), 1
	for _, before := range endpoints[:number] {
		if host(before) == name {
			same++
		}
	}
	if same == 1 {
		return name
	}
	return fmt.Sprintf("%s#%d", name, same)
}
