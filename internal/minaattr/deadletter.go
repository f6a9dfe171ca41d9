package minaattr

// DeadLetter is what the attributes begin with that say of a record in a dead-letter
// file why it is there. They are taken off when it is sent again.
const DeadLetter = "mina.dead_letter."

const (
	// DeadLetterReason says it in a word, such as refused.
	DeadLetterReason = DeadLetter + "reason"
	// DeadLetterStatus is the HTTP status of the answer, if there was one.
	DeadLetterStatus = DeadLetter + "status"
	// DeadLetterAnswer is the beginning of the answer's text, without secrets.
	DeadLetterAnswer = DeadLetter + "answer"
	// DeadLetterTime is when the record became one, in RFC 3339.
	DeadLetterTime = DeadLetter + "time"
	// DeadLetterExporter is the component that found it refused.
	DeadLetterExporter = DeadLetter + "exporter"
)
