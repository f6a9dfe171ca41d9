package api

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFieldsOfManyValuesHaveTheirMostFrequent(t *testing.T) {
	var lines []string
	for i := range 3000 {
		path, rare := fmt.Sprintf("/api/meetings/%d", i), fmt.Sprint(i)
		if i%10 == 0 {
			path = "/healthz"
		}
		lines = append(lines, line(ago(time.Duration(i+1)*time.Millisecond), "_msg", "Request handled", "url.path", path, "latency_ms", rare, "mina.request.id", rare))
	}
	s := newSite(t, lines...)
	fields := map[string]*facet{}
	for _, f := range ask[facetsAnswer](t, s, "/api/facets").Facets {
		fields[f.Field] = f
	}
	require.Contains(t, fields, "url.path")
	assert.Equal(t, facetValue{"/healthz", 300}, fields["url.path"].Values[0])
	assert.NotContains(t, fields, "latency_ms", "it is another value in each record")
	assert.NotContains(t, fields, "mina.request.id")
}
