package redaction

import (
	"hash/crc32"
	"slices"
	"strings"
)

// vendorRules find the keys and tokens of vendors, most by their prefix.
var vendorRules = []*rule{
	tokens("aws_access_key_id", "`AKIA…` and `ASIA…`, 20 characters",
		[]token{{prefix: "AKIA", chars: upperNum, min: 16, max: 16}, {prefix: "ASIA", chars: upperNum, min: 16, max: 16}, {prefix: "ABIA", chars: upperNum, min: 16, max: 16}, {prefix: "ACCA", chars: upperNum, min: 16, max: 16}, {prefix: "A3T", chars: upperNum, min: 17, max: 17}},
		examples("AKIA"+"IOSFODNN7EXAMPLE", "ASIA"+"Y34FZKBOKMUTVV7A", "AKIA"+"I44QH8DHBEXAMPLE"),
		"AKIAIOSFODNN7EXAMPL", "AKIAIOSFODNN7EXAMPLE1", "xAKIAIOSFODNN7EXAMPLE", "akiaiosfodnn7example", "AKIA", "AKIAIOSFODNN7exampLE", "ASIANCUISINE", "AKIAAAAAAAAAAAAAAAAA"),
	near("aws_secret_access_key", "40 characters of base64 near `aws`, `secret access` or an access key id",
		[]string{"aws", "secret_access", "secretaccess", "secret-access", "secret access", "akia", "asia"}, matchAWSSecret,
		examples("aws_secret_access_key=⟨wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY⟩", "AWS credentials ⟨9drTJvcXLB89EXAMPLELB8923FB892xMFIaBcDeF⟩", `"secretAccessKey": "⟨je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY⟩"`,
			"AKIA"+"IOSFODNN7EXAMPLE:⟨wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY⟩"),
		"aws commit da39a3ee5e6b4b0d3255bfef95601890afd80709", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "aws s3 wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEYmore", "aws s3 path/to/some/long/object/name/that/has/40",
		"aws region eu-central-1"),
	tokens("github_token", "`ghp_…`, `gho_…`, `ghu_…`, `ghs_…`, `ghr_…` with their checksum (CRC-32) where they have one, and `github_pat_…`",
		[]token{
			{prefix: "ghp_", chars: wordChars, min: 36},
			{prefix: "gho_", chars: wordChars, min: 36},
			{prefix: "ghu_", chars: wordChars, min: 36},
			{prefix: "ghs_", chars: tokenDots, min: 36},
			{prefix: "ghr_", chars: wordChars, min: 36},
			{prefix: "github_pat_", chars: wordChars, min: 50},
		},
		examples("ghp_"+"zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17", "gho_"+"5mBzYUuTbNp1Jr2xK7Qc9Ls4WdVhEa0Pqy3Y", "github_pat_"+"11ABCDEFG0a1B2c3D4e5F6_7g8H9i0J1k2L3m4N5o6P7q8R9s0T1u2V3w4X5y6Z7a8B9c0D1e2F3g4H5i6"),
		"ghp_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18", "ghp_short", "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "ghp_", "github_pat_11ABCDEFG", "GHP_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17", "github_path_to_the_repository"),
	tokens("gitlab_token", "`glpat-…` and the other prefixes of GitLab",
		prefixed(tokenDots, 20, "glpat-", "gldt-", "glptt-", "glrt-", "glsoat-", "glcbt-", "glft-", "glimt-", "glagent-", "gloas-", "glffct-", "glwt-", "GR1348941"),
		examples("glpat-"+"Zx81kQw_93Lm-Tp7aB2c", "glrt-"+"t1_aB3dE5gH7jK9mN1pQ3sU", "gldt-"+"a1B2c3D4e5F6g7H8i9J0", "GR1348941"+"Zx81kQw93LmTp7aB2cD4"),
		"glpat-short", "glpat-xxxxxxxxxxxxxxxxxxxx", "glpath-to-the-repository-of-x", "GLPAT-Zx81kQw_93Lm-Tp7aB2c", "eglpat-1", "gldt-a1B2c3"),
	tokens("slack_token", "`xoxb-…`, `xoxp-…`, `xapp-…` and the other prefixes of Slack",
		append(prefixed(dashed, 16, "xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxo-", "xapp-", "xoxc-"), token{prefix: "xoxe.", chars: tokenDots, min: 16}, token{prefix: "xoxe-", chars: dashed, min: 16}, token{prefix: "xoxd-", chars: newCharset("0-9A-Za-z%/+=-"), min: 16}),
		examples("xoxb-"+"123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx", "xoxp-"+"123456789012-123456789012-123456789012-0f1e2d3c4b5a69788796a5b4c3d2e1f0", "xapp-"+"1-A0123456789-1234567890123-0f1e2d3c4b5a69788796a5b4c3d2e1f0", "xoxe."+"xoxp-1-Mi0yLTEyMzQ1Njc4OTAxMi0x"),
		"xoxb-short", "xoxb-", "xoxz-123456789012-1234567890123-AbCd", "foxb-123456789012-1234567890123", "XOXB-123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx", "xapp-xxxxxxxxxxxxxxxxxxxxxxxx"),
	{
		name: "slack_webhook", sets: secrets,
		finds:   "what is behind `hooks.slack.com/services/`, `/workflows/` or `/triggers/`",
		anchors: []string{"hooks.slack.com", "hooks.slack-gov.com"},
		match:   matchSlackWebhook,
		examples: []string{
			"https://hooks.slack.com/services/⟨T01234567/B01234567/" + "AbCdEfGhIjKlMnOpQrStUvWx⟩", "hooks.slack.com/workflows/⟨T01234567/A01234567/123456789012345678/" + "AbCdEfGhIjKlMnOpQrStUvWx⟩",
			"https://hooks.slack.com/triggers/⟨T01234567/1234567890123/" + "0f1e2d3c4b5a69788796a5b4c3d2e1f0⟩",
		},
		nearMisses: []string{"https://hooks.slack.com/", "hooks.slack.com/services/", "https://slack.com/services/T01234567/B01234567/AbCdEfGhIjKlMnOpQrStUvWx", "hooks.slack.com:443", "https://hooks.slack.com/services/x", "hooks.slack.com timed out"},
	},
	tokens("stripe_key", "secret and restricted keys `sk_live_…`, `rk_test_…`, and secrets of webhooks `whsec_…`",
		append(prefixed(alnum, 16, "sk_live_", "sk_test_", "sk_prod_", "rk_live_", "rk_test_", "rk_prod_"), token{prefix: "whsec_", chars: base64Std, min: 24}),
		examples("sk_live_"+"4eC39HqLyjWDarjtT1zdp7dc", "rk_test_"+"51H8xYzK2eZvKYlo2C4eC39Hq", "whsec_"+"5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH", "sk_test_"+"4eC39HqLyjWDarjtT1zdp7dc"),
		"pk_live_4eC39HqLyjWDarjtT1zdp7dc", "sk_live_short", "sk_live_xxxxxxxxxxxxxxxxxxxxxxxx", "task_live_4eC39HqLyjWDarjtT1zdp7dc", "sk_demo_4eC39HqLyjWDarjtT1zdp7dc", "whsec_", "SK_LIVE_4eC39HqLyjWDarjtT1zdp7dc"),
	tokens("anthropic_key", "`sk-ant-…`", prefixed(base64URL, 24, "sk-ant-"),
		examples("sk-ant-"+"api03-Zx81kQw93LmTp7aB2cD4eF6gH8iJ0kL2mN4oP6qR8sT0uV2wX4yZ6aB8cD0eF2gH4iJ6kL8mN0oP2qR4sT6uV8wX0yZAA", "sk-ant-"+"admin01-a1B2c3D4e5F6g7H8i9J0k1L2", "sk-ant-"+"oat01-q8Wz3Xr5Tn7Yb2McKd4Lf6Gh"),
		"sk-ant-short", "sk-ant-xxxxxxxxxxxxxxxxxxxxxxxxxxxx", "task-ant-api03-a1B2c3D4e5F6g7H8i9J0", "SK-ANT-API03-A1B2C3D4E5F6G7H8I9J0", "sk-antelope", "sk-ant-"),
	tokens("openai_key", "`sk-…` with 32 characters or more, `sk-proj-…`, `sk-svcacct-…`, `sk-admin-…`",
		append(prefixed(base64URL, 24, "sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-"), token{prefix: "sk-", chars: alnum, min: 32}, token{prefix: "sk-or-v1-", chars: alnum, min: 32}),
		examples("sk-"+"Zx81kQw93LmTp7aB2cD4T3BlbkFJe5F6g7H8i9J0k1L2m3N4", "sk-proj-"+"q8Wz3Xr5Tn7Yb2McKd4Lf6GhT3BlbkFJp9Sv1Uj_0Oi-2Nb", "sk-svcacct-"+"q8Wz3Xr5Tn7Yb2McKd4Lf6GhT3BlbkFJp9Sv", "sk-admin-"+"q8Wz3Xr5Tn7Yb2McKd4Lf6GhT3BlbkFJp9Sv"),
		"sk-short", "sk-proj-x", "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "task-Zx81kQw93LmTp7aB2cD4T3BlbkFJe5F6g7H8i9J0k1L2m3N4", "disk-usage", "SK-Zx81kQw93LmTp7aB2cD4T3BlbkFJe5F6g7H8i9J0k1L2m3N4", "sk-proj-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
	tokens("google_api_key", "`AIza…`, 39 characters", []token{{prefix: "AIza", chars: base64URL, min: 35}},
		examples("AIza"+"SyD3xK9mQ7wL2pN8vB4cR6tY1uZ5aE0fGhJ", "AIza"+"SyA-1b2C3d4E5f6G7h8I9j0K_l2M3n4O5p6"),
		"AIzaShort", "AIzaxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "aizaSyD3xK9mQ7wL2pN8vB4cR6tY1uZ5aE0fGhJ", "xAIzaSyD3xK9mQ7wL2pN8vB4cR6tY1uZ5aE0fGhJ", "AIza", "maiza"),
	tokens("google_oauth", "access tokens `ya29.…`, client secrets `GOCSPX-…`, refresh tokens `1//0…`",
		[]token{{prefix: "ya29.", chars: tokenDots, min: 20}, {prefix: "GOCSPX-", chars: base64URL, min: 24}, {prefix: "1//0", chars: base64URL, min: 30}},
		examples("ya29."+"a0AfH6SMBx1y2z3A4b5C6d7E8f9G0h", "GOCSPX-"+"q8Wz3Xr5Tn7Yb2McKd4Lf6Gh-1_2", "1//0"+"gLxYz12AbCdCgYIARAAGBASNwF-L9IrAbCdEfGh"),
		"ya29.short", "GOCSPX-", "1//0", "GOCSPX-xxxxxxxxxxxxxxxxxxxxxxxxxxxx", "ya30.a0AfH6SMBx1y2z3A4b5C6d7E8f9G0h", "http://host1//0", "gocspx-q8Wz3Xr5Tn7Yb2McKd4Lf6Gh-1_2"),
	{
		name: "azure_connection_string", sets: secrets,
		finds:   "the keys in connection strings of Azure (`AccountKey=…`, `SharedAccessKey=…`) and the signature of a shared access signature (`sig=…`)",
		anchors: []string{"accountkey=", "sharedaccesskey=", "sig="},
		match:   matchAzureKey,
		examples: []string{
			"DefaultEndpointsProtocol=https;AccountName=mina;AccountKey=⟨Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==⟩;EndpointSuffix=core.windows.net",
			"Endpoint=sb://mina.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=⟨q8Wz3Xr5Tn7Yb2McKd4Lf6Ghp9Sv1Uj0Oi2NbA3c4E=⟩",
			"https://mina.blob.core.windows.net/a?sv=2024-11-04&se=2025-10-02&sr=b&sp=r&sig=⟨Zx81kQw93LmTp7aB2cD4eF6gH8iJ0kL2mN4oP6qR8s%3D⟩",
		},
		nearMisses: []string{"AccountKey=", "AccountName=mina", "SharedAccessKeyName=RootManageSharedAccessKey", "sig=9", "config=q8Wz3Xr5Tn7Yb2McKd4Lf6Ghp9Sv1Uj0", "AccountKey=short", "design=q8Wz3Xr5Tn7Yb2McKd4Lf6Ghp9Sv1Uj0Oi2NbA"},
	},
	withKeywords(tokens("twilio", "`SK…` and `AC…` with 32 hexadecimal digits, and such digits near `twilio`",
		[]token{{prefix: "SK", chars: lowerHex, min: 32, max: 32}, {prefix: "AC", chars: lowerHex, min: 32, max: 32}},
		examples("SK"+"0f1e2d3c4b5a69788796a5b4c3d2e1f0", "AC"+"a1b2c3d4e5f60718293a4b5c6d7e8f90", "twilio auth ⟨5e4d3c2b1a0f9e8d7c6b5a4938271605⟩"),
		"SK0f1e2d3c4b5a69788796a5b4c3d2e1f", "sk0f1e2d3c4b5a69788796a5b4c3d2e1f0", "TASK0f1e2d3c4b5a69788796a5b4c3d2e1f0", "SK00000000000000000000000000000000", "twilio request_id=5e4d3c2b1a0f9e8d7c6b5a4938271605", "5e4d3c2b1a0f9e8d7c6b5a4938271605"),
		matchToken(lowerHex, 32), "twilio"),
	tokens("sendgrid", "`SG.….…`", []token{{prefix: "SG.", chars: tokenDots, min: 66, max: 66}},
		examples("SG."+"q8Wz3Xr5Tn7Yb2McKd4Lf6"+"."+"Ghp9Sv1Uj0Oi2NbA3c4E5g6I7k8M9o0Q1s2U3w4Y5a6", "SG."+"ngeVfQFYQlKU0ufo8x5d1A"+"."+"TwL2iGABf9DHoTf-09kqeF8tAmbihYzrnopKc-1s5cr"),
		"SG.short.x", "SG.1.2.3", "sg.q8Wz3Xr5Tn7Yb2McKd4Lf6.Ghp9Sv1Uj0Oi2NbA3c4E5g6I7k8M9o0Q1s2U3w4Y5a6", "MSG.q8Wz", "SG.xxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "SG. The report"),
	withKeywords(tokens("mailgun", "`key-…` with 32 hexadecimal digits, and keys of the form 32-8-8 near `mailgun`",
		[]token{{prefix: "key-", chars: lowerHex, min: 32, max: 32, alone: true}, {prefix: "pubkey-", chars: lowerHex, min: 32, max: 32}},
		examples("key-"+"0f1e2d3c4b5a69788796a5b4c3d2e1f0", "mailgun api ⟨5e4d3c2b1a0f9e8d7c6b5a4938271605-1a2b3c4d-5e6f7a8b⟩", "pubkey-"+"a1b2c3d4e5f60718293a4b5c6d7e8f90"),
		"key-0f1e2d3c", "monkey-0f1e2d3c4b5a69788796a5b4c3d2e1f0", "key-00000000000000000000000000000000", "KEY-0F1E2D3C4B5A69788796A5B4C3D2E1F0", "5e4d3c2b1a0f9e8d7c6b5a4938271605-1a2b3c4d-5e6f7a8b", "cache_key-0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
		matchMailgun, "mailgun"),
	tokens("npm_token", "`npm_…`, 40 characters", []token{{prefix: "npm_", chars: alnum, min: 36}},
		examples("npm_"+"q8Wz3Xr5Tn7Yb2McKd4Lf6Ghp9Sv1Uj0Oi2N", "npm_"+"aB3dE5gH7jK9mN1pQ3sU5wY7zA9cE1gI3kM5"),
		"npm_short", "npm_config_registry", "npm_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "NPM_q8Wz3Xr5Tn7Yb2McKd4Lf6Ghp9Sv1Uj0Oi2N", "pnpm_q8Wz3Xr5Tn7Yb2McKd4Lf6Ghp9Sv1Uj0Oi2N", "npm_package_name"),
	tokens("pypi_token", "`pypi-…` of PyPI and TestPyPI", []token{{prefix: "pypi-Ag", chars: base64URL, min: 50}},
		examples("pypi-"+"AgEIcHlwaS5vcmcCJDU3ZmQxYzE2LTg0ZGMtNGI4Mi1hY2E3LTAzMDI2ZmQ4NWE5MwACKlszLCI0", "pypi-"+"AgENdGVzdC5weXBpLm9yZwIkNTdmZDFjMTYtODRkYy00YjgyLWFjYTctMDMwMjZmZDg1YTkz"),
		"pypi-package", "pypi-AgEIcHlwaS5vcmc", "pypi-AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "PYPI-AgEIcHlwaS5vcmcCJDU3ZmQxYzE2LTg0ZGMtNGI4Mi1hY2E3LTAzMDI2ZmQ4NWE5MwAC", "mypypi-1", "pypi-Ag"),
	tokens("digitalocean", "`dop_v1_…`, `doo_v1_…`, `dor_v1_…`", prefixed(lowerHex, 64, "dop_v1_", "doo_v1_", "dor_v1_"),
		examples("dop_v1_"+"0f1e2d3c4b5a69788796a5b4c3d2e1f05e4d3c2b1a0f9e8d7c6b5a4938271605", "doo_v1_"+"a1b2c3d4e5f60718293a4b5c6d7e8f900f1e2d3c4b5a69788796a5b4c3d2e1f0"),
		"dop_v1_short", "dop_v2_0f1e2d3c4b5a69788796a5b4c3d2e1f05e4d3c2b1a0f9e8d7c6b5a4938271605", "dop_v1_0000000000000000000000000000000000000000000000000000000000000000", "DOP_V1_0F1E2D3C4B5A69788796A5B4C3D2E1F05E4D3C2B1A0F9E8D7C6B5A4938271605", "dop_v1_", "xdop_v1_0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
	withKeywords(tokens("heroku", "`HRKU-…`, and a UUID near `heroku`", []token{{prefix: "HRKU-", chars: base64URL, min: 36}},
		examples("HRKU-"+"AAq8Wz3Xr5Tn7Yb2McKd4Lf6Ghp9Sv1Uj0Oi2NbA3c4E5g6I7k8M9o0Q1s2", "heroku key ⟨0f8fad5b-d9cb-469f-a165-70867728950e⟩", "HEROKU_API_KEY=⟨3f2504e0-4f89-41d3-9a0c-0305e82c3301⟩"),
		"HRKU-short", "heroku request_id=0f8fad5b-d9cb-469f-a165-70867728950e", "0f8fad5b-d9cb-469f-a165-70867728950e", "hrku-AAq8Wz3Xr5Tn7Yb2McKd4Lf6Ghp9Sv1Uj0Oi2NbA3c4E5g6I", "heroku router error H12", "heroku 0f8fad5b-d9cb-469f-a165"),
		matchUUID, "heroku"),
	tokens("huggingface", "`hf_…` and `api_org_…`", []token{{prefix: "hf_", chars: alnum, min: 30}, {prefix: "api_org_", chars: alnum, min: 30}},
		examples("hf_"+"qBWzcXrdTnfYbgMchKdiLfjGhkpSvlUjmO", "api_org_"+"qBWzcXrdTnfYbgMchKdiLfjGhkpSvlUjmO"),
		"hf_short", "hf_hub_download", "hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "HF_qBWzcXrdTnfYbgMchKdiLfjGhkpSvlUjmO", "shelf_qBWzcXrdTnfYbgMchKdiLfjGhkpSvlUjmO", "api_org_name"),
	near("datadog_key", "32 or 40 hexadecimal digits near `datadog` or `DD_API_KEY`",
		[]string{"datadog", "dd_api", "dd-api", "dd_app", "dd-app", "ddapi", "ddapp"}, matchToken(hexDigits, 32, 40),
		examples("DD_API_KEY=⟨5e4d3c2b1a0f9e8d7c6b5a4938271605⟩", "datadog key ⟨0f1e2d3c4b5a69788796a5b4c3d2e1f0a1b2c3d4⟩", "dd-application-key: ⟨0f1e2d3c4b5a69788796a5b4c3d2e1f0a1b2c3d4⟩"),
		"5e4d3c2b1a0f9e8d7c6b5a4938271605", "datadog trace_id=5e4d3c2b1a0f9e8d7c6b5a4938271605", "datadog 5e4d3c2b1a0f9e8d", "datadog 00000000000000000000000000000000", "datadog agent 7.50.1", "datadog sha256 5e4d3c2b1a0f9e8d7c6b5a4938271605"),
	{
		name: "newrelic_key", sets: secrets,
		finds:   "`NRAK-…` and its like, and license keys, 40 characters that end in `NRAL`",
		anchors: []string{"nrak-", "nrii-", "nraa-", "nrjs-", "nriq-", "nrbr-", "nral"},
		match:   matchNewRelic,
		examples: examples("NRAK-"+"Q8WZ3XR5TN7YB2MCKD4LF6GHP9S", "NRII-"+"q8Wz3Xr5Tn7Yb2McKd4Lf6Ghp9Sv1Uj0", "0f1e2d3c4b5a69788796a5b4c3d2e1f0ffff"+"NRAL", "eu01xx"+"2d3c4b5a69788796a5b4c3d2e1FFFF"+"NRAL",
			"NRJS-"+"0f1e2d3c4b5a6978879"),
		nearMisses: []string{"NRAK-SHORT", "NRAL", "journral", "NRAK-AAAAAAAAAAAAAAAAAAAAAAAAAAA", "nrak-q8wz3xr5tn7yb2mckd4lf6ghp9s", "0f1e2d3c4b5aNRAL"},
	},
	{
		name: "sentry_dsn", sets: secrets,
		finds:   "the key in a DSN of Sentry, `https://…@host/project`",
		anchors: []string{"://"},
		match:   matchSentryDSN,
		examples: []string{
			"https://⟨0f1e2d3c4b5a69788796a5b4c3d2e1f0⟩@o123456.ingest.sentry.io/4501234567", "https://⟨5e4d3c2b1a0f9e8d7c6b5a4938271605⟩@sentry.example.com/7", "http://⟨5e4d3c2b1a0f9e8d7c6b5a4938271605:0f1e2d3c4b5a69788796a5b4c3d2e1f0⟩@localhost:9000/1",
			"https://⟨a1b2c3d4e5f60718293a4b5c6d7e8f90⟩@o1.ingest.us.sentry.io/2",
		},
		nearMisses: []string{"https://o123456.ingest.sentry.io/4501234567", "https://ana@sentry.io/7", "https://0f1e2d3c@sentry.io/7", "https://0f1e2d3c4b5a69788796a5b4c3d2e1f0@sentry.io/", "https://sentry.io/0f1e2d3c4b5a69788796a5b4c3d2e1f0@7", "https://0f1e2d3c4b5a69788796a5b4c3d2e1f0.sentry.io/7"},
	},
	withKeywords(tokens("sentry_token", "`sntrys_…`, `sntryu_…`, and 64 hexadecimal digits near `sentry`",
		[]token{{prefix: "sntrys_", chars: newCharset("0-9A-Za-z_+/=-"), min: 40}, {prefix: "sntryu_", chars: lowerHex, min: 64}, {prefix: "sntrya_", chars: lowerHex, min: 64}, {prefix: "sntryi_", chars: lowerHex, min: 64}},
		examples("sntrys_"+"eyJpYXQiOjE3NTkzMzUxMjUsInVybCI6Imh0dHBzOi8vc2VudHJ5LmlvIn0=_q8Wz3Xr5Tn7Yb2McKd4Lf6Ghp9Sv1Uj0Oi2NbA3c4E5", "sntryu_"+"0f1e2d3c4b5a69788796a5b4c3d2e1f05e4d3c2b1a0f9e8d7c6b5a4938271605", "sentry auth ⟨0f1e2d3c4b5a69788796a5b4c3d2e1f05e4d3c2b1a0f9e8d7c6b5a4938271605⟩"),
		"sntrys_short", "sntryu_0f1e2d3c", "sentry sha256 0f1e2d3c4b5a69788796a5b4c3d2e1f05e4d3c2b1a0f9e8d7c6b5a4938271605", "sntryu_0000000000000000000000000000000000000000000000000000000000000000", "sentry event_id=0f1e2d3c4b5a69788796a5b4c3d2e1f0", "sntryx_0f1e2d3c4b5a69788796a5b4c3d2e1f05e4d3c2b1a0f9e8d7c6b5a4938271605"),
		matchToken(lowerHex, 64), "sentry"),
	near("logtail_token", "24 letters of both cases and digits near `logtail` or `betterstack`",
		[]string{"logtail", "betterstack", "better stack", "better_stack", "better-stack"}, matchMixed(24),
		examples("logtail ⟨q8Wz3Xr5Tn7Yb2McKd4Lf6Gh⟩", "LOGTAIL_SOURCE_TOKEN=⟨aB3dE5gH7jK9mN1pQ3sU5wY7⟩", "Better Stack source ⟨Zx81kQw93LmTp7aB2cD4eF6g⟩", "betterstack: ⟨tLh3xPq9WmZ2vRk7NcYb5Jd8⟩"),
		"q8Wz3Xr5Tn7Yb2McKd4Lf6Gh", "logtail q8Wz3Xr5Tn7Yb2Mc", "logtail aaaaaaaaaaaaaaaaaaaaaaaa", "logtail request_id=q8Wz3Xr5Tn7Yb2McKd4Lf6Gh", "logtail internationalizationlog", "betterstack 123456789012345678901234"),
}

var (
	dashed      = newCharset("0-9A-Za-z-")
	azureKey    = newCharset("0-9A-Za-z+/=%")
	webhookPath = newCharset("0-9A-Za-z_/-")
)

// token is the form of a token: a prefix, and so many characters behind it.
type token struct {
	prefix string
	chars  *charset
	// min is how many characters are behind the prefix at least, and max how many
	// at the most, where more of them show that it is something else.
	min, max int
	// alone says that no other name may be in front: cache_key-…
	alone bool
}

// minEntropy is what sets a token apart from a placeholder such as xxxx, in bits a
// character.
const minEntropy = 2.5

// isRandom reports whether a token has that at its beginning, whatever follows
// without a blank: in its first characters, or in some more.
func isRandom(body string, first int) bool {
	const more = 64
	return entropy(body[:first]) >= minEntropy || entropy(body[:min(len(body), more)]) >= minEntropy
}

func prefixed(chars *charset, minimum int, prefixes ...string) []token {
	list := make([]token, len(prefixes))
	for i, prefix := range prefixes {
		list[i] = token{prefix: prefix, chars: chars, min: minimum}
	}
	return list
}

func examples(list ...string) []string { return list }

// tokens is a rule that finds tokens by their prefix.
func tokens(name, finds string, forms []token, examples []string, nearMisses ...string) *rule {
	r := &rule{name: name, sets: secrets, finds: finds, examples: examples, nearMisses: nearMisses}
	for _, form := range forms {
		r.anchors = append(r.anchors, anchorOf(form))
	}
	r.match = func(s *scanner, at int) (start, end int, found bool) {
		for i := range forms {
			if end := forms[i].end(s, at); end > at {
				return at, end, true
			}
		}
		return 0, 0, false
	}
	return r
}

// anchorOf makes a prefix long enough to be an anchor.
func anchorOf(form token) string {
	if len(form.prefix) < minAnchor {
		return form.prefix + string(anyAlnum)
	}
	return form.prefix
}

// end returns the end of a token that begins at the place, or the place.
func (t *token) end(s *scanner, at int) int {
	text := s.text
	if !strings.HasPrefix(text[at:], t.prefix) || !startsHere(text, at) || t.alone && at > 0 && (text[at-1] == '_' || text[at-1] == '-') {
		return at
	}
	body := at + len(t.prefix)
	end := s.runEnd(t.chars, body)
	for end > body && (text[end-1] == '.' || text[end-1] == '-') {
		end-- // it ends a sentence
	}
	if n := end - body; n < t.min || t.max > 0 && n > t.max || !isRandom(text[body:end], t.min) || !checksumFits(text[at:end]) {
		return at
	}
	return end
}

// checksumFits reports whether a token of GitHub's classic form has the checksum
// of GitHub: six digits of base 62, the CRC-32 of the 30 characters before them.
func checksumFits(token string) bool {
	const prefix, random, checksum = len("ghp_"), 30, 6
	if len(token) != prefix+random+checksum || token[:2] != "gh" || token[prefix-1] != '_' {
		return true
	}
	sum := crc32.ChecksumIEEE([]byte(token[prefix : prefix+random]))
	for i := len(token) - 1; i >= prefix+random; i-- {
		if token[i] != "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[sum%62] {
			return false
		}
		sum /= 62
	}
	return true
}

// near is a rule that finds values near a word.
func near(name, finds string, keywords []string, match func(text string, at int, gap string) int, examples []string, nearMisses ...string) *rule {
	return &rule{name: name, sets: secrets, finds: finds, keywords: keywords, near: match, examples: examples, nearMisses: nearMisses}
}

func withKeywords(r *rule, match func(text string, at int, gap string) int, keywords ...string) *rule {
	r.keywords, r.near = keywords, match
	return r
}

// matchToken finds a run of characters of one of the lengths.
func matchToken(chars *charset, lengths ...int) func(text string, at int, gap string) int {
	const floor = 3
	return func(text string, at int, _ string) int {
		end := chars.endWithin(text, at, slices.Max(lengths)+1)
		for _, length := range lengths {
			if end-at == length && (end == len(text) || !isAlnum(text[end])) && entropy(text[at:end]) >= floor && !namedID(text, at) {
				return end
			}
		}
		return at
	}
}

// matchMixed finds letters of both cases, and digits.
func matchMixed(length int) func(text string, at int, gap string) int {
	match := matchToken(alnum, length)
	return func(text string, at int, gap string) int {
		if end := match(text, at, gap); isMixed(text[at:end]) {
			return end
		}
		return at
	}
}

func isMixed(text string) bool {
	return strings.IndexFunc(text, func(c rune) bool { return c < 0x80 && isUpper(byte(c)) }) >= 0 && strings.IndexFunc(text, func(c rune) bool { return c < 0x80 && isLower(byte(c)) }) >= 0
}

// matchAWSSecret finds 40 characters of base64.
func matchAWSSecret(text string, at int, _ string) int {
	const length, floor = 40, 4
	end := base64Std.endWithin(text, at, length+1)
	if end-at != length || text[end-1] == '=' || !isMixed(text[at:end]) || entropy(text[at:end]) < floor {
		return at
	}
	return end
}

// matchMailgun finds 32, 8 and 8 hexadecimal digits.
func matchMailgun(text string, at int, _ string) int { return hexGroups(text, at, 32, 8, 8) }

// matchUUID finds a UUID.
func matchUUID(text string, at int, _ string) int { return hexGroups(text, at, 8, 4, 4, 4, 12) }

func hexGroups(text string, at int, lengths ...int) int {
	end := at
	for i, length := range lengths {
		if i > 0 {
			if end >= len(text) || text[end] != '-' {
				return at
			}
			end++
		}
		group := end
		if end = hexDigits.endWithin(text, group, length+1); end-group != length {
			return at
		}
	}
	if end < len(text) && (isAlnum(text[end]) || text[end] == '-') || namedID(text, at) {
		return at
	}
	return end
}

// namedID reports whether the name in front of a value says that it identifies or
// sums up something: trace_id=…, sha256 …
func namedID(text string, at int) bool {
	end := at
	for end > 0 && at-end < 6 && strings.IndexByte(" =:\"'/\\@", text[end-1]) >= 0 {
		end--
	}
	start := end
	for start > 0 && end-start < 12 && isAlnum(text[start-1]) {
		start--
	}
	name := strings.ToLower(text[start:end])
	switch name {
	case "id", "uuid", "guid", "hash", "sha", "sha1", "sha256", "md5", "digest", "etag", "commit", "checksum", "revision", "trace", "span", "event", "request":
		return true
	}
	return strings.HasSuffix(name, "id") && len(name) > 2 && isUpper(text[end-2])
}

// matchSlackWebhook finds the path of a webhook.
func matchSlackWebhook(s *scanner, at int) (start, end int, found bool) {
	const minPath = 20
	text := s.text
	slash := strings.IndexByte(text[at:min(len(text), at+32)], '/')
	if slash < 0 {
		return 0, 0, false
	}
	for _, kind := range []string{"/services/", "/workflows/", "/triggers/"} {
		if strings.HasPrefix(text[at+slash:], kind) {
			start = at + slash + len(kind)
			end = webhookPath.end(text, start)
			return start, end, end-start >= minPath
		}
	}
	return 0, 0, false
}

// matchAzureKey finds the base64 behind a name of Azure's, also percent-encoded.
func matchAzureKey(s *scanner, at int) (start, end int, found bool) {
	const minKey = 40
	text := s.text
	start = at + strings.IndexByte(text[at:], '=') + 1
	end = s.runEnd(azureKey, start)
	return start, end, startsHere(text, at) && end-start >= minKey && isRandom(text[start:end], minKey)
}

// matchNewRelic finds a key by its prefix, or a license key by its end.
func matchNewRelic(s *scanner, at int) (start, end int, found bool) {
	const suffix, licenseLength, minKey = "NRAL", 40, 19
	text := s.text
	if strings.HasPrefix(text[at:], suffix) {
		start, end = at+len(suffix)-licenseLength, at+len(suffix)
		return start, end, start >= 0 && alnum.end(text, start) == end && startsHere(text, start) && entropy(text[start:at]) >= minEntropy
	}
	body := at + len("NRAK-")
	if body > len(text) || text[body-1] != '-' || !isUpper(text[at]) || !isUpper(text[at+1]) || !isUpper(text[at+2]) || !startsHere(text, at) {
		return 0, 0, false
	}
	end = wordChars.end(text, body)
	return at, end, end-body >= minKey && isRandom(text[body:end], minKey)
}

// matchSentryDSN finds a key of 32 hexadecimal digits, in old DSNs with a second
// one, in front of a host and the number of a project.
func matchSentryDSN(s *scanner, at int) (start, end int, found bool) {
	const key = 32
	text := s.text
	start = at + len("://")
	end = lowerHex.end(text, start)
	if end-start != key {
		return 0, 0, false
	}
	if end < len(text) && text[end] == ':' {
		end = lowerHex.end(text, end+1)
	}
	if end >= len(text) || text[end] != '@' {
		return 0, 0, false
	}
	host := end + 1
	slash := host
	for slash < len(text) && slash-host < 253 && (isAlnum(text[slash]) || strings.IndexByte(".-:", text[slash]) >= 0) {
		slash++
	}
	return start, end, slash > host && slash+1 < len(text) && text[slash] == '/' && isDigit(text[slash+1])
}
