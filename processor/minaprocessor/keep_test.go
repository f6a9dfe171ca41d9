package minaprocessor

import (
	"bytes"
	"slices"
	"testing"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/corpus"
)

// notRead are places where a text is not judged as what it is: as a name, within a URL,
// where its blanks are written in another way, and too deep.
var notRead = []int{2, 9, 10, 18}

// FuzzKeepsBenign puts a text that only looks as if it had a secret somewhere into a
// record, which must come out as it went in.
func FuzzKeepsBenign(f *testing.F) {
	for kind := range corpus.HarmlessKinds() {
		for i := range 40 {
			f.Add(uint64(kind*97+i), uint8(kind), uint8(i))
		}
	}
	p := newTestProcessor(f, map[string]any{"redaction": nil})
	marshaler := plog.ProtoMarshaler{}
	f.Fuzz(func(t *testing.T, seed uint64, kind, place uint8) {
		at := int(place) % len(places)
		if slices.Contains(notRead, at) {
			t.Skip("what goes there goes for what it is not")
		}
		name, text := corpus.Harmless(seed, int(kind)%corpus.HarmlessKinds())
		logs := plog.NewLogs()
		rl := logs.ResourceLogs().AppendEmpty()
		sl := rl.ScopeLogs().AppendEmpty()
		places[at](record{rl, sl, sl.LogRecords().AppendEmpty()}, text)
		before, err := marshaler.MarshalLogs(logs)
		if err != nil {
			t.Fatal(err)
		}
		if logs, err = p.process(t.Context(), logs); err != nil {
			t.Fatal(err)
		}
		after, err := marshaler.MarshalLogs(logs)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(before, after) {
			t.Fatalf("%s: %q is changed: %s", name, text, describe(logs))
		}
	})
}
