package corpus

import (
	"encoding/base64"
	"regexp"
	"strconv"
)

// form makes secrets of one of several forms, in which <w20> stands for 20 letters and
// digits, see alphabets, and <uuid> for a UUID.
func form(forms ...string) func(r random) string {
	return func(r random) string {
		return placeholders.ReplaceAllStringFunc(r.one(forms...), func(placeholder string) string {
			if placeholder == "<uuid>" {
				return r.uuid()
			}
			n, _ := strconv.Atoi(placeholder[2 : len(placeholder)-1])
			return r.of(n, alphabets[placeholder[1]])
		})
	}
}

var placeholders = regexp.MustCompile(`<[a-zA-Z][0-9]+>|<uuid>`)

var alphabets = map[byte]string{
	'd': numerals, 'h': hexLower, 'w': base62, 'l': numerals + lowerCase, 'U': numerals + upperCase, 'b': base62 + "+/", 'u': base62 + "-_",
}

// vendorKinds are the secrets of vendors that have a form of their own.
var vendorKinds = []kind{
	{rule: "aws_session_token", secret: form("IQoJb3JpZ2luX2Vj<b300>", "FwoGZXIvYXdz<b200>")},
	{rule: "aws_bedrock_key", secret: form("ABSK<b109>=", "bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t<b60>")},
	{rule: "azure_client_secret", secret: form("<w3>8Q~<w34>", "<w3>7Q~<w31>")},
	{rule: "azure_key", secret: form("<b76>+ASt<b6>==", "<b76>ACDb<b6>==", "<w44>AzFu<w6>==", "<w52>JQQJ99<w18>AZDO<w4>", "<w52>JQQJ99<w18>ACOG<w4>", "<b33>+ASb<b6>=", "<b33>+AEh<b6>=", "<w42>AzSeA<w5>", "<b33>AIoT<b6>=", "<w33>AzCaA<w5>=", "<b42>+ACRA<w5>")},
	{rule: "google_hmac_key", secret: form("<w40>"), phrases: []string{"GOOG1EEXAMPLEKEYID2345 %", "GOOG1EQ3EXAMPLE7:%"}},
	{rule: "cloudflare", secret: form("v1.0-<h24>-<h146>")},
	{rule: "cloudflare", secret: form("<w40>"), phrases: []string{"CLOUDFLARE_API_TOKEN=%"}},
	{rule: "alibaba_access_key_id", secret: form("LTAI<w20>", "LTAI5t<w18>")},
	{rule: "fly_io", secret: form("fm2_<b120>", "fo1_<w43>", "fm1r_<b120>")},
	{rule: "netlify", secret: form("nfp_<w36>")},
	{rule: "databricks", secret: form("dapi<h32>", "dapi<h32>-2")},
	{rule: "hashicorp_vault", secret: form("hvs.<w24>", "hvs.CAESI<w90>", "hvb.<w140>", "hvr.<w90>")},
	{rule: "terraform_cloud", secret: form("<w14>.atlasv1.<w67>")},
	{rule: "openshift", secret: form("sha256~<w43>")},
	{rule: "supabase", secret: form("sbp_<h40>", "sb_secret_<w31>")},
	{rule: "planetscale", secret: form("pscale_tkn_<w43>", "pscale_pw_<w43>", "pscale_oauth_<w43>")},
	{rule: "mongodb_atlas", secret: form("mdb_sa_sk_<w40>")},
	{rule: "elastic_cloud", secret: form("essu_<b92>")},
	{rule: "clickhouse_cloud", secret: form("4b1d<w38>")},
	{rule: "tailscale", secret: form("tskey-auth-k<w11>CNTRL-<w32>", "tskey-api-k<w11>CNTRL-<w32>", "tskey-client-k<w11>CNTRL-<w32>")},
	{rule: "doppler", secret: form("dp.pt.<w43>", "dp.st.prd.<w43>", "dp.ct.<w43>", "dp.sa.<w43>", "dp.scim.<w43>", "dp.audit.<w43>")},
	{rule: "onepassword", secret: form("ops_eyJ<b260>", "A3-<U6>-<U6>-<U5>-<U5>-<U5>-<U5>", "A3-<U6>-<U11>-<U5>-<U5>-<U5>")},
	{rule: "okta", secret: form("00<w40>"), phrases: []string{"okta token %", "SSWS %", "OKTA_API_TOKEN=%"}},
	{rule: "bitbucket_token", secret: form("ATBB<w32>")},
	{rule: "atlassian_token", secret: form("ATATT3xFfGF0<u170>=<U8>", "ATCTT3xFfGN0<u170>=<U8>")},
	{rule: "sourcegraph_token", secret: form("sgp_<h40>", "sgp_<h16>_<h40>")},
	{rule: "rubygems_token", secret: form("rubygems_<h48>")},
	{rule: "nuget_key", secret: form("oy2<l43>")},
	{rule: "crates_token", secret: form("cio<w32>")},
	{rule: "clojars_token", secret: form("CLOJARS_<l60>")},
	{rule: "packagist_token", secret: form("packagist_ack_<h30>", "packagist_acs_<h64>", "packagist_ort_<h68>")},
	{rule: "jfrog_token", secret: form("AKCp<w69>", "cmVmdGtu<w56>")},
	{rule: "docker_hub_token", secret: form("dckr_pat_<w27>", "dckr_oat_<w32>")},
	{rule: "circleci_token", secret: form("CCIPAT_<w22>_<h40>", "CCIPRJ_<w22>_<h40>")},
	{rule: "buildkite_token", secret: form("bkua_<h40>")},
	{rule: "pulumi_token", secret: form("pul-<h40>")},
	{rule: "octopus_key", secret: form("API-<U26>", "API-<U32>")},
	{rule: "harness_token", secret: form("pat.<u22>.<h24>.<w20>", "sat.<u22>.<w24>.<w20>")},
	{rule: "launchdarkly_key", secret: form("sdk-<uuid>")},
	{rule: "prefect_token", secret: form("pnu_<w36>", "pnb_<w36>")},
	{rule: "sonarqube_token", secret: form("squ_<h40>", "sqp_<h40>", "sqa_<h40>")},
	{rule: "snyk_token", secret: form("snyk_uat.<h8>.<w60>")},
	{rule: "snyk_token", secret: form("<uuid>"), phrases: []string{"SNYK_TOKEN=%", "snyk api token %"}},
	{rule: "postman_key", secret: form("PMAK-<h24>-<h34>", "PMAT-<U26>")},
	{rule: "figma_token", secret: form("figd_<u40>", "figu_<u40>")},
	{rule: "linear_token", secret: form("lin_api_<w40>", "lin_oauth_<h64>")},
	{rule: "notion_token", secret: form("ntn_<d11><w35>", "secret_<w43>")},
	{rule: "airtable_token", secret: form("pat<w14>.<h64>")},
	{rule: "contentful_token", secret: form("CFPAT-<u43>")},
	{rule: "readme_key", secret: form("rdme_<l70>")},
	{rule: "cursor_key", secret: form("key_<h64>")},
	{rule: "deno_token", secret: form("ddp_<w36>", "ddo_<w36>")},
	{rule: "infracost_key", secret: form("ico-<w32>")},
	{rule: "langfuse_key", secret: form("sk-lf-<uuid>")},
	{rule: "openrouter_key", secret: form("sk-or-v1-<h64>")},
	{rule: "groq_key", secret: form("gsk_<w52>")},
	{rule: "xai_key", secret: form("xai-<w80>", "xai-token-<w80>")},
	{rule: "perplexity_key", secret: form("pplx-<w48>")},
	{rule: "replicate_token", secret: form("r8_<w37>")},
	{rule: "elevenlabs_key", secret: form("sk_<h48>")},
	{rule: "nvidia_key", secret: form("nvapi-<u64>")},
	{rule: "pinecone_key", secret: form("pcsk_<w6>_<w62>")},
	{rule: "langsmith_key", secret: form("lsv2_pt_<h32>_<h10>", "lsv2_sk_<h32>_<h10>")},
	{rule: "together_key", secret: form("tgp_v1_<u43>")},
	{rule: "tavily_key", secret: form("tvly-dev-<w32>", "tvly-<w32>")},
	{rule: "jina_key", secret: form("jina_<w60>")},
	{rule: "firecrawl_key", secret: form("fc-<h32>")},
	{rule: "ai_service_key", secret: form("<w32>", "<h40>"), phrases: []string{"MISTRAL_API_KEY=%", "cohere %", "deepgram: %", "assemblyai key %", "Mistral %"}},
	{rule: "shopify_token", secret: form("shpat_<h32>", "shpca_<h32>", "shppa_<h32>", "shpss_<h32>")},
	{rule: "square_token", secret: form("sq0atp-<u22>", "sq0csp-<u43>", "EAAA<u60>")},
	{rule: "paypal_braintree_token", secret: form("access_token$production$<l16>$<h32>", "access_token$sandbox$<l16>$<h32>")},
	{rule: "plaid_token", secret: form("access-production-<uuid>", "access-sandbox-<uuid>")},
	{rule: "razorpay_key", secret: form("rzp_live_<w14>", "rzp_test_<w14>")},
	{rule: "flutterwave_key", secret: form("FLWSECK-<h32>-X", "FLWSECK_TEST-<h32>-X")},
	{rule: "duffel_token", secret: form("duffel_live_<u43>", "duffel_test_<u43>")},
	{rule: "easypost_key", secret: form("EZAK<w54>", "EZTK<w54>")},
	{rule: "shippo_token", secret: form("shippo_live_<h40>", "shippo_test_<h40>")},
	{rule: "hubspot_token", secret: form("pat-na1-<uuid>", "pat-eu1-<uuid>")},
	{rule: "salesforce_token", secret: form("00D<w12>!AQ<w94>", "00D<w9>!AB_<w60>")},
	{rule: "typeform_token", secret: form("tfp_<w40>_<w18>")},
	{rule: "telegram_token", secret: form("<d10>:AA<u33>", "<d9>:AA<u33>")},
	{rule: "facebook_token", secret: form("EAAC<w160>", "EAAM<w120>", "EAAG<w180>")},
	{rule: "mailchimp_key", secret: form("<h32>-us<d2>", "<h32>-us6")},
	{rule: "brevo_key", secret: form("xkeysib-<h64>-<w16>", "xsmtpsib-<h64>-<w16>")},
	{rule: "grafana_token", secret: form("glsa_<w32>_<h8>", "glc_<b80>", "eyJrIjoi<w90>")},
	{rule: "dynatrace_token", secret: form("dt0c01.<U24>.<U64>", "dt0s01.<U24>.<U64>")},
	{rule: "posthog_key", secret: form("phx_<w43>")},
	{rule: "pagerduty_key", secret: form("<w20>", "<h32>"), phrases: []string{"PAGERDUTY_TOKEN=%", "pagerduty routing key %", "pagerduty: %"}},
	{rule: "yandex_key", secret: form("AQVN<w36>", "t1.<w60>.<w86>")},
	{rule: "scalingo_token", secret: form("tk-us-<w48>")},
	{rule: "defined_networking_key", secret: form("dnkey-<w26>-<w52>")},
	{rule: "adobe_client_secret", secret: form("p8e-<l32>")},
	{rule: "frameio_token", secret: form("fio-u-<w64>")},
	{rule: "settlemint_token", secret: form("sm_aat_<w16>", "sm_pat_<w16>", "sm_sat_<w16>")},
	{rule: "paseto", secret: form("v4.local.<w120>", "v4.public.<w140>", "v2.public.<w140>.<w20>")},
	{rule: "age_key", secret: form("AGE-SECRET-KEY-1<U58>")},
	{rule: "password_hash", secret: form(
		"pbkdf2_sha256$600000$<w22>$<b43>=", "$2b$12$<w53>", "$2y$10$<w53>", "bcrypt_sha256$$2b$12$<w53>", "$argon2id$v=19$m=65536,t=3,p=4$<b22>$<b43>", "$6$<w16>$<w86>", "$5$rounds=5000$<w16>$<w43>",
		"$1$<w8>$<w22>", "$apr1$<w8>$<w22>", "$y$j9T$<w22>$<w43>", "$P$B<w30>", "scrypt:32768:8:1$<w16>$<h128>", "pbkdf2:sha256:600000$<w16>$<h64>", "SCRAM-SHA-256$4096:<b22>==$<b43>=:<b43>=",
	)},
	{rule: "discord_token", secret: func(r random) string {
		return base64.RawStdEncoding.EncodeToString([]byte("1"+r.digits(18))) + form(".G<w5>.<w38>", ".G<w5>.<w27>")(r)
	}},
	{rule: "chat_webhook", secret: form("<w68>"), phrases: []string{"https://discord.com/api/webhooks/1198622483471925248/%", "https://discordapp.com/api/v10/webhooks/198622483471925248/%"}},
	{rule: "chat_webhook", secret: form("<uuid>@<uuid>/IncomingWebhook/<h32>/<uuid>"), phrases: []string{"https://mina.webhook.office.com/webhookb2/%"}},
	{rule: "cloudflare", secret: form("cfk_<w40><h8>", "cfut_<w40><h8>", "cfat_<w40><h8>")},
	{rule: "stripe_key", secret: form("sk_org_live_<w60>", "ek_live_<w60>")},
	{rule: "slack_token", secret: form("xwfp-<d12>-<d13>-<w32>")},
	{rule: "shopify_token", secret: form("shptka_<h32>")},
	{rule: "vercel", secret: form("vcp_<w56>", "vci_<w56>", "vca_<w56>", "vcr_<w56>", "vck_<w56>")},
	{rule: "render", secret: form("rnd_<w28>", "rnd_<w32>")},
	{rule: "neon", secret: form("napi_<l64>")},
	{rule: "cockroach_cloud", secret: form("CCDB1_<w22>_<w40>")},
	{rule: "confluent_cloud", secret: form("cflt<b60>")},
	{rule: "infisical", secret: form("st.<uuid>.<h32>.<h32>", "st.<h24>.<h32>.<h32>")},
	{rule: "honeycomb_key", secret: form("hcaik_01<l56>", "hcamk_01<l56>")},
	{rule: "axiom_token", secret: form("xaat-<uuid>", "xapt-<uuid>")},
	{rule: "coralogix_key", secret: form("cxtp_<w30>", "cxth_<w30>", "cxup_<w30>")},
	{rule: "wandb_key", secret: form("wandb_v1_<w27>_<w49>")},
	{rule: "runpod_key", secret: form("rpa_<U42><l6>")},
	{rule: "llamacloud_key", secret: form("llx-<w48>")},
	{rule: "cerebras_key", secret: form("csk-<l48>")},
	{rule: "e2b_key", secret: form("e2b_<h40>")},
	{rule: "resend_key", secret: form("re_<w8>_<w24>")},
	{rule: "mailersend_token", secret: form("mlsn.<h64>")},
	{rule: "telnyx_key", secret: form("KEY0<U31>_<w22>")},
	{rule: "pubnub_key", secret: form("sec-c-<w48>")},
	{rule: "paddle_key", secret: form("pdl_live_apikey_01<l24>_<w22>_<w3>", "pdl_sdbx_apikey_01<l24>_<w22>_<w3>", "pdl_ntfset_01<l24>_<w32>")},
	{rule: "polar_token", secret: form("polar_oat_<w43>", "polar_pat_<w43>")},
	{rule: "xendit_key", secret: form("xnd_production_<w56>", "xnd_development_<w56>")},
	{rule: "trello_token", secret: form("ATTA<h64>A1B2C3D4")},
	{rule: "clickup_token", secret: form("pk_<d8>_<U32>")},
	{rule: "mapbox_token", secret: form("sk.eyJ1Ijoi<w60>.<u21>x", "tk.eyJ1Ijoi<w60>.<u21>x")},
	{rule: "dropbox_token", secret: form("sl.u.<u190>x", "sl.B<u134>x")},
	{rule: "linkedin_secret", secret: form("WPL_AP1.<w16>.<w8>==")},
}
