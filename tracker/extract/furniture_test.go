package extract_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"storydiff/tracker/extract"
)

// The last words of a story in bold stay where only furniture follows: they are
// no heading of it.
func TestLastWordsInBoldAreKept(t *testing.T) {
	for _, line := range []string{
		"Will it sail in winter? No. Will it be missed? Certainly. Safe travels!",
		"MARTA LINDQVIST IS THE HARBOUR EDITOR OF THE POST",
	} {
		for _, after := range []string{"", `<ul><li><a href="/a">Mills bridge closed</a></li><li><a href="/b">Town band wins cup</a></li></ul>`, `<aside><p>3 March in <a href="/town">Town</a></p></aside>`} {
			page := titled("Ferry returns", `<article><h1>Ferry returns</h1>`+saltgate+`<p><strong>`+line+`</strong></p>`+after+`</article>`)
			story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html"})
			if err != nil || !strings.HasSuffix(story.Body(), line+"\n") {
				t.Errorf("%q is lost before %.20q: %v", line, after, err)
			}
		}
	}
}

// A standfirst is the same whatever furniture stands between it and the headline
// or in the middle of it.
func TestStandfirstAmongFurniture(t *testing.T) {
	counters := `<div class="css-1f"><p>1,204 shares</p><p>31 comments</p></div>`
	advert := `<div class="css-ad"><span>Advertisement</span></div>`
	share := `<div class="share-bar"><ul><li><a href="https://x.example/s">Share 20</a></li><li><a href="mailto:?x">Email</a></li></ul></div>`
	more := `<p>Read more: <a href="/band">Town band wins regional cup</a></p>`
	const first, second = `The council will pay for two boats and a pier.`, `It hopes that commuters follow.`
	for _, page := range []func(string) string{
		func(f string) string {
			return f + `<h2>` + first + ` ` + second + `</h2><div class="css-t">` + saltgate + `</div>`
		},
		func(f string) string {
			return f + `<p><b>` + first + ` ` + second + `</b></p><div class="css-t">` + saltgate + `</div>`
		},
		func(f string) string {
			return `<div class="intro"><p>` + first + `</p>` + f + `<p>` + second + `</p></div><div class="css-t">` + saltgate + `</div>`
		},
	} {
		for _, f := range []string{"", counters, advert, share, more} {
			body := titled("Ferry returns", `<article><h1>Ferry returns</h1>`+page(f)+`</article>`)
			story, err := extract.Read(extract.Input{Body: []byte(body), ContentType: "text/html"})
			if err != nil {
				t.Fatal(err)
			}
			if want := first + " " + second; story.Standfirst != want {
				t.Errorf("standfirst of %.60q is %q, want %q", page(f), story.Standfirst, want)
			}
		}
	}
}

// The date in words below the headline is found past links and counters.
func TestDateInWordsPastCounters(t *testing.T) {
	counters := strings.Repeat(`<div><p>1,204 shares</p><p>31 comments</p></div>`, 3)
	links := `<ul>` + strings.Repeat(`<li><a href="/x">Share</a></li>`, 6) + `</ul>`
	for _, f := range []string{"", counters, links, counters + links} {
		page := titled("Ferry returns", `<div><h1>Ferry returns</h1>`+f+`<div class="where"><p>Published 3 March 2026, 09:12</p></div><div class="css-t">`+saltgate+`</div></div>`)
		story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html"})
		if err != nil {
			t.Fatal(err)
		}
		if got := stamp(story.Published); got != "2026-03-03T09:12:00Z" {
			t.Errorf("published behind %.40q is %q", f, got)
		}
	}
}

// A caption is one however its type is named.
func TestCaptionNamedForItsType(t *testing.T) {
	for _, class := range []string{"t-meta", "img-meta small", "figure-footer", "caption"} {
		page := titled("Ferry returns", `<article><h1>Ferry returns</h1>`+saltgate+`<figure><img src="/a.jpg"><figcaption class="`+class+`"><span>Ilse Brandt/Post</span></figcaption></figure>`+saltgate+`</article>`)
		story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html"})
		if err != nil || !strings.Contains(story.Body(), "Ilse Brandt/Post") {
			t.Errorf("the caption of class %q is lost: %v", class, err)
		}
	}
}

