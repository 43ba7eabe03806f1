package report_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"storydiff/tracker"
	"storydiff/tracker/revision"
)

// drawings returns the SVG drawings of an article's page.
func drawings(t *testing.T, f *fake, target string) (wide, narrow, body string) {
	t.Helper()
	status, body := get(t, handler(t, f), target)
	if status != 200 {
		t.Fatalf("GET %s = %d", target, status)
	}
	found := regexp.MustCompile(`(?s)<svg class="drawing \w+".*?</svg>`).FindAllString(body, -1)
	if len(found) != 2 {
		t.Fatalf("GET %s holds %d drawings, want 2:\n%s", target, len(found), body)
	}
	return found[0], found[1], body
}

// The sample has five versions, a blocked spell, and looks that failed; each is
// drawn, and what it is stands beside it.
func TestAxisDrawsALife(t *testing.T) {
	wide, narrow, body := drawings(t, sample(), "/articles/1")
	for _, d := range []string{wide, narrow} {
		for _, want := range []string{
			`<a href="/articles/1/versions/1"><title>Version 1, the first that was seen: 08:00 UTC, 1 March 2026</title>`,
			`<a href="/articles/1/changes/3..4"><title>Version 4, notable: 09:15 UTC, 2 March 2026</title>`,
			`class="mark major"`, `class="band blocked" fill="url(#blocked)"`, `class="look"`, `class="look trouble"`,
			`>first look</text>`, `>now</text>`, `>1 day</text>`,
			`5 versions, 1 spell in which it could not be seen. The list of versions and events below says the same in words.</desc>`,
		} {
			if !strings.Contains(d, want) {
				t.Errorf("the drawing lacks %s:\n%s", want, d)
			}
		}
		if strings.Contains(d, "absent") || strings.Contains(d, "unseen") {
			t.Errorf("the drawing has spells that were none:\n%s", d)
		}
	}
	for _, want := range []string{"The scale is logarithmic", "could not be seen</li>", "a look that showed no article</li>", `aria-labelledby="axis-wide axis-wide-said"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if _, body := get(t, handler(t, sample()), "/articles/9"); strings.Contains(body, "<svg") {
		t.Error("an article at which nobody looked has an axis")
	}
}

// What is gone and what nobody saw are told apart by their patterns.
func TestAxisTellsSpellsApart(t *testing.T) {
	f := newFake()
	id := f.add("https://gap.example/1", "gap.example")
	f.see(id, clock(0, 9, 0), story("A quiet day", "The day was long."))
	f.events[id] = []tracker.Event{
		{Kind: tracker.EventMissing, At: clock(0, 12, 0), Until: clock(0, 18, 0)},
		{Kind: tracker.EventGone, At: clock(0, 18, 0)},
	}
	f.watching = map[int64]tracker.Watching{id: {ArticleID: id,
		Runs:   []tracker.DaemonRun{{Began: clock(0, 0, 0), Alive: clock(0, 10, 0), Ended: clock(0, 10, 0)}, {Began: clock(0, 11, 0), Alive: clock(9, 0, 0)}},
		Lapses: []tracker.Lapse{{Seen: clock(0, 9, 0), Planned: clock(0, 10, 0), Next: clock(0, 11, 30)}}}}
	wide, _, _ := drawings(t, f, "/articles/1")
	for _, want := range []string{`fill="url(#absent)"`, `fill="url(#unseen)"`, "2 spells in which it was not there, 2 spells in which nobody looked or no look saw it."} {
		if !strings.Contains(wide, want) {
			t.Errorf("the drawing lacks %s:\n%s", want, wide)
		}
	}
	if n := strings.Count(regexp.MustCompile(`class="band absent"[^>]*`).FindString(wide), "M"); n != 1 {
		t.Errorf("missing and then gone are %d bands, want one", n)
	}
}

// The busiest life there can be fits: thousands of looks and versions and spells.
func TestAxisIsBounded(t *testing.T) {
	f := newFake()
	id := f.add("https://busy.example/1", "busy.example")
	at := clock(-90, 0, 0)
	for i := range 250 {
		at = at.Add(time.Duration(1+i%7) * 17 * time.Minute)
		f.see(id, at, story(fmt.Sprint("Take ", i%9), "Text."))
		if i > 0 {
			f.changed(id, tracker.Change{Significance: i % 100, Kinds: []revision.Kind{revision.Headline}})
		}
		for m := range 4 {
			f.look(id, tracker.Check{At: at.Add(time.Duration(m+1) * time.Minute), Outcome: []tracker.Outcome{tracker.OutcomeFailed, tracker.OutcomeUnchanged}[m%2], Reason: "timeout"})
		}
		f.events[id] = append(f.events[id], tracker.Event{Kind: []tracker.EventKind{tracker.EventMissing, tracker.EventBlocked}[i%2], At: at, Until: at.Add(5 * time.Minute)})
	}
	wide, narrow, body := drawings(t, f, "/articles/1")
	if len(wide) > 30<<10 || len(narrow) > 15<<10 {
		t.Errorf("the drawings take %d and %d bytes, want less than 30 and 15 KiB", len(wide), len(narrow))
	}
	t.Logf("%d and %d bytes, the page %d", len(wide), len(narrow), len(body))
	if len(body) > 1<<20 {
		t.Errorf("the page takes %d bytes", len(body))
	}
	for _, want := range []string{"Of the looks, the first 300 and the last 700 are drawn.", `?before=51" rel="next"`, "Version 51 is the first that is drawn."} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	checkMarks(t, wide)
	checkMarks(t, narrow)
	_, body = get(t, handler(t, f), "/articles/1?before=51")
	if n := strings.Count(body, `name="a" value="`); n != 49 || strings.Count(body, " checked>") != 2 || strings.Contains(body, "<svg") || !strings.Contains(body, "the first that was seen") {
		t.Errorf("before version 51, %d versions can be compared from and %d are chosen, want 49 and 2, and no axis", n, strings.Count(body, " checked>"))
	}
}

// checkMarks makes sure that marks lie within the drawing and not on each other.
func checkMarks(t *testing.T, svg string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(svg))
	if err != nil {
		t.Fatal(err)
	}
	var width, height int
	var marks [][4]int
	for n := range doc.Descendants() {
		attr := map[string]string{}
		for _, a := range n.Attr {
			attr[a.Key] = a.Val
		}
		switch {
		case n.Data == "svg":
			fmt.Sscanf(attr["viewBox"], "0 0 %d %d", &width, &height)
		case n.Data == "rect" && strings.HasPrefix(attr["class"], "mark"):
			var m [4]int
			for i, key := range []string{"x", "y", "width", "height"} {
				fmt.Sscan(attr[key], &m[i])
			}
			marks = append(marks, m)
		}
	}
	for i, m := range marks {
		if m[0] < 0 || m[1] < 0 || m[0]+m[2] > width || m[1]+m[3] > height {
			t.Errorf("mark %v lies outside of %d × %d", m, width, height)
		}
		for _, o := range marks[:i] {
			if m[0] < o[0]+o[2] && o[0] < m[0]+m[2] && m[1] < o[1]+o[3] && o[1] < m[1]+m[3] {
				t.Errorf("marks %v and %v lie on each other", m, o)
			}
		}
	}
}
