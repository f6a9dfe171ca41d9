package endpoint

import (
	"testing"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
)

// FuzzRecords holds the count against pdata's own reading, of what pdata writes: of
// groups, which nobody uses, it reads more.
func FuzzRecords(f *testing.F) {
	logs := plog.NewLogs()
	logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetStr("text")
	text, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, request []byte) {
		records(request, func([]byte) {})
		want := plogotlp.NewExportRequest()
		if want.UnmarshalProto(request) != nil {
			return
		}
		written, err := want.MarshalProto()
		if err != nil {
			t.Fatal(err)
		}
		if got := records(written, nil); got != int64(want.Logs().LogRecordCount()) {
			t.Fatalf("%d records instead of %d", got, want.Logs().LogRecordCount())
		}
	})
}
