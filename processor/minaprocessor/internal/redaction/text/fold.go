package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// alike are letters of other scripts that look like those of ASCII (Unicode Technical
// Standard 39, confusables).
var alike = func() map[rune]string {
	table := map[rune]string{}
	for ascii, others := range map[string]string{
		"a": "аα", "b": "Ь", "c": "сϲ", "d": "ԁ", "e": "еҽ", "g": "ɡ", "h": "һ", "i": "іι", "j": "јϳ", "k": "кκ", "l": "ӏ", "m": "м", "n": "ո", "o": "оοօ", "p": "рρ", "q": "ԛ",
		"r": "г", "s": "ѕ", "t": "тτ", "u": "υս", "v": "ѵν", "w": "ԝω", "x": "хχ", "y": "уү", "z": "ᴢ",
		"A": "АΑ", "B": "ВΒ", "C": "СϹ", "E": "ЕΕ", "H": "НΗ", "I": "ІΙӀ", "J": "Ј", "K": "КΚ", "M": "МΜ", "N": "Ν", "O": "ОΟ", "P": "РΡ", "S": "Ѕ", "T": "ТΤ", "X": "ХΧ", "Y": "УΥ", "Z": "Ζ",
	} {
		for _, other := range others {
			table[other] = ascii
		}
	}
	return table
}()

// signs are what stands around names and values in other scripts and in good typography.
var signs = func() map[rune]string {
	table := map[rune]string{}
	for ascii, others := range map[string]string{"\"": "“”„‟«»「」『』", "'": "‘’‚‛‹›", ",": "、，", ".": "。", ":": "∶˸", "-": "−"} {
		for _, other := range others {
			table[other] = ascii
		}
	}
	return table
}()

// fold returns what a character beyond ASCII looks like, and whether that is another one:
// full-width forms and the like (Unicode Standard Annex 15, NFKC), blanks, dashes, what
// cannot be seen at all, and in a word with letters of ASCII those that look like them.
func fold(c rune, isMixed bool) (look string, folds bool) {
	switch {
	case c < utf8.RuneSelf, isLetterBeyond(c) && !isMixed:
		return "", false
	case unicode.In(c, unicode.Cf, unicode.Variation_Selector):
		return "", true
	case unicode.Is(unicode.Zs, c):
		return " ", true
	case unicode.Is(unicode.Pd, c):
		return "-", true
	}
	if look, found := signs[c]; found {
		return look, true
	}
	if look, found := alike[c]; found {
		return look, isMixed
	}
	var char [utf8.UTFMax]byte
	n := utf8.EncodeRune(char[:], c)
	if plain := norm.NFKD.Properties(char[:n]).Decomposition(); len(plain) > 0 && isASCII(plain) {
		return string(plain), true
	}
	return "", false
}

// isLetterBeyond reports whether a character is a letter of another usual script.
func isLetterBeyond(c rune) bool {
	return c >= 0x370 && c < 0x590 || c >= 0x3041 && c < 0x3100
}

func isASCII(text []byte) bool {
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Seen returns a name as it is seen: without what cannot be, and with look-alikes folded.
func Seen(name string) string {
	if strings.IndexFunc(name, func(c rune) bool { return c >= utf8.RuneSelf || unicode.IsControl(c) }) < 0 {
		return name
	}
	var r reading
	r.read(name, '+')
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return -1
		}
		return c
	}, string(r.text))
}
