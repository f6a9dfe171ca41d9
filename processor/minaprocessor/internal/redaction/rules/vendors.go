package rules

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// vendorRules find the keys and tokens of vendors, most by their prefix.
var vendorRules = []*Rule{
	{
		Name: "aws_access_key_id", Sets: secrets,
		Finds: "`AKIA…` and `ASIA…`, 20 characters",
		Tokens: []token{
			{prefix: "AKIA", chars: text.UpperNum, min: 16, max: 16},
			{prefix: "ASIA", chars: text.UpperNum, min: 16, max: 16},
			{prefix: "ABIA", chars: text.UpperNum, min: 16, max: 16},
			{prefix: "ACCA", chars: text.UpperNum, min: 16, max: 16},
			{prefix: "A3T", chars: text.UpperNum, min: 17, max: 17},
		},
	},
	{
		Name: "aws_secret_access_key", Sets: secrets,
		Finds:    "40 characters of base64 near `aws`, `secret access` or an access key id",
		Keywords: []string{"aws", "secret_access", "secretaccess", "secret-access", "secret access", "akia", "asia"},
		Near:     matchAWSSecret,
	},
	{
		Name: "github_token", Sets: secrets,
		Finds: "`ghp_…`, `gho_…`, `ghu_…`, `ghs_…`, `ghr_…` with their checksum (CRC-32) where they have one, and `github_pat_…`",
		Tokens: []token{
			{prefix: "ghp_", chars: text.WordChars, min: 36},
			{prefix: "gho_", chars: text.WordChars, min: 36},
			{prefix: "ghu_", chars: text.WordChars, min: 36},
			{prefix: "ghs_", chars: text.TokenDots, min: 36},
			{prefix: "ghr_", chars: text.WordChars, min: 36},
			{prefix: "github_pat_", chars: text.WordChars, min: 50},
		},
	},
	{
		Name: "gitlab_token", Sets: secrets,
		Finds:  "`glpat-…` and the other prefixes of GitLab",
		Tokens: prefixed(text.TokenDots, 20, "glpat-", "gldt-", "glptt-", "glrt-", "glsoat-", "glcbt-", "glft-", "glimt-", "glagent-", "gloas-", "glffct-", "glwt-", "GR1348941"),
	},
	{
		Name: "slack_token", Sets: secrets,
		Finds:  "`xoxb-…`, `xoxp-…`, `xapp-…` and the other prefixes of Slack",
		Tokens: append(prefixed(dashed, 16, "xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxo-", "xapp-", "xoxc-"), token{prefix: "xoxe.", chars: text.TokenDots, min: 16}, token{prefix: "xoxe-", chars: dashed, min: 16}, token{prefix: "xoxd-", chars: text.NewCharset("0-9A-Za-z%/+=-"), min: 16}),
	},
	{
		Name: "slack_webhook", Sets: secrets,
		Finds:   "what is behind `hooks.slack.com/services/`, `/workflows/` or `/triggers/`",
		Anchors: []string{"hooks.slack.com", "hooks.slack-gov.com"},
		Match:   matchSlackWebhook,
	},
	{
		Name: "stripe_key", Sets: secrets,
		Finds:  "secret and restricted keys `sk_live_…`, `rk_test_…`, and secrets of webhooks `whsec_…`",
		Tokens: append(prefixed(text.Alnum, 16, "sk_live_", "sk_test_", "sk_prod_", "rk_live_", "rk_test_", "rk_prod_"), token{prefix: "whsec_", chars: text.Base64Std, min: 24}),
	},
	{
		Name: "anthropic_key", Sets: secrets,
		Finds:  "`sk-ant-…`",
		Tokens: prefixed(text.Base64URL, 24, "sk-ant-"),
	},
	{
		Name: "openai_key", Sets: secrets,
		Finds:  "`sk-…` with 32 characters or more, `sk-proj-…`, `sk-svcacct-…`, `sk-admin-…`",
		Tokens: append(prefixed(text.Base64URL, 24, "sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-"), token{prefix: "sk-", chars: text.Alnum, min: 32}, token{prefix: "sk-or-v1-", chars: text.Alnum, min: 32}),
	},
	{
		Name: "google_api_key", Sets: secrets,
		Finds:  "`AIza…`, 39 characters",
		Tokens: []token{{prefix: "AIza", chars: text.Base64URL, min: 35}},
	},
	{
		Name: "google_oauth", Sets: secrets,
		Finds: "access tokens `ya29.…`, client secrets `GOCSPX-…`, refresh tokens `1//0…`",
		Tokens: []token{
			{prefix: "ya29.", chars: text.TokenDots, min: 20},
			{prefix: "GOCSPX-", chars: text.Base64URL, min: 24},
			{prefix: "1//0", chars: text.Base64URL, min: 30},
		},
	},
	{
		Name: "azure_connection_string", Sets: secrets,
		Finds:   "the keys in connection strings of Azure (`AccountKey=…`, `SharedAccessKey=…`) and the signature of a shared access signature (`sig=…`)",
		Anchors: []string{"accountkey=", "sharedaccesskey=", "sig="},
		Match:   matchAzureKey,
	},
	{
		Name: "twilio", Sets: secrets,
		Finds:    "`SK…` and `AC…` with 32 hexadecimal digits, and such digits near `twilio`",
		Tokens:   []token{{prefix: "SK", chars: text.LowerHex, min: 32, max: 32}, {prefix: "AC", chars: text.LowerHex, min: 32, max: 32}},
		Keywords: []string{"twilio"},
		Near:     matchToken(text.LowerHex, 32),
	},
	{
		Name: "sendgrid", Sets: secrets,
		Finds:  "`SG.….…`",
		Tokens: []token{{prefix: "SG.", chars: text.TokenDots, min: 66, max: 66}},
	},
	{
		Name: "mailgun", Sets: secrets,
		Finds:    "`key-…` with 32 hexadecimal digits, and keys of the form 32-8-8 near `mailgun`",
		Tokens:   []token{{prefix: "key-", chars: text.LowerHex, min: 32, max: 32, alone: true}, {prefix: "pubkey-", chars: text.LowerHex, min: 32, max: 32}},
		Keywords: []string{"mailgun"},
		Near:     matchMailgun,
	},
	{
		Name: "npm_token", Sets: secrets,
		Finds:  "`npm_…`, 40 characters",
		Tokens: []token{{prefix: "npm_", chars: text.Alnum, min: 36}},
	},
	{
		Name: "pypi_token", Sets: secrets,
		Finds:  "`pypi-…` of PyPI and TestPyPI",
		Tokens: []token{{prefix: "pypi-Ag", chars: text.Base64URL, min: 50}},
	},
	{
		Name: "digitalocean", Sets: secrets,
		Finds:  "`dop_v1_…`, `doo_v1_…`, `dor_v1_…`",
		Tokens: prefixed(text.LowerHex, 64, "dop_v1_", "doo_v1_", "dor_v1_"),
	},
	{
		Name: "heroku", Sets: secrets,
		Finds:    "`HRKU-…`, and a UUID near `heroku`",
		Tokens:   []token{{prefix: "HRKU-", chars: text.Base64URL, min: 36}},
		Keywords: []string{"heroku"},
		Near:     matchUUID,
	},
	{
		Name: "huggingface", Sets: secrets,
		Finds:  "`hf_…` and `api_org_…`",
		Tokens: []token{{prefix: "hf_", chars: text.Alnum, min: 30}, {prefix: "api_org_", chars: text.Alnum, min: 30}},
	},
	{
		Name: "datadog_key", Sets: secrets,
		Finds:    "32 or 40 hexadecimal digits near `datadog` or `DD_API_KEY`",
		Keywords: []string{"datadog", "dd_api", "dd-api", "dd_app", "dd-app", "ddapi", "ddapp"},
		Near:     matchToken(text.HexDigits, 32, 40),
	},
	{
		Name: "newrelic_key", Sets: secrets,
		Finds:   "`NRAK-…` and its like, and license keys, 40 characters that end in `NRAL`",
		Anchors: []string{"nrak-", "nrii-", "nraa-", "nrjs-", "nriq-", "nrbr-", "nral"},
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
		Finds: "`sntrys_…`, `sntryu_…`, and 64 hexadecimal digits near `sentry`",
		Tokens: []token{
			{prefix: "sntrys_", chars: text.NewCharset("0-9A-Za-z_+/=-"), min: 40},
			{prefix: "sntryu_", chars: text.LowerHex, min: 64},
			{prefix: "sntrya_", chars: text.LowerHex, min: 64},
			{prefix: "sntryi_", chars: text.LowerHex, min: 64},
		},
		Keywords: []string{"sentry"},
		Near:     matchToken(text.LowerHex, 64),
	},
	{
		Name: "logtail_token", Sets: secrets,
		Finds:    "24 letters of both cases and digits near `logtail` or `betterstack`",
		Keywords: []string{"logtail", "betterstack", "better stack", "better_stack", "better-stack"},
		Near:     matchMixed(24),
	},
}

