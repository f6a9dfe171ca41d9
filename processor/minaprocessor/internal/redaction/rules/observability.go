package rules

import (
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// observabilityRules find the keys of those that logs are sent to.
var observabilityRules = []*Rule{
	{
		Name: "datadog_key", Sets: secrets,
		Finds:    "32 or 40 hexadecimal digits near `datadog` or `DD_API_KEY`",
		Keywords: []string{"datadog", "dd_api", "dd-api", "dd_app", "dd-app", "ddapi", "ddapp"},
		Near:     matchToken(text.HexDigits, 32, 40),
	},
	{
		Name: "newrelic_key", Sets: secrets,
		Finds:   "`NRAK-…` and its like, and license keys, 40 characters that end in `NRAL`",
		Tokens:  slices.Concat(prefixed(text.Base64URL, 32, "NRII-", "NRIQ-"), prefixed(text.Base64URL, 19, "NRAK-", "NRII-", "NRIQ-", "NRAA-", "NRRA-", "NRJS-", "NRBR-")),
		Anchors: []string{"nral"},
		Match:   matchNewRelic,
	},
	{
		Name: "sentry_dsn", Sets: secrets,
		Finds:   "the key in a DSN of Sentry, `https://…@host/project`",
		Anchors: []string{"://"},
		Match:   matchSentryDSN,
	},
	{
		Name: "sentry_token", Sets: secrets,
		Finds:    "`sntrys_…`, `sntryu_…`, and 64 hexadecimal digits near `sentry`",
		Tokens:   append(prefixed(text.LowerHex, 64, "sntryu_", "sntrya_", "sntryi_"), token{prefix: "sntrys_", chars: text.NewCharset("0-9A-Za-z_+/=-"), min: 40}),
		Keywords: []string{"sentry"},
		Near:     matchToken(text.LowerHex, 64),
	},
	{
		Name: "logtail_token", Sets: secrets,
		Finds:    "24 letters of both cases and digits near `logtail` or `betterstack`",
		Keywords: []string{"logtail", "betterstack", "better stack", "better_stack", "better-stack"},
		Near:     matchMixed(24),
	},
	{
		Name: "grafana_token", Sets: secrets,
		Finds:  "`glsa_…`, `glc_…`, and keys of older releases, `eyJrIjoi…`",
		Tokens: append(prefixed(text.WordChars, 36, "glsa_"), prefixed(text.Base64Std, 32, "glc_", "eyJrIjoi")...),
	},
	{
		Name: "dynatrace_token", Sets: secrets,
		Finds:  "`dt0c01.….…` and its like",
		Tokens: prefixed(text.NewCharset("0-9A-Za-z."), 80, "dt0c01.", "dt0s01.", "dt0s02.", "dt0s03.", "dt0s16."),
	},
	{
		Name: "honeycomb_key", Sets: secrets,
		Finds:  "`hcaik_…`, `hcamk_…` and their like, with 58 characters",
		Tokens: prefixed(text.Alnum, 58, "hcaik_", "hcamk_", "hcaic_", "hcxik_"),
	},
	{
		Name: "axiom_token", Sets: secrets,
		Finds:  "`xaat-…`, `xapt-…` with a UUID",
		Tokens: exactly(hexDashed, 36, 36, "xaat-", "xapt-"),
	},
	{
		Name: "coralogix_key", Sets: secrets,
		Finds:  "`cxtp_…`, `cxth_…`, `cxup_…`",
		Tokens: exactly(text.Alnum, 30, 30, "cxtp_", "cxth_", "cxup_"),
	},
	{
		Name: "posthog_key", Sets: secrets,
		Finds:  "`phx_…`",
		Tokens: prefixed(text.Alnum, 40, "phx_"),
	},
	{
		Name: "pagerduty_key", Sets: secrets,
		Finds:    "20 or 32 letters and digits near `pagerduty`",
		Keywords: []string{"pagerduty", "pager_duty", "pager-duty", "pd_api"},
		Near:     either(matchJumbled(text.NewCharset("0-9A-Za-z_+-"), 20), matchToken(text.LowerHex, 32)),
	},
}

// matchNewRelic finds a license key by its end.
func matchNewRelic(c *text.Cursor, at int) (start, end int, found bool) {
	const suffix, length = "NRAL", 40
	in := c.Text
	if !strings.HasPrefix(in[at:], suffix) {
		return 0, 0, false
	}
	start, end = at+len(suffix)-length, at+len(suffix)
	return start, end, start >= 0 && text.Alnum.End(in[:end], start) == end && text.StartsHere(in, start) && text.Entropy(in[start:at]) >= minEntropy &&
		(end == len(in) || !text.IsAlnum(in[end]))
}

// matchSentryDSN finds a key of 32 hexadecimal digits, in old DSNs with a second
// one, in front of a host and the number of a project.
func matchSentryDSN(c *text.Cursor, at int) (start, end int, found bool) {
	const key = 32
	in := c.Text
	start = at + len("://")
	end = text.LowerHex.End(in, start)
	if end-start != key {
		return 0, 0, false
	}
	if end < len(in) && in[end] == ':' {
		end = text.LowerHex.End(in, end+1)
	}
	if end >= len(in) || in[end] != '@' {
		return 0, 0, false
	}
	host := end + 1
	slash := host
	for slash < len(in) && slash-host < 253 && (text.IsAlnum(in[slash]) || strings.IndexByte(".-:", in[slash]) >= 0) {
		slash++
	}
	return start, end, slash > host && slash+1 < len(in) && in[slash] == '/' && text.IsDigit(in[slash+1])
}
