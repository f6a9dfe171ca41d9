package page

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// widths are those that the page is made for.
var widths = []int64{400, 560, 800, 1280, 1600}

// viewed is a view with records in it: what there is when it is drawn.
type viewed struct{ hash, drawn string }

// allViews writes records, and returns every view of them.
func allViews(t *testing.T, s *stack, logger string) map[string]viewed {
	t.Helper()
	at := time.Now().Add(-2 * time.Minute)
	request, q := logger+"-request", "logger:"+logger
	lines := []string{raised(at, logger, request, "42", "ValueError", "services/ids", "parse_id")}
	for i, level := range []string{"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"} {
		lines = append(lines, line(at.Add(time.Duration(i)*2*time.Second), "At level "+level, fields{
			"logger": logger, "level": level, "request_id": request, "process_id": 100 + i%2, "http": fields{"method": "GET", "path": "/api/x/" + fmt.Sprint(i)},
			"status_code": 200 + 75*i, "processing_time_ms": 10 * (i + 1), "user": fields{"id": "42", "username": "ana"},
		}))
	}
	s.write(t, lines...)
	s.stored(t, q, len(lines))
	return map[string]viewed{
		"search":     {view("search", "q", q), "record"},
		"request":    {"#/request/" + request, "step"},
		"exceptions": {view("exceptions", "q", q), "group"},
		"slow":       {view("slow", "q", q), "path"},
		"live":       {view("live", "q", q), "live-row"},
		"nothing":    {view("search", "q", "of.nobody"), "notice"},
	}
}

// show opens a view, and the first of its rows.
func (b *tab) show(v viewed) {
	b.t.Helper()
	b.open(v.hash)
	b.until(all(v.drawn) + ".length > 0")
	if v.drawn != "path" && v.drawn != "notice" {
		b.press("j" + kb.Enter)
		b.until("document.querySelector('[data-testid=panel]')")
	}
}

// faint is an expression for the texts whose contrast is less than WCAG AA asks for, with the
// colours behind them. Colours are drawn, so that every notation is read.
const faint = `(() => {
	const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
	const rgba = colour => {
		canvas.clearRect(0, 0, 1, 1);
		canvas.fillStyle = colour;
		canvas.fillRect(0, 0, 1, 1);
		const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
		return [r, g, b, a / 255];
	};
	const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
	const ground = element => {
		const behind = element.parentElement ? ground(element.parentElement) : [255, 255, 255, 1];
		return over(rgba(getComputedStyle(element).backgroundColor), behind);
	};
	const light = ([r, g, b]) => [r, g, b].map(c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
	const found = [];
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let node = walk.nextNode(); node; node = walk.nextNode()) {
		const element = node.parentElement;
		const style = getComputedStyle(element);
		if (!node.data.trim() || !element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) || element.closest('.unseen, .skip, :disabled, noscript')) continue;
		const back = ground(element);
		const colour = element instanceof SVGElement ? style.fill : style.color;
		const [a, b] = [light(over(rgba(colour), back)), light(back)].sort((x, y) => y - x);
		const ratio = (a + 0.05) / (b + 0.05);
		const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
		if (element instanceof SVGElement && element.matches('.stop-number')) continue; // stands on its circle, as a badge does
		if (ratio < (large ? 3 : 4.5)) found.push(node.data.trim().slice(0, 40) + ': ' + ratio.toFixed(2));
	}
	return [...new Set(found)];
})()`

// named are the roles whose elements a screen reader tells by their names.
var named = map[string]bool{
	"button": true, "link": true, "textbox": true, "searchbox": true, "combobox": true, "checkbox": true, "img": true, "image": true, "table": true,
	"navigation": true, "dialog": true, "listbox": true, "slider": true, "DisclosureTriangle": true,
}

// TestEveryViewIsForEverybody looks at the contrast of texts, at the names that a screen
// reader tells, and at the width, in windows of all sizes.
func TestEveryViewIsForEverybody(t *testing.T) {
	t.Parallel()
	s := sharedStack(t)
	for name, v := range allViews(t, s, "test.everybody") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := s.tab(t)
			b.show(v)
			for _, scheme := range []string{"dark", "light"} {
				b.scheme(scheme)
				assert.Empty(t, script[[]string](b, faint), "contrast, %s", scheme)
			}
			for _, width := range widths {
				b.resize(width, 800)
				assert.Equal(t, width, script[int64](b, "document.documentElement.scrollWidth"), "the page")
				assert.Zero(t, script[int](b, wider), "the view at %d", width)
			}
			assert.Empty(t, b.nameless())
			assert.Equal(t, 1, script[int](b, "document.querySelectorAll('main').length"))
			assert.GreaterOrEqual(t, script[int](b, "document.querySelectorAll('h1').length"), 1)
		})
	}
}

// wider is an expression for how far the view can be scrolled to the side.
const wider = `(view => getComputedStyle(view).overflowX === 'hidden' ? 0 : view.scrollWidth - view.clientWidth)(document.querySelector('.view'))`

// nameless returns the controls and pictures of which a screen reader has nothing to say.
func (b *tab) nameless() (found []string) {
	b.t.Helper()
	tree, err := chromedp.Call(b.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	require.NoError(b.t, err)
	for _, node := range tree.Nodes {
		if node.Ignored || node.Role == nil || !named[strings.Trim(string(node.Role.Value), `"`)] {
			continue
		}
		if node.Name == nil || len(node.Name.Value) <= len(`""`) {
			found = append(found, fmt.Sprintf("%s %d", node.Role.Value, node.BackendDOMNodeID))
		}
	}
	return found
}

func TestTheKeyboardIsEnough(t *testing.T) {
	t.Parallel()
	s := sharedStack(t)
	for name, v := range allViews(t, s, "test.keyboard") {
		if v.drawn == "path" || v.drawn == "notice" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := s.tab(t)
			b.open(v.hash)
			b.until(all(v.drawn) + ".length > 0")
			b.press("j")
			b.until("document.querySelector('tr.current button:focus')")
			b.press(kb.Enter)
			b.until("document.querySelectorAll('[data-testid=panel]').length === 1")
			b.press(kb.Escape)
			b.until("document.querySelectorAll('[data-testid=panel]').length === 0 && document.querySelector('tr.current button:focus')")
			b.press("?")
			b.until("document.querySelector('dialog[open]')?.innerText.includes('next')")
			b.press("j" + kb.Escape)
			b.until("!document.querySelector('dialog')")
			if name != "request" {
				b.press("/jk")
				b.until("document.activeElement.dataset.testid === 'box' && document.activeElement.value.endsWith('jk')")
			}
		})
	}
}
