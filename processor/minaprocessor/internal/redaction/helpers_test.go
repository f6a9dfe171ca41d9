package redaction

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// redactors are those that the tests have made, by their configuration.
var redactors sync.Map

func redactorFor(t testing.TB, o Config) *Redactor {
	t.Helper()
	if o.Action == "" {
		o.Action = Mask
	}
	key := fmt.Sprintf("%+v %s", o, string(o.HashKey))
	if r, found := redactors.Load(key); found {
		return r.(*Redactor)
	}
	require.NoError(t, o.Validate())
	r := New(o)
	redactors.Store(key, r)
	return r
}

// redactText redacts a text, and asserts that a second pass changes nothing.
func redactText(t testing.TB, o Config, text string) string {
	t.Helper()
	session := redactorFor(t, o).Begin()
	defer session.End(func(string, Location, int64) {})
	out, _ := session.redact(text, nil)
	again, result := session.redact(out, nil)
	assert.Less(t, result, replaced, "a second pass makes %q of %q", again, out)
	return out
}
