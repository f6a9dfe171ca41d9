package redaction

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/corpus"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/rules"
)

const (
	testJWT = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
	testKey = "0123456789abcdef0123456789abcdef"
)

func TestTexts(t *testing.T) {
	const (
		key  = "[REDACTED:sensitive_key]"
		card = "[REDACTED:credit_card]"
		ssn  = "[REDACTED:us_ssn]"
		pem  = "[REDACTED:private_key]"
	)
	for name, tests := range map[string]map[string]string{
		"key in prose": {
			"password=hunter2":                            "password=" + key,
			"login with password: hunter2.":               "login with password: " + key + ".",
			"(password=hunter2)":                          "(password=" + key + ")",
			"{password=hunter2}":                          "{password=" + key + "}",
			"password=hunter2, user=ana":                  "password=" + key + ", user=ana",
			"GET /a?token=abc&page=2":                     "GET /a?token=" + key + "&page=2",
			"userPassword = 'a b c' end":                  "userPassword = '" + key + "' end",
			`USER_PASSWORD="a \" b" end`:                  `USER_PASSWORD="` + key + `" end`,
			"api key: abcdef":                             "api key: " + key,
			"the api_key=abcdef":                          "the api_key=" + key,
			"card number: 12":                             "card number: " + key,
			"'secret' => 's3', 'a' => 'b'":                "'secret' => '" + key + "', 'a' => 'b'",
			"pin: 1234":                                   "pin: " + key,
			"PASSWORD=geheim€ end":                        "PASSWORD=" + key + " end",
			"пароль password=пароль end":                  "пароль password=" + key + " end",
			"connection string: Server=x":                 "connection string: " + key,
			"auth=abc":                                    "auth=abc",
			"x-auth: abc":                                 "x-auth: abc",
			"token=" + strings.Repeat("a=", 5) + " b":     "token=" + key + " b",
			"password=b'bytes' end":                       "password=b'" + key + "' end",
			"multi\npassword=x1\nline":                    "multi\npassword=" + key + "\nline",
			"Authorization: Basic dXNlcjpwYXNz and more":  "Authorization: " + key + " and more",
			"Authorization: Bearer abc.def, Accept: */*":  "Authorization: " + key + ", Accept: */*",
			"Cookie: sid=abc; theme=dark\nHost: x":        "Cookie: " + key + "\nHost: x",
			"headers={'Cookie': 'sid=abc; theme=dark'}":   "headers={'Cookie': '" + key + "'}",
			"credentials={'user': 'a', 'p': ['}']} end":   "credentials=" + key + " end",
			"password=[REDACTED:sensitive_key] stays":     "password=[REDACTED:sensitive_key] stays",
			"Traceback\n    connect(password='pw')\nOops": "Traceback\n    connect(password='" + key + "')\nOops",
		},
		"key in JSON text": {
			`{"token": "abc", "n": 1}`:          `{"token": "` + key + `", "n": 1}`,
			`{"password": 1234, "n": 1}`:        `{"password": "` + key + `", "n": 1}`,
			`{\"token\": \"abc\", \"n\": 1}`:    `{\"token\": \"` + key + `\", \"n\": 1}`,
			`{"secret": {"a": "}"}, "n": 1}`:    `{"secret": "` + key + `", "n": 1}`,
			`{"password": "cut off at the en`:   `{"password": "` + key,
			`{"password": null, "token": true}`: `{"password": null, "token": true}`,
			`{"password": "", "a": "b"}`:        `{"password": "", "a": "b"}`,
		},
		"key in other forms": {
			"--password hunter2 --api-key=abc -v": "--password " + key + " --api-key=" + key + " -v", "('password', 'hunter2')": "('password', '" + key + "')",
			"<password>a b</password>": "<password>" + key + "</password>", "PWD := 'abc'": "PWD := '" + key + "'", "token%3Dabc%26n%3D1": "token%3D" + key + "%26n%3D1",
			"Server=db;Password=a b!c;Database=x": "Server=db;Password=" + key + ";Database=x", "diagnosis: type 2 diabetes, stable": "diagnosis: " + key + ", stable",
			`Authorization: Digest username="a", response="b"` + "\nHost: x": "Authorization: " + key + "\nHost: x", "dbpassword: x": "dbpassword: " + key, "ssn=> password: x": "ssn=> " + key + " " + key, `C:\token=x`: `C:\token=` + key, `\x{secret: x}`: `\x{secret: ` + key + "}", "\x1b[32mtoken=x \x1b[0m": "\x1b[32mtoken=" + key + " \x1b[0m", `b'a: b\r\nX-Token: x\r\n\r\npassword=y&a=b'`: `b'a: b\r\nX-Token: ` + key + `\r\n\r\npassword=` + key + `&a=b'`, "password1=x": "password1=" + key,
			`[{"name": "API_KEY", "value": "abc"}, {"name": "n", "value": "v"}]`: `[{"name": "API_KEY", "value": "` + key + `"}, {"name": "n", "value": "v"}]`,
			`\\\"password\\\": \\\"abc\\\"`:                                      `\\\"password\\\": \\\"` + key + `\\\"`,
		},
		"encoded": {
			"u=https%3A%2F%2Fa%3Apw%40h%2F&n=1": "u=https%3A%2F%2Fa%3A[REDACTED:url_userinfo]%40h%2F&n=1", "c=4111%201111%201111%201111&x": "c=" + card + "&x",
			`{"a": "\u0034111111111111111"}`: `{"a": "` + card + `"}`, `{"pass\u0077ord": "x"}`: `{"pass\u0077ord": "` + key + `"}`, `is \u0034111111111111111 it`: "is " + card + " it",
			`postgres:\/\/u:pw@h\/db`: `postgres:\/\/u:[REDACTED:database_url]@h\/db`, "100%25 of 4%": "100%25 of 4%",
		},
		"state in prose": {
			"token: expired": "token: expired", "Auth: success.": "Auth: success.", "password: required, n": "password: required, n", "token=expired": "token=" + key, "secret: ****": "secret: ****",
		},
		"line of source in a traceback": {
			"  File \"a.py\", line 3, in f\n    token = get_token(request)\nKeyError":                    "  File \"a.py\", line 3, in f\n    token = get_token(request)\nKeyError",
			"  File \"a.py\", line 3, in f\n    x(\n    password=self.password)":                         "  File \"a.py\", line 3, in f\n    x(\n    password=self.password)",
			"  File \"a.py\", line 3, in f\n    login(password='pw', token=hunter2)\nValueError: secret": "  File \"a.py\", line 3, in f\n    login(password='" + key + "', token=" + key + ")\nValueError: secret",
			"    token = get_token(request)":                                                             "    token = get_token(request)",
		},
		"no key": {
			"author: Ana": "author: Ana", "token_count=512": "token_count=512", "max_tokens: 4096": "max_tokens: 4096",
			"tokens used: 17": "tokens used: 17", "token type: bearer": "token type: bearer", "max token: 5": "max token: 5",
			"session expired: 12": "session expired: 12", "session_id=abc": "session_id=abc", "spinning: 3": "spinning: 3",
			"KeyError: 'password'": "KeyError: 'password'", "12:30:45": "12:30:45", "a == b": "a == b", "passwordless=yes": "passwordless=yes",
			"File \"auth.py\", line 3, in login": "File \"auth.py\", line 3, in login", "password=None": "password=None", "https://x/y": "https://x/y",
		},
		"credit card": {
			"4111111111111111": card, "card 4111 1111 1111 1111.": "card " + card + ".", "(4111-1111-1111-1111)": "(" + card + ")",
			"378282246310005": card, "3782 822463 10005": card, "5555555555554444,": card + ",", "2223003122003222": card,
			"6011111111111117": card, "30569309025904": card, "3530111333300000": card, "6212345678901265": card, "4222222222222": card,
			"4111 1111 1111 1111 123": card + " 123", "x=4111111111111111&y": "x=" + card + "&y", `"4111111111111111"`: `"` + card + `"`,
			"é4111111111111111é": "é" + card + "é", "4111-1111-1111-1111-": card + "-", `a\n4111111111111111\n`: `a\n` + card + `\n`,
			"140245896464960": "140245896464960", "1759335125785001": "1759335125785001", "4111111111111112": "4111111111111112",
			"94111111111111111": "94111111111111111", "41111111111111110": "41111111111111110", "0.4111111111111111": "0.4111111111111111",
			"a4111111111111111": "a4111111111111111", "4111111111111111f": "4111111111111111f", "4111 1111-1111 1111": card,
			"2025-10-01T16:12:05.785": "2025-10-01T16:12:05.785", "41111111111111111111111": "41111111111111111111111", "7111111111111115": "7111111111111115",
		},
		"social security number": {
			"123-45-6789": ssn, "is 123 45 6789.": "is " + ssn + ".", "(123-45-6789)": "(" + ssn + ")", "SSN 123456789": "SSN " + ssn,
			"social security no. 123456789": "social security no. " + ssn, "123456789": "123456789", "000-45-6789": "000-45-6789", "666-45-6789": "666-45-6789", "912-45-6789": "912-45-6789",
			"123-00-6789": "123-00-6789", "123-45-0000": "123-45-0000", "123-45 6789": "123-45 6789", "123-45-67890": "123-45-67890",
			"1123-45-6789": "1123-45-6789", "123-45-6789-1": "123-45-6789-1", "1-123-45-6789": "1-123-45-6789", "v123-45-6789": "v123-45-6789",
		},
		"JWT": {
			testJWT: "[REDACTED:jwt]", "got " + testJWT + ", ok": "got [REDACTED:jwt], ok", "?t=" + testJWT + "&a": "?t=[REDACTED:jwt]&a",
			`"` + testJWT + `"`: `"[REDACTED:jwt]"`, "eyJhbGciOiJub25lIn0.eyJhIjoxfQ. end": "[REDACTED:jwt] end",
			"eyJ.eyJ.eyJ": "eyJ.eyJ.eyJ", "x" + testJWT: "x" + testJWT, "eyJhIjoxfQ.eyJhIjoxfQ.abc": "eyJhIjoxfQ.eyJhIjoxfQ.abc", "eyJhbGciOiJub25lIn0": "eyJhbGciOiJub25lIn0",
		},
		"private key": {
			"a -----BEGIN RSA PRIVATE KEY-----\nMIIEabc\n-----END RSA PRIVATE KEY----- b":                                  "a " + pem + " b",
			`a -----BEGIN PRIVATE KEY-----\nMIIEabc\n-----END PRIVATE KEY-----\n b`:                                        `a ` + pem + `\n b`,
			"-----BEGIN OPENSSH PRIVATE KEY-----\n" + strings.Repeat("b3BlbnNzaC1rZXk", 4) + "\nQyNTUxOQ==\nprose goes on": pem + "\nprose goes on",
			"-----BEGIN EC PRIVATE KEY":                                                pem,
			"-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----":              "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----",
			"key=-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----": "key=" + pem,
		},
		"bearer": {
			"sent Bearer abc123def456 to": "sent Bearer [REDACTED:bearer] to", "bearer AbCdEfGhIj.": "bearer [REDACTED:bearer].",
			"BEARER 12345678": "BEARER [REDACTED:bearer]", "bearer authentication failed": "bearer authentication failed", "forbearer 12345678": "forbearer 12345678",
			"bearer token": "bearer token", "Bearer short1": "Bearer short1",
		},
		"URL": {
			"postgres://mina:pw@db/mina": "postgres://mina:[REDACTED:database_url]@db/mina", "see https://a:b@h?x": "see https://a:[REDACTED:url_userinfo]@h?x",
			"redis://:secret@cache:6379": "redis://:[REDACTED:database_url]@cache:6379", "amqp://u:p@ss@h/": "amqp://u:[REDACTED:database_url]@h/",
			"https://host:8080/path@2x": "https://host:8080/path@2x", "https://user@host": "https://user@host", "https://host/a:b@c": "https://host/a:b@c", "a://b:@c": "a://b:@c",
		},
	} {
		t.Run(name, func(t *testing.T) {
			for text, want := range tests {
				assert.Equal(t, want, redactText(t, Config{}, text), text)
			}
		})
	}
}

