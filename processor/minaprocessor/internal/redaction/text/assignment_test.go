package text

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// values returns what the names in a text have as values, by the forms that are known.
func values(text string, names ...string) (marked string) {
	c := Cursor{Text: text}
	marks := map[int]string{}
	for at := range len(text) {
		for _, name := range names {
			if !hasPrefixFold(text, at, name) {
				continue
			}
			a, found := c.AssignmentAt(at)
			for found {
				if start, end := c.ValueOf(a, OneWord); start < end && !c.Covered(start) {
					marks[start], marks[end] = marks[start]+"⟨", "⟩"+marks[end]
					c.Cover(end)
				}
				a, found = c.NextRow(a)
			}
		}
	}
	var out strings.Builder
	for at := range len(text) + 1 {
		out.WriteString(marks[at])
		if at < len(text) {
			out.WriteByte(text[at])
		}
	}
	return out.String()
}

// assertValues tries texts in which the values of names stand in ⟨⟩.
func assertValues(t *testing.T, texts ...string) {
	t.Helper()
	for _, want := range texts {
		text := strings.NewReplacer("⟨", "", "⟩", "").Replace(want)
		assert.Equal(t, want, values(text, "password", "token"))
	}
}

func TestOperators(t *testing.T) {
	assertValues(t,
		"password=⟨granite⟩ n=1", "password: ⟨granite⟩, n: 1", "password => ⟨granite⟩", "password := ⟨granite⟩", "password ::= ⟨granite⟩", "password :::= ⟨granite⟩",
		"password ?= ⟨granite⟩", "password .= ⟨granite⟩", "password += ⟨granite⟩", "password ||= ⟨granite⟩", "password -> ⟨granite⟩", "password == ⟨granite⟩", "password <- '⟨granite⟩'", "password =~ '⟨granite⟩'", "password\n   = \"⟨granite⟩\";",
		"password      = ⟨granite⟩", "password\t:\t⟨granite⟩", "password ........ ⟨granite⟩", "password........: ⟨granite⟩", "password <> '⟨granite⟩'", "password LIKE '⟨granite⟩'", "password IN ('⟨granite⟩')",
		"password::parse", "token::Kind", "password - granite", "password <= 5", "password\n========", "password in granite", "password", "password=", "password = \n",
	)
}

func TestNamesStandInSigns(t *testing.T) {
	assertValues(t,
		"user[password]=⟨granite⟩&user[plan]=pro", "conf['password'] = '⟨granite⟩'", `conf["db"]["password"]="⟨granite⟩"`, "[password] => ⟨granite⟩", "{:password=>\"⟨granite⟩\"}",
		"password[]=⟨granite⟩&n=1", "filter[token][eq]=⟨granite⟩&n=1", "`password` = '⟨granite⟩'", "**Password:** ⟨granite⟩", "**password**: ⟨granite⟩", "*password*: ⟨granite⟩",
		`\"password\": \"⟨granite⟩\"`, "“password”: “⟨granite⟩”", "«password»: «⟨granite⟩»", "<auth:token>", "the [password] is wrong", "getpass(prompt='Password: ')",
	)
}

func TestTypesStandBetweenNameAndValue(t *testing.T) {
	assertValues(t,
		"password: str = '⟨granite⟩'", "password: Optional[str] = '⟨granite⟩'", `password: str | None = "⟨granite⟩", n: int = 2`, "password: Annotated[str, Field(min_length=8)] = '⟨granite⟩'",
		`password: &'static str = "⟨granite⟩";`, `var password string = "⟨granite⟩"`, `val password: String = "⟨granite⟩"`, `password: SecretStr = SecretStr('⟨granite⟩')`,
		`password: unknown = "⟨granite⟩"`, "password: ⟨granite⟩ = 5", "password: ⟨granite⟩", "password: str", "def f(password: Optional[str], n: int)", "password: str) -> None",
	)
}

func TestOptions(t *testing.T) {
	assertValues(t,
		"deploy --password ⟨granite⟩ --n 1", "deploy --password  ⟨granite⟩", "deploy --password\t'⟨gra nite⟩'", "deploy -Password '⟨granite⟩'", "deploy --password=⟨granite⟩",
		"['deploy', '--password', '⟨granite⟩', '--n']", `["--token", "⟨granite⟩"]`, "[b'--token', b'⟨granite⟩']",
		"deploy --password --n", "deploy --password", "['--token', '--n']", "a-token granite",
	)
}

func TestNamesStandBesideStrings(t *testing.T) {
	assertValues(t,
		"password '⟨granite⟩';", "password'⟨granite⟩';", "db_password \"⟨granite⟩\"", "proxy_set_header X-Token \"⟨granite⟩\";", "bind 'bo' password '⟨granite42⟩' in", "WITH ENCRYPTED PASSWORD '⟨granite⟩' VALID", "PASSWORD E'⟨granite⟩'",
		"#define TOKEN \"⟨granite⟩\"", "setenv TOKEN \"⟨granite⟩\"", "ENV TOKEN ⟨granite⟩", "set token ⟨granite⟩;",
		"invalid token 'granite'", "secret \"my-secret-42\" not found", "the password 'must' be", "set token granite", "token 'a b 42'", "'token' 'x'",
	)
}

// FuzzAssignment looks for names and values at every place: they lie in the text, and
// apart.
func FuzzAssignment(f *testing.F) {
	for _, text := range []string{
		"password: str = 'x'", "<password a='b'><![CDATA[x]]></password>", "(id, token) VALUES (1, 'x'), (2, 'y')", "Key (id, token)=(1, x) exists", "name=\"token\"\r\n\r\nx\r\n--",
		"token\n  no [type=x, input_value='x', input_type=str]", "{'value': 'x', 'name': 'token'}", "password: |\n  x\n y", "token: !!str &a \"\"\"x\"\"\"", "| token | `x1` |", `\"token\": \"x`, "'loc': ('body', 'token'), 'input': {",
		"token=Some(Secret(\"x\"))", "password='a'\"b\"", "rawHeaders: ['a', 'b', 'token', 'x']", "„token“: „x“", "{v:name:00", "<k:0", "token=[....", "'--token', '", "{v:\"name:0",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := Cursor{Text: text}
		for at := range len(text) {
			a, found := c.AssignmentAt(at)
			for ; found; a, found = c.NextRow(a) {
				for _, form := range []ValueForm{OneWord, SeveralWords, Header} {
					start, end := c.ValueOf(a, form)
					if start < 0 || start > end || end > len(text) {
						t.Fatalf("%q at %d: from %d to %d of %q", a.Name, at, start, end, text)
					}
					if start < end && start <= at && at < end {
						t.Fatalf("%q at %d is in its own value %q of %q", a.Name, at, text[start:end], text)
					}
				}
				if !strings.Contains(text, a.Name) {
					t.Fatalf("%q is not in %q", a.Name, text)
				}
			}
		}
	})
}
