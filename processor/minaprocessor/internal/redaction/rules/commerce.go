package rules

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// commerceRules find what opens shops, payments, parcels and customers.
var commerceRules = []*Rule{
	{
		Name: "stripe_key", Sets: secrets,
		Finds:  "secret, restricted and ephemeral keys `sk_live_…`, `sk_org_…`, `rk_test_…`, `ek_live_…`, and secrets of webhooks `whsec_…`",
		Tokens: append(prefixed(text.Alnum, 16, "sk_live_", "sk_test_", "sk_prod_", "rk_live_", "rk_test_", "rk_prod_", "sk_org_live_", "sk_org_test_", "ek_live_", "ek_test_"), token{prefix: "whsec_", chars: text.Base64Std, min: 24}),
	},
	{
		Name: "shopify_token", Sets: secrets,
		Finds:  "`shpat_…`, `shpca_…`, `shppa_…`, `shpss_…`, `shptka_…`",
		Tokens: exactly(text.HexDigits, 32, 38, "shpat_", "shpca_", "shppa_", "shpss_", "shpua_", "shptka_"),
	},
	{
		Name: "square_token", Sets: secrets,
		Finds:  "`sq0atp-…`, `sq0csp-…`, `EAAA…`",
		Tokens: append(prefixed(text.Base64URL, 22, "sq0atp-", "sq0csp-"), exactly(text.NewCharset("0-9A-Za-z_+=-"), 56, 64, "EAAA")...),
	},
	{
		Name: "paypal_braintree_token", Sets: secrets,
		Finds:  "`access_token$production$…`, `access_token$sandbox$…`, and access tokens `A21AA…`",
		Tokens: append(prefixed(text.NewCharset("0-9a-z$"), 32, "access_token$production$", "access_token$sandbox$"), prefixed(text.Base64URL, 80, "A21AA")...),
	},
	{
		Name: "plaid_token", Sets: secrets,
		Finds:  "`access-production-…` with a UUID, also of `sandbox` and `development`",
		Tokens: exactly(hexDashed, 36, 36, "access-production-", "access-sandbox-", "access-development-"),
	},
	{
		Name: "paddle_key", Sets: secrets,
		Finds:  "`pdl_live_apikey_…`, `pdl_sdbx_apikey_…`, and secrets of webhooks `pdl_ntfset_…`",
		Tokens: prefixed(text.NewCharset("0-9A-Za-z_+/"), 50, "pdl_live_apikey_", "pdl_sdbx_apikey_", "pdl_ntfset_"),
	},
	{
		Name: "polar_token", Sets: secrets,
		Finds:  "`polar_oat_…`, `polar_pat_…`",
		Tokens: prefixed(text.Alnum, 40, "polar_oat_", "polar_pat_"),
	},
	{
		Name: "xendit_key", Sets: secrets,
		Finds:  "`xnd_production_…`, `xnd_development_…`",
		Tokens: prefixed(text.Alnum, 40, "xnd_production_", "xnd_development_"),
	},
	{
		Name: "razorpay_key", Sets: secrets,
		Finds:  "`rzp_live_…`, `rzp_test_…`",
		Tokens: exactly(text.Alnum, 14, 24, "rzp_live_", "rzp_test_"),
	},
	{
		Name: "flutterwave_key", Sets: secrets,
		Finds:  "`FLWSECK-…`, `FLWSECK_TEST-…`",
		Tokens: prefixed(dashed, 32, "FLWSECK-", "FLWSECK_TEST-"),
	},
	{
		Name: "duffel_token", Sets: secrets,
		Finds:  "`duffel_live_…`, `duffel_test_…`",
		Tokens: prefixed(paddedURL, 40, "duffel_live_", "duffel_test_"),
	},
	{
		Name: "easypost_key", Sets: secrets,
		Finds:  "`EZAK…`, `EZTK…`",
		Tokens: exactly(text.Alnum, 54, 54, "EZAK", "EZTK"),
	},
	{
		Name: "shippo_token", Sets: secrets,
		Finds:  "`shippo_live_…`, `shippo_test_…`",
		Tokens: exactly(text.HexDigits, 40, 40, "shippo_live_", "shippo_test_"),
	},
	{
		Name: "hubspot_token", Sets: secrets,
		Finds:  "`pat-na1-…`, `pat-eu1-…` with a UUID",
		Tokens: exactly(hexDashed, 36, 36, "pat-na1-", "pat-na2-", "pat-na3-", "pat-eu1-", "pat-ap1-"),
	},
	{
		Name: "salesforce_token", Sets: secrets,
		Finds:   "session ids and access tokens `00D…!…`",
		Anchors: []string{"00D"},
		Match:   matchSalesforce,
	},
	{
		Name: "typeform_token", Sets: secrets,
		Finds:  "`tfp_…`",
		Tokens: prefixed(text.NewCharset("0-9A-Za-z_.=-"), 40, "tfp_"),
	},
}

// matchSalesforce finds the id of an organization and the token of a session of it.
func matchSalesforce(c *text.Cursor, at int) (start, end int, found bool) {
	const prefix, shortestID, longestID, least = "00D", 11, 18, 30
	in := c.Text
	if !strings.HasPrefix(in[at:], prefix) || !text.StartsHere(in, at) {
		return 0, 0, false
	}
	mark := text.Alnum.EndWithin(in, at, longestID+1)
	if n := mark - at; n < shortestID || n > longestID || mark == len(in) || in[mark] != '!' {
		return 0, 0, false
	}
	end = c.RunEnd(text.TokenDots, mark+1)
	for end > mark && in[end-1] == '.' {
		end--
	}
	return at, end, end-mark > least && isRandom(in[mark+1:end], least)
}
