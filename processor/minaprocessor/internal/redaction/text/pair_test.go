package text

import "testing"

func TestPairs(t *testing.T) {
	assertValues(t,
		"('password', '⟨granite⟩')", "( 'password',   '⟨granite⟩' )", "('password',\n '⟨granite⟩')", "[(b'token', b'⟨granite⟩'), (b'a', b'b')]", `[["token", "⟨granite⟩"], ["a", "b"]]`, `[\"token\", \"⟨granite42⟩\"]`,
		`setenv("token", "⟨granite⟩", 1)`, `req.Header.Set("Token", "⟨granite⟩")`, "cache.set('token', '⟨granite⟩', ex=60)", "char password[16] = \"⟨granite⟩\";",
		"['X-Token', '⟨granite42fox⟩']", "rawHeaders: [ 'Host', 'db', 'X-Token', '⟨granite⟩', 'Accept', '*/*' ]",
		"('token', 'session', 'auth')", "['password', 'email']", "{'password', 'email'}", `{ "token", "⟨granite⟩" }`, "['token', 'x1', 'x2']", "f('token', x)", "'token', 'x1'",
	)
}

func TestNameAndValueBesideEachOther(t *testing.T) {
	assertValues(t,
		"{'name': 'password', 'value': '⟨granite⟩'}", "{'value': '⟨granite⟩', 'name': 'password'}", `{"Key": "password", "n": {"value": 1}, "Value": "⟨granite⟩"}`, `{\"k\": \"token\", \"v\": \"⟨granite⟩\"}`,
		"env: {name: password, value: ⟨granite⟩}", "Key=password,Value=⟨granite⟩", "name=password value=⟨granite⟩", "- name: password\n  value: ⟨granite⟩\n- name: n\n  value: 2",
		"{'loc': ('body', 'password'), 'msg': 'no', 'input': '⟨granite⟩'}", "{'input': '⟨granite⟩', 'loc': ['body', 'password']}",
		"{'name': 'password'}, {'value': 'granite'}", "- name: password\n- value: 2", "name: password\n\nvalue: 2", "{'name': 'password', 'n': 1}", "username=token", "{'allocation': ('a', 'token')}",
	)
}
