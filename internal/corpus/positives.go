package corpus

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Labelled is a line of Mina's log with a secret.
type Labelled struct {
	// Rule is the rule that is to find it, or sensitive_key.
	Rule string `json:"rule"`
	// Secret is what must not be in any output.
	Secret string `json:"secret"`
	// Line is the line, without its end.
	Line string `json:"line"`
}

// kind makes the secrets of one rule.
type kind struct {
	rule string
	// secret makes one.
	secret func(r random) string
	// phrases are what is written around it, with % for it, where it is only known
	// by that.
	phrases []string
}

// generate makes a secret and what is written around it.
func (k kind) generate(r random) (secret, phrase string) {
	secret, phrase = k.secret(r), "%"
	if len(k.phrases) > 0 {
		phrase = r.one(k.phrases...)
	}
	return secret, strings.Replace(phrase, "%", secret, 1)
}

// perRule is how many lines each rule has, and perVendor those of vendors and states.
const (
	perRule   = 120
	perVendor = 60
)

// Positives generates lines with a secret, so many of each kind.
func Positives(seed uint64) []Labelled {
	r := newRandom(seed)
	var list []Labelled
	add := func(kinds []kind, lines int) {
		for _, k := range kinds {
			for range lines {
				secret, phrase := k.generate(r)
				list = append(list, Labelled{k.rule, secret, r.place(phrase, len(k.phrases) == 0)})
			}
		}
	}
	add(ownKinds, perRule)
	add(vendorKinds, perVendor)
	add(nationalKinds, perVendor)
	for range 3 * perRule {
		list = append(list, r.underKey())
	}
	return list
}

// place writes a phrase somewhere in a line. What stands for itself may also be a
// key or a part of a URL.
func (r random) place(phrase string, itself bool) string {
	oneLine := !strings.Contains(phrase, "\n")
	inURL := oneLine && url.QueryEscape(phrase) == phrase
	for {
		switch r.IntN(14) {
		case 0:
			return r.line("message", r.prose(phrase))
		case 1:
			return r.line("message", "Payment declined", r.one("detail", "note", "reason", "response", "input"), phrase)
		case 2:
			return r.line("message", "Validation failed", "request", map[string]any{"body": map[string]any{r.one("comment", "text", "field_7"): phrase, "n": r.IntN(9)}})
		case 3:
			return r.line("message", "Batch rejected", "items", []any{r.IntN(9), phrase, map[string]any{"v": phrase}})
		case 4:
			payload, _ := json.Marshal(map[string]any{"meeting": r.IntN(999), r.one("note", "v", "memo"): phrase})
			return r.line("message", "webhook received", "payload", string(payload))
		case 5:
			return r.traceback(r.one("ValueError", "RuntimeError", "KeyError", "requests.exceptions.HTTPError"), r.prose(phrase))
		case 6:
			if oneLine {
				return r.traceback("sqlalchemy.exc.IntegrityError", fmt.Sprintf("(psycopg2.errors.UniqueViolation) duplicate key value violates unique constraint \"notes_pkey\"\nDETAIL:  Key (note)=(%s) already exists.\n[SQL: INSERT INTO notes (id, note) VALUES (%%(id)s, %%(note)s)]", phrase))
			}
		case 7:
			if oneLine {
				return r.line("message", fmt.Sprintf("POST /api/notes HTTP/1.1\r\nHost: api.mina.example\r\nContent-Length: %d\r\nX-Note: %s\r\n\r\n", r.IntN(999), phrase))
			}
		case 8:
			if inURL {
				return r.line("message", fmt.Sprintf("GET https://api.mina.example/v1/meetings?page=%d&q=%s&sort=asc 200", r.IntN(9), phrase))
			}
		case 9:
			if oneLine && !strings.Contains(phrase, "'") {
				return r.line("message", fmt.Sprintf("kwargs={'note': '%s', 'n': %d}", phrase, r.IntN(9)))
			}
		case 10:
			if oneLine && !strings.Contains(phrase, `"`) {
				return r.line("message", fmt.Sprintf(`level=info note="%s" took=%dms`, phrase, r.IntN(999)))
			}
		case 11:
			if itself && oneLine {
				return r.line("message", "cache filled", "cache", map[string]any{phrase: r.IntN(9)})
			}
		case 12:
			if itself && len(phrase) <= 16 && strings.Trim(phrase, numerals) == "" && phrase[0] != '0' {
				return r.line("message", "lookup", "value", json.Number(phrase))
			}
		case 13:
			if inURL {
				return r.line("message", fmt.Sprintf("redirect to /login?next=/notes/%s&v=2", phrase))
			}
		}
	}
}

