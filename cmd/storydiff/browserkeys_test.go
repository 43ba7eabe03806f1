package main

import (
	"slices"
	"strings"

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
		b.open(site + page.path)
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
