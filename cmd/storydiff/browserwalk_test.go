package main

import (
	"bufio"
	"context"
	"encoding/xml"
	"io"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A demo is `storydiff demo` under way.
type demo struct {
	site  string        // of the report
	db    string        // its file
	lines chan struct{} // one for each change that it tells of
}

// startDemo runs the demo, at four times its usual pace, until the test ends.
func startDemo(t *testing.T) *demo {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	said, write := io.Pipe()
	ended := make(chan int, 1)
	d := &demo{db: filepath.Join(t.TempDir(), "demo.db"), lines: make(chan struct{}, 1000)}
	go func() {
		ended <- run(ctx, []string{"demo", "--listen", "127.0.0.1:0", "--edit-every", "1s", "--db", d.db}, streams{strings.NewReader(""), io.Discard, write})
		write.Close()
	}()
	opened := make(chan string, 1)
	go func() {
		defer close(d.lines)
		change, address := regexp.MustCompile(`^\d\d:\d\d:\d\d  `), regexp.MustCompile(`open (http://\S+)/`)
		for lines := bufio.NewScanner(said); lines.Scan(); {
			if m := address.FindStringSubmatch(lines.Text()); m != nil {
				opened <- m[1]
			}
			if change.MatchString(lines.Text()) {
				d.lines <- struct{}{}
			}
		}
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != exitDone {
			t.Errorf("the demo: exit %d, want 0", code)
		}
	})
	select {
	case d.site = <-opened:
	case <-ctx.Done():
		t.Fatal("the demo did not start")
	}
	return d
}

// until loads a page of the report again after each change that the demo tells of,
// until a script says that what is waited for is there.
func (d *demo) until(b *tab, script string) {
	b.t.Helper()
	for !eval[bool](b, script) {
		d.await(b)
		b.do(chromedp.Reload())
	}
}

// await waits for the next change that the demo tells of.
func (d *demo) await(b *tab) {
	b.t.Helper()
	select {
	case _, ok := <-d.lines:
		if !ok {
			b.t.Fatal("the demo ended")
		}
	case <-b.ctx.Done():
		b.t.Fatal("the demo changed nothing in time")
	}
}

// A walk is the way of a newcomer through the report. The story that is followed is
// the first one of the demo: twelve injured become 21 without a word, and later
// comes an update.
type walk struct {
	*tab
	demo *demo

	article string // path of the page of the story
	change  string // and of its first change
}

// TestBrowserWalk goes the way of a newcomer: the demo runs, a silent edit
// appears, the list is narrowed to those, it is read and noted on, two versions are
// compared, the words that went are searched for, a feed is taken, and the report
// is opened from disk. Beside the way it pauses an article and nearly adds one.
func TestBrowserWalk(t *testing.T) {
	w := &walk{tab: newTab(t), demo: startDemo(t)}
	for _, step := range []struct {
		name string
		do   func(t *testing.T)
	}{
		{"a silent edit appears", w.silentEdit},
		{"it is filtered", w.filtered},
		{"it is read", w.read},
		{"a note is kept", w.noted},
		{"any two versions are compared", w.compared},
		{"it is paused and resumed", w.paused},
		{"an address is filled in and not added", w.filledIn},
		{"what was removed is searched for", w.searched},
		{"the feed has it", w.fed},
		{"it opens from disk", w.exported},
	} {
		if !t.Run(step.name, func(t *testing.T) { w.t = t; step.do(t) }) {
			return
		}
	}
}

// injured is the entry of the change that is followed, in a list.
const injured = `[...document.querySelectorAll("article.entry")].find(e => e.querySelector("ins")?.textContent.includes("21"))`

func (w *walk) silentEdit(t *testing.T) {
	w.open(w.demo.site + "/")
	w.demo.until(w.tab, injured+` !== undefined`)
	entry := eval[[]string](w.tab, `(e => ["li.silent", ".excerpt del", ".excerpt ins", ".score"].map(s => e.querySelector(s)?.textContent ?? ""))(`+injured+`)`)
	if entry[0] != "silent" || entry[1] != "Twelve" || entry[2] != "21" || entry[3] == "" {
		t.Errorf("the entry says %q, want silent, Twelve, 21 and a score", entry)
	}
}

