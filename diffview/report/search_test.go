package report_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"storydiff/tracker/search"
)

// What was removed is found, with where it stood and the change by which it went.
func TestSearchFindsWhatWasRemoved(t *testing.T) {
	h := handler(t, sample())
	for _, tt := range []struct {
		query string
		want  []string
		not   string
	}{
		{"%22lose+their+livelihood%22", []string{
			`<title>Search for &#34;lose their livelihood&#34; · storydiff</title>`,
			`<p class="said">1 article; it stands no more.</p>`,
			`<a href="/articles/1">Divided council approves costly bridge</a>`,
			`<p class="stood removed"><a href="/articles/1/changes/2..3">Stood in versions 1–2, removed in version 3</a>, between <time datetime="2026-03-01T14:20:00Z">14:20</time> and`,
			`“Nobody will <mark>lose their livelihood</mark>.”`,
			`From a quote of <a href="/articles/1/versions/2">version 2</a>`,
			`<meta name="robots" content="noindex">`,
			`<input id="q" name="q" type="search" value="&#34;lose their livelihood&#34;"`,
		}, ""},
		{"%2212+million%22", []string{`Stood in versions 1 and 4, removed in version 5`}, ""}, // the correction quotes it
		{"%22cost+14%22", []string{`<a href="/articles/1/changes/1..2">Stands since version 2 of 5</a>, between`}, "stood removed"},
		{"council+mayor", []string{`<p class="stood">Stands in all 5 versions</p>`}, ""},
		{"earlier+version", []string{`Stood in version 4, removed in version 5`, `From a note of`}, ""},
		{"الجسر", []string{`<p class="excerpt" dir="auto" lang="en">`, `<mark>الجسر</mark>`}, ""},
		{"minister+not", []string{`Minister resigns</a>`, `<mark>Minister</mark> will <mark>not</mark> resign`}, ""},
		{"%2212+million%22&removed=1&outlet=harnherald.example", []string{`1 article, in which it stands no more, by harnherald.example.`, `<a href="/search?q=%2212&#43;million%22">Search everything</a>`, ` checked>`}, ""},
		{"million&since=24h", []string{`since 12:00 UTC, 3 March 2026`}, ""},
		{"council&removed=1", []string{"Nothing is found", "No article matches"}, "<mark>"},
		{"xyzzy", []string{"Nothing is found", "stood together in no version"}, "<mark>"},
		{"", []string{`value=""`, "All words must stand in one version"}, "Nothing is found"},
		{"++", []string{`value=""`}, "Nothing is found"},
	} {
		status, body := get(t, h, "/search?q="+tt.query)
		if status != 200 {
			t.Errorf("GET /search?q=%s = %d", tt.query, status)
		}
		for _, want := range tt.want {
			if !strings.Contains(body, want) {
				t.Errorf("GET /search?q=%s lacks %s in:\n%s", tt.query, want, body)
			}
		}
		if tt.not != "" && strings.Contains(body[strings.Index(body, "</form>"):], tt.not) {
			t.Errorf("GET /search?q=%s holds %s", tt.query, tt.not)
		}
	}
}

// The best are found by page, with why they are, and the order is kept by filters.
func TestSearchForTheBest(t *testing.T) {
	src := newFake()
	for i := range 45 {
		id := src.add(fmt.Sprintf("https://news.example/%d", i), "news.example")
		headline := "Take"
		if i == 7 {
			headline = "The bridge"
		}
		src.see(id, clock(0, 0, i), story(headline, "A bridge."))
	}
	h := handler(t, src)
	next, link := regexp.MustCompile(`href="([^"]*)" rel="next"`), regexp.MustCompile(`<a href="/articles/(\d+)">`)
	var order []string
	said := []string{"The best 20 articles of the 45 that were taken up last.", "20 further articles, 21 to 40 of the 45 that were taken up last, the best first.", "5 further articles, 41 to 45 of the 45"}
	target := "/search?q=bridge&sort=best"
	for _, want := range said {
		_, body := get(t, h, target)
		for _, m := range link.FindAllStringSubmatch(body, -1) {
			order = append(order, m[1])
		}
		if !strings.Contains(body, want) {
			t.Errorf("GET %s does not say %q:\n%s", target, want, body)
		}
		target = ""
		if m := next.FindStringSubmatch(body); m != nil {
			target = strings.ReplaceAll(m[1], "&amp;", "&")
		}
	}
	if len(order) != 45 || order[0] != "8" || order[1] != "45" || target != "" {
		t.Errorf("found are %v, then %q", order, target)
	}
	_, body := get(t, h, "/search?q=bridge&sort=best&outlet=news.example")
	for _, want := range []string{
		`<input type="hidden" name="sort" value="best">`, ` · found in the headline</p>`,
		`<a href="/search?outlet=news.example&amp;q=bridge">newest first</a>`,
		`<a href="/search?outlet=news.example&amp;q=bridge&amp;sort=best" aria-current="page">best first</a>`,
		`<a href="/search?q=bridge&amp;sort=best">Search everything</a>`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s:\n%s", want, body)
		}
	}
	for _, query := range []string{"sort=length", "sort=best&skip=5", "skip=5&before=9", "sort=best&before=9&skip=0", "sort=best&before=9&skip=100000", "sort=best&before=9&skip=x"} {
		if status, _ := get(t, h, "/search?q=bridge&"+query); status != 400 {
			t.Errorf("GET /search?q=bridge&%s = %d", query, status)
		}
	}
}

