package rules

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// allNames are the words that are built in, with the rule for likely ones.
func allNames(allowed ...string) *Names {
	n := NewNames(allowed)
	for _, r := range wordRules {
		n.Bind(r)
	}
	n.AddDefault(nil)
	return n
}

func TestANameHasOneVerdict(t *testing.T) {
	n := allNames("csrf_token")
	for _, tt := range []struct {
		kind  *kind
		names string
	}{
		{certain, "password user_password userPassword USER-PASSWORD db.password password2 dbpassword api_key apiKey APIKey apikey client_secret clientSecret clientsecret cookie Set-Cookie otp pin tax_id DB_PW Passwort пароль"},
		{certainLabel, "token accessToken access_token accesstoken authorization Proxy-Authorization csrf csrfToken jwt id_token"},
		{short, "pass smtp_pass DB_PASS dbpass user_pin"},
		{narrated, "passphrase key_passphrase pass_phrase diagnosis seed_phrase"},
		{likely, "signing_key signingKey masterkey creds db_creds X-Hub-Signature-256 session_key salt"},
		{authLabel, "auth x-auth user_auth"},
		{sessionLabel, "session laravel_session _myapp_session"},
		{numbered, "sessionid PHPSESSID JSESSIONID ASP.NET_SessionId ASPSESSIONIDQABBCCDD"},
		{directory, "PWD OLDPWD pwd"},
		{filed, "credentials GOOGLE_APPLICATION_CREDENTIALS private_key"},
		{delivered, "dsn SENTRY_DSN"},
		{nil, "author authorized tokenizer secretary bypass compass proxy.bypass monkey keyboard key code status_code cache_key session_id max_tokens token_count tokenCount eos_token"},
		{nil, "token_expires_in access_token_expires_at password_changed_at password_length secretName secret_arn token_file --private-key-file token.py auth_method imagePullSecrets csrf_token"},
	} {
		for name := range strings.FieldsSeq(tt.names) {
			assert.Same(t, tt.kind, n.Judge(name).kind, name)
			assert.Same(t, tt.kind, n.InText("with the "+name).kind, "in a text: %s", name)
		}
	}
}

func TestPhrasesInTextsReachToTheOperator(t *testing.T) {
	n := allNames()
	for name, sensitive := range map[string]bool{
		"the api key": true, "your card number": true, "api key": true, "security answer": true, "key": true, "max token": false, "api key id": false,
		"password of the": false, "the key": false, "card": false, "＝token": true, "token：a": false,
	} {
		assert.Equal(t, sensitive, n.InText(name).Rule != nil, name)
	}
	assert.Nil(t, n.Judge("key").Rule, "it is one only in a query")
}

func TestANameOfTheUserWins(t *testing.T) {
	n := allNames()
	own := n.Add("password file")
	assert.Same(t, own, n.Judge("db_password_file").Rule)
	assert.Same(t, n.common, n.Judge("db_password").Rule)
}

func TestRulesThatAreOffSayNothing(t *testing.T) {
	n := NewNames(nil)
	assert.Nil(t, n.Judge("password").Rule)
	assert.Nil(t, n.Judge("signing_key").Rule)
	n.AddDefault(nil)
	assert.NotNil(t, n.Judge("password").Rule)
	assert.Nil(t, n.Judge("signing_key").Rule)
}

func TestNoAnchorIsInAnother(t *testing.T) {
	anchors := allNames().common.Anchors
	for _, anchor := range anchors {
		for _, other := range anchors {
			assert.False(t, anchor != other && strings.Contains(anchor, other), "%q has %q in it", anchor, other)
		}
	}
}

func TestHides(t *testing.T) {
	n := allNames()
	for _, tt := range []struct {
		hidden       bool
		name, values string
	}{
		{true, "password", "granite|x|1|no1currs|(granite)|/granite|{a: 'b'}|granite42fox|${X:-granite}|$2b$10$abc|xx"},
		{false, "password", "| |-|--|...|****|••••|xxxx|XXXXXXXX|null|None|NULL|N/A|(none)|<nil>|[FILTERED]|[redacted]|<hidden>|true|no|?"},
		{false, "password", "${DB_PASSWORD}|${DB:-none}|${{ secrets.X }}|{{ x }}|{token}|{}|{0!r}|%(password)s|%s|%TOKEN%|$1|$TOKEN|$db_password|$dbPassword|$DbPassword|$(cat x)|<token>|os.environ['X']|os.getenv(\"X\")"},
		{false, "authorization", "Bearer ${TOKEN}|Bearer {token}|Bearer <token>"},
		{true, "auth", "9fK2mQ7xLpW4vB8sZt6R|k3J9x7Qp2wLm|Bearer 9fK2mQ7xLpW4vB8s|Ym86Z3Jhbml0ZQ=="},
		{false, "auth", "oidc|SIMPLE|0/1|SCRAM-SHA-256|CRAM-MD5|pam(bo,203.0.113.9)|user=bo|sha256"},
		{true, "session", "9fK2mQ7xLpW4vB8s|0f8fad5b-d9cb-469f-a165-70867728950e"},
		{false, "session", "7|4411_88|web-3|30546173_4261722401|0x14ed93111f20027|k3J9x7Qp2wLm|interactive"},
		{true, "signing_key", "9fK2mQ7xLpW4vB8s"},
		{false, "signing_key", "none|granite|/run/keys/k1.pem|https://h/k1|short1"},
		{false, "PWD", "/|/home/bo|C:\\Users\\bo|/srv/mina data"},
		{true, "PWD", "granite|/9fK2mQ7xLpW4/vB8s"},
		{false, "credentials", "/home/bo/.aws/credentials"},
		{false, "dsn", "4.0.0|5.1.1"},
		{true, "dsn", "https://a@h/1"},
		{false, "PHPSESSID", "0x14ed93111f20027|17"},
		{false, "gpu_pin", "17"},
		{true, "user_pin", "4821"},
	} {
		for value := range strings.SplitSeq(tt.values, "|") {
			assert.Equal(t, tt.hidden, n.Judge(tt.name).Hides(value), "%s=%q", tt.name, value)
		}
	}
}

func TestMapsUnderLabelsAreWalked(t *testing.T) {
	n := allNames()
	for name, whole := range map[string]bool{
		"auth": false, "session": false, "token": false, "signing_key": false, "plan": false,
		"credentials": true, "secrets": true, "cookies": true, "password": true, "private_key": true, "pin": true,
	} {
		assert.Equal(t, whole, n.Judge(name).HidesAll(), name)
	}
}

// FuzzNames judges any name and value, alone and in a text.
func FuzzNames(f *testing.F) {
	for _, seed := range []string{"password", "the api key", "access_token_expires_in", "пароль", "token：a", "--x", "a.b.py", "\x00", "2FA_CODE", "_", "  "} {
		f.Add(seed, "granite")
	}
	for _, value := range []string{"${", "${{", "{{", "{", "<", "$", "%", "%(", "$(", ":", "@", "/", "0x", "", "(((", "Bearer "} {
		f.Add("token", value)
	}
	n := allNames()
	f.Fuzz(func(t *testing.T, name, value string) {
		alone := n.Judge(name)
		if alone.Rule == nil && (alone.Hides(value) || alone.HidesAll()) {
			t.Fatal("what says nothing hides something")
		}
		alone.Hides(value)
		n.InText(name).Hides(value)
	})
}

func BenchmarkJudge(b *testing.B) {
	n := allNames()
	for _, name := range []string{"user_name", "http.request.header.x-request-id", "access_token_expires_in", "db_password"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				n.Judge(name)
			}
		})
	}
}
