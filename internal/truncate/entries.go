package truncate

import "go.opentelemetry.io/collector/pdata/pcommon"

// longestKey is the length of a key that is the name of something. A record that is too
// long loses the entries whose key is longer: a key cannot be cut, since it could then
// be that of another entry.
const longestKey = 4 << 10

// dropLongKeys removes the entries with endless keys, and returns how many of the
// outermost it has removed.
func dropLongKeys(values pcommon.Map) (dropped int) {
	values.RemoveIf(func(key string, value pcommon.Value) bool {
		if len(key) > longestKey {
			dropped++
			return true
		}
		dropLongKeysOf(value)
		return false
	})
	return dropped
}

// dropLongKeysOf does so in a value, and reports whether there was one.
func dropLongKeysOf(value pcommon.Value) (dropped bool) {
	switch value.Type() {
	case pcommon.ValueTypeMap:
		return dropLongKeys(value.Map()) > 0
	case pcommon.ValueTypeSlice:
		for _, inner := range value.Slice().All() {
			dropped = dropLongKeysOf(inner) || dropped
		}
	}
	return dropped
}

// keepEntries removes the entries that are beyond so many bytes, and returns how many of
// the outermost it has removed. Of others it names those that have lost something.
func keepEntries(values pcommon.Map, most int, cut *names) (dropped int) {
	used := overhead
	values.RemoveIf(func(key string, value pcommon.Value) bool {
		left := most - used - len(key)
		if left < overhead {
			dropped++
			return true
		}
		if keepValue(value, left) {
			cut.add(key)
		}
		used += len(key) + valueBound(value)
		return false
	})
	return dropped
}

// keepValue removes what a value has beyond so many bytes, and reports whether it has.
func keepValue(value pcommon.Value, most int) bool {
	if valueBound(value) <= most {
		return false
	}
	switch value.Type() {
	case pcommon.ValueTypeMap:
		keepEntries(value.Map(), most-overhead, &names{})
	case pcommon.ValueTypeSlice:
		used := overhead
		value.Slice().RemoveIf(func(inner pcommon.Value) bool {
			if most-used < overhead {
				return true
			}
			keepValue(inner, most-used)
			used += valueBound(inner)
			return false
		})
	default:
		value.SetStr("")
	}
	return true
}
