package logstoreextension

import (
	"bytes"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// vitals are what an engine says of itself in its metrics.
type vitals struct {
	// bytes is what the records take on the disk, with what finds them.
	bytes int64
	// unwritten is how many records are not on the disk yet.
	unwritten int64
	// tooOld is how many records were older than the retention.
	tooOld   int64
	readOnly bool
}

// readVitals reads metrics in the text format of Prometheus, as far as it is that.
func readVitals(text []byte) vitals {
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, _ := parser.TextToMetricFamilies(bytes.NewReader(text))
	sum := func(family, label, value string) (total int64) {
		for _, metric := range families[family].GetMetric() {
			if has(metric, label, value) {
				total += int64(metric.GetUntyped().GetValue())
			}
		}
		return total
	}
	return vitals{
		bytes:     sum("vl_data_size_bytes", "", ""),
		unwritten: sum("vl_storage_rows", "type", "storage/inmemory") + sum("vl_pending_rows", "", ""),
		tooOld:    sum("vl_rows_dropped_total", "reason", "too_small_timestamp"),
		readOnly:  sum("vl_storage_is_read_only", "", "") > 0,
	}
}

// has reports whether a metric has a label, or "" for any metric.
func has(metric *dto.Metric, label, value string) bool {
	for _, pair := range metric.GetLabel() {
		if pair.GetName() == label && pair.GetValue() == value {
			return true
		}
	}
	return label == ""
}
