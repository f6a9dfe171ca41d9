package exitcode

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTheWorstThatHappenedIsTheCode(t *testing.T) {
	assert.Equal(t, Delivered, Take())
	Bury()
	assert.Equal(t, DeadLetters, Take())
	Interrupt()
	Bury()
	assert.Equal(t, Interrupted, Take())
	assert.Equal(t, Delivered, Take(), "what was taken is done")
}
