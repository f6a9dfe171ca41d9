package alertmanagerexporter

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/common/model"
)

// The bounds of an alert, in bytes. Group values come from what users send.
const (
	maxPairs      = 64
	maxName       = 128
	maxLabel      = 512
	maxAnnotation = 2048
	// maxAnnotations is how long all annotations may be together.
	maxAnnotations = 16 << 10
)

// pair is a label or an annotation under the name that its record has.
type pair struct{ name, value string }

// labelSet returns the labels of an alert, and whether something of them was too long.
// Labels are what an alert is told by: a value that is cut ends with its sum, so that two
// alerts stay two.
func labelSet(alertName string, pairs []pair) (labels model.LabelSet, cut bool) {
	shorten := func(value string) string {
		sum := fnv.New64a()
		_, _ = sum.Write([]byte(value))
		return shortened(value, maxLabel, fmt.Sprintf("…%016x", sum.Sum64()))
	}
	labels, cut = named(append([]pair{{model.AlertNameLabel, alertName}}, inOrder(pairs)...), shorten)
	return labels, cut
}

// annotationSet returns the annotations of an alert, and whether something of them was
// too long.
func annotationSet(pairs []pair) (annotations model.LabelSet, cut bool) {
	room := maxAnnotations
	shorten := func(value string) string {
		value = shortened(value, min(maxAnnotation, room), "…")
		room -= len(value)
		return value
	}
	return named(inOrder(pairs), shorten)
}

// inOrder sorts pairs by the order in which they get names: those whose names are valid
// keep them.
func inOrder(pairs []pair) []pair {
	changes := func(p pair) int {
		if validName(p.name) == p.name {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(pairs, func(a, b pair) int {
		return cmp.Or(changes(a)-changes(b), cmp.Compare(a.name, b.name))
	})
	return pairs
}

// named returns pairs under valid names. Of several that become one, the later get a
// number, so that none is lost.
func named(pairs []pair, shorten func(string) string) (set model.LabelSet, cut bool) {
	set = make(model.LabelSet, len(pairs))
	for _, p := range pairs {
		value := strings.ToValidUTF8(p.value, "\uFFFD")
		if value == "" {
			continue // to Alertmanager, that is none
		}
		if len(set) == maxPairs {
			return set, true
		}
		short := shorten(value)
		cut = cut || short != value || len(p.name) > maxName
		if short != "" {
			set[free(set, validName(p.name))] = model.LabelValue(short)
		}
	}
	return set, cut
}

// free returns a name that is not taken.
func free(set model.LabelSet, name string) model.LabelName {
	candidate := model.LabelName(name)
	for n := 2; ; n++ {
		if _, taken := set[candidate]; !taken {
			return candidate
		}
		number := "_" + strconv.Itoa(n)
		candidate = model.LabelName(name[:min(len(name), maxName-len(number))] + number)
	}
}

// validName returns a name as Alertmanager takes it, [a-zA-Z_][a-zA-Z0-9_]*, with an
// underscore for every other character: 0.25 refuses a dot.
func validName(name string) string {
	valid := strings.Map(func(r rune) rune {
		if r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r
		}
		return '_'
	}, name)
	if valid == "" || valid[0] <= '9' {
		valid = "_" + valid
	}
	return valid[:min(len(valid), maxName)]
}

// shortened returns a text of at most so many bytes, with a mark behind it if it was longer.
func shortened(text string, most int, mark string) string {
	switch {
	case len(text) <= most:
		return text
	case most < len(mark):
		return ""
	}
	return strings.ToValidUTF8(text[:most-len(mark)], "") + mark
}
