package corpus

import (
	"fmt"
	"strconv"
	"strings"
)

// HarmlessKinds is the number of kinds of texts that only look as if they had a secret;
// see Harmless.
func HarmlessKinds() int { return len(harmless) }

// Harmless generates a text that only looks as if it had a secret, and the name of its
// kind.
func Harmless(seed uint64, number int) (kind, text string) {
	return harmless[number].name, harmless[number].text(newRandom(seed))
}

// harmless are the kinds of such texts: what has the word of a secret beside it, and
// numbers and digests that are as random as one.
var harmless = []struct {
	name string
	text func(r random) string
}{
	{"place in a source", random.sourcePlace},
	{"working directory", func(r random) string {
		return r.one("", "sudo: bo : TTY=pts/0 ; ") + r.one("PWD", "OLDPWD") + r.one("=", ": ", "='") + r.dir()
	}},
	{"place of a secret", func(r random) string { return r.field(r.secretWord()+" "+r.one(placeWords...), r.dir()+".json") }},
	{"property of a secret", func(r random) string {
		return r.field(r.secretWord()+" "+r.one(propertyWords...), strconv.Itoa(r.IntN(9999)))
	}},
	{"auth with a word", func(r random) string {
		return strings.Replace(r.one("(auth:%)", "auth=%", "ehlo=1 auth=% quit=1", "auth: % n=2", "imap: auth=%, user=bo"), "%", r.one("SIMPLE", "oidc", "0/1", "none", "PLAIN", "user bo not found"), 1)
	}},
	{"session with a number", func(r random) string {
		return fmt.Sprintf(r.one("Session: %s opened", "session %s closed", "session=%s", "Session: %s initialized", `{"session": {"id": %s, "age": 3}}`), strconv.Itoa(r.IntN(99999)))
	}},
	{"map under a label", func(r random) string {
		return fmt.Sprintf(`{"%s": {"%s": "%s", "n": %d}}`, r.one("auth", "session", "token"), r.one("method", "user", "plan", "type"), r.one("oidc", "bo", "pro", "bearer"), r.IntN(99))
	}},
	{"long number", func(r random) string {
		return fmt.Sprintf(r.one("block blk_%s", "block %s of 7", `{"id": %s}`, "row %s", "message %s acked", "snowflake %s", "offset %s", "/notes/%s", "seq=%s, n=2"), checked(r.one("4", "7", "62")+r.digits(16), 0))
	}},
	{"number of a trace", func(r random) string {
		return fmt.Sprintf(r.one("traceID=%s", "trace_id: %s", `{"span_id": %s}`, "span %s", "offset=%s", "blk_%s", "job_%s.log"), checked("4"+r.digits(14), 0))
	}},
	{"prose behind a colon", func(r random) string {
		return r.one("Invalid ", "", "Bad ", "error reading ", "auth: ") + r.one("token", "password", "secret", "api key", "cookie", "session", "credentials") + ": " +
			r.one("signature has expired", "this field is required", "no such file", "must be longer", "the value is too short", "unable to find any", "expected string, got int", "connection refused by peer", "not found in vault") + r.one("", ".", ", giving up", " (2)")
	}},
	{"prose with a number", func(r random) string {
		return r.one("pin", "token", "otp", "password") + ": " + strconv.Itoa(r.between(1, 12)) + r.one(" digits", " of 10", " attempts left", " characters", " tries so far")
	}},
	{"status of mail", func(r random) string {
		return fmt.Sprintf("relay=local, dsn=%d.%d.%d, %s", r.one("2", "4", "5")[0]-'0', r.IntN(8), r.IntN(9), r.one("stat=Sent", "status=sent (delivered)", "stat=User unknown"))
	}},
	{"nothing", func(r random) string {
		return r.field(r.one("token", "password", "api key", "client secret", "otp"), r.one("-", "NULL", "N/A", "undefined", "null", "None", "***", "********", "[FILTERED]", "<redacted>", "(null)"))
	}},
	{"template", func(r random) string {
		word := r.one("password", "token", "api_key", "secret")
		value := r.one("?", "%("+word+")s", "$1", ":"+word, "${"+strings.ToUpper(word)+"}", "{"+word+"}", "{{ "+word+" }}", "<"+word+">", "%s", "$"+strings.ToUpper(word))
		return r.one("", "UPDATE members SET ", "WHERE ", "[SQL: WHERE ") + word + r.one("=", " = ") + value
	}},
	{"near a vendor's token", func(r random) string {
		return r.one("hf_", "pypi-Ag", "glpat-", "xoxb-", "sk-", "shpat_", "gsk_", "pul-", "r8_", "squ_", "glsa_", "dp.pt.", "hvs.", "sbp_", "pscale_", "ntn_", "lin_api_", "rubygems_", "dckr_pat_") + r.words("_")
	}},
	{"digest or identifier", func(r random) string {
		return r.one("commit ", "digest sha256:", "etag ", "trace_id=", "request ", "image ", "session_id=", "cache_key=", "x-request-id: ") + r.one(r.hex(32), r.hex(40), r.hex(64), r.uuid(), r.token(16))
	}},
	{"statement", func(r random) string {
		word := r.one("password", "token", "secret")
		return r.one("SELECT "+word+" FROM members", "CREATE TABLE members ("+word+" text NOT NULL)", "column "+word+" does not exist", "INSERT INTO members (name, "+word+") VALUES (?, ?)", "ALTER TABLE members ADD "+word+" text")
	}},
	{"list of names", func(r random) string {
		return r.one(`{"required": ["password", "token", "plan"]}`, "missing fields: password, token", "['password', 'email', 'plan']", `{"name": "token", "in": "query"}`, "KeyError: 'api_key'")
	}},
	{"another word", func(r random) string {
		return r.field(r.one("author", "tokenizer", "authorized by", "secretary", "passenger", "compass", "keyboard", "monkey", "max tokens", "tokens used", "primary key", "status code", "postal code", "pinned by", "country code"), r.one("granite", "17", "de"))
	}},
	{"path", func(r random) string {
		return r.one("GET ", "POST ", "") + r.one("/token/", "/auth/", "/session/", "/password-reset/", "/api/secrets/", "/oauth2/token/") + r.one("", "refresh", "done", "17") + r.one("", " HTTP/1.1")
	}},
	{"command line", func(r random) string {
		return r.one("docker run -p 8080:80 mina", "mkdir -p /srv/mina", "mysql -u root -p mina", "curl -u bo https://db.example", "docker run -u 1000:1000 mina", "deploy --no-password --n "+r.digits(2), "deploy --token-file "+r.dir(), "ssh -p "+r.digits(4)+" db")
	}},
}

