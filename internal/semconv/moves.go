package semconv

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

// RequestHeader has the id of a request, if the configuration says so, as a list of one.
const RequestHeader = "http.request.header.x-request-id"

// The names that the conventions do not have.
const (
	forwardedHeaderKey = "http.request.header.x-forwarded-for"
	methodOther        = "_OTHER"
)

// conversion is what happens to a value on its way. A value that does not
// convert keeps its name.
type conversion uint8

const (
	asIs       conversion = iota
	toText                // a number becomes its text
	toLines               // as toText, and the lines of a list become one text
	toInt                 // text becomes the number that it spells
	toStatus              // as toInt, from 100 to 599, also with the reason behind it
	toList                // text becomes a list of one
	toMethod              // one that is not known becomes _OTHER, and the original is kept
	toURL                 // the query, the fragment and the whole of a URL have names of their own
	toClient              // of the list of X-Forwarded-For the first, which the others are kept beside
	toFunction            // the module or namespace goes in front
	toLocation            // function:line
	toHost                // of the resource
	toPID                 // of the resource
	toService             // of the resource
)

// move is one row of the table: where an attribute goes, and how.
type move struct {
	target     string
	conversion conversion
	// id stands for the target; see [Mapper.targets].
	id int
	// qualifier is the attribute whose text goes in front, for toFunction.
	qualifier string
	// when is set if the name alone does not tell what it is.
	when *condition
}

// condition is what has to be beside an attribute.
type condition struct {
	says  string
	isMet func(beside pcommon.Map) bool
}

