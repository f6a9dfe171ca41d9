package tail

import (
	"errors"
	"io"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// utf16Text is the text of a file in UTF-16, in UTF-8. It goes on when the file grows.
type utf16Text struct {
	file    io.Reader
	decoder transform.Transformer
	// raw is what has been read and not decoded, text what has been decoded.
	raw, text []byte
	buffer    [4 << 10]byte
}

// openUTF16 reads a file that begins with a byte order mark, which is no text.
func openUTF16(file io.Reader) (io.Reader, error) {
	return &utf16Text{file: file, decoder: unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Transformer}, nil
}

func (u *utf16Text) Read(p []byte) (int, error) {
	for len(u.text) == 0 {
		n, err := u.file.Read(u.buffer[:])
		u.raw = append(u.raw, u.buffer[:n]...)
		if decodeErr := u.decode(); decodeErr != nil {
			return 0, decodeErr
		}
		if len(u.text) == 0 && err != nil {
			return 0, err
		}
	}
	n := copy(p, u.text)
	u.text = u.text[n:]
	return n, nil
}

// decode decodes what is whole.
func (u *utf16Text) decode() error {
	out := make([]byte, 3*len(u.raw)+4)
	written, read, err := u.decoder.Transform(out, u.raw, false)
	u.text = out[:written]
	u.raw = append(u.raw[:0], u.raw[read:]...)
	if errors.Is(err, transform.ErrShortSrc) {
		return nil
	}
	return err
}
