package condition

import (
	"cmp"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// value is what OTTL compares: a text, a number, a truth or nothing (nil).
type value struct {
	kind    pcommon.ValueType
	text    string
	integer int64
	decimal float64
	truth   bool
}

func textValue(text string) value { return value{kind: pcommon.ValueTypeStr, text: text} }

// valueOf returns that of an attribute or a body. known is false for bytes, which are nil
// for OTTL when there are none.
func valueOf(v pcommon.Value) (of value, known bool) {
	switch kind := v.Type(); kind {
	case pcommon.ValueTypeStr:
		return textValue(v.Str()), true
	case pcommon.ValueTypeInt:
		return value{kind: kind, integer: v.Int()}, true
	case pcommon.ValueTypeDouble:
		return value{kind: kind, decimal: v.Double()}, true
	case pcommon.ValueTypeBool:
		return value{kind: kind, truth: v.Bool()}, true
	default:
		return value{kind: kind}, kind != pcommon.ValueTypeBytes
	}
}

// literalOf reads a literal.
func literalOf(tokens []token) (v value, ok bool) {
	sign := ""
	if len(tokens) == 2 && tokens[0].kind == mark && tokens[0].text == "-" {
		sign, tokens = "-", tokens[1:]
	}
	if len(tokens) != 1 {
		return value{}, false
	}
	var err error
	switch t := tokens[0]; t.kind {
	case integer:
		v.kind = pcommon.ValueTypeInt
		v.integer, err = strconv.ParseInt(sign+t.text, 10, 64)
		return v, err == nil
	case decimal:
		v.kind = pcommon.ValueTypeDouble
		v.decimal, err = strconv.ParseFloat(sign+t.text, 64)
		return v, err == nil
	case quoted:
		v.kind = pcommon.ValueTypeStr
		v.text, err = strconv.Unquote(t.text)
		return v, err == nil && sign == ""
	case keyword:
		if t.text != "nil" {
			v = value{kind: pcommon.ValueTypeBool, truth: t.text == "true"}
		}
		return v, sign == ""
	case name:
		v.kind = pcommon.ValueTypeInt
		v.integer, ok = severities[t.text]
		return v, ok && sign == ""
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
func (v value) compare(op operator, with value) bool {
	switch {
	case v.isNumber() && with.isNumber():
		if v.kind == pcommon.ValueTypeInt && with.kind == pcommon.ValueTypeInt {
			return holds(v.integer, op, with.integer)
		}
		return holds(v.number(), op, with.number())
	case v.kind != with.kind:
		return op == different
	case v.kind == pcommon.ValueTypeStr:
		return holds(v.text, op, with.text)
	case v.kind == pcommon.ValueTypeBool:
		return holds(bit(v.truth), op, bit(with.truth))
	default: // both are nil
		return op == equal || op == atMost || op == atLeast
	}
}

func (v value) isNumber() bool {
	return v.kind == pcommon.ValueTypeInt || v.kind == pcommon.ValueTypeDouble
}

func (v value) number() float64 {
	if v.kind == pcommon.ValueTypeInt {
		return float64(v.integer)
	}
	return v.decimal
}

func bit(truth bool) int {
	if truth {
		return 1
	}
	return 0
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
