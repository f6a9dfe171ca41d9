package page

import (
	"encoding/json"
	"fmt"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// scheme has the page be dark or light, at once.
func (b *tab) scheme(name string) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"}},
	})
	require.NoError(b.t, err)
}

// script evaluates an expression, and waits for its promise.
func script[T any](b *tab, expression string) T {
	b.t.Helper()
	result, err := run(b, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	require.NoError(b.t, err, expression)
	return result
}

// until waits for an expression to be true.
func (b *tab) until(expression string) {
	b.t.Helper()
	eventually(b.t, func() bool {
		holds, err := run(b, chromedp.Evaluate[bool]("Boolean("+expression+")"))
		return err == nil && holds
	}, expression)
}

// sel is the selector of a test id.
func sel(id string) chromedp.CSS { return chromedp.CSS(fmt.Sprintf("[data-testid=%q]", id)) }

// all is an expression for the elements with a test id.
func all(id string) string {
	return fmt.Sprintf("[...document.querySelectorAll(%s)]", quote(string(sel(id))))
}

// quote writes a text as JavaScript does.
func quote(text string) string {
	quoted, _ := json.Marshal(text)
	return string(quoted)
}

// sees waits until the elements with a test id have these texts.
func (b *tab) sees(id string, texts ...string) {
	b.t.Helper()
	texts = append([]string{}, texts...)
	var found []string
	matches := func() (same bool) {
		var err error
		found, err = run(b, chromedp.Evaluate[[]string](all(id)+".map(e => e.innerText.trim())"))
		return err == nil && assert.ObjectsAreEqual(texts, found)
	}
	if !assert.Eventually(b.t, matches, deadline, pause, id) {
		require.Equal(b.t, texts, found, id)
	}
}

// text waits for an element, and returns what it shows.
func (b *tab) text(id string) string {
	b.t.Helper()
	b.run(chromedp.WaitVisible(sel(id)))
	return script[string](b, all(id)+"[0].innerText")
}

func (b *tab) click(id string) {
	b.t.Helper()
	b.run(chromedp.Click(sel(id), chromedp.NodeVisible))
}

// fill puts a text into a field, and enters it.
func (b *tab) fill(id, text string) {
	b.t.Helper()
	b.run(chromedp.WaitVisible(sel(id)), chromedp.SetValue(sel(id), text), chromedp.SendKeys(sel(id), "\r"))
}

// press presses keys, whatever has the focus.
func (b *tab) press(keys string) {
	b.t.Helper()
	b.run(chromedp.KeyEvent(keys))
}
