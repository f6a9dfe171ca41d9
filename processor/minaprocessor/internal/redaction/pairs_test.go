package redaction

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPairsOfNameAndValue tries them as JSON, and as attributes.
func TestPairsOfNameAndValue(t *testing.T) {
	const key = "[REDACTED:sensitive_key]"
	for _, tt := range []struct{ in, want string }{
		{`{"k":"password","v":"granite"}`, `{"k":"password","v":"` + key + `"}`},
		{`{"Value":"granite","Name":"DB_PASSWORD"}`, `{"Value":"` + key + `","Name":"DB_PASSWORD"}`},
		{`{"field":"password","new":"marble","old":"granite"}`, `{"field":"password","new":"` + key + `","old":"` + key + `"}`},
		{`{"token":{"new":"marble","old":"granite","type":"bearer"}}`, `{"token":{"new":"` + key + `","old":"` + key + `","type":"bearer"}}`},
		{`{"key":"db.password","value":{"stringValue":"granite"}}`, `{"key":"db.password","value":{"stringValue":"` + key + `"}}`},
		{`{"input":"granite","loc":["body","password"],"msg":"too short"}`, `{"input":"` + key + `","loc":["body","password"],"msg":"too short"}`},
		{`{"input":{"a":"granite"},"loc":["body","api_keys",0]}`, `{"input":"` + key + `","loc":["body","api_keys",0]}`},
		{`{"h":[["x-api-key","granite"],["accept","*/*"]]}`, `{"h":[["x-api-key","` + key + `"],["accept","*/*"]]}`},
		{`{"h":[["pin",48291]]}`, `{"h":[["pin","` + key + `"]]}`},
		{`{"h":["Host","db","X-Api-Key","granite42fox"]}`, `{"h":["Host","db","X-Api-Key","` + key + `"]}`},

		{`{"name":"plan","value":"pro"}`, ""},
		{`{"name":"token_count","value":17}`, ""},
		{`{"field":"plan","new":"pro","old":"free"}`, ""},
		{`{"input":"many","loc":["query","page"],"msg":"password rules do not apply"}`, ""},
		{`{"loc":["body","password"],"msg":"Field required","input":null}`, ""},
		{`{"required":["password","email"]}`, ""},
		{`{"password":["This field is required."]}`, ""},
		{`{"password":["This field is required.","granite"]}`, `{"password":"` + key + `"}`},
		{`{"fields":["token","name","password","plan"]}`, ""},
		{`{"odd":["token","granite42fox","x"]}`, ""},
		{`{"h":[["token","granite42fox","x"]]}`, ""},
		{`{"h":[["accept","*/*"],["token_count","17"]]}`, ""},
	} {
		want := tt.want
		if want == "" {
			want = tt.in
		}
		assert.Equal(t, want, redactText(t, Config{}, tt.in))
		var in, out map[string]any
		require.NoError(t, json.Unmarshal([]byte(tt.in), &in))
		require.NoError(t, json.Unmarshal([]byte(want), &out))
		attributes, _, _ := record(t, Config{Action: Mask}, map[string]any{"a": in}, nil)
		assert.Equal(t, map[string]any{"a": out}, attributes, tt.in)
	}
}