func (w *walk) filtered(t *testing.T) {
	w.click("details.filter summary")
	eval[bool](w.tab, `document.querySelector("#disclosure").focus(); true`)
	w.do(chromedp.KeyEvent("si")) // lent is the only one that begins so
	w.follow("details.filter button")
	if at := w.address(); !strings.Contains(at, "disclosure=silent") {
		t.Errorf("the filter leads to %s", at)
	}
	n := eval[[]int](w.tab, `["article.entry", "article.entry li.silent", "article.entry ins"].map(s => document.querySelectorAll(s).length)`)
	if n[0] == 0 || n[0] != n[1] || n[2] == 0 {
		t.Errorf("%d changes are listed, %d of them silent, with %d marks", n[0], n[1], n[2])
	}
}

func (w *walk) read(t *testing.T) {
	w.open(w.demo.site + eval[string](w.tab, `new URL((`+injured+`).querySelector("h3 a").href).pathname`))
	w.change = strings.TrimPrefix(w.address(), w.demo.site)
	w.article, _, _ = strings.Cut(w.change, "/changes/")
	if !strings.HasSuffix(w.change, "/changes/1..2") || !w.has("section.drawn ins") || !w.has("section.drawn del") {
		t.Errorf("%s shows no marked words", w.address())
	}
}

// noted sends a form.
func (w *walk) noted(t *testing.T) {
	w.click(".said-of summary")
	w.write("#label", "number raised")
	w.write("#text", "From twelve to 21, <b>and no word</b> of it.")
	w.write("#by", "A. Reader")
	w.follow("form.desk button")
	if at := w.address(); !strings.HasPrefix(at, w.demo.site+w.change) {
		t.Errorf("the note leads to %s", at)
	}
	want := "number raisedFrom twelve to 21, <b>and no word</b> of it. A. Reader,"
	for _, at := range []string{w.change, w.article} {
		w.open(w.demo.site + at)
		if got := w.text(".notelist li"); !strings.HasPrefix(got, want) {
			t.Errorf("the note on %s says %q, want %q …", at, got, want)
		}
	}
}

// compared chooses two versions by the mouse.
func (w *walk) compared(t *testing.T) {
	w.open(w.demo.site + w.article)
	w.demo.until(w.tab, `document.querySelectorAll("input[type=radio][name=b]").length >= 2`)
	if got := w.text("form.compare .act"); !strings.Contains(got, "from version 2 to 3") {
		t.Errorf("the form says %q, want that it compares 2 with 3", got)
	}
	for _, choice := range []string{"[name=b][value='2']", "[name=b][value='3']", "[name=a][value='1']"} {
		w.click("input[type=radio]" + choice)
		if !w.has("input[type=radio]" + choice + ":checked") {
			t.Errorf("a click on %s does not choose it", choice)
		}
	}
	w.follow("form.compare button")
	if at := w.address(); at != w.demo.site+w.article+"/changes/1..3" {
		t.Errorf("comparing 1 and 3 leads to %s", at)
	}
	if got := w.text("header.story .said"); !strings.HasPrefix(got, "From version 1 to version 3") {
		t.Errorf("the page says %q", got)
	}
}

// paused sends two forms.
func (w *walk) paused(t *testing.T) {
	w.open(w.demo.site + w.article)
	w.follow("form[action$='/pause'] button")
	if at, state := w.address(), w.text(".dateline .state"); !strings.HasPrefix(at, w.demo.site+w.article) || !strings.EqualFold(state, "paused") || w.has("form[action$='/pause']") {
		t.Errorf("pausing leads to %s, where the state is %q", at, state)
	}
	w.follow("form[action$='/resume'] button")
	if w.has(".dateline .state") || !w.has("form[action$='/pause']") {
		t.Error("what is resumed is not looked at")
	}
}