func TestSensitiveKeys(t *testing.T) {
	s := New(Config{Action: Mask, SensitiveKeys: []string{"badge number"}, Allow: AllowConfig{Keys: []string{"csrf_token"}}}).Begin()
	for key, want := range map[string]bool{
		"password": true, "userPassword": true, "user_password": true, "user-password": true, "USER_PASSWORD": true, "http.request.header.authorization": true,
		"apiKey": true, "APIKey": true, "api_key": true, "apikey": true, "token": true, "accessToken": true, "auth": true, "x_auth": true, "session": true,
		"sessionID": false, "session_id": false, "session.id": false, "sessionid": true, "pin": true, "card_number": true, "dateOfBirth": true, "medical_record": true,
		"db.connection_string": true, "badgeNumber": true, "BADGE-NUMBER": true, "badge": false, "csrf_token": false, "csrfToken": true,
		"author": false, "token_count": false, "tokens_used": false, "max_tokens": false, "token_type": false, "auth_method": false, "pinned": false, "pin_code": true,
		"key": false, "access": false, "number": false, "monkey": false, "": false, "é": false, "secrets_count": false, "keyboard": false,
	} {
		assert.Equal(t, want, s.r.judge(key).rule != nil, key)
		assert.Equal(t, want, s.r.judge(key).rule != nil, "again: %s", key)
	}
}