// A byline is read where it shares a box with what is furniture.
func TestBylineInSharedBox(t *testing.T) {
	for _, name := range []string{"Lena Okafor", "Piet Vos"} {
		page := titled("Ferry returns", `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry returns","author":{"name":"Lena Okafor"}}</script><article><h1>Ferry returns</h1>
<div class="share-byline-timestamp"><a href="/s">Share 20</a><span class="byline">by `+name+`</span></div><div class="css-t">`+saltgate+`</div></article>`)
		story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html"})
		if err != nil {
			t.Fatal(err)
		}
		if story.Byline != name {
			t.Errorf("byline is %q, want %q", story.Byline, name)
		}
	}
}

// Lines in the midst of a text that say when it was published, announce another
// story or ask to share this one are furniture though they are no links; prose
// that opens with such words is not.
func TestPlainFurnitureInText(t *testing.T) {
	for line, kept := range map[string]bool{
		"Published 5 hours ago by Lena Okafor":                                       false,
		"Published 5 hours ago by Lena Okafor and Piet Vos":                          false,
		"Updated at 10:15 by Lena Okafor":                                            false,
		"Published 5 hours ago by…":                                                  false,
		"Veröffentlicht vor 5 Stunden von Lena Okafor":                               false,
		"Publié il y a 5 heures par Lena Okafor":                                     false,
		"Publicado hace 5 horas por Lena Okafor":                                     false,
		"Trending: Town band wins regional cup":                                      false,
		"Trending now: Town band wins regional cup":                                  false,
		"Read next: Town band wins regional cup":                                     false,
		"Read more: Why is the bridge shut?":                                         false,
		"Related: Town band wins regional cup":                                       false,
		"Lesen Sie auch: Stadtkapelle gewinnt Pokal":                                 false,
		"À lire aussi : La fanfare gagne la coupe":                                   false,
		"Lea también: La banda gana la copa":                                         false,
		"Leggi anche: La banda vince la coppa":                                       false,
		"Leia também: A banda ganha a taça":                                          false,
		"Lees ook: Fanfare wint de beker":                                            false,
		"Läs också: Orkestern vann pokalen":                                          false,
		"Czytaj także: Orkiestra zdobyła puchar":                                     false,
		"Читайте также: Оркестр выиграл кубок":                                       false,
		"延伸阅读：镇上的乐队赢得了奖杯":                                                            false,
		"Share this story":                                                           false,
		"Diesen Artikel teilen":                                                      false,
		"Partager cet article":                                                       false,
		"Published in 2019 by Faber, the book was soon forgotten.":                   true,
		"Published in 2019 by Faber":                                                 true,
		"Published 5 hours ago, the plan drew 400 letters.":                          true,
		"Updated hourly by hand, the board shows the tides":                          true,
		"Trending is a word that nobody in Saltgate uses.":                           true,
		"Trending: so the clerk described the price of fish, which rose by a fifth.": true,
		"Read more books, said the mayor.":                                           true,
		"Related to the mayor: the harbour master":                                   true,
		"Share this story with a child and it laughs, she said.":                     true,
		"Don't miss the last boat":                                                   true,
		"Lesen Sie auch manchmal Bücher, fragte sie.":                                true,
	} {
		for _, form := range []string{"<p>%s</p>", "<div>%s</div>", "<p><b>%s</b></p>"} {
			page := titled("Ferry returns", `<article><h1>Ferry returns</h1>`+saltgate+fmt.Sprintf(form, line)+saltgate+`</article>`)
			story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html; charset=utf-8"})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(story.Body(), line); got != kept {
				t.Errorf("%s as %s is kept: %v, want %v", line, form, got, kept)
			}
		}
	}
}

