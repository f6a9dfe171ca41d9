package collector

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// Sample is one value of a metric.
type Sample struct {
	Name   string
	Labels map[string]string
	Value  float64
}

// Samples are the values of the collector's own metrics.
type Samples []Sample

// Metrics asks for the collector's own metrics at base, an address without a path.
func Metrics(ctx context.Context, base string) (Samples, error) {
	text, err := MetricsText(ctx, base)
	return parseSamples(text), err
}

// MetricsText returns them in Prometheus' text format.
func MetricsText(ctx context.Context, base string) ([]byte, error) {
	body, code, err := get(ctx, base, "/metrics")
	if err == nil && code != http.StatusOK {
		return nil, fmt.Errorf("%s/metrics answers with HTTP %d", base, code)
	}
	return body, err
}

// Sum adds up the values of a metric that have the labels, given as name, value, name ….
func (s Samples) Sum(name string, labels ...string) float64 {
	var sum float64
	for i := range s {
		if s[i].matches(name, labels) {
			sum += s[i].Value
		}
	}
	return sum
}

// Has reports whether there is such a metric.
func (s Samples) Has(name string, labels ...string) bool {
	for i := range s {
		if s[i].matches(name, labels) {
			return true
		}
	}
	return false
}

// Values returns the values of a metric by a label, summed over the others.
func (s Samples) Values(name, label string) map[string]float64 {
	values := map[string]float64{}
	for i := range s {
		if s[i].Name == name {
			values[s[i].Labels[label]] += s[i].Value
		}
	}
	return values
}

func (s *Sample) matches(name string, labels []string) bool {
	if s.Name != name {
		return false
	}
	for i := 0; i+1 < len(labels); i += 2 {
		if s.Labels[labels[i]] != labels[i+1] {
			return false
		}
	}
	return true
}

// parseSamples reads Prometheus' text format as the collector writes it. The parser of
// prometheus/common would be half of this program. A line that is none is passed over.
func parseSamples(text []byte) Samples {
	var samples Samples
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, longest)
	for lines.Scan() {
		if sample, ok := parseSample(lines.Text()); ok {
			samples = append(samples, sample)
		}
	}
	return samples
}

func parseSample(line string) (Sample, bool) {
	end := strings.IndexAny(line, "{ \t")
	if end <= 0 || line[0] == '#' {
		return Sample{}, false
	}
	s := Sample{Name: line[:end]}
	rest := line[end:]
	if rest[0] == '{' {
		var ok bool
		if s.Labels, rest, ok = parseLabels(rest[1:]); !ok {
			return Sample{}, false
		}
	}
	fields := strings.Fields(rest) // the second, if there is one, is a time
	if len(fields) == 0 || len(fields) > 2 {
		return Sample{}, false
	}
	var err error
	s.Value, err = strconv.ParseFloat(fields[0], 64)
	return s, err == nil
}

// parseLabels reads labels up to their brace, and returns what follows it.
func parseLabels(text string) (labels map[string]string, rest string, ok bool) {
	labels = map[string]string{}
	for {
		text = strings.TrimLeft(text, ", \t")
		if after, closed := strings.CutPrefix(text, "}"); closed {
			return labels, after, true
		}
		name, after, found := strings.Cut(text, `="`)
		if !found {
			return nil, "", false
		}
		value, after, found := parseValue(after)
		if !found {
			return nil, "", false
		}
		labels[strings.TrimSpace(name)], text = value, after
	}
}

// parseValue reads a label's value up to its quote.
func parseValue(text string) (value, rest string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '"':
			return b.String(), text[i+1:], true
		case '\\':
			if i++; i == len(text) {
				return "", "", false
			}
			if text[i] == 'n' {
				b.WriteByte('\n')
			} else {
				b.WriteByte(text[i])
			}
		default:
			b.WriteByte(c)
		}
	}
	return "", "", false
}
