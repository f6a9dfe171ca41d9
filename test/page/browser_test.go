package page

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// deadline bounds every wait of a test: the store may be started again half a minute later.
const deadline = 90 * time.Second

// chromium is the browser that all tests share, each with tabs and a profile of its own.
var chromium = struct {
	sync.Once
	ctx  context.Context
	end  func()
	fail error
}{end: func() {}}

// startChromium starts the browser once. It speaks to nobody but the page.
func startChromium() {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("no-sandbox", os.Getuid() == 0),
		chromedp.DisableGPU,
	)
	allocator, release := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, leave := chromedp.NewContext(allocator)
	chromium.ctx = ctx
	chromium.end = func() {
		_ = chromedp.Cancel(ctx)
		leave()
		release()
	}
	chromium.fail = chromedp.Do(ctx)
}

// tab is a page in the browser, of which everything is watched.
type tab struct {
	t   *testing.T
	ctx context.Context
	url string
	// watching ends with the tab.
	watching sync.WaitGroup
	// complaints are exceptions, violations of the page's policy, failed requests, and those
	// to another host.
	complaints []string
	mu         sync.Mutex
}

// newTab opens an empty tab for the page at a URL. Of what goes wrong in it, only what has
// one of the expected texts is forgiven.
func newTab(t *testing.T, url string, expected ...string) *tab {
	t.Helper()
	chromium.Do(startChromium)
	require.NoError(t, chromium.fail, "make test installs Debian's chromium")
	ctx, leave := chromedp.NewContext(chromium.ctx, chromedp.WithNewBrowserContext())
	b := &tab{t: t, ctx: ctx, url: url}
	t.Cleanup(func() {
		if assert.Empty(t, b.wrong(expected), "the browser complains"); t.Failed() {
			b.keepPicture()
		}
		leave()
		b.watching.Wait()
	})
	require.NoError(t, chromedp.Do(ctx)) // the tab lives as long as its first context
	b.watch()
	b.resize(1280, 900)
	return b
}

// watch notes what the page complains of, and whom it asks, until the tab is closed.
func (b *tab) watch() {
	console, requests := chromedp.Console(b.ctx), chromedp.Events(b.ctx, network.RequestWillBeSent)
	b.watching.Go(func() {
		for message, err := range console {
			if err != nil {
				return
			}
			if message.IsException() || message.Type == chromedp.ConsoleError || message.Type == chromedp.ConsoleWarning {
				b.complain(fmt.Sprintf("%s %s (%s)", message.Source, message.Text, message.URL))
			}
		}
	})
	b.watching.Go(func() {
		for request, err := range requests {
			if err != nil {
				return
			}
			if asked, err := url.Parse(request.Request.URL); err == nil && asked.Host != "" && "http://"+asked.Host != b.url {
				b.complain("the page asks another host: " + asked.Host)
			}
		}
	})
}

func (b *tab) complain(complaint string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.complaints = append(b.complaints, complaint)
}

// wrong returns what went wrong in the tab, but for what was expected.
func (b *tab) wrong(expected []string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(b.complaints), func(complaint string) bool {
		return slices.ContainsFunc(expected, func(text string) bool { return strings.Contains(complaint, text) })
	})
}

// keepPicture writes what the tab shows into the build directory.
func (b *tab) keepPicture() {
	picture, err := run(b, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Logf("no picture of the page: %v", err)
		return
	}
	path := filepath.Join(program.Root(), "_build", "page", strings.ReplaceAll(b.t.Name(), "/", "_")+".png")
	_ = os.MkdirAll(filepath.Dir(path), 0o755)
	b.t.Logf("the page looked like %s (%v)", path, os.WriteFile(path, picture, 0o600))
}

// run does something in the tab, and gives up after a while.
func run[T any](b *tab, action chromedp.Action[T]) (T, error) {
	ctx, stop := context.WithTimeout(b.ctx, deadline)
	defer stop()
	return chromedp.Run(ctx, action)
}

func (b *tab) run(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	_, err := run(b, chromedp.Steps(steps...))
	require.NoError(b.t, err)
}

// open loads the page anew, at a view: #/search?q=error.
func (b *tab) open(hash string) {
	b.t.Helper()
	b.run(chromedp.Navigate("about:blank"), chromedp.Navigate(b.url+"/"+hash))
}

// turn shows another view of the page that is open.
func (b *tab) turn(hash string) {
	b.t.Helper()
	script[bool](b, "location.hash = "+quote(hash)+", true")
}

func (b *tab) resize(width, height int64) {
	b.t.Helper()
	b.run(chromedp.EmulateViewport(width, height))
}
