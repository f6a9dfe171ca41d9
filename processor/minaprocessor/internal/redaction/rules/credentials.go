package rules

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// urlRules find passwords in URLs. The first of them are those of databases.
var urlRules = []*Rule{
	{
		Name: "database_url", Sets: secrets,
		Finds:   "the password in the URL of a database or broker: `postgresql+psycopg://user:…@host/db`",
		Anchors: []string{"://"},
		Match: func(c *text.Cursor, at int) (start, end int, found bool) {
			if !databaseSchemes[strings.ToLower(schemeBefore(c.Text, at))] {
				return 0, 0, false
			}
			return userinfo(c, at, "")
		},
	},
	{
		Name: "url_userinfo", Sets: secrets,
		Finds:   "the password in any other `scheme://user:…@host` (RFC 3986, section 3.2.1); user and host stay",
		Anchors: []string{"://"},
		Match:   func(c *text.Cursor, at int) (start, end int, found bool) { return userinfo(c, at, "/?#") },
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
func schemeBefore(in string, at int) string {
	start := at
	for start > 0 && at-start < 32 && (text.IsAlnum(in[start-1]) || in[start-1] == '+') {
		start--
	}
	scheme, _, _ := strings.Cut(in[start:at], "+")
	return scheme
}

// userinfo finds the password of a URL behind "://". What stops it is not in the
// user's name, nor unescaped in the password.
func userinfo(c *text.Cursor, at int, stop string) (start, end int, found bool) {
	in := c.Text
	if at == 0 || !text.IsAlnum(in[at-1]) {
		return 0, 0, false
	}
	const maxUserinfo = 1024
	colon := -1
	begin := at + len("://")
	for i := begin; i < len(in) && i-begin < maxUserinfo; i++ {
		c := in[i]
		if c == '@' {
			end = i
			continue
		}
		if c == ':' && colon < 0 && end == 0 {
			colon = i
		}
		if c == '"' || c == '\'' || c == '<' || c == '>' || c == '\\' || c == '`' || text.IsSpace(c) || strings.IndexByte(stop, c) >= 0 ||
			c == '/' && (colon < 0 || end > 0 || isPort(in[colon+1:i])) {
			break
		}
	}
	return colon + 1, end, colon >= 0 && end > colon+1
}

// isPort reports whether what is behind a colon makes a host's port of it.
func isPort(in string) bool { return len(in) <= 5 && text.Digits.End(in, 0) == len(in) }

// tokenRules find tokens that are known by their form, whoever has issued them.
var tokenRules = []*Rule{
	{
		Name: "jwt", Sets: secrets,
		Finds:   "JSON web tokens and encrypted ones (RFC 7515, section 7.1): the first part decodes to a header with `alg`",
		Anchors: []string{"eyJ\x01"},
		Match:   matchJWT,
	},
	{
		Name: "bearer", Sets: secrets,
		Finds:   "the token behind `Bearer` (RFC 6750, section 2.1)",
		Anchors: []string{"bearer ", "bearer%20"},
		Match:   matchBearer,
	},
	{
		Name: "basic_auth", Sets: secrets,
		Finds:   "the credentials behind `Basic` (RFC 7617, section 2), which decode to `user:password`",
		Anchors: []string{"basic ", "basic%20"},
		Match:   matchBasic,
	},
}

// matchJWT finds JSON web tokens in compact form.
func matchJWT(c *text.Cursor, at int) (start, end int, found bool) {
	const maxHeader = 4096
	in := c.Text
	if in[at:at+3] != "eyJ" || !text.StartsHere(in, at) {
		return 0, 0, false
	}
	end = text.Base64URL.EndWithin(in, at, maxHeader)
	decoded, err := base64.RawURLEncoding.DecodeString(in[at:end])
	if err != nil || !bytes.Contains(decoded, []byte(`"alg"`)) {
		return 0, 0, false
	}
	parts := 1
	for parts < 5 && end < len(in) && in[end] == '.' {
		part := text.Base64URL.End(in, end+1)
		// Of a JWE, the encrypted key may be missing; of an unsecured JWS, the signature.
		if part == end+1 && parts == 1 && (part >= len(in) || in[part] != '.') {
			break
		}
		end = part
		parts++
	}
	return at, end, parts >= 3
}

// valueBehind returns where the value behind a scheme's name begins.
func valueBehind(in string, at int, scheme string) (start int, found bool) {
	if !text.StartsHere(in, at) {
		return 0, false
	}
	start = at + len(scheme)
	if in[start] == '%' {
		return start + len("%20"), true
	}
	for start < len(in) && in[start] == ' ' {
		start++
	}
	return start, true
}

// matchBearer finds the token behind "Bearer".
func matchBearer(c *text.Cursor, at int) (start, end int, found bool) {
	in := c.Text
	start, found = valueBehind(in, at, "bearer")
	if !found {
		return 0, 0, false
	}
	for end = start; end < len(in) && (text.Base64Std[in[end]] || strings.IndexByte("-._~", in[end]) >= 0); end++ {
	}
	for end > start && in[end-1] == '.' {
		end--
	}
	// Prose goes on with a word: "bearer authentication failed".
	return start, end, end-start >= 8 && (!isWord(in[start:end]) || end-start >= 24)
}

// isWord reports whether a text has only letters, and capitals only in front.
func isWord(in string) bool {
	for i := range len(in) {
		if !text.IsLetter(in[i]) || i > 0 && text.IsUpper(in[i]) {
			return false
		}
	}
	return true
}

// matchBasic finds what is behind "Basic" and decodes to a name and a password.
func matchBasic(c *text.Cursor, at int) (start, end int, found bool) {
	in := c.Text
	start, found = valueBehind(in, at, "basic")
	if !found {
		return 0, 0, false
	}
	end = text.Base64Std.End(in, start)
	const maxCredentials = 4096
	value := strings.TrimRight(in[start:end], "=")
	if len(value) < 4 || len(value) > maxCredentials || isWord(in[start:end]) {
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
