package rules

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// aiRules find the keys of models and of what is around them.
var aiRules = []*Rule{
	{
		Name: "anthropic_key", Sets: secrets,
		Finds:  "`sk-ant-…`",
		Tokens: prefixed(text.Base64URL, 24, "sk-ant-"),
	},
	{
		Name: "langfuse_key", Sets: secrets,
		Finds:  "`sk-lf-…`",
		Tokens: exactly(hexDashed, 36, 36, "sk-lf-"),
	},
	{
		Name: "openrouter_key", Sets: secrets,
		Finds:  "`sk-or-v1-…`",
		Tokens: prefixed(text.Alnum, 32, "sk-or-v1-"),
	},
	{
		Name: "openai_key", Sets: secrets,
		Finds:   "`sk-…` with 32 characters or more, `sk-proj-…`, `sk-svcacct-…`, `sk-admin-…`, and any `sk-…T3BlbkFJ…`",
		Tokens:  append(prefixed(text.Base64URL, 24, "sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-"), token{prefix: "sk-", chars: text.Alnum, min: 32}),
		Anchors: []string{"T3BlbkFJ"},
		Match:   matchOpenAI,
	},
	{
		Name: "groq_key", Sets: secrets,
		Finds:  "`gsk_…`",
		Tokens: exactly(text.Alnum, 48, 60, "gsk_"),
	},
	{
		Name: "xai_key", Sets: secrets,
		Finds:  "`xai-…`, `xai-token-…`",
		Tokens: prefixed(text.Alnum, 70, "xai-token-", "xai-"),
	},
	{
		Name: "perplexity_key", Sets: secrets,
		Finds:  "`pplx-…`",
		Tokens: prefixed(text.Alnum, 40, "pplx-"),
	},
	{
		Name: "huggingface", Sets: secrets,
		Finds:  "`hf_…` and `api_org_…`, 34 characters behind that",
		Tokens: exactly(text.Alnum, 34, 34, "hf_", "api_org_"),
	},
	{
		Name: "replicate_token", Sets: secrets,
		Finds:  "`r8_…`, 40 characters",
		Tokens: exactly(text.Alnum, 37, 37, "r8_"),
	},
	{
		Name: "elevenlabs_key", Sets: secrets,
		Finds:  "`sk_…` with 48 hexadecimal digits",
		Tokens: exactly(text.LowerHex, 48, 48, "sk_"),
	},
	{
		Name: "nvidia_key", Sets: secrets,
		Finds:  "`nvapi-…`",
		Tokens: prefixed(text.Base64URL, 60, "nvapi-"),
	},
	{
		Name: "pinecone_key", Sets: secrets,
		Finds:  "`pcsk_…`",
		Tokens: prefixed(text.WordChars, 50, "pcsk_"),
	},
	{
		Name: "langsmith_key", Sets: secrets,
		Finds:  "`lsv2_pt_…`, `lsv2_sk_…`",
		Tokens: prefixed(text.WordChars, 42, "lsv2_pt_", "lsv2_sk_"),
	},
	{
		Name: "together_key", Sets: secrets,
		Finds:  "`tgp_v1_…`",
		Tokens: prefixed(text.Base64URL, 40, "tgp_v1_"),
	},
	{
		Name: "tavily_key", Sets: secrets,
		Finds:  "`tvly-…`",
		Tokens: prefixed(dashed, 32, "tvly-"),
	},
	{
		Name: "jina_key", Sets: secrets,
		Finds:  "`jina_…`",
		Tokens: prefixed(text.Base64URL, 50, "jina_"),
	},
	{
		Name: "firecrawl_key", Sets: secrets,
		Finds:  "`fc-…` with 32 hexadecimal digits",
		Tokens: exactly(text.LowerHex, 32, 32, "fc-"),
	},
	{
		Name: "wandb_key", Sets: secrets,
		Finds:  "`wandb_v1_…`",
		Tokens: prefixed(text.WordChars, 64, "wandb_v1_"),
	},
	{
		Name: "runpod_key", Sets: secrets,
		Finds:  "`rpa_…`",
		Tokens: prefixed(text.Alnum, 40, "rpa_"),
	},
	{
		Name: "llamacloud_key", Sets: secrets,
		Finds:  "`llx-…`",
		Tokens: exactly(text.Alnum, 48, 52, "llx-"),
	},
	{
		Name: "cerebras_key", Sets: secrets,
		Finds:  "`csk-…`",
		Tokens: exactly(lowerNum, 48, 48, "csk-"),
	},
	{
		Name: "e2b_key", Sets: secrets,
		Finds:  "`e2b_…`",
		Tokens: exactly(text.LowerHex, 40, 40, "e2b_"),
	},
	{
		Name: "ai_service_key", Sets: secrets,
		Finds:    "32 or 40 letters and digits near `mistral`, `cohere`, `deepgram` or `assemblyai`",
		Keywords: []string{"mistral", "cohere", "deepgram", "assemblyai", "assembly_ai", "co_api_key"},
		Near:     either(matchMixed(32), either(matchJumbled(text.Alnum, 32, 40), matchToken(text.LowerHex, 32, 40))),
	},
}

// matchOpenAI finds a key by the mark that all have, whatever is in front of it, such as
// the name of a service account.
func matchOpenAI(c *text.Cursor, at int) (start, end int, found bool) {
	const mark, maxBefore, minBehind, prefix = "T3BlbkFJ", 256, 16, "sk-"
	in := c.Text
	if !strings.HasPrefix(in[at:], mark) {
		return 0, 0, false
	}
	for start = at; start > 0 && at-start < maxBefore && text.Base64URL[in[start-1]]; start-- {
	}
	end = c.RunEnd(text.Base64URL, at)
	return start, end, strings.HasPrefix(in[start:], prefix) && end-at >= len(mark)+minBehind
}