// line writes a JSON object in the given order.
func (r random) line(pairs ...any) string {
	var out strings.Builder
	out.WriteByte('{')
	for i := 0; i < len(pairs); i += 2 {
		if i > 0 {
			out.WriteString(", ")
		}
		fmt.Fprintf(&out, "%q: ", pairs[i])
		var value strings.Builder
		encoder := json.NewEncoder(&value)
		encoder.SetEscapeHTML(r.IntN(8) == 0)
		_ = encoder.Encode(pairs[i+1])
		out.WriteString(strings.TrimSuffix(value.String(), "\n"))
	}
	out.WriteByte('}')
	return out.String()
}

func (r random) prose(phrase string) string {
	return strings.Replace(r.one(
		"Upstream answered % to the request", "Rejected (%) by policy", "Could not parse %, giving up", "Processing %", "% is not valid", "It was %.", "unexpected value '%' in row 7",
		"got [%] instead", "<%>", "Größe von % – überprüft", "user sent: %", "retry 3/5 for %;", "→%←", "{'v': %}",
	), "%", phrase, 1)
}

func (r random) traceback(kind, message string) string {
	return r.line("level", "ERROR", "message", "Unhandled exception", "exception", map[string]any{
		"type": kind, "message": message,
		"traceback": fmt.Sprintf("Traceback (most recent call last):\n  File \"/srv/mina/services/%s.py\", line %d, in %s\n    return handler(request)\n           ^^^^^^^^^^^^^^^^\n%s: %s\n",
			r.one("billing", "auth", "transcription", "token"), r.between(10, 900), r.one("charge", "login", "process", "verify_token"), kind, message),
	})
}

// sensitiveKeys are phrases that make a key sensitive.
var sensitiveKeys = []string{
	"password", "passwd", "pwd", "passphrase", "secret", "client secret", "api key", "access key", "private key", "secret key", "token", "authorization", "credentials", "cookie", "csrf token",
	"otp", "cvv", "card number", "ssn", "date of birth", "medical record", "mrn", "diagnosis", "dsn", "connection string",
}

// underKey writes a value under a sensitive key, in one of many ways.
func (r random) underKey() Labelled {
	key := r.spelled(r.one(sensitiveKeys...))
	value := r.password()
	var line string
	switch r.IntN(13) {
	case 0:
		line = r.line("message", "settings changed", key, value)
	case 1:
		line = r.line("message", "user saved", "user", map[string]any{"id": r.IntN(99), key: value})
	case 2:
		line = r.line("message", "bulk", "rows", []any{map[string]any{"nested": map[string]any{key: []any{value, r.IntN(9)}}}})
	case 3:
		payload, _ := json.Marshal(map[string]any{"a": 1, "inner": map[string]any{key: value}})
		line = r.line("message", "forwarded", "payload", string(payload))
	case 4:
		line = r.line("message", fmt.Sprintf("form data {'email': 'a', '%s': '%s'}", key, value))
	case 5:
		line = r.line("message", fmt.Sprintf("Setting %s=%s for the job", strings.ReplaceAll(key, " ", "_"), r.unbroken(&value)))
	case 6:
		line = r.line("message", fmt.Sprintf("using %s: %s", key, r.unbroken(&value)))
	case 7:
		line = r.line("message", fmt.Sprintf(`{"ok": false, "%s": "%s"`, key, r.unbroken(&value)))
	case 8:
		line = r.line("message", fmt.Sprintf("GET /api/x?%s=%s&page=2", strings.ReplaceAll(key, " ", "_"), r.unbroken(&value)))
	case 9:
		line = r.traceback("TypeError", fmt.Sprintf("connect() got %s='%s'", strings.ReplaceAll(key, " ", "_"), value))
	case 10:
		line = r.line("message", fmt.Sprintf("'%s' => '%s', 'n' => 1", key, value))
	case 11:
		tag := strings.ReplaceAll(key, " ", "")
		line = r.line("message", fmt.Sprintf("<soap><%s>%s</%s></soap>", tag, r.unbroken(&value), tag))
	default:
		line = r.line("message", "audit", "changes", map[string]any{key: map[string]any{"old": value, "new": nil}})
	}
	return Labelled{"sensitive_key", value, line}
}

