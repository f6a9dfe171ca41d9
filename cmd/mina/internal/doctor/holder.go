package doctor

import (
	"fmt"

	"github.com/mina-observability/otelcol-mina/internal/listening"
)

// holder says which process listens on an address, as far as this user may see that: in
// words, and by its id.
func holder(address string) (words string, pid int) {
	switch process, listens := listening.On(address); {
	case !listens:
		return "", 0
	case process.PID == 0:
		return " by another user's process", 0
	default:
		return fmt.Sprintf(" by %s (pid %d)", process.Name, process.PID), process.PID
	}
}
