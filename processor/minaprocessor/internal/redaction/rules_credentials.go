package redaction

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
)

// keyRules find keys as files.
var keyRules = []*rule{{
	name: "private_key", sets: secrets,
	finds:   "PEM and PGP blocks of private keys, also with escaped newlines, also cut off before their end",
	anchors: []string{"-----BEGIN "},
	match:   matchPrivateKey,
	examples: []string{
		"-----BEGIN " + "RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEAx4UbaDzY5xjW6hc9jwN0mX33XpTDVW8WPcfUkGVm1lL2\n-----END RSA PRIVATE KEY-----",
		"-----BEGIN " + `PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n-----END PRIVATE KEY-----`,
		"-----BEGIN " + "OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\nQyNTUxOQ==",
		"-----BEGIN " + "EC PRIVATE KEY-----",
	},
	nearMisses: []string{
		"-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBa\n-----END CERTIFICATE-----",
		"-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeK\n-----END PUBLIC KEY-----",
		"---BEGIN the report---", "the private key was loaded", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBFVDKHMBCADmJf", "-----begin private key-----",
	},
}}

// urlRules find passwords in URLs. The first of them are those of databases.
var urlRules = []*rule{
	{
		name: "database_url", sets: secrets,
		finds:   "the password in the URL of a database or broker: `postgresql+psycopg://user:…@host/db`",
		anchors: []string{"://"},
		match: func(s *scanner, at int) (start, end int, found bool) {
			if !databaseSchemes[strings.ToLower(schemeBefore(s.text, at))] {
				return 0, 0, false
			}
			return s.userinfo(at, "")
		},
		examples: []string{
			"postgres://mina:⟨s3cretPass⟩@db:5432/mina", "postgresql+psycopg2://mina:⟨p%40ss⟩@10.0.0.5/mina?sslmode=require", "mysql://root:⟨tiger#12⟩@localhost/app",
			"mongodb+srv://app:⟨Zx81kQ/w⟩@cluster0.mongodb.net/app", "redis://:⟨foobared⟩@cache:6379/0", "amqp://guest:⟨gu@est⟩@rabbit:5672/%2f",
		},
		nearMisses: []string{"postgres://mina@db:5432/mina", "redis://cache:6379/0", "sqlite:////var/lib/mina/app.db", "postgresql://db:5432/mina?user=ana@example", "mongodb://localhost:27017/a:b@c"},
	},
	{
		name: "url_userinfo", sets: secrets,
		finds:   "the password in any other `scheme://user:…@host` (RFC 3986, section 3.2.1); user and host stay",
		anchors: []string{"://"},
		match:   func(s *scanner, at int) (start, end int, found bool) { return s.userinfo(at, "/?#") },
		examples: []string{
			"https://ana:⟨hunter2⟩@example.com/repo.git", "ftp://backup:⟨p:w⟩@files.internal/", "smtp://mina:⟨a!b%20c⟩@mail:587", "http://:⟨onlypass⟩@proxy:3128",
		},
		nearMisses: []string{
			"https://host:8080/path@2x.png", "https://ana@host/x", "https://host/a:b@c", "http://a:@host/", "https://example.com/?u=a:b@c", "file:///srv/mina/a:b", "http://[::1]:8080/x",
		},
	},
}

var databaseSchemes = func() map[string]bool {
	schemes := map[string]bool{}
	for _, name := range strings.Fields("postgres postgresql pgsql mysql mysqlx mariadb mongodb redis rediss valkey memcached amqp amqps mssql sqlserver oracle " +
		"cockroachdb clickhouse cassandra neo4j bolt couchbase couchdb elasticsearch snowflake redshift db2 hive presto trino vertica nats kafka ldap ldaps influxdb") {
		schemes[name] = true
	}
	return schemes
}()

// schemeBefore returns the scheme in front of "://", without the driver that
// SQLAlchemy puts behind a plus sign.
func schemeBefore(text string, at int) string {
	start := at
	for start > 0 && at-start < 32 && (isAlnum(text[start-1]) || text[start-1] == '+') {
		start--
	}
	scheme, _, _ := strings.Cut(text[start:at], "+")
	return scheme
}

// userinfo finds the password of a URL behind "://". What stops it is not in the
// user's name, nor unescaped in the password.
func (s *scanner) userinfo(at int, stop string) (start, end int, found bool) {
	text := s.text
	if at == 0 || !isAlnum(text[at-1]) {
		return 0, 0, false
	}
	const maxUserinfo = 1024
	colon := -1
	begin := at + len("://")
	for i := begin; i < len(text) && i-begin < maxUserinfo; i++ {
		c := text[i]
		if c == '@' {
			end = i
			continue
		}
		if c == ':' && colon < 0 && end == 0 {
			colon = i
		}
		if c == '"' || c == '\'' || c == '<' || c == '>' || c == '\\' || c == '`' || isSpace(c) || strings.IndexByte(stop, c) >= 0 ||
			c == '/' && (colon < 0 || end > 0 || isPort(text[colon+1:i])) {
			break
		}
	}
	if colon < 0 || end <= colon+1 || s.isPlaceholder(text[colon+1:end]) {
		return 0, 0, false
	}
	return colon + 1, end, true
}