func record(t testing.TB, o Config, attributes map[string]any, body any) (map[string]any, any, map[string]int64) {
	t.Helper()
	require.NoError(t, o.Validate())
	r := plog.NewLogRecord()
	require.NoError(t, r.Attributes().FromRaw(attributes))
	require.NoError(t, r.Body().FromRaw(body))
	session := New(o).Begin()
	session.Record(r)
	counts := map[string]int64{}
	session.End(func(rule string, _ Location, n int64) { counts[rule] += n })
	return r.Attributes().AsRaw(), r.Body().AsRaw(), counts
}

func TestRecord(t *testing.T) {
	attributes, body, counts := record(t, Config{Action: Mask}, map[string]any{
		"plain": "text", "password": "x", "token": nil, "secret": "", "auth": true, "pin": 1234,
		"credentials": map[string]any{"a": 1}, "user": map[string]any{"api_key": []any{1, "a"}, "name": "ana"},
		"list": []any{"4111111111111111", map[string]any{"password": "y"}, 7}, "number": 4111111111111111, "double": 4111111111111111.0,
		"thread": 140245896464960, "bytes": []byte("password=z"), "nan": "not",
	}, map[string]any{"message": "Bearer abc123def456", "password": []any{1}})
	assert.Equal(t, map[string]any{
		"plain": "text", "password": "[REDACTED:sensitive_key]", "token": nil, "secret": "", "auth": true, "pin": "[REDACTED:sensitive_key]",
		"credentials": "[REDACTED:sensitive_key]", "user": map[string]any{"api_key": "[REDACTED:sensitive_key]", "name": "ana"},
		"list":   []any{"[REDACTED:credit_card]", map[string]any{"password": "[REDACTED:sensitive_key]"}, int64(7)},
		"number": "[REDACTED:credit_card]", "double": "[REDACTED:credit_card]", "thread": int64(140245896464960),
		"bytes": []byte("password=[REDACTED:sensitive_key]"), "nan": "not",
	}, attributes)
	assert.Equal(t, map[string]any{"message": "Bearer [REDACTED:bearer]", "password": "[REDACTED:sensitive_key]"}, body)
	assert.Equal(t, map[string]int64{"sensitive_key": 7, "credit_card": 3, "bearer": 1}, counts)
}

