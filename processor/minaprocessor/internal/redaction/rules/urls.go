package rules

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// urlRules find passwords in URLs. The first of them are those of databases.
var urlRules = []*Rule{
	{
		Name: "database_url", Sets: secrets,
		Finds:   "the password in the URL of a database or broker: `postgresql+psycopg://user:…@host/db`, `jdbc:oracle:thin:user/…@host`",
		Anchors: []string{"://", oracle},
		Match:   matchDatabaseURL,
	},
	{
		Name: "url_userinfo", Sets: secrets,
		Finds:   "the password in any other `scheme://user:…@host` (RFC 3986, section 3.2.1); user and host stay, but for a user that is a token itself, `https://…@host`",
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

// oracle is how the URLs of Oracle's driver begin.
const oracle = "jdbc:oracle:"

// matchDatabaseURL finds the password in the URL of a database.
func matchDatabaseURL(c *text.Cursor, at int) (start, end int, found bool) {
	in := c.Text
	if in[at] != ':' {
		return oraclePassword(in, at+len(oracle))
	}
	if !databaseSchemes[strings.ToLower(schemeBefore(in, at))] {
		return 0, 0, false
	}
	return userinfo(c, at, "")
}

// oraclePassword finds the password in thin:user/password@host, from the name of the driver on.
func oraclePassword(in string, at int) (start, end int, found bool) {
	const longest = 256
	in = in[:min(len(in), at+longest)]
	start = at + strings.IndexByte(in[at:], '/') + 1
	if start == at || strings.ContainsAny(in[at:start], " @'\"\n") {
		return 0, 0, false
	}
	if start < len(in) && in[start] == '"' {
		start++
		end = start + strings.IndexByte(in[start:], '"')
		return start, end, end > start && end+1 < len(in) && in[end+1] == '@'
	}
	end = start + strings.IndexByte(in[start:], '@')
	return start, end, end > start && !strings.ContainsAny(in[start:end], " '\"\n")
}

const maxUserinfo = 1024

// userinfo finds the password of a URL behind "://", or a user that is a token. What
// stops it is not in the user's name, nor unescaped in the password, if that is as it must be.
func userinfo(c *text.Cursor, at int, stop string) (start, end int, found bool) {
	in := c.Text
	if at == 0 || !text.IsAlnum(in[at-1]) {
		return 0, 0, false
	}
	colon := -1
	begin := at + len("://")
	if done := begin + strings.IndexByte(in[begin:min(len(in), begin+maxUserinfo)], ']') + 1; c.IsPlaceholder(begin, done) {
		return 0, 0, false // it has been found before
	}
	i := begin
	for ; i < len(in) && i-begin < maxUserinfo; i++ {
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
	switch {
	case end == 0 && colon > begin && (!isPort(in[colon+1:i]) || i == colon+1):
		end = oddPassword(in, colon+1, i)
		return colon + 1, end, end > colon+1
	case end == 0:
		return 0, 0, false
	case colon < 0:
		return begin, end, isUserToken(in[begin:end])
	}
	c.Cover(end)
	user, password := in[begin:colon], in[colon+1:end]
	if isUserToken(user) || isHexPair(user, password) {
		if password == "" {
			end = colon
		}
		return begin, end, true
	}
	return colon + 1, end, password != "" && !isTemplate(password)
}

// isUserToken reports whether a user's name is a token of its own.
func isUserToken(user string) bool {
	const shortest, longest = 20, 256
	return len(user) >= shortest && len(user) <= longest && text.Base64URL.End(user, 0) == len(user) && isJumbled(user, 5)
}

// isHexPair reports whether a user and a password have been generated in one way.
func isHexPair(user, password string) bool {
	return len(user) >= 8 && len(user) == len(password) && text.LowerHex.End(user, 0) == len(user) && text.LowerHex.End(password, 0) == len(password)
}

// oddPassword returns the end of a password that has in it what it should have escaped, or
// 0. It is one if the URL goes on behind it, with a port or a path.
func oddPassword(in string, start, odd int) (end int) {
	const maxBlanks = 2
	blanks := 0
	if odd == start && odd < len(in) && in[odd] == '/' {
		return 0 // there is no password
	}
	for i := odd; i < len(in) && i-start < maxUserinfo; i++ {
		switch c := in[i]; {
		case c == '@':
			if goesOn(in, i+1) && !strings.ContainsAny(in[odd:i], "=&") {
				return i
			}
			return 0
		case c == ' ':
			if blanks++; blanks > maxBlanks || i == start || i+1 < len(in) && in[i+1] == ' ' || strings.IndexByte(".,;:", in[i-1]) >= 0 {
				return 0
			}
		case c == '\'':
			if i+1 == len(in) || strings.IndexByte(" ,;:)]}", in[i+1]) >= 0 {
				return 0
			}
		case c < ' ' || strings.IndexByte("\"\\`>", c) >= 0:
			return 0
		}
	}
	return 0
}

// goesOn reports whether a host is at a place, and a port or a path behind it.
func goesOn(in string, at int) bool {
	host := at
	for host < len(in) && host-at < 253 && (text.IsAlnum(in[host]) || in[host] == '.' || in[host] == '-') {
		host++
	}
	return host > at && host < len(in) && (in[host] == '/' || in[host] == ':' && host+1 < len(in) && text.IsDigit(in[host+1]))
}

// isPort reports whether what is behind a colon makes a host's port of it.
func isPort(in string) bool { return len(in) <= 5 && text.Digits.End(in, 0) == len(in) }
