package try

import (
	"encoding/json"
	"maps"
)

// counts are what the collector has counted.
type counts struct {
	// Lines are by format, Failures by reason, and Redactions by rule.
	Lines      map[string]float64 `json:"lines"`
	Failures   map[string]float64 `json:"parse_failures"`
	Redactions map[string]float64 `json:"redactions"`
}

// metricsDocument is what the collector's reader for the console prints when it ends.
type metricsDocument struct {
	ScopeMetrics []struct {
		Metrics []struct {
			Name string
			Data json.RawMessage
		}
	}
}

type dataPoints struct {
	DataPoints []struct {
		Attributes []struct {
			Key   string
			Value struct{ Value any }
		}
		Value float64
	}
}

func countsOf(printed []byte) counts {
	c := counts{map[string]float64{}, map[string]float64{}, map[string]float64{}}
	var document metricsDocument
	_ = json.Unmarshal(printed, &document) // without it, nothing was counted
	for _, scope := range document.ScopeMetrics {
		for _, metric := range scope.Metrics {
			switch metric.Name {
			case "otelcol_receiver_mina_lines":
				add(c.Lines, metric.Data, "format")
			case "otelcol_receiver_mina_parse_failures":
				add(c.Failures, metric.Data, "reason")
			case "otelcol_processor_mina_redactions":
				add(c.Redactions, metric.Data, "rule")
			}
		}
	}
	return c
}

// add adds up the points of a metric by an attribute.
func add(values map[string]float64, data json.RawMessage, by string) {
	var points dataPoints
	_ = json.Unmarshal(data, &points)
	for _, point := range points.DataPoints {
		for _, attribute := range point.Attributes {
			if name, ok := attribute.Value.Value.(string); ok && attribute.Key == by {
				values[name] += point.Value
			}
		}
	}
	maps.DeleteFunc(values, func(_ string, value float64) bool { return value == 0 })
}
