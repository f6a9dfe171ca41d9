package rules

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// messagingRules find what sends mail, texts and chats.
var messagingRules = []*Rule{
	{
		Name: "slack_token", Sets: secrets,
		Finds: "`xoxb-…`, `xoxp-…`, `xapp-…` and the other prefixes of Slack",
		Tokens: append(slices.Concat(prefixed(dashed, 8, "xoxa-", "xoxr-"), prefixed(dashed, 16, "xoxb-", "xoxp-", "xoxs-", "xoxo-", "xapp-", "xwfp-", "xoxc-", "xoxe-")),
			token{prefix: "xoxe.", chars: text.TokenDots, min: 16}, token{prefix: "xoxd-", chars: text.NewCharset("0-9A-Za-z%/+=-"), min: 16}),
	},
	{
		Name: "chat_webhook", Sets: secrets,
		Finds:   "what is behind `/webhooks/…/` of Discord, `webhook.office.com/webhookb2/` of Microsoft Teams, `hooks.zapier.com/hooks/catch/`",
		Anchors: []string{discordHooks, teamsHooks, zapierHooks},
		Match:   matchWebhook,
	},
	{
		Name: "slack_webhook", Sets: secrets,
		Finds:   "what is behind `hooks.slack.com/services/`, `/workflows/` or `/triggers/`",
		Anchors: []string{"hooks.slack.com", "hooks.slack-gov.com"},
		Match:   matchSlackWebhook,
	},
	{
		Name: "discord_token", Sets: secrets,
		Finds:    "tokens of bots, three parts of which the first is an id in base64 and the second a time, `….G….…`, and any near `discord`",
		Anchors:  []string{".G\x01"},
		Tokens:   prefixed(text.Base64URL, 60, "mfa."),
		Match:    matchDiscord,
		Keywords: []string{"discord"},
		Near:     discordEnd,
	},
	{
		Name: "telegram_token", Sets: secrets,
		Finds: "tokens of bots, `…:AA…`: the number of the bot and 35 characters, and near `telegram` any with an A",
		Tokens: []token{
			{prefix: ":AA", chars: text.Base64URL, head: text.Digits, before: 10, behind: "/bot", min: 33, max: 33},
			{prefix: ":AA", chars: text.Base64URL, head: text.Digits, before: 9, behind: "/bot", min: 33, max: 33},
			{prefix: ":AA", chars: text.Base64URL, head: text.Digits, before: 8, behind: "/bot", min: 33, max: 33},
		},
		Keywords: []string{"telegram", "tgram"},
		Near:     matchTelegram,
	},
	{
		Name: "facebook_token", Sets: secrets,
		Finds:  "`EAA…`, 100 characters and more",
		Tokens: prefixed(text.Alnum, 80, "EAA"),
	},
	{
		Name: "twilio", Sets: secrets,
		Finds:    "`SK…` and `AC…` with 32 hexadecimal digits, and such digits, or 32 letters and digits, near `twilio`",
		Tokens:   exactly(text.LowerHex, 32, 32, "SK", "AC"),
		Keywords: []string{"twilio"},
		Near:     either(matchToken(text.LowerHex, 32), matchMixed(32)),
	},
	{
		Name: "sendgrid", Sets: secrets,
		Finds:  "`SG.….…`",
		Tokens: []token{{prefix: "SG.", chars: text.NewCharset("0-9A-Za-z_.=-"), min: 66, max: 66}},
	},
	{
		Name: "mailgun", Sets: secrets,
		Finds:    "`key-…` with 32 hexadecimal digits, and keys of the form 32-8-8 near `mailgun`",
		Tokens:   []token{{prefix: "key-", chars: text.LowerHex, min: 32, max: 32, alone: true}, {prefix: "pubkey-", chars: text.LowerHex, min: 32, max: 32}},
		Keywords: []string{"mailgun"},
		Near:     matchMailgun,
	},
	{
		Name: "mailchimp_key", Sets: secrets,
		Finds:    "32 hexadecimal digits with the data centre, `…-us12`, and `md-…` near `mandrill`",
		Tokens:   []token{{prefix: "-us", head: text.LowerHex, before: 32, chars: text.Digits, min: 1, max: 2}},
		Keywords: []string{"mandrill"},
		Near:     matchMandrill,
	},
	{
		Name: "brevo_key", Sets: secrets,
		Finds:  "`xkeysib-…`, `xsmtpsib-…`",
		Tokens: prefixed(dashed, 64, "xkeysib-", "xsmtpsib-"),
	},
	{
		Name: "resend_key", Sets: secrets,
		Finds:  "`re_…`, 36 characters",
		Tokens: exactly(text.WordChars, 33, 33, "re_"),
	},
	{
		Name: "mailersend_token", Sets: secrets,
		Finds:  "`mlsn.…`",
		Tokens: exactly(text.LowerHex, 64, 64, "mlsn."),
	},
	{
		Name: "telnyx_key", Sets: secrets,
		Finds:  "`KEY0…`, 58 characters",
		Tokens: exactly(text.Base64URL, 54, 54, "KEY0"),
	},
	{
		Name: "pubnub_key", Sets: secrets,
		Finds:  "`sec-c-…`",
		Tokens: exactly(text.Base64Std, 48, 48, "sec-c-"),
	},
}

