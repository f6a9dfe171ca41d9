package search

import (
	"fmt"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/logsql"
	"github.com/mina-observability/otelcol-mina/internal/minalog"
)

// highest is the number of the highest level.
const highest = plog.SeverityNumberFatal4

// level returns the filter of a level, whose numbers tell more than its name.
func (t criterion) level() (logsql.Filter, error) {
	if t.form == word && !t.star && strings.Contains(t.text, ",") {
		return t.levels()
	}
	number, known := minalog.Severity(t.text)
	switch {
	case t.form == compare && (!known || number == 0):
		return nil, &Error{fmt.Sprintf("%q is no level that others are above or below", t.text), "Write one of trace, debug, info, warning, error and critical.", t.at}
	case t.form == compare:
		return compareLevel(t.operator, number), nil
	case t.form == exists:
		return logsql.Compare(severityNumber, logsql.Greater, "0"), nil
	case t.form > compare, t.star, !known: // a level of the application's own
		return field{names: []string{severityText}}.filter(t)
	case number == 0:
		return logsql.Not(logsql.Compare(severityNumber, logsql.Greater, "0")), nil
	}
	return numbers(number, lastOf(number)), nil
}

// levels returns the filter of several levels with commas between.
func (t criterion) levels() (logsql.Filter, error) {
	var filters []logsql.Filter
	for name := range strings.SplitSeq(t.text, ",") {
		if name == "" {
			continue
		}
		one := t
		one.text = name
		filter, err := one.level()
		if err != nil {
			return nil, err
		}
		filters = append(filters, filter)
	}
	return logsql.Or(filters...), nil
}

// compareLevel has no record below a level that has none.
func compareLevel(operator logsql.Operator, number plog.SeverityNumber) logsql.Filter {
	switch operator {
	case logsql.Greater:
		return logsql.Compare(severityNumber, logsql.Greater, digits(lastOf(number)))
	case logsql.AtLeast:
		return logsql.Compare(severityNumber, logsql.AtLeast, digits(number))
	case logsql.Less:
		return numbers(1, number-1)
	}
	return numbers(1, lastOf(number))
}

// lastOf returns the last number of a level: those of error go from 17 to 20, while notice
// is 10 alone.
func lastOf(number plog.SeverityNumber) plog.SeverityNumber {
	if number%4 == 1 {
		return number + 3
	}
	return number
}

func numbers(first, last plog.SeverityNumber) logsql.Filter {
	var values []string
	for number := first; number <= min(last, highest); number++ {
		values = append(values, digits(number))
	}
	return logsql.In(severityNumber, values...)
}

func digits(number plog.SeverityNumber) string { return strconv.Itoa(int(number)) }
