package rules

import "github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"

// developmentRules find what opens repositories, packages, pipelines and the tools of a team.
var developmentRules = []*Rule{
	{
		Name: "github_token", Sets: secrets,
		Finds: "`ghp_…`, `gho_…`, `ghu_…`, `ghs_…`, `ghr_…` and `github_pat_…`",
		Tokens: append(prefixed(text.Alnum, 36, "ghp_", "gho_", "ghu_", "ghr_"),
			token{prefix: "ghs_", chars: text.TokenDots, min: 36}, token{prefix: "github_pat_", chars: text.WordChars, min: 50}),
	},
	{
		Name: "gitlab_token", Sets: secrets,
		Finds:  "`glpat-…` and the other prefixes of GitLab",
		Tokens: prefixed(text.TokenDots, 20, "glpat-", "gldt-", "glptt-", "glrt-", "glrtr-", "glsoat-", "glcbt-", "glft-", "glimt-", "glagent-", "gloas-", "glffct-", "glwt-", "GR1348941"),
	},
	{
		Name: "bitbucket_token", Sets: secrets,
		Finds:  "`ATBB…`",
		Tokens: exactly(text.Alnum, 24, 40, "ATBB"),
	},
	{
		Name: "atlassian_token", Sets: secrets,
		Finds:  "`ATATT3xFf…`, `ATCTT3xFf…`, `ATSTT3xFf…`",
		Tokens: prefixed(paddedURL, 50, "ATATT3", "ATCTT3", "ATSTT3"),
	},
	{
		Name: "sourcegraph_token", Sets: secrets,
		Finds:  "`sgp_…`",
		Tokens: exactly(text.WordChars, 40, 64, "sgp_"),
	},
	{
		Name: "npm_token", Sets: secrets,
		Finds:  "`npm_…`, 40 characters",
		Tokens: prefixed(text.Alnum, 36, "npm_"),
	},
	{
		Name: "pypi_token", Sets: secrets,
		Finds:  "`pypi-…` of PyPI and TestPyPI",
		Tokens: prefixed(text.Base64URL, 50, "pypi-Ag"),
	},
	{
		Name: "rubygems_token", Sets: secrets,
		Finds:  "`rubygems_…`",
		Tokens: exactly(text.LowerHex, 48, 48, "rubygems_"),
	},
	{
		Name: "nuget_key", Sets: secrets,
		Finds:  "`oy2…`, 46 characters",
		Tokens: exactly(lowerNum, 43, 43, "oy2"),
	},
	{
		Name: "crates_token", Sets: secrets,
		Finds:  "`cio…`, 35 characters",
		Tokens: exactly(text.Alnum, 32, 32, "cio"),
	},
	{
		Name: "clojars_token", Sets: secrets,
		Finds:  "`CLOJARS_…`",
		Tokens: exactly(text.Alnum, 60, 60, "CLOJARS_"),
	},
	{
		Name: "packagist_token", Sets: secrets,
		Finds:  "`packagist_ack_…`, `packagist_acs_…` and their like",
		Tokens: prefixed(text.LowerHex, 28, "packagist_ack_", "packagist_acs_", "packagist_ort_", "packagist_out_", "packagist_uut_", "packagist_cut_"),
	},
	{
		Name: "jfrog_token", Sets: secrets,
		Finds:  "keys of Artifactory `AKCp…` and reference tokens `cmVmdGtu…`",
		Tokens: append(exactly(text.Alnum, 69, 69, "AKCp"), exactly(text.Alnum, 56, 56, "cmVmdGtu")...),
	},
	{
		Name: "docker_hub_token", Sets: secrets,
		Finds:  "`dckr_pat_…`, `dckr_oat_…`",
		Tokens: prefixed(text.Base64URL, 27, "dckr_pat_", "dckr_oat_"),
	},
	{
		Name: "circleci_token", Sets: secrets,
		Finds:  "`CCIPAT_…`, `CCIPRJ_…`",
		Tokens: prefixed(text.WordChars, 40, "CCIPAT_", "CCIPRJ_"),
	},
	{
		Name: "buildkite_token", Sets: secrets,
		Finds:  "`bkua_…`",
		Tokens: exactly(text.LowerHex, 40, 40, "bkua_"),
	},
	{
		Name: "pulumi_token", Sets: secrets,
		Finds:  "`pul-…`",
		Tokens: exactly(text.LowerHex, 40, 40, "pul-"),
	},
	{
		Name: "octopus_key", Sets: secrets,
		Finds:  "`API-…` with 25 to 32 capitals and digits",
		Tokens: exactly(text.UpperNum, 25, 32, "API-"),
	},
	{
		Name: "harness_token", Sets: secrets,
		Finds:  "`pat.….….…` and `sat.….….…`",
		Tokens: exactly(text.TokenDots, 68, 68, "pat.", "sat."),
	},
	{
		Name: "launchdarkly_key", Sets: secrets,
		Finds:  "`sdk-…` with a UUID",
		Tokens: exactly(hexDashed, 36, 36, "sdk-"),
	},
	{
		Name: "prefect_token", Sets: secrets,
		Finds:  "`pnu_…`, `pnb_…`",
		Tokens: exactly(text.Alnum, 36, 36, "pnu_", "pnb_"),
	},
	{
		Name: "sonarqube_token", Sets: secrets,
		Finds:  "`squ_…`, `sqp_…`, `sqa_…`",
		Tokens: exactly(paddedURL, 40, 40, "squ_", "sqp_", "sqa_"),
	},
	{
		Name: "snyk_token", Sets: secrets,
		Finds:    "`snyk_uat.…`, and a UUID near `snyk`",
		Tokens:   prefixed(text.TokenDots, 32, "snyk_uat.", "snyk_sat."),
		Keywords: []string{"snyk"},
		Near:     matchUUID,
	},
	{
		Name: "postman_key", Sets: secrets,
		Finds:  "`PMAK-…`, `PMAT-…`",
		Tokens: append(exactly(hexDashed, 59, 59, "PMAK-"), exactly(text.Alnum, 26, 26, "PMAT-")...),
	},
	{
		Name: "figma_token", Sets: secrets,
		Finds:  "`figd_…`, `figu_…`",
		Tokens: prefixed(text.Base64URL, 38, "figd_", "figu_", "figo_"),
	},
	{
		Name: "linear_token", Sets: secrets,
		Finds:  "`lin_api_…`, `lin_oauth_…`, `lin_wh_…`",
		Tokens: prefixed(text.Alnum, 40, "lin_api_", "lin_oauth_", "lin_wh_"),
	},
	{
		Name: "trello_token", Sets: secrets,
		Finds:  "`ATTA…`, 76 characters",
		Tokens: exactly(text.HexDigits, 72, 72, "ATTA"),
	},
	{
		Name: "clickup_token", Sets: secrets,
		Finds:  "`pk_…_…`, the number of a user and 32 characters",
		Tokens: exactly(text.NewCharset("0-9A-Z_"), 38, 46, "pk_"),
	},
	{
		Name: "mapbox_token", Sets: secrets,
		Finds:  "secret and temporary tokens, `sk.eyJ1…`, `tk.eyJ1…`",
		Tokens: prefixed(text.TokenDots, 60, "sk.eyJ1", "tk.eyJ1"),
	},
	{
		Name: "dropbox_token", Sets: secrets,
		Finds:  "`sl.…`, 130 characters and more",
		Tokens: prefixed(text.TokenDots, 130, "sl."),
	},
	{
		Name: "linkedin_secret", Sets: secrets,
		Finds:  "`WPL_AP1.…`",
		Tokens: prefixed(text.NewCharset("0-9A-Za-z.=+/"), 24, "WPL_AP1."),
	},
	{
		Name: "notion_token", Sets: secrets,
		Finds:  "`ntn_…`, and of before 2024 `secret_…` with 43 characters",
		Tokens: append(prefixed(text.Alnum, 40, "ntn_"), exactly(text.Alnum, 43, 43, "secret_")...),
	},
	{
		Name: "airtable_token", Sets: secrets,
		Finds:  "`pat….…`, 82 characters",
		Tokens: []token{{prefix: "pat", chars: text.NewCharset("0-9A-Za-z."), min: 79, max: 79}},
	},
	{
		Name: "contentful_token", Sets: secrets,
		Finds:  "`CFPAT-…`",
		Tokens: prefixed(text.Base64URL, 43, "CFPAT-"),
	},
	{
		Name: "readme_key", Sets: secrets,
		Finds:  "`rdme_…`",
		Tokens: prefixed(lowerNum, 70, "rdme_"),
	},
	{
		Name: "cursor_key", Sets: secrets,
		Finds:  "`key_…` with 64 hexadecimal digits",
		Tokens: []token{{prefix: "key_", chars: text.LowerHex, min: 64, max: 64, alone: true}},
	},
	{
		Name: "deno_token", Sets: secrets,
		Finds:  "`ddp_…`, `ddo_…`",
		Tokens: exactly(text.Alnum, 36, 36, "ddp_", "ddo_"),
	},
	{
		Name: "adobe_client_secret", Sets: secrets,
		Finds:  "`p8e-…`",
		Tokens: exactly(text.Alnum, 32, 32, "p8e-"),
	},
	{
		Name: "frameio_token", Sets: secrets,
		Finds:  "`fio-u-…`",
		Tokens: exactly(paddedURL, 64, 64, "fio-u-"),
	},
	{
		Name: "settlemint_token", Sets: secrets,
		Finds:  "`sm_aat_…`, `sm_pat_…`, `sm_sat_…`",
		Tokens: exactly(text.Alnum, 16, 16, "sm_aat_", "sm_pat_", "sm_sat_"),
	},
	{
		Name: "infracost_key", Sets: secrets,
		Finds:  "`ico-…`",
		Tokens: exactly(text.Alnum, 32, 32, "ico-"),
	},
}

var lowerNum = text.NewCharset("0-9a-z")
