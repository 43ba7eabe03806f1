package diffview_test

import (
	"strings"
	"testing"

	"storydiff/diffview"
	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/worddiff"
)

// A paragraph runs as its page's language does, whatever name it begins with;
// one without a letter of that direction is left to the browser.
func TestDirection(t *testing.T) {
	for _, tt := range []struct{ lang, text, want string }{
		{"he", "BBC דיווחה על הגשר", "rtl"},
		{"ar-EG", "12 قتيلا", "rtl"},
		{"ar", "Breaking news", "auto"},
		{"ar", "12:30", "auto"},
		{"en", "שלום means peace", "ltr"},
		{"en-GB", "שלום", "auto"},
		{"ur-Latn", "pul khul gaya", "ltr"},
		{"pa-Arab", "پل", "rtl"},
		{"", "שלום", "auto"},
		{"", "BBC דיווחה על הגשר", "auto"},
	} {
		d := oneBlock(worddiff.Span{Op: worddiff.Insert, Text: tt.text})
		got, err := diffview.Fragment(d, diffview.Options{Lang: tt.lang})
		if err != nil || !strings.Contains(string(got), `<p dir="`+tt.want+`"`) {
			t.Errorf("%q on a page in %q is not dir=%q: %v\n%s", tt.text, tt.lang, tt.want, err, got)
		}
	}
}

// The copy of a version runs as its page's language does.
func TestVersionRunsAsItsLanguage(t *testing.T) {
	v := tracker.Version{N: 1, Story: extract.Story{Headline: "BBC: הגשר נפתח", Byline: "Dan Levi", Standfirst: "BBC הודיעה", Lang: "he",
		Blocks: []extract.Block{{Kind: extract.Paragraph, Text: "BBC דיווחה על הגשר."}, {Kind: extract.Heading, Text: "BBC בעיר"}}}}
	var b strings.Builder
	if err := diffview.VersionHTML(&b, tracker.Article{}, v); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<h1 dir="rtl" lang="he">BBC`, `<p class="byline" dir="auto">Dan`, `<p class="standfirst" dir="rtl">BBC`, `<p class="paragraph" dir="rtl">BBC`, `<h2 dir="rtl">BBC`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}