// The words of secrets, and what is told of one that is none.
var (
	secretWords   = []string{"token", "access token", "password", "secret", "api key", "private key", "client secret", "credentials", "cookie", "csrf cookie", "session cookie", "auth", "otp"}
	placeWords    = []string{"file", "path", "url", "uri", "dir", "endpoint", "ref", "provider", "env"}
	propertyWords = []string{"length", "count", "ttl", "age", "version", "attempts", "expires in", "changed at", "created at", "type", "scope", "policy", "name", "id", "max age", "min length"}
)

func (r random) secretWord() string { return r.one(secretWords...) }

func (r random) dir() string {
	return "/" + r.one("srv", "home", "var/run", "etc") + "/" + r.one("mina", "bo", "granite", "app") + r.one("", "/current", "/v"+r.digits(1))
}

// words are some of which no one is random.
func (r random) words(separator string) string {
	var list []string
	for range r.between(2, 7) {
		list = append(list, r.one("model", "file", "name", "config", "server", "upload", "cache", "report", "internal", "for", "the", "retries"))
	}
	return strings.Join(list, separator)
}

// field writes a name and a value in one of the usual ways.
func (r random) field(phrase, value string) string {
	words := strings.Fields(phrase)
	name := r.one(strings.Join(words, "_"), strings.ToUpper(strings.Join(words, "_")), strings.Join(words, "-"), strings.Join(words, "."))
	if r.IntN(4) == 0 {
		name = words[0]
		for _, word := range words[1:] {
			name += strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return fmt.Sprintf(r.one(`{"%s": "%s", "n": 2}`, "%s=%s n=2", "%s=%s", "user=bo %s=%s, n=2", "{'%s': '%s'}", "--%s=%s", "%s: %s, n: 2", "%s = '%s'", "GET /a?%s=%s&page=2", "%s => %s"), name, value)
}

// sourcePlace names a file, module or class, and a line.
func (r random) sourcePlace() string {
	word := r.one("token", "auth", "password", "secret", "session", "credentials", "passwd", "private_key")
	line := strconv.Itoa(r.between(1, 999))
	switch r.IntN(8) {
	case 0:
		return r.one("", "app/", "/srv/mina/", "tests/test_", "vault_") + word + r.one(".py", ".go", ".rs", ".js", ".ts", ".rb", ".c", ".java", ".php") + ":" + line + r.one("", ": refreshed", ":"+line, "] done")
	case 1:
		return "app." + r.one("core", "auth", "services") + "." + word + ":" + r.one("refresh", "open", "check_policy", "__init__", "<module>") + ":" + line + r.one("", " - done")
	case 2:
		class := strings.ToUpper(word[:1]) + strings.ReplaceAll(word[1:], "_", "")
		return "at com.mina." + class + r.one("Filter", "Service", "Encoder") + ".run(" + class + r.one("Filter", "Service", "Encoder") + ".java:" + line + ")"
	case 3:
		return "tests/test_" + word + ".py::test_" + r.one("open", "x", "is_valid") + r.one("", " PASSED", " FAILED")
	case 4:
		return r.one("registry.example/", "docker.io/mina/") + strings.ReplaceAll(word, "_", "-") + ":" + r.digits(1) + "." + r.digits(2) + ".0"
	case 5:
		return r.one("http://", "tcp://", "") + r.one("auth", "session", "token-service") + ":" + r.one("8080", "6379", "50051") + r.one("/health", "", " is up")
	case 6:
		name := r.one("token", "password", "secret", "session")
		return fmt.Sprintf("Traceback (most recent call last):\n  File \"/srv/mina/%s.py\", line %s, in %s\n    %s = get_%s(request)", word, line, r.one("open", "refresh"), name, name)
	default:
		return "io.jsonwebtoken:jjwt-" + r.one("api", "impl") + ":0." + line + ".5"
	}
}