func TestHashIsStableAndKeyed(t *testing.T) {
	hash := Config{Action: Hash, HashKey: testKey}
	attributes, body, _ := record(t, hash, map[string]any{"a": "4111111111111111", "password": "p"}, "card 4111111111111111")
	// echo -n 4111111111111111 | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
	assert.Equal(t, "[HASHED:credit_card:"+hmacPrefix(testKey, "4111111111111111")+"]", attributes["a"])
	assert.Equal(t, "card "+attributes["a"].(string), body)
	assert.NotContains(t, attributes["password"], "p]")
	assert.NotEqual(t, redactText(t, hash, "4111111111111111"), redactText(t, Config{Action: Hash, HashKey: testKey + "x"}, "4111111111111111"))
}

func TestDrop(t *testing.T) {
	attributes, body, _ := record(t, Config{Action: Drop}, map[string]any{
		"a": "4111111111111111", "b": "text", "password": "p", "user": map[string]any{"token": "t", "name": "ana"}, "list": []any{"a", "123-45-6789"}, "n": 4111111111111111,
	}, "pay 4111111111111111 now")
	assert.Equal(t, map[string]any{"b": "text", "user": map[string]any{"name": "ana"}, "list": []any{"a"}}, attributes)
	assert.Equal(t, "pay  now", body)
}

