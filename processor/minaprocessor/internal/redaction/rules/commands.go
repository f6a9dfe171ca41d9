package rules

import (
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// commandRules find passwords in command lines that no name stands in front of.
var commandRules = []*Rule{{
	Name: "command_line", Sets: secrets,
	Finds:   "the password behind an option of a known program that does not name it: `curl -u ana:…`, `sshpass -p …`, `mysql -p…`, `docker login -p …`, `redis-cli -a …`; also in lists of arguments",
	Anchors: programAnchors(),
	Match:   matchCommand,
}}

// option is one of a program that has a password.
type option struct {
	name string
	// behind is what the password stands behind in the value: the colon of ana:password.
	behind string
	// onlyGlued says that the value stands in the same argument, as in mysql -ppassword, where
	// -p alone asks for it.
	onlyGlued bool
	// asks says that the program asks where no value stands behind the option: what begins
	// with a dash is the next option then, and not the value.
	asks bool
}

// program has the options of those that share them, and the words behind the program's name
// that have to be there.
type program struct {
	names, words []string
	options      []option
}

var programs = []program{
	{names: []string{"curl"}, options: []option{{name: "-u", behind: ":"}, {name: "--user", behind: ":"}, {name: "-U", behind: ":"}, {name: "--proxy-user", behind: ":"}}},
	{names: []string{"sshpass"}, options: []option{{name: "-p"}}},
	{names: []string{"mysql", "mysqldump", "mysqladmin", "mysqlimport", "mysqlshow", "mysqlcheck", "mariadb", "mariadb-dump", "mariadb-admin"}, options: []option{{name: "-p", onlyGlued: true}}},
	{names: []string{"docker", "podman", "nerdctl", "buildah", "skopeo", "helm", "oras", "crane", "az"}, words: []string{"login"}, options: []option{{name: "-p"}}},
	{names: []string{"twine"}, words: []string{"upload"}, options: []option{{name: "-p"}}},
	{names: []string{"useradd", "usermod"}, options: []option{{name: "-p"}}},
	{names: []string{"lftp"}, options: []option{{name: "-u", behind: ","}}},
	{names: []string{"7z", "7za", "7zr"}, options: []option{{name: "-p", onlyGlued: true}}},
	{names: []string{"redis-cli", "valkey-cli", "keydb-cli"}, options: []option{{name: "-a"}}},
	{names: []string{"mongo", "mongosh", "mongodump", "mongorestore", "mongoexport", "mongoimport"}, options: []option{{name: "-p", asks: true}}},
	{names: []string{"cqlsh"}, options: []option{{name: "-p"}}},
	{names: []string{"ldapsearch", "ldapadd", "ldapmodify", "ldapdelete", "ldapwhoami"}, options: []option{{name: "-w"}}},
	{names: []string{"sqlcmd", "bcp"}, options: []option{{name: "-P", asks: true}}},
	{names: []string{"mosquitto_pub", "mosquitto_sub", "unzip", "zip"}, options: []option{{name: "-P"}}}, //nolint:misspell // their names
	{names: []string{"smbclient", "rpcclient"}, options: []option{{name: "-U", behind: "%"}, {name: "--user", behind: "%"}}},
	{names: []string{"keytool", "jarsigner"}, options: []option{{name: "-storepass"}, {name: "-keypass"}, {name: "-srcstorepass"}, {name: "-deststorepass"}}},
	{names: []string{"openssl"}, options: []option{{name: "-passin", behind: "pass:"}, {name: "-passout", behind: "pass:"}, {name: "-pass", behind: "pass:"}}},
}

func programAnchors() (anchors []string) {
	for i := range programs {
		for _, name := range programs[i].names {
			for len(name) < text.MinAnchor {
				name += " "
			}
			anchors = append(anchors, name)
		}
	}
	return anchors
}

func programOf(name string) *program {
	for i := range programs {
		if slices.Contains(programs[i].names, name) {
			return &programs[i]
		}
	}
	return nil
}

// matchCommand finds the first password in the command line that begins at a place.
func matchCommand(c *text.Cursor, at int) (start, end int, found bool) {
	if at > 0 && (!text.StartsHere(c.Text, at) || strings.IndexByte("-_.:@", c.Text[at-1]) >= 0) {
		return 0, 0, false
	}
	args := text.ArgumentsAt(c.Text, at)
	if len(args) < 2 {
		return 0, 0, false
	}
	p := programOf(args[0].In(c.Text))
	if p == nil {
		return 0, 0, false
	}
	for _, word := range p.words {
		if !slices.ContainsFunc(args[1:], func(a text.Argument) bool { return a.In(c.Text) == word }) {
			return 0, 0, false
		}
	}
	for i, a := range args[1:] {
		for _, o := range p.options {
			if start, end = o.find(c.Text, a, args[i+2:]); start < end {
				return start, end, true
			}
		}
	}
	return 0, 0, false
}

// find returns the password that the option has in an argument or in the one behind it.
func (o *option) find(in string, a text.Argument, behind []text.Argument) (start, end int) {
	value, glued := strings.CutPrefix(a.In(in), o.name)
	isLong := strings.HasPrefix(o.name, "--")
	switch {
	case !glued:
		return 0, 0
	case value == "":
		if o.onlyGlued || len(behind) == 0 || o.asks && strings.HasPrefix(behind[0].In(in), "-") {
			return 0, 0
		}
		start, end = behind[0].Start, behind[0].End
	case isLong && value[0] == '=':
		start, end = a.Start+len(o.name)+1, a.End
	case isLong || len(o.name) > len("-p"):
		return 0, 0
	default:
		start, end = a.Start+len(o.name), a.End
	}
	if o.behind != "" {
		i := strings.Index(in[start:end], o.behind)
		if i < 0 {
			return 0, 0
		}
		start += i + len(o.behind)
	}
	return unquoted(in, start, end)
}

// unquoted leaves out the quotes of a value that stand in the middle of an argument.
func unquoted(in string, start, end int) (int, int) {
	if end-start > 1 && (in[start] == '"' || in[start] == '\'') && in[end-1] == in[start] {
		return start + 1, end - 1
	}
	return start, end
}
