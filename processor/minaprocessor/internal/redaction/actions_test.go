package redaction

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/rules"
)

const testCard = "4111111111111111"

func TestPartialKeepsTheLastFour(t *testing.T) {
	o := Config{Action: Partial}
	for text, want := range map[string]string{
		"card " + testCard:            "card [REDACTED:credit_card:1111]",
		"card 4111 1111 1111 1111":    "card [REDACTED:credit_card:1111]",
		"password=short":              "password=[REDACTED:sensitive_key]",
		"password=abcdefghijk]9":      "password=[REDACTED:sensitive_key]",
		"password=abcdefghijklmnop":   "password=[REDACTED:sensitive_key:mnop]",
		"[REDACTED:credit_card:1111]": "[REDACTED:credit_card:1111]",
		"pin=[REDACTED:x:1234]":       "pin=[REDACTED:x:1234]",
		"[REDACTED:us_npi:11111]":     "[REDACTED:us_npi:11111]",
	} {
		assert.Equal(t, want, redactText(t, o, text), text)
	}
	assert.Equal(t, "pin=[REDACTED:sensitive_key]", redactText(t, Config{}, "pin=[REDACTED:x:1234]"), "nothing hides in it where it is not written")
}

func TestHashIsTheSameHoweverANumberIsWritten(t *testing.T) {
	o := Config{Action: Hash, HashKey: testKey}
	want := "[HASHED:credit_card:" + hmacPrefix(testKey, testCard) + "]"
	for _, text := range []string{testCard, "4111 1111 1111 1111", "4111-1111-1111-1111"} {
		assert.Equal(t, want, redactText(t, o, text))
	}
	attributes, _, _ := record(t, o, map[string]any{"n": 4111111111111111}, nil)
	assert.Equal(t, want, attributes["n"])
}

func TestActionsByRuleAndKey(t *testing.T) {
	o := Config{
		Action: Mask, HashKey: testKey, Sets: []string{rules.SetDefault, rules.SetPII},
		Actions: ActionsConfig{Rules: map[string]Action{"credit_card": Partial, "email": Hash, "us_ssn": Drop, "jwt": Audit}, Keys: map[string]Action{"session id": Hash, "password": Drop}},
	}
	attributes, body, counts := record(t, o, map[string]any{
		"card": testCard, "mail": "to a@b.org", "ssn_of": map[string]any{"note": "is 123-45-6789"}, "token_in": testJWT, "session.id": "abc", "userSessionId": 7, "password": "p", "n": 1,
		"list": []any{"123-45-6789", "x"}, "form": `{"password": "x", "session_id": "abc"}`,
	}, "123-45-6789 and "+testJWT)
	assert.Equal(t, map[string]any{
		"card": "[REDACTED:credit_card:1111]", "mail": "to [HASHED:email:" + hmacPrefix(testKey, "a@b.org") + "]", "ssn_of": "[REDACTED:sensitive_key]", "token_in": "[REDACTED:sensitive_key]",
		"session.id": "[HASHED:sensitive_key:" + hmacPrefix(testKey, "abc") + "]", "userSessionId": "[HASHED:sensitive_key:" + hmacPrefix(testKey, "7") + "]", "n": int64(1), "list": []any{"x"},
	}, attributes)
	assert.Equal(t, " and "+testJWT, body)
	assert.EqualValues(t, 1, counts["jwt"])
}

func TestAuditChangesNothing(t *testing.T) {
	text := "card " + testCard + " password=hunter2"
	in := map[string]any{"password": "p", "a": map[string]any{"token": []any{"x", "123-45-6789"}}, "form": `{"secret": {"x": "123-45-6789"}, "pin": 1}`, "4111111111111111": true, "n": 4111111111111111}
	attributes, body, counts := record(t, Config{Action: Audit}, in, text)
	assert.Equal(t, text, body)
	want := map[string]any{"password": "p", "a": map[string]any{"token": []any{"x", "123-45-6789"}}, "form": in["form"], "4111111111111111": true, "n": int64(4111111111111111)}
	assert.Equal(t, want, attributes)
	assert.Equal(t, map[string]int64{"credit_card": 3, "sensitive_key": 6, "us_ssn": 2}, counts)
}

