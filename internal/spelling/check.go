package spelling

import (
	"fmt"
	"slices"
	"strings"
)

// Check reports a name that is not known, with the nearest that is. What says what it
// is the name of.
func Check(what, name string, known []string) error {
	if slices.Contains(known, name) {
		return nil
	}
	if nearest, ok := Nearest(name, known); ok {
		return fmt.Errorf("there is no %s %q; did you mean %q?", what, name, nearest)
	}
	return fmt.Errorf("there is no %s %q; there are %s", what, name, strings.Join(known, ", "))
}
