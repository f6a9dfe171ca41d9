package rules

import "github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"

// commerceRules find what opens shops, payments, parcels and customers.
var commerceRules = []*Rule{
	{
		Name: "stripe_key", Sets: secrets,
		Finds:  "secret and restricted keys `sk_live_…`, `rk_test_…`, and secrets of webhooks `whsec_…`",
		Tokens: append(prefixed(text.Alnum, 16, "sk_live_", "sk_test_", "sk_prod_", "rk_live_", "rk_test_", "rk_prod_"), token{prefix: "whsec_", chars: text.Base64Std, min: 24}),
	},
	{
		Name: "shopify_token", Sets: secrets,
		Finds:  "`shpat_…`, `shpca_…`, `shppa_…`, `shpss_…`",
		Tokens: exactly(text.HexDigits, 32, 38, "shpat_", "shpca_", "shppa_", "shpss_", "shpua_"),
	},
	{
		Name: "square_token", Sets: secrets,
		Finds:  "`sq0atp-…`, `sq0csp-…`, `EAAA…`",
		Tokens: append(prefixed(text.Base64URL, 22, "sq0atp-", "sq0csp-"), exactly(text.NewCharset("0-9A-Za-z_+=-"), 56, 64, "EAAA")...),
	},
	{
		Name: "paypal_braintree_token", Sets: secrets,
		Finds:  "`access_token$production$…`, `access_token$sandbox$…`",
		Tokens: prefixed(text.NewCharset("0-9a-z$"), 32, "access_token$production$", "access_token$sandbox$"),
	},
	{
		Name: "plaid_token", Sets: secrets,
		Finds:  "`access-production-…` with a UUID, also of `sandbox` and `development`",
		Tokens: exactly(hexDashed, 36, 36, "access-production-", "access-sandbox-", "access-development-"),
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
		Finds:  "session ids and access tokens `00D…!…`",
		Tokens: []token{{prefix: "!AQ", chars: text.TokenDots, head: text.Alnum, before: 15, min: 60}, {prefix: "!AQ", chars: text.TokenDots, head: text.Alnum, before: 18, min: 60}},
	},
	{
		Name: "typeform_token", Sets: secrets,
		Finds:  "`tfp_…`",
		Tokens: prefixed(text.NewCharset("0-9A-Za-z_.=-"), 40, "tfp_"),
	},
}
