package condition

import (
	"cmp"
	"math"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// value is what OTTL compares: a text, a number, a truth or nothing (nil).
type value struct {
	kind pcommon.ValueType
	text string
	// bits are those of a number, or 1 for true.
	bits uint64
}

func textValue(text string) value { return value{kind: pcommon.ValueTypeStr, text: text} }

func intValue(n int64) value { return value{kind: pcommon.ValueTypeInt, bits: uint64(n)} }

func doubleValue(n float64) value {
	return value{kind: pcommon.ValueTypeDouble, bits: math.Float64bits(n)}
}

func boolValue(truth bool) value {
	if truth {
		return value{kind: pcommon.ValueTypeBool, bits: 1}
	}
	return value{kind: pcommon.ValueTypeBool}
}

// valueOf returns that of an attribute or a body. known is false for bytes, which are nil
// for OTTL when there are none.
func valueOf(v pcommon.Value) (of value, known bool) {
	switch kind := v.Type(); kind {
	case pcommon.ValueTypeStr:
		return textValue(v.Str()), true
	case pcommon.ValueTypeInt:
		return intValue(v.Int()), true
	case pcommon.ValueTypeDouble:
		return doubleValue(v.Double()), true
	case pcommon.ValueTypeBool:
		return boolValue(v.Bool()), true
	default:
		return value{kind: kind}, kind != pcommon.ValueTypeBytes
	}
}

// literalOf reads a literal.
func literalOf(tokens []token) (v value, ok bool) {
	sign := ""
	if len(tokens) == 2 && tokens[0] == (token{"-", mark}) {
		sign, tokens = "-", tokens[1:]
	}
	if len(tokens) != 1 {
		return value{}, false
	}
	switch t := tokens[0]; t.kind {
	case integer:
		n, err := strconv.ParseInt(sign+t.text, 10, 64)
		return intValue(n), err == nil
	case decimal:
		n, err := strconv.ParseFloat(sign+t.text, 64)
		return doubleValue(n), err == nil
	case quoted:
		text, err := unquote(t.text)
		return textValue(text), err == nil && sign == ""
	case name:
		n, known := severities[t.text]
		return intValue(n), known && sign == ""
	case keyword:
		if t.text == "nil" {
			return value{}, sign == ""
		}
		return boolValue(t.text == "true"), sign == ""
	}
	return value{}, false
}

// severities are OTTL's names of the severity numbers.
var severities = func() map[string]int64 {
	names := map[string]int64{}
	for number := plog.SeverityNumberUnspecified; number <= plog.SeverityNumberFatal4; number++ {
		names["SEVERITY_NUMBER_"+strings.ToUpper(number.String())] = int64(number)
	}
	return names
}()

type operator uint8

const (
	equal operator = iota + 1
	different
	less
	atMost
	atLeast
	greater
)

var operators = map[string]operator{"==": equal, "!=": different, "<": less, "<=": atMost, ">=": atLeast, ">": greater}

// mirrored returns the operator for when both sides are exchanged.
func (o operator) mirrored() operator {
	switch o {
	case less:
		return greater
	case atMost:
		return atLeast
	case atLeast:
		return atMost
	case greater:
		return less
	}
	return o
}

// compare compares as OTTL does: values of different kinds are different, and that is all.
func (v value) compare(op operator, with *value) bool {
	switch {
	case v.kind == pcommon.ValueTypeInt && with.kind == pcommon.ValueTypeInt:
		return holds(int64(v.bits), op, int64(with.bits))
	case v.isNumber() && with.isNumber():
		return holds(v.number(), op, with.number())
	case v.kind != with.kind:
		return op == different
	case v.kind == pcommon.ValueTypeStr:
		return holds(v.text, op, with.text)
	default: // both are bool, or both are nil
		return holds(v.bits, op, with.bits)
	}
}

func (v value) isNumber() bool {
	return v.kind == pcommon.ValueTypeInt || v.kind == pcommon.ValueTypeDouble
}

func (v value) number() float64 {
	if v.kind == pcommon.ValueTypeInt {
		return float64(int64(v.bits))
	}
	return math.Float64frombits(v.bits)
}

func holds[T cmp.Ordered](a T, op operator, b T) bool {
	switch op {
	case equal:
		return a == b
	case different:
		return a != b
	case less:
		return a < b
	case atMost:
		return a <= b
	case atLeast:
		return a >= b
	case greater:
		return a > b
	}
	return false
}