// Links that are the article's own are kept, and those that lead to others are
// not.
func TestLinksOfTheArticle(t *testing.T) {
	list := `<ul><li><a href="https://a.example/1">Survey of the pier, 2019</a></li><li><a href="https://b.example/2">Depths at Saltgate, 2021</a></li></ul>`
	for _, tt := range []struct {
		html string
		line string // of it
		want bool   // kept
	}{
		{`<p><a href="https://court.example/ruling">The full ruling of the court can be read here.</a></p>`, "The full ruling", true},
		{`<p><a href="https://court.example/ruling.pdf">The ruling in full</a></p>`, "The ruling in full", true},
		{`<p>The board relied on these reports:</p>` + list, "Depths at Saltgate", true},
		{`<h2>Sources</h2>` + list, "Depths at Saltgate", true},
		{`<p><a href="/band">Town band wins regional cup</a></p>`, "Town band", false},
		{`<p><a href="/band">Read more: the band came first among nineteen.</a></p>`, "the band came", false},
		{`<p><a href="https://shop.example/" rel="sponsored">Sleep well on a Halden mattress this spring.</a></p>`, "Sleep well", false},
		{`<p><a href="/nl">Sign up for our newsletter and get the news in your inbox.</a></p>`, "Sign up", false},
		{`<div><a href="https://shop.example/"><p>Sleep well on a Halden mattress this spring.</p></a></div>`, "Sleep well", false},
		{list, "Depths at Saltgate", false},
		{`<p>The board had this to say of it:</p><ul><li><a href="/a">Mills bridge closed for third weekend</a></li><li><a href="/b">Town band wins cup</a></li></ul>`, "Town band", false},
		{`<p>Read more on the pier:</p>` + list, "Depths at Saltgate", false},
		{`<h3>More on the ferry</h3>` + list, "Depths at Saltgate", false},
		{`<h3>Elsewhere on the river</h3>` + list, "Depths at Saltgate", false},
	} {
		for name, page := range map[string]string{"in": saltgate + tt.html + saltgate, "below": saltgate + tt.html} {
			story, err := extract.Read(extract.Input{Body: []byte(titled("Ferry returns", `<article><h1>Ferry returns</h1>`+page+`</article>`)), ContentType: "text/html"})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(story.Body(), tt.line); got != tt.want {
				t.Errorf("%s the text, %q is kept: %v, want %v", name, tt.html, got, tt.want)
			}
		}
	}
}

// A time of day alone says when a story was changed: at the first such time after
// it was published. It says nothing where no day of publication is known.
func TestChangedByTheClock(t *testing.T) {
	const published = `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry returns","datePublished":"2026-03-03T09:12:00Z"}</script>`
	for _, tt := range []struct{ head, line, want string }{
		{published, "Updated 10:15", "2026-03-03T10:15:00Z"},
		{published, "Last updated at 10:15 a.m.", "2026-03-03T10:15:00Z"},
		{published, "Updated: 4:05 pm", "2026-03-03T16:05:00Z"},
		{published, "Aktualisiert um 10:15 Uhr", "2026-03-03T10:15:00Z"},
		{published, "Mis à jour à 10h15", "2026-03-03T10:15:00Z"},
		{published, "Updated 08:30", "2026-03-04T08:30:00Z"},
		{published, "Updated 5 March 2026, 08:30", "2026-03-05T08:30:00Z"},
		{published, "Updated 5 minutes ago", ""},
		{published, "Published 10:15", ""},
		{published, "10:15", ""},
		{"", "Updated 10:15", ""},
	} {
		for _, form := range []string{`<p class="t">%s</p>`, `<div><time>%s</time></div>`, `<div><span>%s</span></div>`} {
			page := titled("Ferry returns", tt.head+`<article><h1>Ferry returns</h1>`+fmt.Sprintf(form, tt.line)+saltgate+`</article>`)
			story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html; charset=utf-8"})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if !story.Modified.IsZero() {
				got = story.Modified.Format(time.RFC3339)
			}
			if got != tt.want {
				t.Errorf("modified by %q in %s is %q (%s), want %q", tt.line, form, got, story.Sources["modified"], tt.want)
			}
			if strings.Contains(story.Body(), tt.line) {
				t.Errorf("%q in %s is read as text", tt.line, form)
			}
		}
	}
}