// moves are the fields that records have besides those that the receiver reads, by
// who writes them. A dot leads into an object or is part of the name. A name that
// applications use for what is theirs (host, status, method, pid) is not here, or only
// with what tells its meaning beside it.
func moves(requestIDHeader bool) map[string]move {
	const module, namespace, recordModule = "module", "code.namespace", "record.module"
	var (
		function   = move{target: string(semconv.CodeFunctionNameKey), conversion: toFunction, qualifier: module}
		line       = move{target: string(semconv.CodeLineNumberKey), conversion: toInt}
		path       = move{target: string(semconv.CodeFilePathKey), conversion: toText}
		threadID   = move{target: string(semconv.ThreadIDKey), conversion: toInt}
		threadName = move{target: string(semconv.ThreadNameKey), conversion: toText}

		method    = move{target: string(semconv.HTTPRequestMethodKey), conversion: toMethod}
		status    = move{target: string(semconv.HTTPResponseStatusCodeKey), conversion: toStatus}
		url       = move{target: string(semconv.URLPathKey), conversion: toURL}
		client    = move{target: string(semconv.ClientAddressKey), conversion: toClient}
		userAgent = move{target: string(semconv.UserAgentOriginalKey), conversion: toText}

		processName = move{target: minaattr.ProcessName, conversion: toText}
		host        = move{target: string(semconv.HostNameKey), conversion: toHost}
		pid         = move{target: string(semconv.ProcessPIDKey), conversion: toPID}
		service     = move{target: string(semconv.ServiceNameKey), conversion: toService}
	)
	table := map[string]move{
		// Mina's own
		"module":              {}, // goes with function
		"function":            function,
		"line":                line,
		"pathname":            path,
		"hostname":            host,
		"process_id":          pid,
		"process_name":        processName,
		"thread_id":           threadID,
		"thread_name":         threadName,
		"request_id":          {target: minaattr.RequestID, conversion: toText},
		"session_id":          {target: string(semconv.SessionIDKey), conversion: toText},
		"status_code":         status,
		"http.method":         method,
		"http.path":           url,
		"http.ip":             client,
		"http.user_agent":     userAgent,
		"user.id":             {target: string(semconv.UserIDKey), conversion: toText},
		"user.username":       {target: string(semconv.UserNameKey), conversion: toText},
		"exception.type":      {target: string(semconv.ExceptionTypeKey), conversion: toText},
		"exception.message":   {target: string(semconv.ExceptionMessageKey), conversion: toText},
		"exception.traceback": {target: string(semconv.ExceptionStacktraceKey), conversion: toLines},
		"http":                {}, // holds others, or is null
		"user":                {},
		"exception":           {},

		// LogRecord and structlog
		"funcName":    function,
		"func_name":   function,
		"lineno":      line,
		"filename":    {target: string(semconv.CodeFilePathKey), conversion: toText, when: &besideLine},
		"process":     pid,
		"processName": processName,
		"thread":      threadID,
		"threadName":  threadName,
		"stack_info":  {target: string(semconv.CodeStacktraceKey), conversion: toText},

		// OpenTelemetry's instrumentation of logging, Datadog's
		"otelServiceName": service,
		"dd.service":      service,

		// ECS
		"log.origin.file.name":     path,
		"log.origin.file.line":     line,
		"log.origin.function":      {target: string(semconv.CodeFunctionNameKey), conversion: toText},
		"log.original":             {target: string(semconv.LogRecordOriginalKey), conversion: toText},
		"process.name":             processName,
		"process.id":               pid,
		"process.thread.id":        threadID,
		"process.thread.name":      threadName,
		"host.hostname":            host,
		"client.ip":                client,
		"source.ip":                {target: string(semconv.SourceAddressKey), conversion: toText},
		"destination.ip":           {target: string(semconv.DestinationAddressKey), conversion: toText},
		"http.version":             {target: string(semconv.NetworkProtocolVersionKey), conversion: toText},
		"http.request.body.bytes":  {target: string(semconv.HTTPRequestBodySizeKey), conversion: toInt},
		"http.response.body.bytes": {target: string(semconv.HTTPResponseBodySizeKey), conversion: toInt},

		// loguru
		"record.module":       {}, // goes with record.function
		"record.function":     {target: string(semconv.CodeFunctionNameKey), conversion: toFunction, qualifier: recordModule},
		"record.line":         line,
		"record.file.path":    path,
		"record.process.id":   pid,
		"record.process.name": processName,
		"record.thread.id":    threadID,
		"record.thread.name":  threadName,

		// Google's
		"logging.googleapis.com/sourceLocation.file":     path,
		"logging.googleapis.com/sourceLocation.line":     line,
		"logging.googleapis.com/sourceLocation.function": {target: string(semconv.CodeFunctionNameKey), conversion: toText},
		"httpRequest.requestMethod":                      method,
		"httpRequest.requestUrl":                         url,
		"httpRequest.status":                             status,
		"httpRequest.userAgent":                          userAgent,
		"httpRequest.remoteIp":                           client,

		// AWS Lambda Powertools
		"location": {target: string(semconv.CodeFunctionNameKey), conversion: toLocation, when: &besideLocation},
		"service":  {target: string(semconv.ServiceNameKey), conversion: toService, when: &besideLocation},

		// journald's
		"CODE_FILE": path,
		"CODE_FUNC": {target: string(semconv.CodeFunctionNameKey), conversion: toText},
		"CODE_LINE": line,
		"_HOSTNAME": host,
		"_PID":      pid,

		// access logs in JSON
		"remote_address":  client,
		"remote_addr":     client,
		"remote_ip":       client,
		"client_ip":       client,
		"url_path":        url,
		"request_path":    url,
		"request_uri":     url,
		"request_method":  method,
		"http_user_agent": userAgent,
		"query_string":    {target: string(semconv.URLQueryKey), conversion: toText},
		"user_agent":      userAgent,
		"method":          {target: string(semconv.HTTPRequestMethodKey), conversion: toMethod, when: &besidePath},
		"status":          {target: string(semconv.HTTPResponseStatusCodeKey), conversion: toStatus, when: &besidePath},

		// the conventions' former names
		"http.target":      url,
		"http.url":         url,
		"http.scheme":      {target: string(semconv.URLSchemeKey), conversion: toText},
		"http.client_ip":   client,
		"http.status_code": status,
		"code.namespace":   {}, // goes with code.function
		"code.function":    {target: string(semconv.CodeFunctionNameKey), conversion: toFunction, qualifier: namespace},
		"code.filepath":    path,
		"code.lineno":      line,
		"enduser.role":     {target: string(semconv.UserRolesKey), conversion: toList},

		// names that are right, for objects and the resource
		"http.request.method":       method,
		"http.response.status_code": status,
		"code.function.name":        {target: string(semconv.CodeFunctionNameKey), conversion: toText},
		"exception.stacktrace":      {target: string(semconv.ExceptionStacktraceKey), conversion: toLines},
		"host.name":                 host,
		"process.pid":               pid,
		"service.name":              service,
	}
	if requestIDHeader {
		table["request_id"] = move{target: RequestHeader, conversion: toList}
	}
	return table
}

// marks names the member that an object has if it is what the table takes it for: an
// application may have a record of its own.
var marks = map[string]string{"record": "function"}

var (
	// besideLine tells the file of a logging call from one that was uploaded.
	besideLine = condition{"if `lineno` is beside it and `pathname` is not", func(beside pcommon.Map) bool {
		return has(beside, "lineno") && !has(beside, "pathname")
	}}
	// besideLocation tells the two fields that Powertools writes from an application's.
	besideLocation = condition{"if the record has both `service` and a `location` such as `pay:41`", func(beside pcommon.Map) bool {
		location, ok := beside.Get("location")
		if !ok || location.Type() != pcommon.ValueTypeStr {
			return false
		}
		_, _, ok = cutLocation(location.Str())
		return ok && has(beside, "service")
	}}
	// besidePath tells the method and status of a request from those of anything else.
	besidePath = condition{"if `url_path` is beside it", func(beside pcommon.Map) bool { return has(beside, "url_path") }}
)

// knownMethods are those of RFC 9110, section 9, with PATCH (RFC 5789) and QUERY
// (RFC 10008). They are case-sensitive.
var knownMethods = map[string]bool{
	"GET": true, "HEAD": true, "POST": true, "PUT": true, "DELETE": true, "CONNECT": true, "OPTIONS": true, "TRACE": true,
	"PATCH": true, "QUERY": true,
}