func (w *walk) filledIn(t *testing.T) {
	const address = "https://news.example/story?a=1&b=<2>"
	w.open(w.demo.site + "/add?url=" + url.QueryEscape(address))
	if got := eval[string](w.tab, `document.querySelector("#url").value`); got != address {
		t.Errorf("the form has %q, want %q", got, address)
	}
	out, said, code := storydiff(t, "list", "--db", w.demo.db)
	if code != 0 || !strings.Contains(out, "/news/ferry-meets") || strings.Contains(out, "news.example") {
		t.Errorf("tracked are now, with exit %d:\n%s%s", code, out, said)
	}
}

// gone are words that stood in the first version alone.
const gone = `"twelve people were injured"`

func (w *walk) searched(t *testing.T) {
	w.follow(".masthead nav a[href='/search']")
	w.write("#q", gone)
	w.follow("form.search .ask button")
	if n := eval[int](w.tab, `document.querySelectorAll("article.hit").length`); n != 1 {
		t.Fatalf("%d articles are found, want 1", n)
	}
	if got := w.text("article.hit .stood"); !strings.HasPrefix(got, "Stood in version 1, removed in version 2, between") {
		t.Errorf("the hit says %q", got)
	}
	if got := w.text("article.hit mark"); got != "Twelve people were injured" {
		t.Errorf("%q is marked", got)
	}
	if !w.has("article.hit .from a[href='" + w.article + "/versions/1']") {
		t.Error("the hit does not lead to the version in which it stood")
	}
	w.follow("article.hit .stood a")
	if at := w.address(); at != w.demo.site+w.change || w.text("section.drawn del") == "" {
		t.Errorf("the hit leads to %s, which marks %q as gone", at, w.text("section.drawn del"))
	}
}

func (w *walk) fed(t *testing.T) {
	text, status, err := fetchPage(w.demo.site + "/feed.atom")
	if err != nil || status != 200 {
		t.Fatalf("the feed: %d, %v", status, err)
	}
	var feed struct {
		Entries []struct {
			ID    string `xml:"id"`
			Links []struct {
				Href string `xml:"href,attr"`
			} `xml:"link"`
			Content string `xml:"content"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(text), &feed); err != nil {
		t.Fatal(err)
	}
	for _, e := range feed.Entries {
		if len(e.Links) > 0 && e.Links[0].Href == w.demo.site+w.change {
			if !strings.Contains(e.Content, ">Twelve</del>") || !strings.Contains(e.Content, ">21</ins>") || e.ID == "" {
				t.Errorf("entry %q has:\n%s", e.ID, e.Content)
			}
			return
		}
	}
	t.Errorf("no entry of the feed leads to %s:\n%.2000s", w.change, text)
}

// exported walks once more, over files alone.
func (w *walk) exported(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "report")
	if _, said, code := storydiff(t, "export", "html", dir, "--db", w.demo.db); code != 0 {
		t.Fatalf("exit %d: %s", code, said)
	}
	from := "file://" + filepath.ToSlash(dir)
	w.open(from + "/index.html")
	if w.text("h1") != "Recent changes" || eval[string](w.tab, `getComputedStyle(document.querySelector("ins")).fontWeight`) < "600" {
		t.Errorf("%s says %q, or is without its style", w.address(), w.text("h1"))
	}
	eval[bool](w.tab, `for (const d of document.querySelectorAll("details")) d.open = true; true`)
	w.follow("article.entry h3 a[href$='" + strings.TrimPrefix(w.change, "/") + ".html']")
	if at := w.address(); at != from+w.change+".html" || !w.has("section.drawn ins") || !strings.Contains(w.text(".notelist"), "number raised") {
		t.Errorf("the change at %s is without its marks or notes", at)
	}
	w.follow(".masthead nav a[href$='search.html']")
	w.write("#q", gone)
	w.await("#hits mark")
	if got := w.text("#hits li"); !strings.Contains(got, "Twelve people were injured") || !strings.Contains(got, "In version 1; removed: the change") {
		t.Errorf("the search from disk finds %q", got)
	}
	w.follow("#hits .remark a[href*='/changes/']")
	if at := w.address(); at != from+w.change+".html" {
		t.Errorf("the hit leads to %s", at)
	}
}
