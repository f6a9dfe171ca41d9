// Package minaattr has the names of the attributes that are Mina's own, which the
// semantic conventions do not know.
package minaattr

const (
	// ExceptionFrame is the innermost call of the application in an exception, without its
	// line: services.ids.parse_id.
	ExceptionFrame = "mina.exception.frame"
	// ParseError says why a line could not be read as what it looks like.
	ParseError = "mina.parse_error"
	// Prefix is what stood in front of a record on its line: "web-1  |".
	Prefix = "mina.prefix"
	// ProcessName is Python's name of the process: MainProcess.
	ProcessName = "mina.process.name"
	// Redaction names the rules that hit, and where.
	Redaction = "mina.redaction"
	// RequestID is the application's id of an HTTP request.
	RequestID = "mina.request.id"
	// Rest is the attributes that a destination has no room for under their own names,
	// as JSON text.
	Rest = "mina.attributes"
	// Truncated is on what was cut because it was too long, and names the attributes
	// and fields: "body, exception.stacktrace".
	Truncated = "mina.truncated"
	// Unnamed is what had an empty key, which an attribute must not have.
	Unnamed = "mina.unnamed"
)
