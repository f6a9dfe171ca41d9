package semconv

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// FuzzApply gives attributes with names of the table and the conventions, flat and in
// objects, values that can be told apart. None may be lost or overwritten, and a second
// pass may change nothing.
func FuzzApply(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
	f.Add([]byte("a request, and what is known of it"))
	f.Add([]byte{200, 3, 199, 3, 198, 3, 1, 0, 1, 1, 1, 2, 1, 3, 30, 7, 31, 7, 32, 7, 33, 7})
	mapper := NewMapper(Config{})
	vocabulary := slices.Sorted(maps.Keys(moves(false)))
	for name := range mapper.moves {
		if root, _, _ := strings.Cut(name, "."); slices.Contains([]string{"http", "url", "client", "code", "process", "k8s", "log"}, root) && !slices.Contains(vocabulary, name) {
			vocabulary = append(vocabulary, name)
		}
	}
	slices.Sort(vocabulary)
	vocabulary = append(vocabulary, "k8s.pod.label.a", "http.request.header.A", "http.request.header.a", "http.request.header.x-forwarded-for", "any", "http.any")
	f.Fuzz(func(t *testing.T, choices []byte) {
		record := plog.NewLogRecord()
		for i := 0; i+1 < len(choices); i += 2 {
			put(record.Attributes(), vocabulary[int(choices[i])%len(vocabulary)], choices[i+1], i)
		}
		before := record.Attributes().AsRaw()
		w := mapper.newWalk()
		origin := w.apply(record)
		after := record.Attributes().AsRaw()
		require.Len(t, after, record.Attributes().Len(), "no name is there twice")
		for name, value := range before {
			if _, isObject := value.(m); mapper.targets[name] != 0 && !isObject && after[name] != nil {
				require.Equal(t, value, after[name], "%s of %v", name, before)
			}
		}
		text, err := json.Marshal([]any{after, origin})
		require.NoError(t, err)
		for _, token := range tokens(before) {
			require.Contains(t, string(text), token, "%v", before)
		}
		w.has = resourceAttributes{Host: origin.Host != "", PID: origin.HasPID, Service: origin.Service != ""}
		w.apply(record)
		require.Equal(t, after, record.Attributes().AsRaw(), "a second pass changes nothing")
	})
}

// put adds a value under a name, whose first dots lead into objects.
func put(attributes pcommon.Map, name string, choice byte, i int) {
	for range choice >> 6 {
		object, rest, found := strings.Cut(name, ".")
		if !found {
			break
		}
		value, exists := attributes.GetOrPutEmpty(object)
		if exists && value.Type() != pcommon.ValueTypeMap {
			break
		}
		if !exists {
			value.SetEmptyMap()
		}
		attributes, name = value.Map(), rest
	}
	if _, exists := attributes.Get(name); exists {
		return
	}
	value, token := attributes.PutEmpty(name), 10_000+i
	switch choice % 8 {
	case 0:
		value.SetInt(int64(token))
	case 1:
		value.SetStr(strconv.Itoa(token))
	case 2:
		value.SetStr(fmt.Sprintf("/p%d?q%d#f%d", token, token, token))
	case 3:
		value.SetStr(fmt.Sprintf("10.0.0.1:%d, p%d", token, token))
	case 4:
		value.SetStr(fmt.Sprintf("f%d:%d", token, token))
	case 5:
		value.SetEmptySlice().AppendEmpty().SetStr(strconv.Itoa(token))
	case 6:
		value.SetDouble(float64(token))
	case 7:
		value.SetStr(fmt.Sprintf("https://h%d/p%d?q%d", token, token, token))
	}
}

// tokens returns what of a record's values has to be found again.
func tokens(value any) (all []string) {
	switch value := value.(type) {
	case m:
		for _, member := range value {
			all = append(all, tokens(member)...)
		}
	case []any:
		return tokens(value[0])
	case string:
		return strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune("/?#:, ", r) })
	default:
		return []string{fmt.Sprint(value)}
	}
	return all
}
