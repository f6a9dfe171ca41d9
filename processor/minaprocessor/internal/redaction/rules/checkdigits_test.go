package rules

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestCheckDigits takes numbers that those who issue them have published as examples, and
// changes their last digit.
func TestCheckDigits(t *testing.T) {
	for name, test := range map[string]struct {
		number string
		valid  func(number []byte) bool
	}{
		"SIN":          {"046454286", func(number []byte) bool { return luhn(number, 0) }},
		"NHS":          {"9434765919", isNHS},
		"Aadhaar":      {"999941057058", isAadhaar},
		"Steuer-ID":    {"86095742719", isSteuerID},
		"TFN":          {"123456782", isTFN},
		"Medicare":     {"2123456701", isMedicare},
		"ABA":          {"021000021", isABA},
		"PESEL":        {"44051401359", isPESEL},
		"personnummer": {"8112189876", isPersonnummer},
		"CPF":          {"52998224725", isCPF},
		"NIR":          {"255081416802538", isNIR},
	} {
		number := digitsOf(test.number)
		assert.True(t, test.valid(number), name)
		last := len(number) - 1
		if name == "Medicare" {
			last-- // behind the check digit is the number of the issue
		}
		number[last] = (number[last] + 1) % 10
		assert.False(t, test.valid(number), "%s with another check digit", name)
	}
	assert.True(t, isCodiceFiscale("RSSMRA85T10A562S"))
	assert.False(t, isCodiceFiscale("RSSMRA85T10A562T"))
}
