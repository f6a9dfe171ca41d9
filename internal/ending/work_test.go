package ending

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestWorkEndsInItsGraceIsCalledOffOrIsLeftBehind(t *testing.T) {
	let := make(chan struct{})
	for name, c := range map[string]struct {
		grace time.Duration
		work  func(ctx context.Context)
		ended bool
		most  time.Duration
	}{
		"ends":            {time.Minute, func(context.Context) {}, true, AbandonAfter},
		"notices":         {10 * time.Millisecond, func(ctx context.Context) { <-ctx.Done() }, true, AbandonAfter},
		"has no grace":    {0, func(ctx context.Context) { <-ctx.Done() }, true, AbandonAfter},
		"does not notice": {0, func(context.Context) { <-let }, false, 3 * AbandonAfter},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, callOff := context.WithCancel(t.Context())
			var work sync.WaitGroup
			work.Go(func() { c.work(ctx) })
			begin := time.Now()
			assert.Equal(t, c.ended, Of(&work, c.grace, callOff))
			assert.Less(t, time.Since(begin), c.most)
			assert.Error(t, ctx.Err(), "whatever has become of it, it is over")
			if !c.ended {
				close(let)
				work.Wait()
			}
		})
	}
}