func TestAuditedAndMaskedHitsOverlap(t *testing.T) {
	o := Config{Action: Mask, Actions: ActionsConfig{Rules: map[string]Action{rules.SensitiveKey: Audit}}}
	assert.Equal(t, "password=[REDACTED:credit_card]", redactText(t, o, "password="+testCard))
	o = Config{Action: Mask, Actions: ActionsConfig{Rules: map[string]Action{"credit_card": Audit}}}
	assert.Equal(t, "password=[REDACTED:sensitive_key] "+testCard, redactText(t, o, "password="+testCard+" "+testCard))
}

func TestOverlapsAreMaskedWhole(t *testing.T) {
	for text, want := range map[string]string{
		"https://a:" + testJWT + "@h/":           "https://a:[REDACTED:jwt]@h/",             // equally long: the more specific
		"token=abc" + testCard + "x":             "token=[REDACTED:sensitive_key]",          // the longer
		"Authorization: Bearer abc.123":          "Authorization: [REDACTED:sensitive_key]", // the longer
		"api_key=" + "AKIA" + "IOSFODNN7EXAMPLE": "api_key=[REDACTED:aws_access_key_id]",    // equally long
	} {
		assert.Equal(t, want, redactText(t, Config{}, text), text)
	}
}

func TestAllowedValuesStay(t *testing.T) {
	o := Config{Action: Mask, Sets: []string{rules.SetDefault, rules.SetPII}, Allow: AllowConfig{
		Keys: []string{"csrf_token"}, Values: []string{testCard, "changeme"}, Patterns: []string{`.*@example\.com`, `\d{3}-00`},
		Rules: map[string]AllowedValues{"us_ssn": {Values: []string{"123-45-6789"}}, rules.SensitiveKey: {Patterns: []string{"x+"}}},
	}}
	for text, want := range map[string]string{
		testCard + " and 5555555555554444":        testCard + " and [REDACTED:credit_card]",
		"to a@example.com, b@example.org":         "to a@example.com, [REDACTED:email]",
		"a@example.com.evil.org":                  "[REDACTED:email]",
		"123-45-6789 123-45-6788":                 "123-45-6789 [REDACTED:us_ssn]",
		"password=changeme password=changeme2":    "password=changeme password=[REDACTED:sensitive_key]",
		"password=xxx csrf_token=1 csrfToken=1":   "password=xxx csrf_token=1 csrfToken=[REDACTED:sensitive_key]",
		`{"password": "changeme", "token": "xy"}`: `{"password": "changeme", "token": "[REDACTED:sensitive_key]"}`,
	} {
		assert.Equal(t, want, redactText(t, o, text), text)
	}
	attributes, _, _ := record(t, o, map[string]any{"password": "changeme", "csrf_token": testCard + "0", "a": testCard}, nil)
	assert.Equal(t, map[string]any{"password": "changeme", "csrf_token": testCard + "0", "a": testCard}, attributes)
}

func TestCustomRules(t *testing.T) {
	o := Config{Action: Mask, Actions: ActionsConfig{Rules: map[string]Action{"badge": Partial}}, HashKey: testKey, CustomRules: []rules.Custom{
		{Name: "badge", Pattern: `badge (\d{12})`, Group: 1},
		{Name: "imei_2", Pattern: `\b\d{15}\b`, Keywords: []string{"IMEI"}, Validator: "luhn"},
		{Name: "room", Pattern: `\b[A-Z]-\d\d\b`},
		{Name: "object", Pattern: `"code":\s*"([^"]*)"`, Group: 1},
	}}
	for text, want := range map[string]string{
		"badge 123456789012, 123456789012":    "badge [REDACTED:badge:9012], 123456789012",
		"imei 490154203237518":                "imei [REDACTED:imei_2]",
		"imei 490154203237519":                "imei 490154203237519",
		"number 490154203237518":              "number 490154203237518",
		"in A-17 and B-18, not AB-17":         "in [REDACTED:room] and [REDACTED:room], not AB-17",
		`{"code": "x y", "n": 1}`:             `{"code": "[REDACTED:object]", "n": 1}`,
		`{"v": "in A-17", "password": "x"}`:   `{"v": "in [REDACTED:room]", "password": "[REDACTED:sensitive_key]"}`,
		"[REDACTED:imei_2] [REDACTED:room]":   "[REDACTED:imei_2] [REDACTED:room]",
		"password=[REDACTED:imei_2]":          "password=[REDACTED:imei_2]",
		"password=[REDACTED:other_2]":         "password=[REDACTED:sensitive_key]",
		"password=[REDACTED:123456789012345]": "password=[REDACTED:sensitive_key]",
	} {
		assert.Equal(t, want, redactText(t, o, text), text)
	}
	attributes, _, _ := record(t, o, map[string]any{"imei": 490154203237518, "n": 490154203237518}, nil)
	assert.Equal(t, map[string]any{"imei": "[REDACTED:imei_2]", "n": int64(490154203237518)}, attributes, "the keyword may be in the key")
}