var (
	dashed      = text.NewCharset("0-9A-Za-z-")
	webhookPath = text.NewCharset("0-9A-Za-z_/@-")
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
			end = c.RunEnd(webhookPath, start)
			return start, end, end-start >= minPath
		}
	}
	return 0, 0, false
}

// What is in front of the secret part of other webhooks.
const (
	discordHooks = "/webhooks/"
	teamsHooks   = ".webhook.office.com/webhookb2/"
	zapierHooks  = "hooks.zapier.com/hooks/catch/"
)

// matchWebhook finds what is behind one of them; of Discord, behind the id.
func matchWebhook(c *text.Cursor, at int) (start, end int, found bool) {
	const minPath, minID, minToken = 12, 17, 60
	in := c.Text
	switch in[at] { // how one of them begins
	case teamsHooks[0]:
		start = at + len(teamsHooks)
	case zapierHooks[0], zapierHooks[0] - 'a' + 'A':
		start = at + len(zapierHooks)
	default:
		id := at + len(discordHooks)
		start = text.Digits.EndWithin(in, id, 24)
		if start-id < minID || start == len(in) || in[start] != '/' {
			return 0, 0, false
		}
		start++
		end = c.RunEnd(text.Base64URL, start)
		return start, end, end-start >= minToken
	}
	end = c.RunEnd(webhookPath, start)
	return start, end, end-start >= minPath
}

// matchDiscord finds the token of a bot by the dot behind its id.
func matchDiscord(c *text.Cursor, at int) (start, end int, found bool) {
	in := c.Text
	for start = at; start > 0 && at-start < maxDiscordID && text.Alnum[in[start-1]]; start-- {
	}
	end = discordEnd(in, start, "")
	return start, end, end > at
}

// maxDiscordID is the length of the longest id of a bot in base64.
const maxDiscordID = 28

// discordEnd returns the end of a token of a bot, whose first part is a number in base64,
// or the place.
func discordEnd(in string, at int, _ string) (end int) {
	if !text.StartsHere(in, at) {
		return at
	}
	end = at
	for i, part := range []struct{ least, most int }{{22, maxDiscordID}, {6, 7}, {27, 40}} {
		begin := end
		if i > 0 {
			begin++ // behind the dot
		}
		end = text.Base64URL.EndWithin(in, min(begin, len(in)), part.most+1)
		if n := end - begin; n < part.least || n > part.most || i < 2 && (end == len(in) || in[end] != '.') {
			return at
		}
		if i > 0 {
			continue
		}
		id, err := base64.RawStdEncoding.DecodeString(in[begin:end])
		if err != nil || text.Digits.End(string(id), 0) < len(id) {
			return at
		}
	}
	return end
}

// matchTelegram finds the number of a bot, and what is behind its colon.
func matchTelegram(in string, at int, _ string) int {
	const shortest, longest, body = 5, 16, 35
	colon := text.Digits.EndWithin(in, at, longest+1)
	if colon-at < shortest || !strings.HasPrefix(in[colon:], ":A") {
		return at
	}
	end := text.Base64URL.EndWithin(in, colon+1, body+1)
	if end-colon-1 != body || !isRandom(in[colon+1:end], body) {
		return at
	}
	return end
}

// matchMailgun finds 32, 8 and 8 hexadecimal digits.
func matchMailgun(in string, at int, _ string) int { return hexGroups(in, at, 32, 8, 8) }

// matchMandrill finds a key of Mailchimp's transactional mail.
func matchMandrill(in string, at int, _ string) int {
	const prefix, length, wordLen = "md-", 22, 8
	end := at + len(prefix) + length
	if !strings.HasPrefix(in[at:], prefix) || text.Base64URL.EndWithin(in, at, len(prefix)+length+1) != end || !isJumbled(in[at+len(prefix):end], wordLen) {
		return at
	}
	return end
}