// Hostile words are shown as text, and what hides in an excerpt is named.
func TestSearchShowsHostileTextAsText(t *testing.T) {
	src, _ := hostilePages()
	_, body := get(t, handler(t, src), "/search?q=alert")
	for _, want := range []string{"&lt;script&gt;<mark>alert</mark>(1)", "⟨U&#43;202E⟩", "⟨U&#43;001B⟩"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s:\n%s", want, body)
		}
	}
}

func TestSearchPages(t *testing.T) {
	src := newFake()
	for i := range 45 {
		id := src.add(fmt.Sprintf("https://news.example/%d", i), "news.example")
		src.see(id, clock(0, 0, i), story("Take", "A bridge."))
	}
	h := handler(t, src)
	next, link := regexp.MustCompile(`href="([^"]*)" rel="next"`), regexp.MustCompile(`<a href="/articles/(\d+)">`)
	seen := map[string]bool{}
	target := "/search?outlet=news.example&q=bridge"
	for range 3 {
		_, body := get(t, h, target)
		for _, m := range link.FindAllStringSubmatch(body, -1) {
			seen[m[1]] = true
		}
		if m := next.FindStringSubmatch(body); m != nil {
			target = strings.ReplaceAll(m[1], "&amp;", "&")
		} else {
			target = ""
		}
	}
	if len(seen) != 45 || target != "" {
		t.Errorf("three pages list %d articles, and %q follows, want 45 and nothing", len(seen), target)
	}
	src.unread = 1234
	src.refuses = search.Refusal("More than 200 words begin with “a”: write more of it.")
	if status, body := get(t, h, "/search?q=a*"); status != 400 || !strings.Contains(body, "write more of it.") {
		t.Errorf("what the source refuses = %d:\n%s", status, body)
	}
	src.refuses = nil
	if _, body := get(t, h, "/search?q=bridge"); !strings.Contains(body, "1\u202f234 articles of an earlier storydiff are still being indexed") {
		t.Errorf("no word of what is not indexed:\n%s", body)
	}
}

// Minor changes are folded and counted where others are listed, and never else.
func TestMinorChangesAreFolded(t *testing.T) {
	h := handler(t, sample())
	_, body := get(t, h, "/")
	_, rest, found := strings.Cut(body, "<details class=\"folded\">\n  <summary>2 minor changes</summary>")
	inner, _, _ := strings.Cut(rest, "</details>")
	if !found || strings.Join(listed(inner), " ") != "6/1 4/1" || len(listed(body)) != 11 {
		t.Errorf("folded %v of %v in:\n%s", listed(inner), listed(body), body)
	}
	for _, query := range []string{"kind=spelling&outlet=seapost.example&since=2026-03-04T10:04:00Z", "min_significance=25"} {
		if _, body := get(t, h, "/?"+query); strings.Contains(body, "folded") || len(listed(body)) == 0 {
			t.Errorf("GET /?%s folds %v", query, listed(body))
		}
	}
	if _, body := get(t, h, "/"); !strings.Contains(body, `<a href="/articles?state=gone">Taken down</a>`) {
		t.Error("there is no way to what was taken down")
	}
}
