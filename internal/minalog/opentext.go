package minalog

import "bytes"

// openText follows a text that is too long to be kept, and knows what is open in it:
// the keys of the JSON that it is inside of, and the word.
type openText struct {
	// keys are those of the objects that are open; in an array the key is empty.
	keys []string
	// key is the last one of the object at hand, and quoted the beginning of the
	// string at hand, of which length bytes are kept.
	key                        string
	quoted                     [maxOpen]byte
	length                     int
	inString, escaped, isValue bool
	// word is the beginning of the word at hand and what stands before it.
	word []byte
}

// maxOpen is how much in bytes is kept of a key, of a word, and of what stands before it.
const maxOpen = 256

// advance reads on.
func (o *openText) advance(text []byte) {
	o.advanceWord(text)
	for _, c := range text {
		o.advanceJSON(c)
	}
}

func (o *openText) advanceWord(text []byte) {
	text = append(bytes.Clone(o.word), text...)
	start := bytes.LastIndexAny(text, " \t\n") + 1
	o.word = text[max(0, start-maxOpen):min(len(text), start+maxOpen)]
}

func (o *openText) advanceJSON(c byte) {
	switch {
	case o.inString:
		o.advanceString(c)
	case len(o.keys) == 0 && c != '{' && c != '[':
	case c == '"':
		o.inString, o.length = true, 0
	case c == '{' || c == '[':
		if len(o.keys) < MaxDepth {
			// A copy, since a cut before this one has the same keys.
			o.keys = append(o.keys[:len(o.keys):len(o.keys)], o.key)
		}
		o.key, o.isValue = "", c == '['
	case c == '}' || c == ']':
		o.key, o.keys, o.isValue = "", o.keys[:len(o.keys)-1], false
	case c == ':':
		o.isValue = true
	case c == ',':
		o.isValue = false
	}
}

func (o *openText) advanceString(c byte) {
	switch {
	case o.escaped:
		o.escaped = false
	case c == '\\':
		o.escaped = true
	case c == '"':
		o.inString = false
		if !o.isValue {
			o.key = string(o.quoted[:o.length])
		}
		return
	}
	if o.length < maxOpen {
		o.quoted[o.length] = c
		o.length++
	}
}

// text returns what the rest has to be read with: the keys that are open, and the
// string or word.
func (o *openText) text() []byte {
	var text []byte
	for _, key := range o.keys {
		text = append(appendKey(text, key), '{')
	}
	if len(o.keys) > 0 {
		text = appendKey(text, o.key)
	}
	if o.inString {
		return append(append(text, '"'), o.quoted[:o.length]...)
	}
	return append(text, o.word...)
}

func appendKey(text []byte, key string) []byte {
	if key == "" {
		return text
	}
	return append(append(append(text, '"'), key...), `": `...)
}
