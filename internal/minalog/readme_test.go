package minalog

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/internal/timestamp"
)

var inBackticks = regexp.MustCompile("`([^`]+)`")

// readmeTable returns the rows of a table in the receiver's README: what is in the first
// column, and what is inBackticks in the second.
func readmeTable(t *testing.T, name string) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("../../receiver/minareceiver/README.md")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(text), "<!-- "+name+" -->\n")
	require.True(t, found)
	table, _, found := strings.Cut(rest, "<!-- end of "+name+" -->")
	require.True(t, found)
	rows := map[string][]string{}
	for _, line := range strings.Split(strings.TrimSpace(table), "\n")[2:] {
		cells := strings.Split(line, "|")
		for _, found := range inBackticks.FindAllStringSubmatch(cells[2], -1) {
			first := strings.TrimSpace(cells[1])
			rows[first] = append(rows[first], found[1])
		}
	}
	return rows
}

func TestReadmeTellsWhichTimesAreRead(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	for row, examples := range readmeTable(t, "times") {
		for _, example := range examples {
			if strings.HasPrefix(row, "and a zone") {
				if example == "timezone" {
					continue
				}
				example = "2025-10-01 16:12:05 " + example
			}
			_, ok := timestamp.Parse([]byte(example), berlin)
			assert.Equal(t, row != "none", ok, "%s: %q", row, example)
		}
	}
}

func TestReadmeTellsTheSeverities(t *testing.T) {
	for row, levels := range readmeTable(t, "levels") {
		severity, err := strconv.Atoi(row)
		require.NoError(t, err)
		for _, level := range levels {
			assert.EqualValues(t, severity, severityOfText([]byte(level)), level)
		}
	}
}
