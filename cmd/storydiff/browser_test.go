package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// browserTime bounds a test in the browser, on a busy machine too: the pictures of
// all pages take longest.
const browserTime = 10 * time.Minute

// A tab is a page of Chromium. A step that fails ends the test.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// newTab starts a Chromium of its own for a test. Where there is none the test is
// skipped, but fails in CI.
func newTab(t *testing.T) *tab {
	t.Helper()
	if underRace {
		t.Skip("drives the program from outside, which the race detector makes slow: CI runs it without")
	}
	path := chromium()
	if path == "" {
		missing(t, "needs Chromium: none of chromium, chromium-browser and google-chrome is in PATH, and STORYDIFF_CHROMIUM names none")
	}
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.WSURLReadTimeout(time.Minute)}
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // the sandbox does not start for root
	}
	bounded, cancel := context.WithTimeout(t.Context(), browserTime)
	t.Cleanup(cancel)
	ctx, stop := chromedp.NewContext(bounded, chromedp.WithAllocatorOptions(options...))
	t.Cleanup(stop)
	b := &tab{t, ctx}
	b.do(chromedp.Navigate("about:blank"))
	b.look(sights()[0])
	return b
}

// chromium returns the program to run; empty: there is none.
func chromium() string {
	for _, name := range []string{os.Getenv("STORYDIFF_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	return ""
}

// missing skips a test for want of a tool, and fails it in CI.
func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(why)
	}
	t.Skip(why)
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// open goes to an address and waits for the page.
func (b *tab) open(address string) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.Navigate(address)); err != nil {
		b.t.Fatalf("opening %s: %v", address, err)
	}
}

// follow clicks on what a selector chooses and waits for the page it leads to.
func (b *tab) follow(selector string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible)); err != nil {
		b.t.Fatalf("clicking on %s at %s: %v", selector, b.address(), err)
	}
}

// click clicks on what a selector chooses.
func (b *tab) click(selector string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible)); err != nil {
		b.t.Fatalf("clicking on %s at %s: %v", selector, b.address(), err)
	}
}

// write types into what a selector chooses, in place of what is there.
func (b *tab) write(selector, text string) {
	b.t.Helper()
	eval[bool](b, fmt.Sprintf(`{ const e = document.querySelector(%q); e.focus(); e.select?.(); true }`, selector))
	b.do(chromedp.KeyEvent(text))
}

// await waits until the page has what a selector chooses.
func (b *tab) await(selector string) {
	b.t.Helper()
	eval[bool](b, fmt.Sprintf(`new Promise(done => {
		const look = () => document.querySelector(%q) !== null && (watch.disconnect(), done(true));
		const watch = new MutationObserver(look);
		watch.observe(document, {childList: true, subtree: true, attributes: true});
		look();
	})`, selector))
}

// has reports whether the page has what a selector chooses.
func (b *tab) has(selector string) bool {
	b.t.Helper()
	return eval[bool](b, fmt.Sprintf(`document.querySelector(%q) !== null`, selector))
}

// text returns the words of what a selector chooses, with single spaces; empty:
// there is nothing.
func (b *tab) text(selector string) string {
	b.t.Helper()
	return strings.Join(strings.Fields(eval[string](b, fmt.Sprintf(`document.querySelector(%q)?.innerText ?? ""`, selector))), " ")
}

func (b *tab) address() string {
	address, _ := chromedp.Run(b.ctx, chromedp.Location())
	return address
}

// eval returns what a script evaluates to. It is the tester's, not the page's:
// the page's policy does not hold for it.
func eval[T any](b *tab, script string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("evaluating %.80q at %s: %v", script, b.address(), err)
	}
	return v
}

// html returns the page as it is now, without the help of scripts.
func (b *tab) html() string {
	b.t.Helper()
	var html string
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		root, err := chromedp.Call(ctx, dom.GetDocument, dom.GetDocumentParams{})
		if err != nil {
			return err
		}
		whole, err := chromedp.Call(ctx, dom.GetOuterHTML, dom.GetOuterHTMLParams{BackendNodeID: root.Root.BackendNodeID})
		html = whole.OuterHTML
		return err
	}))
	return html
}

// A sight is how a page is looked at.
type sight struct {
	name   string
	width  int64  // of the window, in CSS pixels
	scheme string // "light" or "dark"
	media  string // "print", or empty: the screen
}

// sights are the windows and colours that pages must be good in.
func sights() []sight {
	return []sight{
		{"1280-light", 1280, "light", ""}, {"1280-dark", 1280, "dark", ""},
		{"390-light", 390, "light", ""}, {"390-dark", 390, "dark", ""},
	}
}

// look sets how the page is looked at. Nothing moves by itself: a page that still
// scrolls smoothly to what is to be clicked on is no longer where the mouse aims.
func (b *tab) look(s sight) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: s.width, Height: 900, DeviceScaleFactor: 1, Mobile: s.width < 600})
		if err != nil {
			return err
		}
		_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: cmp.Or(s.media, "screen"), Features: []*emulation.MediaFeature{
				{Name: "prefers-color-scheme", Value: s.scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
		return err
	}))
}

// scripts switches the page's scripts on or off.
func (b *tab) scripts(on bool) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	}))
}
