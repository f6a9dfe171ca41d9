package doctor

import (
	"context"
	"errors"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/cli"
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/status"
	"github.com/mina-observability/otelcol-mina/internal/rawconfig"
)

// target is an address that an exporter sends to.
type target struct {
	exporter string
	// url is what is asked over HTTP, or, for tcp and tls, whom is connected to. It may hold
	// a secret, and is not shown.
	url *url.URL
	tls rawconfig.Config
	// proxy is the exporter's own, if it has one.
	proxy string
}

// destinations reaches each that a pipeline sends to, all at once, and says of those that
// the running collector waits for, what it has answered.
func (e *examination) destinations(ctx context.Context) []Check {
	exporters := e.used("exporters")
	var checks []Check
	var all []target
	for _, id := range exporters.Keys() {
		targets, err := targetsOf(id, exporters.Section(id))
		if err != nil {
			checks = append(checks, fail("destination", "set it as its file in config says", "%s: %v", id, err))
		}
		all = append(all, targets...)
	}
	reached := make([][]Check, len(all))
	var reaching sync.WaitGroup
	for i, t := range all {
		reaching.Go(func() { reached[i] = e.reach(ctx, t) })
	}
	reaching.Wait()
	return slices.Concat(checks, oneClock(slices.Concat(reached...)), e.waits(ctx))
}

// oneClock keeps one word of the clock, the worst: it is the same for all destinations.
func oneClock(checks []Check) []Check {
	isClock := func(c Check) bool { return c.Of == "clock" }
	worst := slices.IndexFunc(checks, func(c Check) bool { return isClock(c) && c.Verdict != OK })
	if worst < 0 {
		worst = slices.IndexFunc(checks, isClock)
	}
	if worst < 0 {
		return checks
	}
	clock := checks[worst]
	return append(slices.DeleteFunc(checks, isClock), clock)
}

// local are the exporters that send nothing to another host.
var local = []string{"debug", "file", "nop", "prometheus"}

// targetsOf returns the addresses of an exporter. Those of a store that the collector runs
// itself are none.
func targetsOf(id string, exporter rawconfig.Config) ([]target, error) {
	if slices.Contains(local, rawconfig.Kind(id)) || rawconfig.Kind(exporter.Section("auth").Text("authenticator")) == "log_store" {
		return nil, nil
	}
	secured := exporter.Section("tls")
	scheme := "tls"
	if secured["insecure"] == true {
		scheme = "tcp"
	}
	var addresses []string
	switch rawconfig.Kind(id) {
	case "kafka":
		if exporter["tls"] == nil {
			scheme = "tcp"
		}
		for _, broker := range exporter.Texts("brokers") {
			addresses = append(addresses, scheme+"://"+broker)
		}
	case "papertrail", "otlp", "otlp_grpc":
		address := exporter.Text("endpoint")
		if _, after, found := strings.Cut(address, "://"); found {
			if strings.HasPrefix(address, "http:") {
				scheme = "tcp"
			}
			address = after
		}
		addresses = []string{scheme + "://" + address}
	case "sentry_events":
		addresses = []string{exporter.Text("dsn")}
	case "alertmanager":
		addresses = exporter.Texts("endpoints")
	default:
		addresses = []string{exporter.Text("logs_endpoint")}
		if addresses[0] == "" {
			addresses[0] = strings.TrimSuffix(exporter.Text("endpoint"), "/") + exporter.Text("logs_path")
		}
	}
	return parseTargets(id, addresses, secured, exporter.Text("proxy_url"))
}

func parseTargets(id string, addresses []string, secured rawconfig.Config, proxy string) (targets []target, err error) {
	for _, address := range addresses {
		parsed, err := url.Parse(address)
		if err != nil || parsed.Hostname() == "" {
			return nil, errNoAddress
		}
		targets = append(targets, target{id, parsed, secured, proxy})
	}
	return targets, nil
}

// errNoAddress does not quote it, since it may hold a secret.
var errNoAddress = errors.New("its address is not one")

// address returns host and port.
func (t target) address() string {
	port := t.url.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[t.url.Scheme]
	}
	return net.JoinHostPort(t.url.Hostname(), port)
}

// waits says what destinations the running collector waits for.
func (e *examination) waits(ctx context.Context) (checks []Check) {
	if e.running == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, e.timeout)
	defer cancel()
	overview := status.Ask(ctx, *e.running)
	for _, d := range overview.Destinations {
		if why := d.Waits(); why != "" {
			checks = append(checks, fail("waiting", advice(d.Reason), "%s: %s", strings.Join(append([]string{d.Pipeline}, d.Exporters...), " "), why))
		}
	}
	if len(overview.DeadLetters) > 0 {
		checks = append(checks, warn("dead letters", "mina dead-letters ls", "%s", cli.Counted(float64(len(overview.DeadLetters)), "file")))
	}
	return checks
}

func advice(reason string) string {
	switch reason {
	case "sender_refused":
		return "check the token, its permissions and the quota"
	case "throttled":
		return "ask for a higher limit, or send less"
	}
	return ""
}