// unbroken takes from a value what would end it without quotes.
func (r random) unbroken(value *string) string {
	*value = strings.Map(func(c rune) rune {
		if strings.ContainsRune(" ,;&)]}<>\"'`|\\%", c) {
			return 'x'
		}
		return c
	}, *value)
	return *value
}

// spelled writes a phrase as keys are.
func (r random) spelled(phrase string) string {
	words := strings.Fields(phrase)
	if r.IntN(4) == 0 && words[0] != "authorization" {
		words = append([]string{r.one("user", "db", "admin", "old")}, words...)
	}
	title := func(word string) string { return strings.ToUpper(word[:1]) + word[1:] }
	switch r.IntN(5) {
	case 0:
		return strings.Join(words, "_")
	case 1:
		return strings.Join(words, "-")
	case 2:
		return strings.ToUpper(strings.Join(words, "_"))
	case 3:
		for i := 1; i < len(words); i++ {
			words[i] = title(words[i])
		}
		return strings.Join(words, "")
	default:
		for i := range words {
			words[i] = title(words[i])
		}
		return strings.Join(words, "-")
	}
}

// kinds are the secrets of every rule that is on by default, and of the set pii.
var kinds = slices.Concat(ownKinds, vendorKinds, nationalKinds)

// ownKinds are those that are made in a way of their own.
var ownKinds = []kind{
	{rule: "private_key", secret: func(r random) string {
		label := r.one("RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "ENCRYPTED PRIVATE KEY")
		newline := r.one("\n", `\n`, "\r\n")
		text := "-----BEGIN " + label + "-----" + newline
		for range r.between(2, 6) {
			text += base64.StdEncoding.EncodeToString(r.bytes(48)) + newline
		}
		if r.IntN(3) > 0 {
			text += "-----END " + label + "-----"
		}
		return strings.TrimSuffix(text, newline)
	}},
	{rule: "database_url", secret: func(r random) string { return r.of(r.between(6, 20), base62+"-_.~!$*+=") }, phrases: []string{
		"postgres://mina:%@db:5432/mina", "postgresql+psycopg2://mina:%@10.0.0.5/mina?sslmode=require", "mysql+pymysql://root:%@localhost/app", "mongodb+srv://app:%@cluster0.abcde.mongodb.net/app",
		"redis://:%@cache:6379/0", "rediss://default:%@redis.internal:6380", "amqp://guest:%@rabbit:5672/%2f", "mssql+pyodbc://sa:%@sql/mina?driver=x", "clickhouse://default:%@ch:9000/logs",
	}},
	{rule: "url_userinfo", secret: func(r random) string { return r.of(r.between(6, 20), base62+"-_.~!$*+=") }, phrases: []string{
		"https://ana:%@example.com/repo.git", "http://deploy:%@proxy.internal:3128", "ftp://backup:%@files.internal/a", "smtp://mina:%@mail:587", "sftp://x:%@host",
	}},
	{rule: "command_line", secret: random.password, phrases: []string{"ran curl -s -u ana:% https://db.example", "sshpass -p % ssh db", "mysqldump -uroot -p% mina failed", "docker login -u ana -p % registry.example", "redis-cli -h cache -a % ping"}},
	{rule: "sql_password", secret: random.password, phrases: []string{"CREATE USER ana IDENTIFIED BY '%'", "alter user ana identified by N'%' account unlock", "ALTER USER ana IDENTIFIED WITH mysql_native_password BY '%'", "SET PASSWORD FOR ana = '%'"}},
	{rule: "protocol_credentials", secret: func(r random) string { return base64.StdEncoding.EncodeToString(r.bytes(r.between(9, 30))) }, phrases: []string{"AUTH PLAIN %", "a1 AUTHENTICATE PLAIN %", "machine db.example login ana password %", "CONFIG SET requirepass %"}},
	{rule: "path_token", secret: func(r random) string { return r.of(r.between(20, 43), base62) + "7a" }, phrases: []string{"GET /password-reset/% HTTP/1.1", "GET /reset/MTc/%/ HTTP/1.1", "https://mina.example/magic-link/%?lang=de", "/api/token/%/notes"}},
	{rule: "jwt", secret: random.jwt},
	{rule: "bearer", secret: func(r random) string { return r.of(r.between(20, 64), base62+"-._~+/") + "7A" }, phrases: []string{"Bearer %", "bearer %", "Authorization: Bearer %", "auth header was 'Bearer %'"}},
	{rule: "basic_auth", secret: func(r random) string {
		return base64.StdEncoding.EncodeToString([]byte(r.of(r.between(3, 8), lowerCase) + ":" + r.of(r.between(6, 18), base62+"!$-_")))
	}, phrases: []string{"Basic %", "basic %", "Authorization: Basic %", "curl -H 'Authorization: Basic %'"}},
	{rule: "credit_card", secret: func(r random) string {
		var number string
		switch r.IntN(9) {
		case 0, 1:
			number = "4" + r.digits(14)
		case 2:
			number = "5" + r.one("1", "2", "3", "4", "5") + r.digits(13)
		case 3:
			number = fmt.Sprint(r.between(2221, 2720)) + r.digits(11)
		case 4:
			number = r.one("34", "37") + r.digits(12)
		case 5:
			number = r.one("6011", "6500", "6449") + r.digits(11)
		case 6:
			number = r.one("300", "305", "360", "380") + r.digits(10)
		case 7:
			number = fmt.Sprint(r.between(3528, 3589)) + r.digits(11)
		default:
			number = "62" + r.digits(13)
		}
		number = checked(number, 0)
		separator := r.one("", "", " ", "-")
		switch {
		case separator == "":
			return number
		case len(number) == 15:
			return grouped(number, separator, 4, 6, 5)
		case len(number) == 14:
			return grouped(number, separator, 4, 6, 4)
		}
		return grouped(number, separator, 4)
	}},
	{rule: "iban", secret: func(r random) string {
		var number string
		switch r.IntN(6) {
		case 0:
			number = iban("DE", r.digits(18))
		case 1:
			number = iban("GB", r.of(4, upperCase)+r.digits(14))
		case 2:
			number = iban("FR", r.digits(10)+r.of(11, numerals+upperCase)+r.digits(2))
		case 3:
			number = iban("NL", r.of(4, upperCase)+r.digits(10))
		case 4:
			number = iban("CH", r.digits(17))
		default:
			number = iban("ES", r.digits(20))
		}
		if r.IntN(2) == 0 {
			return grouped(number, " ", 4)
		}
		return number
	}},
	{rule: "us_ssn", secret: func(r random) string {
		area := r.between(1, 899)
		if area == 666 {
			area++
		}
		separator := r.one("-", "-", " ")
		return fmt.Sprintf("%03d%s%02d%s%04d", area, separator, r.between(1, 99), separator, r.between(1, 9999))
	}},
	{rule: "us_ssn", secret: func(r random) string {
		return fmt.Sprintf("%03d%02d%04d", r.between(1, 665), r.between(1, 99), r.between(1, 9999))
	}, phrases: []string{"SSN %", "ssn=%", "social security number %", "SSN: %", "patient ssn is %", "% (SSN)", "social_security_number=%"}},
	{rule: "us_itin", secret: func(r random) string {
		group := []int{50, 58, 65, 70, 77, 88, 90, 92, 94, 99}[r.IntN(10)]
		return fmt.Sprintf("9%s-%02d-%s", r.digits(2), group, r.digits(4))
	}},
	{rule: "us_mbi", secret: func(r random) string {
		const letters, both = "ACDEFGHJKMNPQRTUVWXY", "ACDEFGHJKMNPQRTUVWXY" + numerals
		text := r.of(1, "123456789") + r.of(1, letters) + r.of(1, both) + r.digits(1) + r.of(1, letters) + r.of(1, both) + r.digits(1) + r.of(2, letters) + r.digits(2)
		if r.IntN(2) == 0 {
			return grouped(text, "-", 4, 3, 4)
		}
		return text
	}},
	{rule: "us_npi", secret: func(r random) string { return checked(r.one("1", "2")+r.digits(8), 24) }, phrases: []string{
		"NPI %", "npi=%", "NPI: %", "provider NPI % not found", "provider %", "national provider identifier %", "rendering_provider_id=%", "prescriber %", "npi_number: %",
	}},
	{rule: "us_dea", secret: func(r random) string {
		digits := r.digits(6)
		sum := 0
		for i := range 6 {
			sum += int(digits[i]-'0') * (1 + i%2)
		}
		return r.of(1, "ABFGMPR") + r.of(1, upperCase) + digits + fmt.Sprint(sum%10)
	}},
	{rule: "medical_record_number", secret: func(r random) string { return r.one("", "", "A", "MR", "PT-") + r.digits(r.between(6, 9)) }, phrases: []string{
		"MRN %", "MRN: %", "mrn=%", "MRN# %", "medical record number %", "medical record % merged", "patient id %", "patient_id=%", "Medical Record No. %",
	}},
	{rule: "aws_access_key_id", secret: func(r random) string { return r.one("AKIA", "ASIA") + r.of(16, upperCase+"234567") }},
	{rule: "aws_secret_access_key", secret: func(r random) string { return r.of(40, base62+"+/") }, phrases: []string{
		"aws_secret_access_key=%", "AWS_SECRET_ACCESS_KEY: %", "aws secret %", "AWS credentials AKIAQ3EXAMPLE2345ABC / %", "secretAccessKey: %", "AWS secret access key is %",
	}},
	{rule: "github_token", secret: func(r random) string {
		if r.IntN(3) == 0 {
			return "github_pat_" + r.token(22) + "_" + r.token(59)
		}
		random := r.token(30)
		return r.one("ghp_", "gho_", "ghu_", "ghs_", "ghr_") + random + crc62(random)
	}},
	{rule: "gitlab_token", secret: func(r random) string { return r.one("glpat-", "glptt-", "gldt-", "glrt-") + r.url64(19) + "z" }},
	{rule: "slack_token", secret: func(r random) string {
		switch r.IntN(3) {
		case 0:
			return "xoxb-" + r.digits(12) + "-" + r.digits(13) + "-" + r.token(24)
		case 1:
			return "xoxp-" + r.digits(12) + "-" + r.digits(12) + "-" + r.digits(12) + "-" + r.hex(32)
		default:
			return "xapp-1-A" + r.of(10, numerals+upperCase) + "-" + r.digits(13) + "-" + r.hex(64)
		}
	}},
	{rule: "slack_webhook", secret: func(r random) string {
		return "T" + r.of(8, numerals+upperCase) + "/B" + r.of(8, numerals+upperCase) + "/" + r.token(24)
	}, phrases: []string{"https://hooks.slack.com/services/%", "posting to hooks.slack.com/services/% failed"}},
	{rule: "stripe_key", secret: func(r random) string {
		return r.one("sk_live_", "sk_test_", "rk_live_", "rk_test_") + r.token(r.between(24, 99))
	}},
	{rule: "openai_key", secret: func(r random) string {
		if r.IntN(2) == 0 {
			return "sk-" + r.token(20) + "T3BlbkFJ" + r.token(20)
		}
		return r.one("sk-proj-", "sk-svcacct-", "sk-admin-") + r.url64(58) + "T3BlbkFJ" + r.url64(57) + "A"
	}},
	{rule: "anthropic_key", secret: func(r random) string { return "sk-ant-" + r.one("api03-", "admin01-") + r.url64(93) + "AA" }},
	{rule: "google_api_key", secret: func(r random) string { return "AIza" + r.url64(34) + "w" }},
	{rule: "google_oauth", secret: func(r random) string { return r.one("ya29.", "GOCSPX-") + r.url64(27) + "k" }},
	{rule: "azure_connection_string", secret: func(r random) string { return base64.StdEncoding.EncodeToString(r.bytes(64)) }, phrases: []string{
		"DefaultEndpointsProtocol=https;AccountName=mina;AccountKey=%;EndpointSuffix=core.windows.net", "BlobEndpoint=https://mina.blob.core.windows.net/;AccountKey=%",
		"Endpoint=sb://mina.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=%",
	}},
	{rule: "twilio", secret: func(r random) string { return r.one("SK", "AC") + r.hex(32) }},
	{rule: "sendgrid", secret: func(r random) string { return "SG." + r.url64(22) + "." + r.url64(42) + "x" }},
	{rule: "mailgun", secret: func(r random) string { return "key-" + r.hex(32) }},
	{rule: "npm_token", secret: func(r random) string { random := r.token(30); return "npm_" + random + crc62(random) }},
	{rule: "pypi_token", secret: func(r random) string { return "pypi-AgEIcHlwaS5vcmc" + r.url64(120) + "c" }},
	{rule: "digitalocean", secret: func(r random) string { return r.one("dop_v1_", "doo_v1_", "dor_v1_") + r.hex(64) }},
	{rule: "heroku", secret: random.uuid, phrases: []string{"heroku api key %", "HEROKU_API_KEY=%", "heroku: %", "HEROKU_TOKEN %"}},
	{rule: "heroku", secret: func(r random) string { return "HRKU-AA" + r.url64(57) + "x" }},
	{rule: "huggingface", secret: func(r random) string { return "hf_" + r.of(34, lowerCase+upperCase) }},
	{rule: "datadog_key", secret: func(r random) string { return r.hex([]int{32, 40}[r.IntN(2)]) }, phrases: []string{"DD_API_KEY=%", "datadog api key %", "DD-APPLICATION-KEY: %", "datadog key %", "dd_app_key=%"}},
	{rule: "newrelic_key", secret: func(r random) string {
		if r.IntN(2) == 0 {
			return "NRAK-" + r.of(27, numerals+upperCase)
		}
		return r.hex(32) + "FFFFNRAL"
	}},
	{rule: "sentry_token", secret: func(r random) string {
		if r.IntN(2) == 0 {
			return "sntryu_" + r.hex(64)
		}
		return "sntrys_eyJ" + r.token(80) + "_" + r.token(43)
	}},
	{rule: "sentry_dsn", secret: func(r random) string { return r.hex(32) }, phrases: []string{"https://%@o123456.ingest.sentry.io/4501234567", "https://%@sentry.example.com/7", "sentry init https://%@o1.ingest.us.sentry.io/22"}},
	{rule: "logtail_token", secret: func(r random) string { return r.token(24) }, phrases: []string{"LOGTAIL_TOKEN=%", "logtail source token %", "Better Stack source token %", "betterstack %", "logtail: %"}},
	{rule: "generic_secret", secret: func(r random) string { return r.token(r.between(15, 39)) + "q7" }, phrases: []string{
		"db_pass=%", "signing_key: %", "webhooksecret = %", "hmacsecret => %", "encryption-key=%", "smtppass: %", "license_key=%", "x-signature: %",
	}},
	{rule: "email", secret: func(r random) string {
		return r.of(r.between(3, 9), lowerCase) + r.one("", ".", "+") + r.of(3, lowerCase) + "@" + r.of(6, lowerCase) + r.one(".com", ".co.uk", ".io", ".de")
	}},
	{rule: "phone", secret: func(r random) string {
		if r.IntN(3) == 0 {
			return "+49" + r.of(1, "123456789") + r.digits(9)
		}
		area, exchange, line := r.of(1, "23456789")+r.digits(2), r.of(1, "23456789")+r.digits(2), r.digits(4)
		return r.one(area+"-"+exchange+"-"+line, "("+area+") "+exchange+"-"+line, "+1 "+area+" "+exchange+" "+line, area+"."+exchange+"."+line)
	}},
	{rule: "ip_address", secret: func(r random) string {
		if r.IntN(4) == 0 {
			return "2001:db8:" + r.hex(4) + "::" + r.of(1, "123456789abcdef") + r.hex(3)
		}
		return fmt.Sprintf("%d.%d.%d.%d", r.between(11, 223), r.IntN(256), r.IntN(256), r.between(1, 254))
	}},
}