// isPort reports whether what is behind a colon makes a host's port of it.
func isPort(text string) bool { return len(text) <= 5 && digits.end(text, 0) == len(text) }

// tokenRules find tokens that are known by their form, whoever has issued them.
var tokenRules = []*rule{
	{
		name: "jwt", sets: secrets,
		finds:   "JSON web tokens and encrypted ones (RFC 7515, section 7.1): the first part decodes to a header with `alg`",
		anchors: []string{"eyJ\x01"},
		match:   matchJWT,
		examples: []string{
			"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
			"eyJhbGciOiJub25lIn0" + ".eyJhIjoxfQ.",
			"eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0" + "..48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6ji.XFBoMYUZodetZdvTiFvSkQ",
		},
		nearMisses: []string{"eyJ.eyJ.eyJ", "eyJhIjoxfQ.eyJhIjoxfQ.abc", "eyJhbGciOiJub25lIn0", "eyJhIjoxfQ.eyJhIjoxfQ", "keyJournal.index.db"},
	},
	{
		name: "bearer", sets: secrets,
		finds:   "the token behind `Bearer` (RFC 6750, section 2.1)",
		anchors: []string{"bearer ", "bearer%20"},
		match:   matchBearer,
		examples: []string{
			"Bearer ⟨abc123def456⟩", "bearer ⟨AbCdEfGhIj⟩", "BEARER ⟨12345678⟩", "Bearer ⟨mF_9.B5f-4.1JqM⟩", "Bearer ⟨dGhpcyBpcyBhIHRva2Vu==⟩",
		},
		nearMisses: []string{"bearer authentication failed", "bearer token", "Bearer short1", "forbearer 12345678", "the bearer of this", "Bearer ***", "bearer tokens: 12345678"},
	},
	{
		name: "basic_auth", sets: secrets,
		finds:   "the credentials behind `Basic` (RFC 7617, section 2), which decode to `user:password`",
		anchors: []string{"basic ", "basic%20"},
		match:   matchBasic,
		examples: []string{
			"Basic ⟨dXNlcjpwYXNzd29yZA==⟩", "basic ⟨QWxhZGRpbjpvcGVuIHNlc2FtZQ==⟩", "Basic ⟨YW5hOmh1bnRlcjI⟩", "BASIC ⟨YTpi⟩",
		},
		nearMisses: []string{"basic authentication failed", "Basic plan", "a basic dXNlcg== value", "Basic aGVsbG8gd29ybGQ=", "basic configuration", "basics YTpi", "Basic Options"},
	},
}

// wordRules find what only the word in front of it gives away.
var wordRules = []*rule{{
	name: "generic_secret", sets: secrets,
	finds: "in texts, a value of 8 characters or more with enough entropy behind a name that ends in a sensitive word without being a sensitive key: " +
		"`dbpass=…`, `signing_key: …`, `hmacsecret => …`",
	anchors: []string{"pass", "pswd", "secret", "token", "key", "cred", "signature"},
	match:   matchGeneric,
	examples: []string{
		"dbpass=⟨Tr0ub4dor&3⟩", "signing_key: ⟨9fK2mQ7xLpW4vB8s⟩", `"hmacsecret": "⟨q8Wz3Xr5Tn7Yb2Mc⟩"`, "smtppass => '⟨k3J9-x7Qp2⟩'", "encryptionKey=⟨4f7b2c9e8d1a6035⟩", "db_creds=⟨x8K!mq29Zs⟩",
		"webhooksecret=⟨wX9y_Z8a7B6c5⟩", "x-amz-signature=⟨5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7⟩",
	},
	nearMisses: []string{
		"bypass=enabled2", "cache_key=meetings:42:summary", "compass: north-42", "monkey=banana123", "signing_key: none", "primary_key=12345678", "keyboard: qwerty12", "signature=False",
		"dbpass=shrt1", "--- PASS: TestLogin/ipv6 (0.00s)", "encryption_key: aaaaaaaaaa",
	},
}}

