package rules

import (
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// cloudRules find what opens clouds, hosts, networks and vaults.
var cloudRules = []*Rule{
	{
		Name: "aws_access_key_id", Sets: secrets,
		Finds:  "`AKIA…` and `ASIA…`, 20 characters",
		Tokens: append(exactly(text.UpperNum, 16, 16, "AKIA", "ASIA", "ABIA", "ACCA"), token{prefix: "A3T", chars: text.UpperNum, min: 17, max: 17}),
	},
	{
		Name: "aws_secret_access_key", Sets: secrets,
		Finds:    "40 characters of base64 near `aws`, `secret access` or an access key id",
		Keywords: []string{"aws", "secret_access", "secretaccess", "secret-access", "secret access", "akia", "asia"},
		Near:     matchAWSSecret,
	},
	{
		Name: "aws_session_token", Sets: secrets,
		Finds:  "session tokens of AWS's security token service, `IQoJb3JpZ2luX2Vj…` and `FwoGZXIvYXdz…`",
		Tokens: prefixed(text.Base64Std, 64, "IQoJb3JpZ2luX2Vj", "FwoGZXIvYXdz", "FQoGZXIvYXdz"),
	},
	{
		Name: "aws_bedrock_key", Sets: secrets,
		Finds:  "`ABSK…` and `bedrock-api-key-…`",
		Tokens: append(prefixed(text.Base64Std, 100, "ABSK"), prefixed(text.NewCharset("0-9A-Za-z+/=%_-"), 28, "bedrock-api-key-")...),
	},
	{
		Name: "azure_connection_string", Sets: secrets,
		Finds:   "the keys in connection strings of Azure (`AccountKey=…`, `SharedAccessKey=…`) and the signature of a shared access signature (`sig=…`)",
		Anchors: []string{"accountkey=", "sharedaccesskey=", "sig="},
		Match:   matchAzureKey,
	},
	{
		Name: "azure_client_secret", Sets: secrets,
		Finds:   "client secrets of Entra, 37 to 40 characters with `Q~` behind the first four",
		Tokens:  []token{{prefix: "Q~", chars: entra, before: 4, min: 31, max: 34}},
		Anchors: []string{"Q~-", "Q~_", "Q~.", "Q~~"},
	},
	{
		Name: "azure_key", Sets: secrets,
		Finds: "keys of Azure's services by their signature: storage `…+ASt…`, Cosmos DB `…ACDb…`, Functions `…AzFu…`, DevOps `…AZDO…`, Service Bus `…+ASb…`, Event Hubs `…+AEh…`, " +
			"AI services `…ACOG…` and the others, and 88 characters of base64 near `account key` or `storage key`",
		Keywords: []string{"accountkey", "account_key", "account key", "storagekey", "storage_key", "storage key"},
		Near:     matchStorageKey,
		Tokens: []token{
			{prefix: "+ASt", chars: text.Base64Std, before: 76, min: 8, max: 8},
			{prefix: "ACDb", chars: text.Base64Std, before: 76, min: 8, max: 8},
			{prefix: "+ABa", chars: text.Base64Std, before: 76, min: 8, max: 8},
			{prefix: "APIM", chars: text.Base64Std, before: 76, min: 8, max: 8},
			{prefix: "AzFu", chars: paddedURL, before: 44, min: 8, max: 8},
			{prefix: "+ACR", chars: text.Alnum, head: text.Base64Std, before: 42, min: 6, max: 6},
			{prefix: "AzSe", chars: text.Alnum, before: 42, min: 6, max: 6},
			{prefix: "AzCa", chars: text.Base64Std, before: 33, min: 7, max: 7},
			{prefix: "+ASb", chars: text.Base64Std, before: 33, min: 7, max: 7},
			{prefix: "+AEh", chars: text.Base64Std, before: 33, min: 7, max: 7},
			{prefix: "+ARm", chars: text.Base64Std, before: 33, min: 7, max: 7},
			{prefix: "AIoT", chars: text.Base64Std, before: 33, min: 7, max: 7},
			{prefix: "AZEG", chars: text.Base64Std, before: 33, min: 7, max: 7},
			{prefix: "AZDO", chars: text.Alnum, before: 76, min: 4, max: 4},
			{prefix: "ACOG", chars: text.Alnum, before: 76, min: 4, max: 4},
			{prefix: "JQQJ99", chars: text.Alnum, before: 52, min: 24, max: 26}, // all that are new
		},
	},
	{
		Name: "google_api_key", Sets: secrets,
		Finds:  "`AIza…`, 39 characters, and `AQ.Ab8R…`",
		Tokens: []token{{prefix: "AIza", chars: text.Base64URL, min: 35}, {prefix: "AQ.Ab8R", chars: text.Base64URL, min: 40}},
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
		Name: "google_hmac_key", Sets: secrets,
		Finds:    "40 characters of base64 near an id of Google Cloud Storage, `GOOG1…`",
		Keywords: []string{"goog1"},
		Near:     matchAWSSecret,
	},
	{
		Name: "digitalocean", Sets: secrets,
		Finds:  "`dop_v1_…`, `doo_v1_…`, `dor_v1_…`",
		Tokens: prefixed(text.LowerHex, 64, "dop_v1_", "doo_v1_", "dor_v1_"),
	},
	{
		Name: "heroku", Sets: secrets,
		Finds:    "`HRKU-…`, and a UUID near `heroku`",
		Tokens:   prefixed(text.Base64URL, 36, "HRKU-"),
		Keywords: []string{"heroku"},
		Near:     matchUUID,
	},
	{
		Name: "cloudflare", Sets: secrets,
		Finds:    "`cfk_…`, `cfut_…`, `cfat_…`, keys of the origin CA `v1.0-…`, and 40 characters or 37 hexadecimal digits near `cloudflare` or `CF_API`",
		Tokens:   append(prefixed(text.Alnum, 44, "cfk_", "cfut_", "cfat_"), token{prefix: "v1.0-", chars: hexDashed, min: 171, max: 171}),
		Keywords: []string{"cloudflare", "cf_api", "cf-api", "cfapi", "x-auth-key"},
		Near:     either(matchJumbled(text.Base64URL, 40), matchToken(text.LowerHex, 37)),
	},
	{
		Name: "alibaba_access_key_id", Sets: secrets,
		Finds:  "`LTAI…`, 16 to 24 characters",
		Tokens: exactly(text.Alnum, 12, 20, "LTAI"),
	},
	{
		Name: "fly_io", Sets: secrets,
		Finds:  "`fm2_…`, `fm1r_…`, `fo1_…`",
		Tokens: append(prefixed(text.Base64Std, 90, "fm2_", "fm1r_", "fm1a_"), exactly(text.Base64URL, 43, 43, "fo1_")...),
	},
	{
		Name: "netlify", Sets: secrets,
		Finds:  "`nfp_…`",
		Tokens: exactly(text.Alnum, 36, 40, "nfp_", "nfc_", "nfo_", "nfu_"),
	},
	{
		Name: "vercel", Sets: secrets,
		Finds:  "`vcp_…`, `vck_…` and the other prefixes of Vercel",
		Tokens: exactly(text.Base64URL, 56, 56, "vcp_", "vci_", "vca_", "vcr_", "vck_"),
	},
	{
		Name: "render", Sets: secrets,
		Finds:  "`rnd_…`",
		Tokens: prefixed(text.Alnum, 28, "rnd_"),
	},
	{
		Name: "databricks", Sets: secrets,
		Finds:  "`dapi…` and `dose…` with 32 hexadecimal digits",
		Tokens: []token{{prefix: "dapi", chars: hexDashed, min: 32, max: 34}, {prefix: "dose", chars: text.LowerHex, min: 32, max: 32}},
	},
	{
		Name: "hashicorp_vault", Sets: secrets,
		Finds:    "`hvs.…`, `hvb.…`, `hvr.…`, and tokens of older releases, `s.…`, near `vault`",
		Tokens:   prefixed(text.Base64URL, 24, "hvs.", "hvb.", "hvr."),
		Keywords: []string{"vault"},
		Near:     matchOldVault,
	},
	{
		Name: "terraform_cloud", Sets: secrets,
		Finds:  "`….atlasv1.…`",
		Tokens: []token{{prefix: ".atlasv1.", chars: paddedURL, before: 14, min: 60}},
	},
	{
		Name: "openshift", Sets: secrets,
		Finds:  "`sha256~…`, 50 characters",
		Tokens: exactly(text.Base64URL, 43, 43, "sha256~"),
	},
	{
		Name: "supabase", Sets: secrets,
		Finds:  "`sbp_…` and `sb_secret_…`",
		Tokens: append(exactly(text.LowerHex, 40, 40, "sbp_"), prefixed(text.Base64URL, 31, "sb_secret_")...),
	},
	{
		Name: "planetscale", Sets: secrets,
		Finds:  "`pscale_tkn_…`, `pscale_pw_…`, `pscale_oauth_…`",
		Tokens: prefixed(paddedURL, 32, "pscale_tkn_", "pscale_pw_", "pscale_oauth_"),
	},
	{
		Name: "neon", Sets: secrets,
		Finds:  "`napi_…`",
		Tokens: exactly(lowerNum, 64, 64, "napi_"),
	},
	{
		Name: "cockroach_cloud", Sets: secrets,
		Finds:  "`CCDB1_…`",
		Tokens: prefixed(text.WordChars, 60, "CCDB1_"),
	},
	{
		Name: "confluent_cloud", Sets: secrets,
		Finds:  "`cflt…`, 64 characters",
		Tokens: exactly(text.Base64Std, 60, 60, "cflt"),
	},
	{
		Name: "mongodb_atlas", Sets: secrets,
		Finds:  "`mdb_sa_sk_…`",
		Tokens: prefixed(text.Base64URL, 40, "mdb_sa_sk_"),
	},
	{
		Name: "elastic_cloud", Sets: secrets,
		Finds:  "`essu_…`",
		Tokens: prefixed(text.Base64Std, 64, "essu_"),
	},
	{
		Name: "clickhouse_cloud", Sets: secrets,
		Finds:  "`4b1d…`, 42 characters",
		Tokens: exactly(text.Alnum, 38, 38, "4b1d"),
	},
	{
		Name: "tailscale", Sets: secrets,
		Finds:  "`tskey-…`",
		Tokens: prefixed(text.Base64URL, 20, "tskey-"),
	},
	{
		Name: "doppler", Sets: secrets,
		Finds:  "`dp.pt.…`, `dp.st.…`, `dp.ct.…`, `dp.sa.…`, `dp.scim.…`, `dp.audit.…`",
		Tokens: prefixed(text.TokenDots, 40, "dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "dp.said.", "dp.scim.", "dp.audit."),
	},
	{
		Name: "infisical", Sets: secrets,
		Finds:  "`st.….….…`",
		Tokens: prefixed(text.NewCharset("0-9a-f.-"), 89, "st."),
	},
	{
		Name: "onepassword", Sets: secrets,
		Finds: "tokens of service accounts `ops_eyJ…`, secret keys `A3-…` and recovery codes `1PRK-…`",
		Tokens: []token{
			{prefix: "ops_eyJ", chars: text.NewCharset("0-9A-Za-z+/=_-"), min: 100},
			{prefix: "A3-", chars: upperDashed, min: 36, max: 37},
			{prefix: "1PRK-", chars: upperDashed, min: 64, max: 64},
		},
	},
	{
		Name: "yandex_key", Sets: secrets,
		Finds:  "`AQVN…`, and tokens of IAM, `t1.….…`, and OAuth, `y0_…`",
		Tokens: slices.Concat(exactly(text.Base64URL, 35, 38, "AQVN"), prefixed(text.NewCharset("0-9A-Za-z_.=-"), 90, "t1."), prefixed(text.Base64URL, 50, "y0_")),
	},
	{
		Name: "scalingo_token", Sets: secrets,
		Finds:  "`tk-us-…`",
		Tokens: exactly(text.Base64URL, 48, 48, "tk-us-"),
	},
	{
		Name: "defined_networking_key", Sets: secrets,
		Finds:  "`dnkey-…`",
		Tokens: prefixed(paddedURL, 70, "dnkey-"),
	},
	{
		Name: "okta", Sets: secrets,
		Finds:    "`00…`, 42 characters, near `okta` or `SSWS`",
		Keywords: []string{"okta", "ssws"},
		Near:     matchOkta,
	},
}

var (
	azureKey = text.NewCharset("0-9A-Za-z+/=%")
	entra    = text.NewCharset("0-9A-Za-z_~.-")
	// paddedURL is base64url with its padding.
	paddedURL   = text.NewCharset("0-9A-Za-z_=-")
	hexDashed   = text.NewCharset("0-9a-f-")
	upperDashed = text.NewCharset("0-9A-Z-")
)

// matchAzureKey finds the base64 behind a name of Azure's, also percent-encoded.
func matchAzureKey(c *text.Cursor, at int) (start, end int, found bool) {
	const minKey = 40
	in := c.Text
	start = at + strings.IndexByte(in[at:], '=') + 1
	end = c.RunEnd(azureKey, start)
	return start, end, text.StartsHere(in, at) && end-start >= minKey && isRandom(in[start:end], minKey)
}

// matchStorageKey finds the 64 bytes in base64 that a key of a storage account is, also of
// the time before they were signed.
func matchStorageKey(in string, at int, _ string) int {
	const length, floor, padding = 88, 4, "=="
	end := text.Base64Std.EndWithin(in, at, length+1)
	if end-at != length || !strings.HasSuffix(in[at:end], padding) || text.Entropy(in[at:end]) < floor {
		return at
	}
	return end
}

// matchAWSSecret finds 40 characters of base64, which are no path. Behind the id that it
// belongs to, it is also one that is less jumbled than most.
func matchAWSSecret(in string, at int, _ string) int {
	const length, floor = 40, 3
	end, wordLen := text.Base64Std.EndWithin(in, at, length+1), 4
	if behindAccessKeyID(in, at) {
		wordLen = 8
	}
	if end-at != length || in[end-1] == '=' || !isMixed(in[at:end]) || !isJumbled(in[at:end], wordLen) || text.Entropy(in[at:end]) < floor {
		return at
	}
	return end
}

// behindAccessKeyID reports whether there are only signs between an id, of capital letters
// and digits, and what begins at a place.
func behindAccessKeyID(in string, at int) bool {
	const shortest, signs = 16, 8
	end := at
	for end > 0 && at-end < signs && !text.IsAlnum(in[end-1]) {
		end--
	}
	start := end
	for start > 0 && end-start < shortest && (text.IsUpper(in[start-1]) || text.IsDigit(in[start-1])) {
		start--
	}
	return end < at && end-start == shortest
}

// matchOldVault finds tokens of Vault before 1.10.
func matchOldVault(in string, at int, _ string) int {
	const prefix, length, wordLen = "s.", 24, 6
	end := at + len(prefix) + length
	if !strings.HasPrefix(in[at:], prefix) || text.Alnum.EndWithin(in, at+len(prefix), length+1) != end || !isJumbled(in[at+len(prefix):end], wordLen) {
		return at
	}
	return end
}

// matchOkta finds a token that begins with two zeros.
func matchOkta(in string, at int, gap string) int {
	const prefix, wordLen = "00", 6
	if end := matchOktaToken(in, at, gap); strings.HasPrefix(in[at:], prefix) && isJumbled(in[at:end], wordLen) {
		return end
	}
	return at
}

var matchOktaToken = matchToken(text.Base64URL, 42)
