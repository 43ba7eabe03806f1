package extract_test

import (
	"strings"
	"testing"

	"storydiff/tracker/extract"
)

// Boxes behind a text that say by their making what they are change without the
// story, and with it stays what is like them and the article's own.
func TestBoxesBehindTheText(t *testing.T) {
	const by = `<p class="byline">By Ida Brenner and Ewan Sorley</p>`
	for _, tt := range []struct {
		name, box string
		said      string // what is read of it; empty: nothing
	}{
		{"comments that are counted first", `<section><h3>3 Comments</h3><div><b>Bill</b><p>They will never sail again, mark my words, not in this century.</p></div></section>`, ""},
		{"comments in Chinese", `<section><h3>12 条评论</h3><div><b>Bill</b><p>They will never sail again, mark my words, not in this century.</p></div></section>`, ""},
		{"about an author", `<div class="c1"><img src="/a.jpg"><p>Ida Brenner has covered the harbour since 2011.</p></div>`, ""},
		{"about an author, linked", `<div class="c1"><h4>Ewan Sorley</h4><p>Ewan Sorley writes about boats. <a href="/sorley">More</a></p></div>`, ""},
		{"what an author has to say, in two paragraphs", `<div class="c1"><img src="/a.jpg"><p>Ida Brenner asked to be moved to the night boat.</p><p>She was refused on Monday.</p></div>`, "She was refused on Monday."},
		{"of somebody else", `<div class="c1"><img src="/a.jpg"><p>Mina Holt has run the harbour since 2011.</p></div>`, "Mina Holt"},
		{"an author without picture or link", `<div class="c1"><p>Ida Brenner saw the boat leave.</p></div>`, "saw the boat leave"},
		{"to be followed", `<p class="c"><em><a href="https://www.facebook.com/post">Join us on the channel for alerts.</a></em></p>`, ""},
		{"to join", `<div><p>Enjoying this story? Help us to write the next one.</p><a href="/membership">Go on</a></div>`, ""},
		{"a source that can be joined", `<div><p>The union asks all rowers to join at <a href="https://rowers.example/join">its own page</a>.</p></div>`, "asks all rowers"},
		{"an advertisement of AMP", `<amp-ad><div placeholder>Cheap flights to Eastbank every day.</div></amp-ad>`, ""},
		{"a copyright", `<p>© 2026 Saltgate Post Group. All rights reserved.</p>`, ""},
		{"a copyright in words", `<p>Copyright 2026 Saltgate Post Group</p>`, ""},
		{"prose on copyright", `<p>Copyright was what the two fell out about in 2019, and they have not spoken since.</p>`, "fell out about"},
		{"a credit without a year", `<p>© Ida Brenner drew the map that hangs in the hall of the office.</p>`, "drew the map"},
	} {
		page := titled("Ferry returns", `<article><h1>Ferry returns</h1>`+by+`<div class="body">`+saltgate+`</div>`+tt.box+`</article>`)
		story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html", URL: "https://post.example/ferry"})
		plain, plainErr := extract.Read(extract.Input{Body: []byte(titled("Ferry returns", `<article><h1>Ferry returns</h1>`+by+`<div class="body">`+saltgate+`</div></article>`)), ContentType: "text/html", URL: "https://post.example/ferry"})
		switch {
		case err != nil || plainErr != nil:
			t.Fatal(tt.name, err, plainErr)
		case tt.said == "" && story.Text() != plain.Text():
			t.Errorf("%s is read as the article's:\n%s", tt.name, strings.TrimPrefix(story.Body(), plain.Body()))
		case !strings.Contains(story.Body(), tt.said):
			t.Errorf("%s is lost", tt.name)
		}
	}
}

// A line of dates with the word for an update in a script without spaces is no note
// and no text, as it is in others.
func TestStampsInJapanese(t *testing.T) {
	for _, line := range []string{"2026年11月25日 06時10分 更新 11月25日 09時30分", "更新 2026年11月25日 06時10分", "公開 2026年11月25日"} {
		page := titled("Ferry returns", `<article><h1>Ferry returns</h1><div class="c">`+line+`</div><div class="body">`+saltgate+`</div></article>`)
		story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html"})
		if err != nil || strings.Contains(story.Body(), "年") {
			t.Errorf("%s is read as %v, %v", line, story, err)
		}
	}
}

// A page that is called "not found" in its title has nothing at its address, however
// long it says so; an article that is called otherwise may speak of it.
func TestNotFoundAtLength(t *testing.T) {
	const words = `<p>Der gewünschte Artikel ist leider nicht mehr da. Vielleicht hilft Ihnen unsere Suche weiter, oder Sie sehen nach, was heute am Hafen los ist.</p>`
	for title, refused := range map[string]bool{"Seite nicht gefunden": true, "Was am Hafen los ist": false} {
		page := titled(title, `<article><h1>Hoppla! Diese Seite gibt es nicht mehr</h1>`+words+`</article>`)
		_, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html"})
		if refusal, _ := err.(*extract.Refusal); (refusal != nil && refusal.Reason == "soft-404") != refused {
			t.Errorf("%s: %v", title, err)
		}
	}
}
