package page

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// pause is how often a condition is looked at.
const pause = 50 * time.Millisecond

func TestMain(m *testing.M) {
	code := m.Run()
	chromium.end()
	shared.end()
	if err := goleak.Find(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

func eventually(t *testing.T, condition func() bool, message ...any) {
	t.Helper()
	require.Eventually(t, condition, deadline, pause, message...)
}
