package destination

import (
	"bytes"
	stdgzip "compress/gzip"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configcompression"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
)

// BenchmarkCompress compares the standard library's gzip, at confighttp's default level
// and at ours, with ours.
func BenchmarkCompress(b *testing.B) {
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for i := range 1000 {
		record := records.AppendEmpty()
		record.Body().SetStr(fmt.Sprintf("Charged the customer for the order %d", i))
		for j := range 15 {
			record.Attributes().PutStr(fmt.Sprint("attribute.", j), fmt.Sprint("value ", i*j))
		}
	}
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	require.NoError(b, err)
	ours := newGzipper(configcompression.CompressionParams{})
	for name, run := range map[string]func() (int, error){
		"ours":                 func() (int, error) { text, err := ours.compress(body); return len(text), err },
		"standard, default":    standardAt(b, stdgzip.DefaultCompression, body),
		"standard, best speed": standardAt(b, stdgzip.BestSpeed, body),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			size := 0
			for b.Loop() {
				var err error
				size, err = run()
				require.NoError(b, err)
			}
			b.ReportMetric(float64(len(body))/float64(size), "times-smaller")
		})
	}
}

func standardAt(b *testing.B, level int, body []byte) func() (int, error) {
	b.Helper()
	var compressed bytes.Buffer
	writer, err := stdgzip.NewWriterLevel(&compressed, level)
	require.NoError(b, err)
	return func() (int, error) {
		compressed.Reset()
		writer.Reset(&compressed)
		if _, err := writer.Write(body); err != nil {
			return 0, err
		}
		return compressed.Len(), writer.Close()
	}
}
