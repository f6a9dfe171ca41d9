package page

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// behind is how far the view may be behind the log.
const behind = 2 * time.Second

// live opens the view of a logger's records, and returns a function that logs messages.
func live(t *testing.T, logger string) (*tab, func(messages ...string)) {
	t.Helper()
	s := sharedStack(t)
	b := s.tab(t)
	b.open(view("live", "q", "logger:"+logger))
	b.sees("live-state", "Live")
	return b, func(messages ...string) {
		now, lines := time.Now(), []string{}
		for i, message := range messages {
			lines = append(lines, line(now.Add(time.Duration(i)*time.Microsecond), message, fields{"logger": logger}))
		}
		s.write(t, lines...)
	}
}

// rows is an expression for the messages of Live.
var rows = all("live-row") + ".map(row => row.cells[3].textContent)"

func TestLiveShowsWhatIsWritten(t *testing.T) {
	t.Parallel()
	b, log := live(t, "test.live.shows")
	assert.Contains(t, b.text("live-none"), "within two seconds")
	var took []time.Duration
	for i := range 5 {
		message := fmt.Sprint("record ", i)
		begun := time.Now()
		log(message)
		b.until(rows + "[0] === " + quote(message))
		took = append(took, time.Since(begun))
	}
	slices.Sort(took)
	assert.Less(t, took[0], behind, "what else runs here takes its time: %v", took)
	assert.Equal(t, []string{"record 4", "record 3", "record 2", "record 1", "record 0"}, script[[]string](b, rows), "the newest on top, each once")
}

func TestLiveShowsWhatCameBefore(t *testing.T) {
	t.Parallel()
	s, logger := sharedStack(t), "test.live.before"
	s.write(t, line(time.Now().Add(-time.Minute), "before", fields{"logger": logger}))
	s.stored(t, "logger:"+logger, 1)
	b, _ := live(t, logger)
	b.until(rows + ".join() === 'before'")
}

func TestLiveStopsWhenOneLooksCloser(t *testing.T) {
	t.Parallel()
	for name, look := range map[string]func(b *tab){
		"scroll": func(b *tab) { script[bool](b, all("live-pane")+"[0].scrollBy(0, 100), true") },
		"selection": func(b *tab) {
			script[bool](b, "getSelection().selectAllChildren("+all("live-row")+"[1].cells[3]), true")
		},
		"key":     func(b *tab) { b.press("j") },
		"opening": func(b *tab) { b.run(clickNth("opener", 0)) },
		"button":  func(b *tab) { b.click("live-button") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, log := live(t, "test.live.stops."+strings.ReplaceAll(name, " ", "_"))
			b.resize(1280, 500)
			log(strings.Split(strings.Repeat("old ", 30)+"last", " ")...)
			b.until(rows + ".length === 31")
			look(b)
			b.sees("live-state", "Paused")
			log(strings.Split(strings.Repeat("new ", 36)+"newest", " ")...)
			b.sees("live-button", "37 new")
			require.Equal(t, 31, script[int](b, rows+".length"), "nothing moves")
			b.click("live-button")
			b.sees("live-state", "Live")
			b.until(rows + ".length === 68 && " + rows + "[0] === 'newest'")
			assert.Zero(t, script[int](b, "scrollY + "+all("live-pane")+"[0].scrollTop"))
		})
	}
}

func TestLiveIsFiltered(t *testing.T) {
	t.Parallel()
	b, log := live(t, "test.live.filter")
	b.fill("box", "logger:test.live.filter wanted")
	b.until("decodeURIComponent(location.hash).includes('wanted')")
	b.sees("live-state", "Live")
	log("unwanted", "wanted: one")
	b.until(rows + ".join() === 'wanted: one'")
}

func TestLiveSaysWhatIsWrongInTheBox(t *testing.T) {
	t.Parallel()
	b := sharedStack(t).tab(t, "400")
	b.open(view("live", "q", `path:~"["`))
	assert.NotEmpty(t, b.text("box-error"))
}

func TestLiveSaysWhatItLeavesOutAndGoesOn(t *testing.T) {
	t.Parallel()
	b, log := live(t, "test.live.storm")
	log("before")
	b.until(rows + ".length === 1")
	storm := make([]string, 5000)
	for i := range storm {
		storm[i] = strconv.Itoa(i)
	}
	log(storm...)
	b.until(all("live-problem") + "[0]?.innerText.includes('left out')")
	b.sees("live-state", "Live")
	log("after")
	b.until(rows + "[0] === 'after'")
}

func TestLiveIsBoundedAndAnswers(t *testing.T) {
	t.Parallel()
	b, log := live(t, "test.live.rate")
	stop := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		second := make([]string, 200)
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			case <-time.After(100 * time.Millisecond):
			}
			for i := range second {
				second[i] = strconv.Itoa(n*len(second) + i)
			}
			log(second...)
		}
	}()
	b.until(rows + ".length === 500")
	// What a press of the button takes until it is drawn.
	took := script[[]float64](b, `(async () => {
		const took = [];
		for (let i = 0; i < 20; i++) {
			await new Promise(resolve => setTimeout(resolve, 97));
			const begun = performance.now();
			`+all("live-button")+`[0].click();
			await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
			took.push(performance.now() - begun);
		}
		return took;
	})()`)
	close(stop)
	<-done
	slices.Sort(took)
	t.Logf("a press takes %.0f ms in the middle, %.0f at most", took[10], took[19])
	assert.Less(t, took[10], 200.0)
	assert.LessOrEqual(t, script[int](b, rows+".length"), 500)
}

// clickNth clicks the n-th element with a test id.
func clickNth(id string, n int) chromedp.Action[chromedp.Void] {
	return chromedp.Click(chromedp.JSPath(all(id) + fmt.Sprintf("[%d]", n)))
}
