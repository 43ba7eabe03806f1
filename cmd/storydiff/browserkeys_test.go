package main

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// expectFocus notes what the Tab key must reach, in order, and how each is drawn
// when it gets there. Of radio buttons of one name that is the one chosen.
const expectFocus = `
	window.want = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter(e =>
		!e.disabled && e.tabIndex >= 0 && e.checkVisibility({visibilityProperty: true}) &&
		!(e.type === "radio" && !e.checked && document.querySelector('input[type=radio][name="' + e.name + '"]:checked')));
	window.reached = want.map(() => "");
	document.addEventListener("focusin", event => {
		const i = want.indexOf(event.target), style = getComputedStyle(event.target), box = event.target.getBoundingClientRect();
		if (i < 0) return;
		const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
		const onScreen = box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0 && box.left < innerWidth;
		reached[i] = !outlined ? "without a visible outline" : !onScreen ? "off the screen" : "well";
	});
	want.length`

// reachedByTab reaches every link and control by the Tab key alone, each with a
// visible focus on the screen.
func reachedByTab(b *tab, site string, pages []reportAddress) {
	t := b.t
	for _, page := range pages {
		if !slices.Contains([]string{"changes", "articles", "article", "change-side", "version"}, page.name) {
			continue
		}
		b.open(page.of(site))
		n := eval[int](b, expectFocus)
		if n < 8 {
			t.Errorf("%s has %d links and controls, want more", page.name, n)
		}
		b.do(chromedp.KeyEvent(strings.Repeat(kb.Tab, n)))
		for _, miss := range eval[[]string](b, `reached.map((how, i) => how === "well" ? "" : want[i].outerHTML.slice(0, 120) + " is " + (how || "not reached")).filter(s => s)`) {
			t.Errorf("%s (%s), by the Tab key: %s", page.name, page.path, miss)
		}
	}
}

// seenOf are links and controls of each sort that is drawn in its own way, on an
// article's page.
var seenOf = []string{"h3 a", ".axis .wide a", "summary", ".life input[type=radio]:checked", "button", "input[name=tag]"}

// seenWhenFocused looks at the pixels: what is focused by keys looks otherwise than
// what is not, by as many as a line of a pixel around it has (WCAG 2.4.13 asks two).
func seenWhenFocused(b *tab, site string, pages []reportAddress) {
	t := b.t
	at := slices.IndexFunc(pages, func(p reportAddress) bool { return p.name == "article" })
	b.look(sights()[0])
	b.open(pages[at].of(site))
	b.do(chromedp.KeyEvent(kb.Tab)) // from here on who focuses is a keyboard
	for _, selector := range seenOf {
		box := eval[[]float64](b, `window.one = document.querySelector("main `+selector+`"); one.scrollIntoView({block: "center", behavior: "instant"}); document.activeElement.blur();
			(r => [r.x + scrollX - 6, r.y + scrollY - 6, r.width + 12, r.height + 12])(one.getBoundingClientRect())`)
		before := b.pixels(box)
		if !eval[bool](b, `one.focus({preventScroll: true}); one.matches(":focus-visible")`) {
			t.Errorf("%s cannot be focused by keys", selector)
			continue
		}
		after, differ := b.pixels(box), 0
		for y := range before.Bounds().Dy() {
			for x := range before.Bounds().Dx() {
				if before.At(x, y) != after.At(x, y) {
					differ++
				}
			}
		}
		if around := 2 * int(box[2]+box[3]-24); differ < around {
			t.Errorf("%s differs by %d pixels when it is focused, want the %d around it", selector, differ, around)
		}
	}
}

// pixels is what is drawn in a box of the window: its left, top, width and height.
func (b *tab) pixels(box []float64) image.Image {
	b.t.Helper()
	var drawn image.Image
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		shot, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{Clip: &page.Viewport{X: box[0], Y: box[1], Width: box[2], Height: box[3], Scale: 1}})
		if err != nil {
			return err
		}
		drawn, err = png.Decode(bytes.NewReader(shot.Data))
		return err
	}))
	return drawn
}

// usedByKeys leaves out the masthead by the first Tab and Enter, and opens what is
// folded.
func usedByKeys(b *tab, site string, _ []reportAddress) {
	t := b.t
	b.open(site + "/")
	b.do(chromedp.KeyEvent(kb.Tab + kb.Enter))
	if at := eval[string](b, `document.activeElement.id`); at != "main" {
		t.Errorf("the skip link leads to %q, want main", at)
	}
	eval[bool](b, `document.querySelector("footer summary").focus(); true`)
	b.do(chromedp.KeyEvent(kb.Enter))
	if !eval[bool](b, `document.querySelector("footer details").open`) {
		t.Error("Enter does not open the details of the foot")
	}
}