// matchJWT finds JSON web tokens in compact form.
func matchJWT(s *scanner, at int) (start, end int, found bool) {
	const maxHeader = 4096
	text := s.text
	if text[at:at+3] != "eyJ" || !startsHere(text, at) {
		return 0, 0, false
	}
	end = base64URL.endWithin(text, at, maxHeader)
	decoded, err := base64.RawURLEncoding.DecodeString(text[at:end])
	if err != nil || !bytes.Contains(decoded, []byte(`"alg"`)) {
		return 0, 0, false
	}
	parts := 1
	for parts < 5 && end < len(text) && text[end] == '.' {
		part := base64URL.end(text, end+1)
		// Of a JWE, the encrypted key may be missing; of an unsecured JWS, the signature.
		if part == end+1 && parts == 1 && (part >= len(text) || text[part] != '.') {
			break
		}
		end = part
		parts++
	}
	return at, end, parts >= 3
}

// valueBehind returns where the value behind a scheme's name begins.
func valueBehind(text string, at int, scheme string) (start int, found bool) {
	if !startsHere(text, at) {
		return 0, false
	}
	start = at + len(scheme)
	if text[start] == '%' {
		return start + len("%20"), true
	}
	for start < len(text) && text[start] == ' ' {
		start++
	}
	return start, true
}

// matchBearer finds the token behind "Bearer".
func matchBearer(s *scanner, at int) (start, end int, found bool) {
	text := s.text
	start, found = valueBehind(text, at, "bearer")
	if !found {
		return 0, 0, false
	}
	for end = start; end < len(text) && (base64Std[text[end]] || strings.IndexByte("-._~", text[end]) >= 0); end++ {
	}
	for end > start && text[end-1] == '.' {
		end--
	}
	// Prose goes on with a word: "bearer authentication failed".
	return start, end, end-start >= 8 && (!isWord(text[start:end]) || end-start >= 24)
}

// isWord reports whether a text has only letters, and capitals only in front.
func isWord(text string) bool {
	for i := range len(text) {
		if !isLetter(text[i]) || i > 0 && isUpper(text[i]) {
			return false
		}
	}
	return true
}

// matchBasic finds what is behind "Basic" and decodes to a name and a password.
func matchBasic(s *scanner, at int) (start, end int, found bool) {
	text := s.text
	start, found = valueBehind(text, at, "basic")
	if !found {
		return 0, 0, false
	}
	end = base64Std.end(text, start)
	const maxCredentials = 4096
	value := strings.TrimRight(text[start:end], "=")
	if len(value) < 4 || len(value) > maxCredentials || isWord(text[start:end]) {
		return 0, 0, false
	}
	decoded, err := base64.RawStdEncoding.DecodeString(value)
	if err != nil || !slices.Contains(decoded, ':') {
		return 0, 0, false
	}
	for _, c := range decoded {
		if c < ' ' || c == 0x7f {
			return 0, 0, false
		}
	}
	return start, end, true
}

// matchPrivateKey finds private keys in PEM (RFC 7468), also with their newlines
// escaped, and also without their end.
func matchPrivateKey(s *scanner, at int) (start, end int, found bool) {
	text := s.text
	const begin, maxLabel = "-----BEGIN ", 64
	if at < s.pemEnd || text[at:at+len(begin)] != begin {
		return 0, 0, false
	}
	label := text[at+len(begin) : min(len(text), at+len(begin)+maxLabel)]
	labelEnd := strings.Index(label, "-----")
	if labelEnd < 0 {
		labelEnd = len(label)
	}
	if !strings.Contains(label[:labelEnd], "PRIVATE KEY") {
		return 0, 0, false
	}
	body := min(len(text), at+len(begin)+labelEnd+len("-----"))
	if body < s.noPEMEnd {
		const endMark = "-----END "
		if i := strings.Index(text[body:], endMark); i >= 0 {
			end = body + i + len(endMark)
			if dashes := strings.Index(text[end:min(len(text), end+maxLabel)], "-----"); dashes >= 0 {
				end += dashes + len("-----")
			}
			s.pemEnd = end
			return at, end, true
		}
		s.noPEMEnd = body
	}
	s.pemEnd = pemLinesEnd(text, body)
	return at, s.pemEnd, true
}

// pemLinesEnd returns where the lines of base64, and of headers as in RFC 1421,
// behind a place end.
func pemLinesEnd(text string, at int) int {
	begin, end := at, at
	for {
		line := at
		for line < len(text) && (isSpace(text[line]) || escapeAt(text, line)) {
			if text[line] == '\\' {
				line++
			}
			line++
		}
		stop := line
		for stop < len(text) && (base64Std[text[stop]] || text[stop] == ':' || text[stop] == ',' || text[stop] == '-') && !escapeAt(text, stop) {
			stop++
		}
		cut := stop == len(text) || text[stop] == '"' || text[stop] == '\''
		isLine := stop-line >= 16 || cut && end > begin || strings.HasSuffix(text[line:stop], "=") || strings.ContainsAny(text[line:stop], ":,")
		if stop == line || !isLine {
			return end
		}
		at, end = stop, stop
	}
}