func TestDeepNestingFailsClosed(t *testing.T) {
	m := pcommon.NewMap()
	inner := m
	for range maxDepth + 10 {
		inner = inner.PutEmptyMap("a")
	}
	inner.PutStr("a", "deep secret")
	s := New(Config{Action: Mask}).Begin()
	s.attributes(m, verdict{}, 0)
	v := pcommon.NewValueMap()
	m.CopyTo(v.Map())
	assert.NotContains(t, v.AsString(), "deep secret")
}

func TestScopeAndResource(t *testing.T) {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("db.password", "x")
	scope := rl.ScopeLogs().AppendEmpty().Scope()
	scope.SetName("pay 4111111111111111")
	scope.Attributes().PutStr("token", "x")
	s := New(Config{Action: Mask}).Begin()
	s.Resource(rl.Resource())
	s.Scope(scope)
	assert.Equal(t, map[string]any{"db.password": "[REDACTED:sensitive_key]"}, rl.Resource().Attributes().AsRaw())
	assert.Equal(t, "pay [REDACTED:credit_card]", scope.Name())
	assert.Equal(t, map[string]any{"token": "[REDACTED:sensitive_key]"}, scope.Attributes().AsRaw())
}

func TestManyShortHitsDoNotMakeATextGrow(t *testing.T) {
	text := "a " + strings.Repeat("pin=1&", 10000) + " b"
	assert.Equal(t, "a pin=[REDACTED:sensitive_key]& b", redactText(t, Config{}, text))
	assert.Equal(t, "pin=[REDACTED:sensitive_key]&pin=[REDACTED:sensitive_key] "+strings.Repeat("x", 80), redactText(t, Config{}, "pin=1&pin=2 "+strings.Repeat("x", 80)))
}

func TestChosenRules(t *testing.T) {
	assert.Equal(t, "4111111111111111 [REDACTED:us_ssn]", redactText(t, Config{Rules: []string{"us_ssn"}}, "4111111111111111 123-45-6789"))
}

