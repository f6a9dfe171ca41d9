package alertmanagerexporter

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNamesOfLabels(t *testing.T) {
	for name, want := range map[string]string{
		"severity":               "severity",
		"client.address":         "client_address",
		"http-status code":       "http_status_code",
		"größe":                  "gr__e",
		"9lives":                 "_9lives",
		"":                       "_",
		"a:b":                    "a_b",
		"no\xffutf8":             "no_utf8",
		"日本":                     "__",
		strings.Repeat("a", 200): strings.Repeat("a", maxName),
	} {
		assert.Equal(t, want, validName(name), "%q", name)
	}
}

func TestNoLabelIsLost(t *testing.T) {
	long := strings.Repeat("n", 200)
	for name, test := range map[string]struct {
		pairs []pair
		want  model.LabelSet
		cut   bool
	}{
		"none":                           {nil, model.LabelSet{}, false},
		"valid":                          {[]pair{{"team", "security"}}, model.LabelSet{"team": "security"}, false},
		"a dot":                          {[]pair{{"client.address", "203.0.113.9"}}, model.LabelSet{"client_address": "203.0.113.9"}, false},
		"an empty one is none":           {[]pair{{"a", ""}, {"b", " "}}, model.LabelSet{"b": " "}, false},
		"no UTF-8":                       {[]pair{{"a", "b\xffc"}}, model.LabelSet{"a": "b\uFFFDc"}, false},
		"two names become one":           {[]pair{{"a.b", "2"}, {"a_b", "1"}}, model.LabelSet{"a_b": "1", "a_b_2": "2"}, false},
		"in the same way in any order":   {[]pair{{"a_b", "1"}, {"a-b", "0"}, {"a.b", "2"}}, model.LabelSet{"a_b": "1", "a_b_2": "0", "a_b_3": "2"}, false},
		"the number itself is taken":     {[]pair{{"a_b_2", "x"}, {"a.b", "2"}, {"a_b", "1"}}, model.LabelSet{"a_b": "1", "a_b_2": "x", "a_b_3": "2"}, false},
		"the same name twice":            {[]pair{{"a", "1"}, {"a", "2"}}, model.LabelSet{"a": "1", "a_2": "2"}, false},
		"the alert's own name":           {[]pair{{"alertname", "x"}}, model.LabelSet{"alertname_2": "x"}, false},
		"long names that begin the same": {[]pair{{long + "1", "1"}, {long + "2", "2"}}, model.LabelSet{model.LabelName(long[:maxName]): "1", model.LabelName(long[:maxName-2] + "_2"): "2"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			test.want["alertname"] = "Rule"
			labels, cut := labelSet("Rule", test.pairs)
			assert.Equal(t, test.want, labels)
			assert.Equal(t, test.cut, cut)
		})
	}
}

func TestLongLabelsStayDifferent(t *testing.T) {
	long := strings.Repeat("ä", maxLabel)
	a, cut := labelSet("Rule", []pair{{"path", long + "a"}})
	require.True(t, cut)
	b, _ := labelSet("Rule", []pair{{"path", long + "b"}})
	assert.NotEqual(t, a, b)
	again, _ := labelSet("Rule", []pair{{"path", long + "a"}})
	assert.Equal(t, a, again)
	assert.LessOrEqual(t, len(a["path"]), maxLabel)
	assert.True(t, utf8.ValidString(string(a["path"])))
	name, _ := labelSet(long, nil)
	assert.LessOrEqual(t, len(name["alertname"]), maxLabel)
}

func TestLabelsAndAnnotationsAreBounded(t *testing.T) {
	var pairs []pair
	for i := range 2 * maxPairs {
		pairs = append(pairs, pair{fmt.Sprintf("name.%03d", i), strings.Repeat("x", 2*maxAnnotation)})
	}
	labels, cut := labelSet("Rule", pairs)
	assert.True(t, cut)
	assert.Len(t, labels, maxPairs)
	assert.Equal(t, model.LabelValue("Rule"), labels["alertname"])
	annotations, cut := annotationSet(pairs)
	assert.True(t, cut)
	bytes := 0
	for value := range maps.Values(annotations) {
		assert.True(t, strings.HasSuffix(string(value), "x…"))
		bytes += len(value)
	}
	assert.LessOrEqual(t, bytes, maxAnnotations)
	assert.Greater(t, bytes, maxAnnotations-maxAnnotation)
	short, cut := annotationSet([]pair{{"summary", "6 in 1m"}})
	assert.False(t, cut)
	assert.Equal(t, model.LabelSet{"summary": "6 in 1m"}, short)
}

// FuzzLabels holds whatever comes against what Alertmanager takes.
func FuzzLabels(f *testing.F) {
	f.Add("client.address", "203.0.113.9", "client_address", "a", "", "\xff")
	f.Add("alertname", "x", "alertname_2", "y", "alert.name", "z")
	f.Fuzz(func(t *testing.T, a, av, b, bv, c, cv string) {
		pairs := []pair{{a, av}, {b, bv}, {c, cv}}
		want := 1
		for _, p := range pairs {
			if p.value != "" {
				want++
			}
		}
		labels, _ := labelSet("Rule", pairs)
		require.Len(t, labels, want)
		annotations, _ := annotationSet(pairs)
		require.Len(t, annotations, want-1)
		for name, value := range labels {
			require.True(t, model.LegacyValidation.IsValidLabelName(string(name)), "%q", name)
			require.LessOrEqual(t, len(name), maxName)
			require.True(t, value.IsValid())
			require.LessOrEqual(t, len(value), maxLabel)
		}
	})
}
