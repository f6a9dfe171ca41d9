package semconv

import (
	"cmp"
	"go/build"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	keyPattern      = regexp.MustCompile(`(\w+Key)\s+= attribute\.Key\("([^"]+)"\)`)
	typePattern     = regexp.MustCompile(`(\w+Key)\.([A-Z]\w+)\(`)
	templatePattern = regexp.MustCompile(`attribute\.(\w+)\("([^"]+\.)"\+key, val\)`)
)

// TestConventionsAreThoseOfTheModule reads the names out of the module's source.
// MINA_UPDATE_GOLDEN=1 writes the list anew.
func TestConventionsAreThoseOfTheModule(t *testing.T) {
	module, err := build.Import("go.opentelemetry.io/otel/semconv/v1.43.0", ".", build.FindOnly)
	require.NoError(t, err)
	names, types := map[string]string{}, map[string]string{}
	lines := map[string]bool{}
	for _, file := range []string{"attribute_group.go", "error_type.go", "exception.go"} {
		source, err := os.ReadFile(filepath.Join(module.Dir, file))
		require.NoError(t, err)
		for _, found := range keyPattern.FindAllStringSubmatch(string(source), -1) {
			names[found[1]] = found[2]
		}
		for _, found := range typePattern.FindAllStringSubmatch(string(source), -1) {
			types[found[1]] = found[2]
		}
		for _, found := range templatePattern.FindAllStringSubmatch(string(source), -1) {
			lines[found[2]+"* "+found[1]] = true
		}
	}
	require.Greater(t, len(names), 500)
	for constant, name := range names {
		lines[name+" "+cmp.Or(types[constant], "Any")] = true
	}
	list := strings.Join(slices.Sorted(maps.Keys(lines)), "\n") + "\n"
	if os.Getenv("MINA_UPDATE_GOLDEN") != "" {
		require.NoError(t, os.WriteFile("conventions.txt", []byte(list), 0o600))
	}
	require.Equal(t, list, conventionsList)
}
