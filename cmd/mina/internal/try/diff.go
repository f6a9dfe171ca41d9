package try

import (
	"slices"
	"strings"
)

// The kinds of a change.
const (
	same    = "same"
	changed = "changed"
	renamed = "renamed"
	added   = "added"
	removed = "removed"
)

// change is what has become of a field.
type change struct {
	Kind string `json:"kind"`
	// From and To are its names before and after, and Before and After its values.
	From   string `json:"from,omitempty"`
	To     string `json:"to,omitempty"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// changes tells what has become of each field: in the order of those before, and then what
// was added. A field that has gone is renamed if one with its value has come.
func changes(before, after []field) []change {
	rest := slices.Clone(after)
	take := func(is func(field) bool) (field, bool) {
		if i := slices.IndexFunc(rest, is); i >= 0 {
			found := rest[i]
			rest = slices.Delete(rest, i, i+1)
			return found, true
		}
		return field{}, false
	}
	all := make([]change, len(before))
	for i, f := range before {
		if now, found := take(func(now field) bool { return now.name == f.name }); found {
			all[i] = change{same, f.name, f.name, f.value, now.value}
			if f.value != now.value {
				all[i].Kind = changed
			}
		}
	}
	// Of several with the value, the one is meant whose name ends alike.
	for _, alike := range []func(was, now string) bool{endsAlike, func(string, string) bool { return true }} {
		for i, f := range before {
			if all[i].Kind != "" {
				continue
			}
			if now, found := take(func(now field) bool { return now.value == f.value && alike(f.name, now.name) }); found {
				all[i] = change{renamed, f.name, now.name, f.value, now.value}
			}
		}
	}
	for i, f := range before {
		if all[i].Kind == "" {
			all[i] = change{Kind: removed, From: f.name, Before: f.value}
		}
	}
	for _, f := range rest {
		all = append(all, change{Kind: added, To: f.name, After: f.value})
	}
	return all
}

func endsAlike(was, now string) bool { return lastWord(was) == lastWord(now) }

func lastWord(name string) string { return name[strings.LastIndexAny(name, "._")+1:] }
