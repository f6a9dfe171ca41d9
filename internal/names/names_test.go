package names_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/mina-observability/otelcol-mina/internal/names"
)

func TestEveryNameIsLearnedOnceInAnyOrder(t *testing.T) {
	learned := map[string]int{}
	index := names.NewIndex(func(name string) string {
		learned[name]++
		return "known " + name
	})
	for _, record := range [][]string{{"a", "b", "c"}, {"a", "b", "c"}, {"a", "c", "b"}, {"c"}, {"a", "b", "c", "d"}, {"a", "a"}, {}} {
		index.Begin()
		for _, name := range record {
			assert.Equal(t, "known "+name, index.Find(name).Known)
		}
	}
	assert.Equal(t, map[string]int{"a": 1, "b": 1, "c": 1, "d": 1}, learned)
}

func TestOnlyWhatFollowedIsExpected(t *testing.T) {
	index := names.NewIndex(strings.ToUpper)
	index.Begin()
	assert.Nil(t, index.Expected())
	index.Follow(index.Get("a"))
	index.Get("x")
	index.Find("b")
	index.Begin()
	for _, want := range []string{"A", "B"} {
		expected := index.Expected()
		assert.Equal(t, want, expected.Known)
		index.Follow(expected)
	}
	assert.Nil(t, index.Expected())
}

func TestWhatCannotBeRememberedIsNotFollowed(t *testing.T) {
	long := strings.Repeat("x", 65)
	index := names.NewIndex(strings.ToUpper)
	for range 2 {
		index.Begin()
		index.Find("a")
		assert.Equal(t, strings.ToUpper(long), index.Find(long).Known)
		assert.Nil(t, index.Get(long))
		index.Find("b")
	}
	index.Begin()
	index.Find("a")
	assert.Equal(t, "B", index.Expected().Known)
}

func TestNamesAreBounded(t *testing.T) {
	learned := 0
	learn := func(string) int { learned++; return learned }
	for most, index := range map[int]*names.Index[int]{4096: names.NewIndex(learn), 128: names.NewMemberIndex(learn)} {
		learned = 0
		for range 2 {
			for i := range 5000 {
				index.Find(strconv.Itoa(i))
			}
			index.Find(strings.Repeat("x", 65))
		}
		assert.Equal(t, 5000+1+5000-most+1, learned, "the first %d are remembered", most)
	}
}

func BenchmarkFind(b *testing.B) {
	index := names.NewIndex(func(string) bool { return false })
	record := []string{"code.function.name", "code.line.number", "thread.id", "thread.name", "http.request.method", "url.path"}
	b.ReportAllocs()
	for b.Loop() {
		index.Begin()
		for _, name := range record {
			index.Find(name)
		}
	}
}
