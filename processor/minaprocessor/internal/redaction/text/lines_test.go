package text

import "testing"

func TestValuesOnOtherLines(t *testing.T) {
	assertValues(t,
		"password:\n  ⟨granite⟩\nn: 1", "db:\n  password:\n    ⟨granite⟩\n  n: 1", "password: |\n  ⟨granite⟩\nn: 1", "password: >-\n  ⟨gra\n  nite⟩\nn: 1", "password: !vault |\n  ⟨granite⟩\nn: 1", "- password: |+\n    ⟨granite⟩\n",
		"tokens:\n  ⟨- granite\n  - marble⟩\nn: 1", "password: !!str ⟨granite⟩\nn: 1", "password: &a ⟨granite⟩\nn: 1", "password: &a \"⟨gra nite⟩\"\n", "password: ⟨!granite⟩\n", "{\n  \"password\":\n    \"⟨granite⟩\"\n}", "{'password':\r\n '⟨granite⟩'}",
		"form-data; name=\"password\"\r\n\r\n⟨gra nite⟩\r\n--b1", "form-data; name=\"password\"\r\nContent-Type: text/plain\r\n\r\n⟨granite⟩\r\n--b1", "form-data; name=password\n\n⟨granite⟩\n--b1", `name=\"password\"\r\n\r\n⟨granite⟩\r\n--b1`,
		"password\n  too short [type=value_error, input_value='⟨gra, nite⟩', input_type=str]", "password\n  no [type=x, input_value=⟨482913⟩, input_type=int]",
		"password:\n⟨granite42⟩\nn: 1",
		"password:\ngranite", "password:\n482913", "token:\nn: x1", "token:\n  type: bearer\n  n: 1", "invalid token:\n  granite\n", "token:\n  it is wrong\n", "password\n  Field required [type=missing, input_value={'a': 'b'}, input_type=dict]", "password\n  granite",
	)
}
