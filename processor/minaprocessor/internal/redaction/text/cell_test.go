package text

import "testing"

func TestTables(t *testing.T) {
	assertValues(t,
		"| password | ⟨granite42⟩ |", "│ password    │ ⟨granite42⟩ │", "| **Token** | `⟨granite42⟩` |",
		"| token | description |", "| `token` | `string` | yes |", "password | x1 |", "a || token || x1",
	)
}