func TestConfig(t *testing.T) {
	for want, o := range map[string]Config{
		`there is no action "shred"; there are mask, partial, hash, drop, audit`:           {Action: "shred"},
		"hash_key must have at least 32 bytes for action hash (got 5)":                     {Action: Hash, HashKey: "short"},
		"hash_key must have at least 32 bytes for action hash (got 4)":                     {Action: Mask, HashKey: "tiny"},
		"hash_key must have at least 32 bytes for action hash (got 0)":                     {Action: Mask, Actions: ActionsConfig{Rules: map[string]Action{"email": Hash}}},
		`rules: there is no rule "creditcard"; did you mean "credit_card"?`:                {Action: Mask, Rules: []string{"creditcard"}},
		`disabled_rules: there is no rule "x"; there are private_key, `:                    {Action: Mask, DisabledRules: []string{"x"}},
		`sets: there is no set "secret"; did you mean "secrets"?`:                          {Action: Mask, Sets: []string{"secret"}},
		`actions::rules::jwt: there is no action "hide"; there are`:                        {Action: Mask, Actions: ActionsConfig{Rules: map[string]Action{"jwt": "hide"}}},
		`actions::rules: there is no rule "jwtt"; did you mean "jwt"?`:                     {Action: Mask, Actions: ActionsConfig{Rules: map[string]Action{"jwtt": Drop}}},
		`actions::keys::user id: there is no action "hsh"; did you mean "hash"?`:           {Action: Mask, Actions: ActionsConfig{Keys: map[string]Action{"user id": "hsh"}}},
		`sensitive_keys: "id" must have a word of 3 letters or more`:                       {Action: Mask, SensitiveKeys: []string{"id"}},
		`allow::rules: there is no rule "emial"; did you mean "email"?`:                    {Action: Mask, Allow: AllowConfig{Rules: map[string]AllowedValues{"emial": {}}}},
		`allow::patterns: "a(" does not compile: error parsing regexp: missing closing )`:  {Action: Mask, Allow: AllowConfig{Patterns: []string{"a("}}},
		`custom_rules::0 (a): pattern: "x(" does not compile`:                              {Action: Mask, CustomRules: []rules.Custom{{Name: "a", Pattern: "x("}}},
		`custom_rules::0 (a): pattern: "x*" matches the empty text, and would everywhere`:  {Action: Mask, CustomRules: []rules.Custom{{Name: "a", Pattern: "x*"}}},
		`custom_rules::0 (a): group: the pattern has groups 0 to 1 (got 2)`:                {Action: Mask, CustomRules: []rules.Custom{{Name: "a", Pattern: "x(y)", Group: 2}}},
		`custom_rules::0 (a): keywords: "xy" must have at least 3 characters`:              {Action: Mask, CustomRules: []rules.Custom{{Name: "a", Pattern: "x", Keywords: []string{"xy"}}}},
		`custom_rules::0 (a): validator: there is no validator "lun"; did you mean "luhn"`: {Action: Mask, CustomRules: []rules.Custom{{Name: "a", Pattern: "x", Validator: "lun"}}},
		`custom_rules::0 (jwt): name: there is a rule "jwt" already`:                       {Action: Mask, CustomRules: []rules.Custom{{Name: "jwt", Pattern: "x"}}},
		`name: must be 1 to 64 lower case letters, digits and underscores (got "Ab")`:      {Action: Mask, CustomRules: []rules.Custom{{Name: "Ab", Pattern: "x"}}},
	} {
		err := o.Validate()
		require.ErrorContains(t, err, want)
		assert.NotContains(t, err.Error(), "short")
		assert.NotContains(t, err.Error(), "\n", "one mistake is one error")
	}
}

