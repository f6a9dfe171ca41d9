package support

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/rawconfig"
)

const removed = "[removed]"

// secretKey is the name of a key whose value is never shown, whatever that looks like.
var secretKey = regexp.MustCompile(`(?i)(^|[_.-])(passwords?|passwd|secrets?|tokens?|credentials?|dsn|user|username|authorization|api_?key|hash_key|private_key|hmac_key|htpasswd|sasl)($|[_.-])|^(inline|values?|patterns|annotations|labels|headers)$`)

// pathKeys are the names of keys whose values are files and folders, addressKeys those of
// addresses, of which the host is shown, and choiceKeys those of one of a few words, or of the
// names of fields and rules. A word of another key may be a text of the user's own.
var (
	pathKeys    = []string{"directory", "include", "exclude", "path", "logs_path", "ca_file", "cert_file", "key_file", "client_ca_file", "storage", "store", "authenticator", "binary"}
	addressKeys = []string{"endpoint", "endpoints", "logs_endpoint", "insert_endpoint", "host", "listen", "brokers", "allowed_hosts"}
	choiceKeys  = []string{
		"action", "actions", "client_auth_type", "compression", "compression_algorithms", "context", "delivery", "encoding", "error_mode",
		"error_output_paths", "exception", "facility", "follow_symlinks", "format", "framing", "hasher", "initial_offset", "key", "kind", "kubernetes",
		"level", "logger", "mechanism", "message", "mode", "name", "on_error", "on_truncate", "output_paths", "partitioner", "process", "protocol",
		"request_id", "rules", "sets", "severity", "severity_text", "span_id", "start_at", "timestamp", "trace_flags", "trace_id", "transport", "unit", "verbosity",
	}
)

var (
	// enumerated is what settings are that have a few possible values.
	enumerated = regexp.MustCompile(`^[a-zA-Z][a-z_]{0,23}$`)
	// measured is a number or duration.
	measured = regexp.MustCompile(`^-?[0-9.]{1,20}(ns|us|µs|ms|s|m|h|[KMGT]i?B)?([0-9.]+(ms|s|m))*$`)
	// component is the id of a component or pipeline.
	component = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}(/[A-Za-z0-9_.-]{1,40})?$`)
	hostName  = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,253}(:[0-9]{1,5})?$|^\[[0-9a-f:]+\](:[0-9]{1,5})?$|^:[0-9]{1,5}$|^\*?(\.[a-z0-9-]{1,63})+$`)
	fileName  = regexp.MustCompile(`^[/.~][^\s"'=?@]*$|^[a-z][a-z0-9_/]*$`)
)

// filter goes through a configuration, and keeps what it takes out.
type filter struct{ out []string }

// harmless returns of a configuration what can be shown.
func (f *filter) harmless(config rawconfig.Config) rawconfig.Config {
	shown := rawconfig.Config{}
	for key, value := range config {
		if key != "service" {
			shown[key] = f.section(key, value)
		}
	}
	service := config.Section("service")
	// The ids that pipelines name are those of sections, which are shown.
	ids := rawconfig.Config{"extensions": identifiers(service["extensions"])}
	pipelines := rawconfig.Config{}
	for id, pipeline := range service.Section("pipelines") {
		parts := rawconfig.Config{}
		for class, list := range rawconfig.Of(pipeline) {
			parts[class] = identifiers(list)
		}
		pipelines[id] = parts
	}
	ids["pipelines"], ids["telemetry"] = pipelines, f.value("telemetry", service["telemetry"])
	shown["service"] = ids
	return shown
}

func identifiers(list any) (ids []any) {
	items, _ := list.([]any)
	for _, item := range items {
		if id := fmt.Sprint(item); component.MatchString(id) {
			ids = append(ids, id)
		} else {
			ids = append(ids, removed)
		}
	}
	return ids
}

// section returns what can be shown of the components of a class.
func (f *filter) section(class string, components any) any {
	if rawconfig.Of(components) == nil { // no configuration that the collector takes
		return f.value(class, components)
	}
	shown := rawconfig.Config{}
	for id, component := range rawconfig.Of(components) {
		shown[id] = f.value(class, component)
	}
	return shown
}

// value returns what can be shown of a value below a key.
func (f *filter) value(key string, value any) any {
	switch value := value.(type) {
	case string:
		return f.text(key, value)
	case []any:
		list := make([]any, 0, len(value))
		for _, item := range value {
			list = append(list, f.value(key, item))
		}
		return list
	case rawconfig.Config, map[string]any:
		section := rawconfig.Config{}
		for inner, value := range rawconfig.Of(value) {
			if secretKey.MatchString(key) {
				f.value(key, value)
				section[inner] = removed
				continue
			}
			section[inner] = f.value(inner, value)
		}
		return section
	}
	if secretKey.MatchString(key) {
		f.remove(fmt.Sprint(value))
		return removed
	}
	return value // a number, true, false, null
}

func (f *filter) text(key, text string) string {
	switch {
	case text == "":
		return ""
	case secretKey.MatchString(key):
	case slices.Contains(addressKeys, key):
		return f.address(text)
	case slices.Contains(pathKeys, key) && fileName.MatchString(text), measured.MatchString(text),
		slices.Contains(choiceKeys, key) && enumerated.MatchString(text):
		return text
	case enumerated.MatchString(text):
		return removed // and not looked for in other texts, which have many words
	}
	f.remove(text)
	return removed
}

// address returns the host of an address. All else in it may be a secret.
func (f *filter) address(text string) string {
	if hostName.MatchString(text) {
		return text
	}
	parsed, err := url.Parse(text)
	if err != nil || !hostName.MatchString(parsed.Host) {
		f.remove(text)
		return removed
	}
	plain := parsed.Scheme + "://" + parsed.Host
	if strings.TrimSuffix(text, "/") == plain {
		return text
	}
	f.remove(text)
	if password, given := parsed.User.Password(); given {
		f.remove(password)
		f.remove(parsed.User.Username())
	}
	f.remove(strings.Trim(parsed.Path, "/"))
	f.remove(parsed.RawQuery)
	for _, values := range parsed.Query() {
		for _, value := range values {
			f.remove(value)
		}
	}
	return plain + "/" + removed
}

func (f *filter) remove(text string) { f.out = append(f.out, text) }
