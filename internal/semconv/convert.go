package semconv

import (
	"math"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

// ofResource reports whether a value goes to the resource.
func (c conversion) ofResource() bool { return c == toHost || c == toPID || c == toService }

// move puts a value where it belongs, and reports whether it could.
func (w *walk) move(mv *move, value pcommon.Value) (moved bool) {
	switch {
	case mv.conversion.ofResource():
		return w.resource(mv.conversion, value)
	case mv.target == "" || w.isTaken(mv.id) && mv != w.function:
		return false
	}
	switch mv.conversion {
	case asIs:
		value.MoveTo(w.out.AppendEmpty(mv.target))
		moved = true
	case toText:
		moved = w.text(mv, value)
	case toLines:
		moved = w.lines(mv, value)
	case toInt, toStatus:
		moved = w.number(mv, value)
	case toList:
		moved = w.list(mv, value)
	default:
		if value.Type() == pcommon.ValueTypeStr {
			moved = w.parts(mv, value)
		}
	}
	if moved {
		w.take(mv.id)
	}
	return moved
}

// parts moves a text that has parts, or that is one.
func (w *walk) parts(mv *move, value pcommon.Value) bool {
	switch mv.conversion {
	case toMethod:
		return w.method(mv, value)
	case toURL:
		return w.url(mv, value)
	case toClient:
		return w.client(mv, value)
	case toLocation:
		return w.location(mv, value)
	default: // toFunction
		w.out.AppendEmpty(mv.target).SetStr(qualify(w.qualifier, value.Str()))
		return true
	}
}

func (w *walk) text(mv *move, value pcommon.Value) bool {
	text, ok := textOf(value)
	if !ok {
		return false
	}
	if value.Type() != pcommon.ValueTypeStr {
		value.SetStr(text)
	}
	value.MoveTo(w.out.AppendEmpty(mv.target))
	return true
}

// lines moves a text, or the texts of a list as one.
func (w *walk) lines(mv *move, value pcommon.Value) bool {
	if value.Type() != pcommon.ValueTypeSlice {
		return w.text(mv, value)
	}
	if value.Slice().Len() == 0 {
		return false
	}
	var all strings.Builder
	for i, line := range value.Slice().All() {
		if line.Type() != pcommon.ValueTypeStr {
			return false
		}
		if i > 0 && !strings.HasSuffix(all.String(), "\n") {
			all.WriteByte('\n')
		}
		all.WriteString(line.Str())
	}
	w.out.AppendEmpty(mv.target).SetStr(all.String())
	return true
}

func (w *walk) number(mv *move, value pcommon.Value) bool {
	var n int64
	var ok bool
	if mv.conversion == toStatus {
		n, ok = statusOf(value)
	} else {
		n, ok = intOf(value)
	}
	if !ok {
		return false
	}
	if value.Type() != pcommon.ValueTypeInt {
		value.SetInt(n)
	}
	value.MoveTo(w.out.AppendEmpty(mv.target))
	return true
}

func (w *walk) list(mv *move, value pcommon.Value) bool {
	if value.Type() == pcommon.ValueTypeSlice {
		value.MoveTo(w.out.AppendEmpty(mv.target))
		return true
	}
	text, ok := textOf(value)
	if ok {
		w.out.AppendEmpty(mv.target).SetEmptySlice().AppendEmpty().SetStr(text)
	}
	return ok
}

func (w *walk) method(mv *move, value pcommon.Value) bool {
	if knownMethods[value.Str()] {
		value.MoveTo(w.out.AppendEmpty(mv.target))
		return true
	}
	if w.isTaken(w.mapper.methodOriginal) {
		return false
	}
	w.take(w.mapper.methodOriginal)
	w.out.AppendEmpty(mv.target).SetStr(methodOther)
	value.MoveTo(w.out.AppendEmpty(string(semconv.HTTPRequestMethodOriginalKey)))
	return true
}

// url moves a path, and the query and fragment behind it. A URL that is whole stays so
// as well.
func (w *walk) url(mv *move, value pcommon.Value) bool {
	m, whole := w.mapper, value.Str()
	rest, fragment, hasFragment := strings.Cut(whole, "#")
	path, query, hasQuery := strings.Cut(rest, "?")
	path, isWhole := cutAuthority(path)
	if !isWhole && !hasQuery && !hasFragment {
		value.MoveTo(w.out.AppendEmpty(mv.target))
		return true
	}
	if isWhole && w.isTaken(m.full) || hasQuery && w.isTaken(m.query) || hasFragment && w.isTaken(m.fragment) {
		return false
	}
	if path != "" {
		w.out.AppendEmpty(mv.target).SetStr(path)
	}
	if hasQuery {
		w.put(m.query, string(semconv.URLQueryKey)).SetStr(query)
	}
	if hasFragment {
		w.put(m.fragment, string(semconv.URLFragmentKey)).SetStr(fragment)
	}
	if isWhole {
		value.MoveTo(w.put(m.full, string(semconv.URLFullKey)))
	}
	return true
}

// put appends the value of a target that is not taken.
func (w *walk) put(target int, name string) pcommon.Value {
	w.take(target)
	return w.out.AppendEmpty(name)
}

// cutAuthority cuts the scheme and the authority in front of the path of a whole URL.
func cutAuthority(url string) (path string, isWhole bool) {
	scheme, rest, found := strings.Cut(url, "://")
	if !found || scheme == "" || strings.Contains(scheme, "/") {
		return url, false
	}
	if slash := strings.IndexByte(rest, '/'); slash >= 0 {
		return rest[slash:], true
	}
	return "", true
}

// client moves the address of a client, the port behind it, and the proxies behind the
// comma: X-Forwarded-For: client, proxy.
func (w *walk) client(mv *move, value pcommon.Value) bool {
	m, all := w.mapper, value.Str()
	first, _, isList := strings.Cut(all, ",")
	address, port := cutPort(strings.TrimSpace(first))
	if address == "" || address == "-" || isList && w.isTaken(m.forwarded) || port > 0 && w.isTaken(m.port) {
		return false
	}
	if address == all {
		value.MoveTo(w.out.AppendEmpty(mv.target))
		return true
	}
	w.out.AppendEmpty(mv.target).SetStr(address)
	if port > 0 {
		w.put(m.port, string(semconv.ClientPortKey)).SetInt(port)
	}
	if isList {
		value.MoveTo(w.put(m.forwarded, forwardedHeaderKey).SetEmptySlice().AppendEmpty())
	}
	return true
}

// cutPort cuts the port off 203.0.113.9:53422 and [2001:db8::1]:53422, and the brackets.
func cutPort(text string) (address string, port int64) {
	host, behind := text, ""
	if inner, isBracketed := strings.CutPrefix(text, "["); isBracketed {
		var closed bool
		if host, behind, closed = strings.Cut(inner, "]"); !closed {
			return text, 0
		}
		if behind == "" {
			return host, 0
		}
	} else if colon := strings.IndexByte(text, ':'); colon > 0 {
		host, behind = text[:colon], text[colon:]
	}
	if !strings.HasPrefix(behind, ":") {
		return text, 0
	}
	port, err := strconv.ParseInt(behind[1:], 10, 64)
	if err != nil || port < 1 || port > math.MaxUint16 {
		return text, 0
	}
	return host, port
}

// location moves a function and its line.
func (w *walk) location(mv *move, value pcommon.Value) bool {
	function, line, ok := cutLocation(value.Str())
	if !ok || w.isTaken(w.mapper.line) {
		return false
	}
	w.out.AppendEmpty(mv.target).SetStr(function)
	w.put(w.mapper.line, string(semconv.CodeLineNumberKey)).SetInt(line)
	return true
}

// cutLocation reads pay:41.
func cutLocation(text string) (function string, line int64, ok bool) {
	function, digits, _ := strings.Cut(text, ":")
	line, err := strconv.ParseInt(digits, 10, 64)
	return function, line, err == nil && line >= 0 && function != "" && !strings.ContainsAny(function, " /")
}

// resource takes what belongs to the resource.
func (w *walk) resource(c conversion, value pcommon.Value) bool {
	switch {
	case c == toHost && !w.has.Host && w.origin.Host == "" && value.Type() == pcommon.ValueTypeStr:
		w.origin.Host = value.Str()
		return w.origin.Host != ""
	case c == toService && !w.has.Service && w.origin.Service == "" && value.Type() == pcommon.ValueTypeStr:
		w.origin.Service = value.Str()
		return w.origin.Service != ""
	case c == toPID && !w.has.PID && !w.origin.HasPID:
		w.origin.PID, w.origin.HasPID = intOf(value)
		return w.origin.HasPID
	}
	return false
}

func qualify(qualifier, name string) string {
	if qualifier == "" {
		return name
	}
	return qualifier + "." + name
}

// textOf returns the text of a string or a number.
func textOf(value pcommon.Value) (string, bool) {
	switch value.Type() {
	case pcommon.ValueTypeStr, pcommon.ValueTypeInt, pcommon.ValueTypeDouble:
		return value.AsString(), true
	default:
		return "", false
	}
}

// intOf returns the integer that a value is or spells.
func intOf(value pcommon.Value) (int64, bool) {
	switch value.Type() {
	case pcommon.ValueTypeInt:
		return value.Int(), true
	case pcommon.ValueTypeDouble:
		f := value.Double()
		return int64(f), f == math.Trunc(f) && math.Abs(f) < 1<<53
	case pcommon.ValueTypeStr:
		whole, fraction, _ := strings.Cut(value.Str(), ".")
		n, err := strconv.ParseInt(whole, 10, 64)
		return n, err == nil && strings.Trim(fraction, "0") == ""
	default:
		return 0, false
	}
}

// statusOf returns the status code that a value is, or that it begins with: 404 NOT FOUND.
func statusOf(value pcommon.Value) (int64, bool) {
	n, ok := intOf(value)
	if !ok && value.Type() == pcommon.ValueTypeStr {
		code, _, _ := strings.Cut(value.Str(), " ")
		parsed, err := strconv.ParseInt(code, 10, 64)
		n, ok = parsed, err == nil
	}
	return n, ok && 100 <= n && n <= 599
}

// shortName is the name that the log data model gives a severity number: INFO,
// INFO2, INFO3, INFO4.
func shortName(number plog.SeverityNumber) string {
	return strings.ToUpper(number.String())
}
