package semconv

import (
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

// The names that the conventions do not have.
const (
	requestHeaderKey = "http.request.header.x-request-id"
	methodOther      = "_OTHER"
)

// conversion is what happens to a value on its way. A value that does not
// convert keeps its name.
type conversion uint8

const (
	asIs       conversion = iota
	toText                // a number becomes its text
	toInt                 // text becomes the number that it spells
	toStatus              // as toInt, from 100 to 599
	toMethod              // one that is not known becomes _OTHER, and the original is kept
	toPath                // the query goes to url.query
	toFunction            // the module or namespace goes in front
	toList                // text becomes a list of one
	toHost                // of the resource
	toPID                 // of the resource
	toService             // of the resource
)

// move is one row of the table: where an attribute goes, and how.
type move struct {
	target     string
	conversion conversion
	// bit stands for the target in a set of targets.
	bit uint64
	// qualifier is the attribute whose text goes in front, for toFunction.
	qualifier string
}

// moves are Mina's own fields and, behind them, the names that the conventions
// had before. A dot leads into an object or is part of the name.
func moves(requestIDHeader bool) map[string]move {
	table := map[string]move{
		"module":       {}, // goes with function
		"function":     {target: string(semconv.CodeFunctionNameKey), conversion: toFunction, qualifier: "module"},
		"line":         {target: string(semconv.CodeLineNumberKey), conversion: toInt},
		"pathname":     {target: string(semconv.CodeFilePathKey)},
		"process_name": {target: minaattr.ProcessName},
		"thread_id":    {target: string(semconv.ThreadIDKey), conversion: toInt},
		"thread_name":  {target: string(semconv.ThreadNameKey)},
		"request_id":   {target: minaattr.RequestID, conversion: toText},
		"status_code":  {target: string(semconv.HTTPResponseStatusCodeKey), conversion: toStatus},
		"session_id":   {target: string(semconv.SessionIDKey), conversion: toText},

		"http.method":     {target: string(semconv.HTTPRequestMethodKey), conversion: toMethod},
		"http.path":       {target: string(semconv.URLPathKey), conversion: toPath},
		"http.ip":         {target: string(semconv.ClientAddressKey)},
		"http.user_agent": {target: string(semconv.UserAgentOriginalKey)},

		"user.id":       {target: string(semconv.UserIDKey), conversion: toText},
		"user.username": {target: string(semconv.UserNameKey), conversion: toText},

		"exception.type":      {target: string(semconv.ExceptionTypeKey)},
		"exception.message":   {target: string(semconv.ExceptionMessageKey)},
		"exception.traceback": {target: string(semconv.ExceptionStacktraceKey)},

		"hostname":        {target: string(semconv.HostNameKey), conversion: toHost},
		"process_id":      {target: string(semconv.ProcessPIDKey), conversion: toPID},
		"otelServiceName": {target: string(semconv.ServiceNameKey), conversion: toService},

		"http.target":      {target: string(semconv.URLPathKey), conversion: toPath},
		"http.client_ip":   {target: string(semconv.ClientAddressKey)},
		"http.status_code": {target: string(semconv.HTTPResponseStatusCodeKey), conversion: toStatus},
		"code.namespace":   {}, // goes with code.function
		"code.function":    {target: string(semconv.CodeFunctionNameKey), conversion: toFunction, qualifier: "code.namespace"},
		"code.filepath":    {target: string(semconv.CodeFilePathKey)},
		"code.lineno":      {target: string(semconv.CodeLineNumberKey), conversion: toInt},
		"enduser.role":     {target: string(semconv.UserRolesKey), conversion: toList},
	}
	if requestIDHeader {
		table["request_id"] = move{target: requestHeaderKey, conversion: toList}
	}
	return table
}

// knownMethods are those of RFC 9110, section 9, with PATCH (RFC 5789) and QUERY
// (RFC 10008). They are case-sensitive.
var knownMethods = map[string]bool{
	"GET": true, "HEAD": true, "POST": true, "PUT": true, "DELETE": true, "CONNECT": true, "OPTIONS": true, "TRACE": true,
	"PATCH": true, "QUERY": true,
}
