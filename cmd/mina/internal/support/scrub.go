package support

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/rawconfig"
)

// shortest is how long a text must be to be looked for: shorter ones are in every text.
const shortest = 5

// scrubber takes secrets that are known out of texts.
type scrubber struct{ replacer *strings.Replacer }

var anyURL = regexp.MustCompile(`(?i)\b[a-z][a-z0-9+.-]*://[^\s"'<>\\]+`)

// newScrubber knows texts as they are and as they are written in JSON and in addresses. What
// is in plain sight, a word of the collector's own, is no secret.
func newScrubber(secrets []string) *scrubber {
	known := map[string]bool{}
	for _, secret := range secrets {
		for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret), quoted(secret)} {
			if len(form) >= shortest {
				known[form] = true
			}
		}
	}
	var pairs []string
	longestFirst := slices.SortedFunc(maps.Keys(known), func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	for _, form := range longestFirst {
		pairs = append(pairs, form, removed)
	}
	return &scrubber{strings.NewReplacer(pairs...)}
}

func quoted(text string) string {
	written, _ := json.Marshal(text)
	return strings.Trim(string(written), `"`)
}

// scrub returns a text without the secrets, and with no more of an address than its host.
func (s *scrubber) scrub(text string) string {
	text = anyURL.ReplaceAllStringFunc(text, func(found string) string {
		parsed, err := url.Parse(found)
		switch {
		case err != nil:
			return removed
		case parsed.User == nil && parsed.RawQuery == "" && strings.Trim(parsed.Path, "/") == "":
			return found
		}
		return parsed.Scheme + "://" + parsed.Host + "/" + removed
	})
	text = mistaken.ReplaceAllString(text, "${1}${3}"+removed+"${2}")
	for _, answer := range answers {
		text = answer.ReplaceAllString(text, "${1}"+removed)
	}
	return s.replacer.Replace(text)
}

// mistaken is what an error quotes of a value, or of its beginning, that cannot be meant: a
// secret may have come to another key than its own.
var mistaken = regexp.MustCompile(`(\(got )\\?"[^\n]*?"(\))|(unknown anchor )'[^'\n]*'`)

// answers are what destinations have answered, behind the status, up to the end of a text in
// JSON: it may quote records.
var answers = []*regexp.Regexp{
	regexp.MustCompile(`(\b[1-5][0-9]{2}( [A-Z][A-Za-z ]{1,40})?: )([^"\\\n]|\\.)+`),
	regexp.MustCompile(`(HTTP Status Code [1-5][0-9]{2})([^"\\\n]|\\.)+`),
	regexp.MustCompile(`(code = [A-Za-z]+ desc = )([^"\\\n]|\\.)+`),
}

// different returns the texts of a configuration that are not in another one of the same
// form: its opaque values.
func different(unredacted, redacted any) (texts []string) {
	switch unredacted := unredacted.(type) {
	case string:
		if unredacted != redacted {
			texts = append(texts, unredacted)
		}
	case []any:
		other, _ := redacted.([]any)
		for i, item := range unredacted {
			var beside any
			if i < len(other) {
				beside = other[i]
			}
			texts = append(texts, different(item, beside)...)
		}
	default:
		section, other := rawconfig.Of(unredacted), rawconfig.Of(redacted)
		for key, value := range section {
			texts = append(texts, different(value, other[key])...)
		}
	}
	return texts
}

// harmlessVariables are those whose values may be in texts.
var harmlessVariables = []string{
	"MINA_LOGS", "MINA_STATE_DIR", "MINA_CONFIG_DIR", "MINA_LISTEN", "MINA_DELIVERY", "MINA_QUEUE_BYTES", "MINA_MEMORY_MIB", "MINA_ALLOWED_HOSTS", "MINA_DESTINATIONS",
	"OTLP_COMPRESSION", "OTELCOL_OPTIONS", "PATH", "PWD", "OLDPWD", "HOME", "USER", "LOGNAME", "SHELL", "SHLVL", "TERM", "LANG", "LC_ALL", "TZ", "TMPDIR", "HOSTNAME", "_",
}

// valuesOf returns the values of variables that may be secret, and the parts of those that
// are addresses, maps or lists.
func valuesOf(variables []string) (values []string) {
	for _, variable := range variables {
		name, value, _ := strings.Cut(variable, "=")
		switch {
		case slices.Contains(harmlessVariables, name):
		case secretVariable.MatchString(name), strings.Contains(value, "://") && !isPlainAddress(value):
			values = append(append(values, value), parts(value)...)
		case !enumerated.MatchString(value) && !measured.MatchString(value) && !isPlainAddress(value):
			values = append(values, value)
		}
	}
	return values
}

// secretVariable is the name of a variable whose value may be a secret, whatever it looks like.
var secretVariable = regexp.MustCompile(`(?i)KEY|TOKEN|PASS|SECRET|AUTH|HEADERS|DSN|USER|CREDENTIAL`)

// parts returns the parts of a value that may be secret by themselves: not the host and port
// of an address, and not what says nothing.
func parts(value string) []string {
	harmless := []string{"https", "authorization", "Authorization", "Bearer", "Basic"}
	if parsed, err := url.Parse(value); err == nil {
		harmless = append(harmless, parsed.Hostname(), parsed.Port())
	}
	all := strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(" \t\n{}[]\",'=@/?&:", r) })
	return slices.DeleteFunc(all, func(part string) bool { return slices.Contains(harmless, part) })
}

// domain is the name of a host, as a vendor's site is given. A token has capitals, or no dot.
var domain = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,12}$`)

func isPlainAddress(value string) bool {
	parsed, err := url.Parse(value)
	return hostName.MatchString(value) && strings.Contains(value, ":") || domain.MatchString(value) ||
		err == nil && hostName.MatchString(parsed.Host) && parsed.User == nil && parsed.RawQuery == "" && strings.Trim(parsed.Path, "/") == ""
}
