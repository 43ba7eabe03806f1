package report_test

import (
	"strings"
	"testing"

	"storydiff/tracker"
	"storydiff/tracker/revision"
)

// What went from a page in English runs as English does, though it begins in
// Hebrew: the excerpt would stand at the other side else, in the wrong order.
func TestExcerptRunsAsItsPage(t *testing.T) {
	src := sample()
	for i := range src.changes {
		src.changes[i].Excerpt = marked("[-העיר תסגור את השוק-]{+City closes the market+}")
	}
	h := handler(t, src)
	for _, path := range []string{"/", "/articles/1"} {
		if _, body := get(t, h, path); !strings.Contains(body, `<p class="excerpt" dir="ltr" lang="en"><del>העיר`) {
			t.Errorf("GET %s holds no excerpt that runs from the left", path)
		}
	}
}

// A Hebrew headline that begins with a Latin name runs from the right all the
// same, on every page on which it stands.
func TestHeadlinesRunAsTheirPage(t *testing.T) {
	src := newFake()
	id := src.add("https://ittim.example/", "ittim.example")
	for i, headline := range []string{"הגשר נסגר", "BBC: זעזוע בעיר", "הגשר נסגר", "BBC: הגשר נפתח"} {
		s := story(headline, "BBC דיווחה על הגשר.")
		s.Lang = "he"
		src.see(id, clock(1, 9, 10*i), s)
		if i > 0 {
			src.changed(id, tracker.Change{Kinds: []revision.Kind{revision.Headline}, Lang: "he", Excerpt: marked("{+הגשר+}")})
		}
	}
	h := handler(t, src)
	for path, wants := range map[string][]string{
		"/": {`<h3 dir="rtl" lang="he"><a href="/articles/1/changes/3..4">BBC: הגשר נפתח</a>`, `<p class="was" dir="rtl"><bdi dir="ltr">Headline before:</bdi> <del lang="he">BBC: זעזוע בעיר</del></p>`,
			`<li dir="rtl"><a href="/articles/1/changes/1..2">BBC: זעזוע בעיר</a>`},
		"/articles/1": {`<h1 dir="rtl" lang="he">BBC: הגשר נפתח</h1>`, `<li dir="rtl"><span lang="he">BBC: זעזוע בעיר</span> <span class="aside"><bdi dir="ltr">version 2,`,
			`%</bdi> <span>BBC: זעזוע בעיר</span>`, `<p class="was" dir="rtl">`},
		"/articles/1/changes/3..4": {`<h1 dir="rtl" lang="he">BBC: הגשר נפתח</h1>`, `<p class="was" dir="rtl">`},
		"/articles/1/versions/4":   {`<article class="copytext" dir="rtl" lang="he">`, `<h1 dir="rtl">BBC: הגשר נפתח</h1>`, `<p dir="rtl">BBC דיווחה על הגשר.</p>`},
	} {
		_, body := get(t, h, path)
		for _, want := range wants {
			if !strings.Contains(body, want) {
				t.Errorf("GET %s lacks %s", path, want)
			}
		}
		if strings.Contains(body, `<li dir="auto"><bdi class="share"`) {
			t.Errorf("GET %s leaves a headline under test to the browser", path)
		}
	}
}
