// Package ending ends work that is on its way when a component stops.
package ending

import (
	"context"
	"sync"
	"time"
)

// AbandonAfter is how long work that is called off may take to notice it.
const AbandonAfter = time.Second

// Of waits for work, and calls it off when its grace is over. It returns false for work
// that does not notice, which is left behind.
func Of(work *sync.WaitGroup, grace time.Duration, callOff context.CancelFunc) bool {
	ended := make(chan struct{})
	go func() {
		work.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(grace):
	}
	callOff()
	select {
	case <-ended:
		return true
	case <-time.After(AbandonAfter):
		return false
	}
}