func TestKeysThatShowSomethingAreRenamed(t *testing.T) {
	attributes, body, _ := record(t, Config{Action: Mask, Sets: []string{rules.SetDefault, rules.SetPII}}, map[string]any{
		testCard: 1, "a": map[string]any{"a@b.org": "x", "c@d.org": "y", "plain": "z"}, "form": `{"a@b.org": {"4111111111111111": 2}}`,
	}, map[string]any{"123-45-6789": "v"})
	renamed := attributes["a"].(map[string]any)
	assert.Equal(t, int64(1), attributes["[REDACTED:credit_card]"])
	assert.Equal(t, "z", renamed["plain"])
	assert.ElementsMatch(t, []any{"x", "y"}, []any{renamed["[REDACTED:email]"], renamed["[REDACTED:email]#2"]})
	assert.Equal(t, `{"[REDACTED:email]": {"[REDACTED:credit_card]": 2}}`, attributes["form"])
	assert.Equal(t, map[string]any{"[REDACTED:us_ssn]": "v"}, body)

	attributes, _, _ = record(t, Config{Action: Drop}, map[string]any{testCard: 1, "b": 2}, nil)
	assert.Equal(t, map[string]any{"b": int64(2)}, attributes)
}

func TestReportNamesRulesAndLocationsAndNoValue(t *testing.T) {
	for _, action := range []Action{Mask, Audit} {
		attributes, _, _ := record(t, Config{Action: action, Report: configoptional.Some(ReportConfig{Attribute: "mina.redaction"})}, map[string]any{
			"user": map[string]any{"password": "hunter2", testCard: "x"}, "list": []any{map[string]any{"a": "is 123-45-6789"}}, "form": `{"token": "abc"}`,
		}, "card "+testCard)
		report := attributes["mina.redaction"].([]any)
		assert.ElementsMatch(t, []any{
			"body credit_card", "attributes.user.password sensitive_key", "attribute_keys credit_card", "attributes.list.a us_ssn", "attributes.form sensitive_key",
		}, report, action)
	}
	attributes, _, _ := record(t, Config{Action: Mask, Report: configoptional.Some(ReportConfig{Attribute: "mina.redaction"})}, map[string]any{"a": "b"}, nil)
	assert.Equal(t, map[string]any{"a": "b"}, attributes)
}

func TestASecondPassKeepsTheReport(t *testing.T) {
	r := plog.NewLogRecord()
	r.Body().SetStr("card " + testCard)
	r.Attributes().PutStr("password", "x")
	session := New(Config{Action: Mask, Sets: []string{rules.SetAll}, Report: configoptional.Some(ReportConfig{Attribute: "mina.redaction"})}).Begin()
	session.Record(r)
	once := r.Attributes().AsRaw()
	session.Record(r)
	assert.Equal(t, once, r.Attributes().AsRaw())
}

func TestLocationsAreCounted(t *testing.T) {
	r := plog.NewLogRecord()
	r.Body().SetStr(testCard)
	r.Attributes().PutStr("a", testCard)
	r.Attributes().PutStr(testCard, "a")
	r.SetSeverityText(testCard)
	r.SetEventName(testCard)
	scope := plog.NewScopeLogs().Scope()
	scope.SetName(testCard)
	resource := plog.NewResourceLogs().Resource()
	resource.Attributes().PutStr("a", testCard)
	session := New(Config{Action: Mask}).Begin()
	session.Record(r)
	session.Scope(scope)
	session.Resource(resource)
	counts := map[Location]int64{}
	session.End(func(_ string, location Location, hits int64) { counts[location] = hits })
	for _, location := range Locations() {
		assert.EqualValues(t, 1, counts[location], location.String())
	}
}