var (
	dashed      = text.NewCharset("0-9A-Za-z-")
	azureKey    = text.NewCharset("0-9A-Za-z+/=%")
	webhookPath = text.NewCharset("0-9A-Za-z_/-")
)

// matchSlackWebhook finds the path of a webhook.
func matchSlackWebhook(c *text.Cursor, at int) (start, end int, found bool) {
	const minPath = 20
	in := c.Text
	slash := strings.IndexByte(in[at:min(len(in), at+32)], '/')
	if slash < 0 {
		return 0, 0, false
	}
	for _, kind := range []string{"/services/", "/workflows/", "/triggers/"} {
		if strings.HasPrefix(in[at+slash:], kind) {
			start = at + slash + len(kind)
			end = webhookPath.End(in, start)
			return start, end, end-start >= minPath
		}
	}
	return 0, 0, false
}

// matchAzureKey finds the base64 behind a name of Azure's, also percent-encoded.
func matchAzureKey(c *text.Cursor, at int) (start, end int, found bool) {
	const minKey = 40
	in := c.Text
	start = at + strings.IndexByte(in[at:], '=') + 1
	end = c.RunEnd(azureKey, start)
	return start, end, text.StartsHere(in, at) && end-start >= minKey && isRandom(in[start:end], minKey)
}

// matchNewRelic finds a key by its prefix, or a license key by its end.
func matchNewRelic(c *text.Cursor, at int) (start, end int, found bool) {
	const suffix, licenseLength, minKey = "NRAL", 40, 19
	in := c.Text
	if strings.HasPrefix(in[at:], suffix) {
		start, end = at+len(suffix)-licenseLength, at+len(suffix)
		return start, end, start >= 0 && text.Alnum.End(in, start) == end && text.StartsHere(in, start) && text.Entropy(in[start:at]) >= minEntropy
	}
	body := at + len("NRAK-")
	if body > len(in) || in[body-1] != '-' || !text.IsUpper(in[at]) || !text.IsUpper(in[at+1]) || !text.IsUpper(in[at+2]) || !text.StartsHere(in, at) {
		return 0, 0, false
	}
	end = text.WordChars.End(in, body)
	return at, end, end-body >= minKey && isRandom(in[body:end], minKey)
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
