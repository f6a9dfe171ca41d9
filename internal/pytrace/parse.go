package pytrace

// Parse returns the exception of a text that was raised last, or nil if there is none.
func Parse(text string) *Exception {
	r := reader{levels: []chain{{built: &Exception{}}}}
	r.read([]byte(text))
	return r.levels[0].finish()
}