func TestNumbersNearAWordInTheKey(t *testing.T) {
	attributes, _, _ := record(t, Config{Action: Mask}, map[string]any{
		"npi": 1234567893, "provider_id": "1234567893", "id": 1234567893, "patientId": 5551234, "heroku": map[string]any{"heroku_ref": "0f8fad5b-d9cb-469f-a165-70867728950e"}, "negative": -4111111111111111,
		"form": `{"npi": 1234567893, "n": 1234567893, "patient_id": ["5551234"]}`,
	}, nil)
	assert.Equal(t, map[string]any{
		"npi": "[REDACTED:us_npi]", "provider_id": "[REDACTED:us_npi]", "id": int64(1234567893), "patientId": "[REDACTED:medical_record_number]", "heroku": map[string]any{"heroku_ref": "[REDACTED:heroku]"},
		"negative": "-[REDACTED:credit_card]", "form": `{"npi": "[REDACTED:us_npi]", "n": 1234567893, "patient_id": ["[REDACTED:medical_record_number]"]}`,
	}, attributes)
}

func TestJSONKeepsItsForm(t *testing.T) {
	for text, want := range map[string]string{
		`{"b": NaN, "a" : -Infinity,"password":{"x":1} , "u": "\u00e9", "n": null}`: `{"b": NaN, "a" : -Infinity,"password":"[REDACTED:sensitive_key]" , "u": "\u00e9", "n": null}`,
		`{"token": null, "secret": true, "pin": "", "otp": 5}`:                      `{"token": null, "secret": true, "pin": "", "otp": "[REDACTED:sensitive_key]"}`,
		` [1, "4111111111111111", 4111111111111111] `:                               ` [1, "[REDACTED:credit_card]", "[REDACTED:credit_card]"] `,
		`{"a": "x\ny 4111111111111111 <b>"}`:                                        `{"a": "x\ny [REDACTED:credit_card] <b>"}`,
		`{"a": "{\"password\": \"x\"}"}`:                                            `{"a": "{\"password\": \"[REDACTED:sensitive_key]\"}"}`,
		"[123-45-6789]":                                                             "[[REDACTED:us_ssn]]", "[1e5, -0.5E-3, 1.]": "[1e5, -0.5E-3, 1.]", `{"token": 1-2}`: `{"token": [REDACTED:sensitive_key]}`,
		`{"password": "a"`:   `{"password": "[REDACTED:sensitive_key]"`,
		`{"password": "a"}}`: `{"password": "[REDACTED:sensitive_key]"}}`,
		`{"password" "a"}`:   `{"password" "a"}`,
	} {
		assert.Equal(t, want, redactText(t, Config{}, text), text)
	}
	deep := strings.Repeat(`{"a":`, 100) + `"deep secret"` + strings.Repeat("}", 100)
	out := redactText(t, Config{}, deep)
	assert.NotContains(t, out, "deep secret")
	require.True(t, strings.HasPrefix(out, strings.Repeat(`{"a":`, maxDepth)))
}

func TestSensitiveKeysCanBeDisabled(t *testing.T) {
	o := Config{Action: Mask, DisabledRules: []string{rules.SensitiveKey}, Actions: ActionsConfig{Keys: map[string]Action{"badge": Mask}}}
	attributes, body, _ := record(t, o, map[string]any{"password": "x", "badge": "y", "form": strings.Repeat("[", 70) + strings.Repeat("]", 70)}, "password=x badge=y")
	assert.Equal(t, map[string]any{"password": "x", "badge": "[REDACTED:sensitive_key]", "form": strings.Repeat("[", maxDepth) + `"[REDACTED:too_deep]"` + strings.Repeat("]", maxDepth)}, attributes)
	assert.Equal(t, "password=x badge=[REDACTED:sensitive_key]", body)
}

func TestAuditLeavesWhatLiesTooDeep(t *testing.T) {
	r := plog.NewLogRecord()
	m := r.Attributes()
	for range maxDepth + 10 {
		m = m.PutEmptyMap("a")
	}
	m.PutStr("a", "b")
	before := r.Attributes().AsRaw()
	session := New(Config{Action: Audit}).Begin()
	session.Record(r)
	assert.Equal(t, before, r.Attributes().AsRaw())
	session.End(func(rule string, location Location, hits int64) {
		assert.Equal(t, tooDeep, rule)
		assert.Equal(t, Attributes, location)
		assert.EqualValues(t, 1, hits)
	})
}

func TestAuditCountsOnceWhatIsFoundTwice(t *testing.T) {
	_, _, counts := record(t, Config{Action: Audit}, map[string]any{"q": "a=%20x&n=" + testCard + "%20+1"}, nil)
	assert.Equal(t, map[string]int64{"credit_card": 1}, counts)
}
