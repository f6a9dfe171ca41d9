package pytrace

// Raised returns the class, as it is printed, and the message of the exception of a text
// that was raised last. It is false if there is none, or its line has been cut off.
// [Parse] returns the same exception.
func Raised(text []byte) (class, message []byte, ok bool) {
	r := reader{levels: make([]chain, 1)}
	r.read(text)
	last := &r.levels[0]
	if last.settle(); last.raised.class == nil {
		return nil, nil, false
	}
	return last.raised.class, last.messageText(), true
}
