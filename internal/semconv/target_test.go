package semconv

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTargets(t *testing.T) {
	for name, want := range map[string]home{
		"user.username":  {"user.name", false},
		"http.path":      {"url.path", false},
		"hostname":       {"host.name", false},
		"request_id":     {"mina.request.id", false},
		"function":       {"code.function.name", true},
		"module":         {"code.function.name", true},
		"code.namespace": {"code.function.name", true},
		"exception.type": {"exception.type", false},
		"http":           {},
		"meeting_id":     {},
	} {
		target, part := Target(name)
		assert.Equal(t, want, home{target, part}, name)
	}
}
