package text

import "testing"

func TestWhatEnclosesAValueBelongsToIt(t *testing.T) {
	assertValues(t,
		"password=SecretStr('⟨granite 42⟩') n=1", "token: Some(\"⟨granite⟩\"), n", "token: Some(Secret(\"⟨granite⟩\"))", "password=Secret(value='⟨granite⟩')", "password=bytearray(b'⟨granite⟩') n",
		"password=⟨OAuth('granite', 3)⟩, n=1", "password=⟨crypt('granite', gen_salt('bf'))⟩ WHERE", "token = ⟨get_token(request)⟩", "password=⟨SecretStr('granite⟩", "token=⟨abc(def⟩ ghi",
		"password = N'⟨granite⟩'", "password = rb'⟨granite⟩'", `password = @"⟨granite⟩";`, `password = $@"⟨gra nite⟩"`, `password = L"⟨granite⟩"`, `password = u8"⟨granite⟩"`, "password = _utf8mb4'⟨granite⟩' n", "password = U&'⟨granite⟩'",
		`["password"]=> string(12) "⟨granite42fox⟩"`, `password = """⟨granite⟩"""`, "password = '''\n⟨granite⟩\n'''\nn", "token := `⟨granite⟩`",
		"password=⟨granite'42'fox⟩ n", `password=⟨granite"42fox⟩ n="x"`, `password=⟨"granite"'42fox'⟩ n`, "password='⟨gra''nite'' x⟩' n", "password='⟨granite''⟩'", `password="⟨say ""granite"" now⟩", n="x"`, "password='', n='x'", `--password ⟨gra\ nite⟩ n`, "token = ⟨pwd.getpwnam(user)[1]⟩\n", "password=[REDACTED]'⟨granite⟩')", `token = ⟨os.getenv("TOKEN")⟩`, `"{""token"": ""⟨granite⟩""}"`,
		"'password=⟨granite⟩', 'n=1'", `{"q": "password=⟨granite⟩"}`, `{\"q\": \"password=⟨granite⟩\"}`, "(password=⟨granite⟩)", "password=⟨{'a': 1}⟩ n", "password=⟨[1, 2]⟩ n", "token=⟨[....⟩", "password=⟨a)b⟩ n", "password=⟨granite⟩.\n",
	)
}
