package text

import "testing"

func TestColumns(t *testing.T) {
	assertValues(t,
		"INSERT INTO members (name, password) VALUES ('bo', '⟨granite⟩')", "insert into members(id,token,plan)values(7,'⟨granite⟩','pro')", "(\"id\", \"password\") VALUES (7, N'⟨granite⟩') RETURNING id",
		"(password, name) VALUES ('⟨granite⟩', 'bo'),\n ('⟨marble⟩', 'ana')", "(a, password) VALUES (f(1, ','), '⟨granite⟩')", "(`password`) VALUES (⟨482913⟩)",
		"Key (token)=(⟨gra nite⟩) already exists.", "Key (id, token)=(7, ⟨granite⟩) already exists.", "Key (token, id)=(⟨granite⟩, 7) already exists.", "(password)=(⟨granite⟩).",
		"(name, password) VALUES (?, ?)", "(name, password) VALUES (%s, %s)", "(name, password)", "(password) is (granite)", "(name, password) VALUES ('bo'",
	)
}