// TestHostileTextsTakeLinearTime passes over texts that would take quadratic time if
// a matcher looked too far: that would be many seconds. It is the processor's time that
// counts, which is the same on a busy machine.
func TestHostileTextsTakeLinearTime(t *testing.T) {
	const size, patience = 1 << 17, 3 * time.Second
	session := redactorFor(t, Config{Sets: []string{rules.SetAll}}).Begin()
	hostile, err := corpus.ReadExamples("testdata/hostile.txt")
	require.NoError(t, err)
	for _, part := range hostile {
		forms := []string{"%"}
		if strings.ContainsAny(part.Text, `{["\`) { // it may be read as JSON
			forms = append(forms, "[%]", `["%"]`)
		}
		for _, form := range forms {
			text := strings.Replace(form, "%", strings.Repeat(part.Text, size/len(part.Text)), 1)
			begin := processorTime(t)
			session.redact(text, nil)
			assert.Less(t, processorTime(t)-begin, patience, "%q", part.Text)
		}
	}
	session.End(func(string, Location, int64) {})
}

func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func FuzzRedact(f *testing.F) {
	for _, text := range []string{"password=hunter2", `{"token": "abc"}`, "4111 1111 1111 1111", "123-45-6789", testJWT, "-----BEGIN RSA PRIVATE KEY-----\nMII", "Bearer abc123def456", "a://b:c@d", "[REDACTED:x] [HASHED:", "Cookie: a=b; c=d"} {
		f.Add(text, true)
	}
	mask := redactorFor(f, Config{Sets: []string{rules.SetAll}})
	hashed := redactorFor(f, Config{Sets: []string{rules.SetAll}, Action: Hash, HashKey: testKey})
	f.Fuzz(func(t *testing.T, text string, hash bool) {
		s := mask.Begin()
		if hash {
			s = hashed.Begin()
		}
		defer s.End(func(string, Location, int64) {})
		out, result := s.redact(text, nil)
		if result < replaced && out != text {
			t.Fatal("changed without a hit")
		}
		if strings.Contains(text, maskPrefix) || strings.Contains(text, hashPrefix) {
			return // a forged placeholder
		}
		if again, _ := s.redact(out, nil); again != out {
			t.Fatalf("%q, then %q", out, again)
		}
		// Planted between blanks, a secret never stays.
		planted, _ := s.redact(strings.ToValidUTF8(text, "")+"\n 4111111111111111 \n", nil)
		if strings.Contains(planted, " 4111111111111111 ") {
			t.Fatalf("a card number stays in %q", planted)
		}
	})
}

func TestForgedPlaceholdersHideNothing(t *testing.T) {
	const key = "[REDACTED:sensitive_key]"
	for text, want := range map[string]string{
		"password=[REDACTED:x]hunter2":                   "password=" + key,
		"password=[REDACTED:x] stays":                    "password=[REDACTED:x] stays",
		"password=[abc]def ghi":                          "password=" + key + " ghi",
		"[REDACTED:4111111111111111]":                    "[REDACTED:[REDACTED:credit_card]]",
		"[HASHED:credit_card:4111111111111111]":          "[HASHED:credit_card:[REDACTED:credit_card]]",
		"password=[HASHED:credit_card:0123456789abcdef]": "password=" + key,
		"[REDACTED:password=hunter2]":                    "[REDACTED:password=" + key + "]",
	} {
		assert.Equal(t, want, redactText(t, Config{}, text), text)
	}
	attributes, _, _ := record(t, Config{Action: Mask}, map[string]any{"password": "[REDACTED:x]hunter2", "token": "[REDACTED:x]"}, nil)
	assert.Equal(t, map[string]any{"password": key, "token": "[REDACTED:x]"}, attributes)
}

func hmacPrefix(key, text string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))[:hashDigits]
}

func TestWhatCannotBeSeenHidesNoKey(t *testing.T) {
	for _, key := range []string{"pass\x00word", "\x00password", "password\x00", "pass\u200bword", "pass\u00adword", "pass\x1bword", "\ufeffpassword"} {
		quoted, err := json.Marshal(key)
		require.NoError(t, err)
		record := plog.NewLogRecord()
		record.Body().SetStr(`{` + string(quoted) + `: "granite42fox"}`)
		record.Attributes().PutStr(key, "granite42fox")
		if strings.Contains(key, "\x00") { // the others are not looked for in texts
			record.Attributes().PutStr("cut", `{`+string(quoted)+`: "granite42fox`)
			record.Attributes().PutStr("text", "with "+key+"=granite42fox and more")
		}
		session := New(Config{Action: Mask}).Begin()
		session.Record(record)
		session.End(func(string, Location, int64) {})
		assert.NotContains(t, record.Body().Str(), "granite", "%q", key)
		for name, value := range record.Attributes().All() {
			assert.NotContains(t, value.Str(), "granite", "%q in %q", key, name)
		}
	}
}
