package extract_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"storydiff/tracker/extract"
)

// A correction in the words of seven languages: in a sentence, and under a
// heading of its own.
var corrections = []struct{ lang, said, head, rest string }{
	{"en", "This article was amended on 3 March to say that the boats carry 140 passengers.", "Correction", "The boats carry 140 passengers, not 104 as we had it before."},
	{"de", "In einer früheren Version dieses Artikels hieß es, die Schiffe fassten 104 Fahrgäste.", "Korrektur", "Die Schiffe fassen 140 Fahrgäste, nicht 104, wie es zuerst hieß."},
	{"fr", "Une version précédente de cet article indiquait que les bateaux portaient 104 passagers.", "Rectificatif", "Les bateaux portent 140 passagers, et non 104 comme nous l’avions écrit."},
	{"es", "Una versión anterior de este artículo decía que los barcos llevan 104 pasajeros.", "Fe de errores", "Los barcos llevan 140 pasajeros, y no 104 como dijimos antes."},
	{"nl", "In een eerdere versie van dit artikel stond dat de boten 104 passagiers meenemen.", "Correctie", "De boten nemen 140 passagiers mee, en niet 104 zoals eerst vermeld."},
	{"it", "Una versione precedente di questo articolo diceva che i battelli portano 104 passeggeri.", "Rettifica", "I battelli portano 140 passeggeri, e non 104 come avevamo scritto."},
	{"pt", "Uma versão anterior deste artigo dizia que os barcos levam 104 passageiros.", "Correção", "Os barcos levam 140 passageiros, e não 104 como antes se escreveu."},
}

// Corrections are found wherever they stand and in whatever element, and say where.
func TestCorrectionsWhereverTheyStand(t *testing.T) {
	for _, c := range corrections {
		forms := map[string]string{
			"p": "<p>" + c.said + "</p>", "em": "<em>" + c.said + "</em>", "div": "<div>" + c.said + "</div>", "aside": "<aside>" + c.said + "</aside>",
			"footer": "<footer><p>" + c.said + "</p></footer>", "p em": "<p><em>" + c.said + "</em></p>",
			"section": "<section><h3>" + c.head + "</h3><p>" + c.rest + "</p></section>",
			"details": "<details><summary>" + c.head + "</summary><p>" + c.rest + "</p></details>",
			"bold":    "<p><b>" + c.head + ":</b> " + c.rest + "</p>",
		}
		for form, html := range forms {
			for place, page := range map[extract.Place]string{
				extract.AboveText: `<article><h1>Ferry returns</h1>` + html + saltgate + `</article>`,
				extract.InText:    `<article><h1>Ferry returns</h1>` + saltgate + html + saltgate + `</article>`,
				extract.BelowText: `<article><h1>Ferry returns</h1><div class="story-body">` + saltgate + `</div>` + html + `</article>`,
				extract.Elsewhere: `<div><div><div><div><article><h1>Ferry returns</h1>` + strings.Repeat(saltgate, 4) + `</article></div></div></div></div><div class="foot">` + html + `</div>`,
			} {
				if form == "em" && place == extract.InText {
					continue // it runs on in no line of its own
				}
				name := fmt.Sprintf("%s in %s %s", c.lang, form, place)
				notes := notesOf(t, name, titled("Ferry returns", page))
				if len(notes) == 0 || !slices.ContainsFunc(notes, func(b extract.Block) bool { return b.Place == place }) {
					t.Errorf("%s: notes %+v", name, notes)
				}
			}
		}
	}
}

// What hides a correction from the first look hides it from us no more than from
// a reader who goes on to read.
func TestCorrectionsBehindAButton(t *testing.T) {
	for _, c := range corrections {
		for name, html := range map[string]string{
			"hidden":         `<button aria-controls="n1" aria-expanded="false">+</button><div id="n1" hidden><p>` + c.said + `</p></div>`,
			"until found":    `<a href="#n2">…</a><div id="n2" hidden="until-found"><p>` + c.said + `</p></div>`,
			"not displayed":  `<p>` + "The pier was last mended in 1987." + `</p><button>+</button><div style="display:none">` + c.said + `</div>`,
			"under a target": `<button data-target="#n3">+</button><p>The boats sail.</p><section id="n3" class="hidden"><p>` + c.said + `</p></section>`,
		} {
			notes := notesOf(t, c.lang+" "+name, titled("Ferry returns", `<article><h1>Ferry returns</h1>`+saltgate+html+`</article>`))
			if len(notes) != 1 || notes[0].Text != c.said {
				t.Errorf("%s, %s: notes %+v", c.lang, name, notes)
			}
		}
	}
	// What nothing opens no reader sees.
	for _, c := range corrections {
		for html, want := range map[string]int{
			`<p hidden>` + c.said + `</p>`:                                                        0,
			`<div hidden class="correction"><p>` + c.said + `</p></div>`:                          0,
			`<a href="/x">The old pier</a><p hidden>` + c.said + `</p>`:                           0,
			`<a href="/x">The old pier</a><p style="display:none">` + c.said + `</p>`:             0,
			`<button>Share</button><p hidden>` + c.said + `</p>`:                                  0,
			`<button>Read more</button><p hidden>` + c.said + `</p>`:                              1,
			`<button>` + c.head + `</button><p hidden>` + c.said + `</p>`:                         1,
			`<button aria-expanded="false">Share</button><p hidden>` + c.said + `</p>`:            1,
			`<details><summary>Read more</summary><p>` + c.said + `</p></details>`:                1,
			`<details><summary>Read more</summary><p hidden>` + c.said + `</p></details>`:         1,
			`<a href="#n9">More</a><p>The boats sail.</p><p id="n9" hidden>` + c.said + `</p>`:    1,
			`<button aria-controls="n8">i</button><p>So.</p><p id="n8" hidden>` + c.said + `</p>`: 1,
		} {
			if notes := notesOf(t, c.lang, titled("Ferry returns", `<article><h1>Ferry returns</h1>`+saltgate+html+`</article>`)); len(notes) != want {
				t.Errorf("%s: %d notes, want %d", html, len(notes), want)
			}
		}
	}
	// Other hidden text stays hidden.
	story, err := extract.Read(extract.Input{ContentType: "text/html", Body: []byte(titled("Ferry returns",
		`<article><h1>Ferry returns</h1>`+saltgate+`<button aria-controls="n1">+</button><div id="n1" hidden><p>Terms and conditions of the prize draw apply to all entries.</p></div></article>`))})
	if err != nil || slices.ContainsFunc(story.Blocks, func(b extract.Block) bool {
		return b.Text == "Terms and conditions of the prize draw apply to all entries."
	}) {
		t.Errorf("what is hidden is read: %v", err)
	}
}

// A correction in the data of the page is one that no reader sees, unless one does.
func TestCorrectionsInData(t *testing.T) {
	for _, c := range corrections {
		data := fmt.Sprintf(`<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry returns","correction":{"@type":"CorrectionComment","text":%q}}</script>`, c.said)
		for place, shown := range map[extract.Place]string{extract.Unseen: "", extract.BelowText: "<p>" + c.said + "</p>"} {
			notes := notesOf(t, c.lang, titled("Ferry returns", data+`<article><h1>Ferry returns</h1>`+saltgate+shown+`</article>`))
			if len(notes) != 1 || notes[0].Place != place || notes[0].Text != c.said {
				t.Errorf("%s, shown as %q: notes %+v", c.lang, shown, notes)
			}
		}
		text := "The boats sail from June, said the board on Tuesday, and the pier will be rebuilt before the ice.\nWork starts in April."
		for place, body := range map[extract.Place]string{extract.AboveText: c.said + "\n" + text, extract.BelowText: text + "\n" + c.said} {
			shell := fmt.Sprintf(`<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry returns","articleBody":%q}</script><div id="root"></div>`, body)
			if notes := notesOf(t, c.lang, titled("Ferry returns", shell)); len(notes) != 1 || notes[0].Place != place {
				t.Errorf("%s, %s in an articleBody: notes %+v", c.lang, place, notes)
			}
		}
	}
}

func notesOf(t *testing.T, name, page string) []extract.Block {
	t.Helper()
	story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html; charset=utf-8"})
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return nil
	}
	var notes []extract.Block
	for _, b := range story.Blocks {
		if b.Kind == extract.Note {
			notes = append(notes, b)
		} else if b.Place != "" {
			t.Errorf("%s: a %s says that it stands %s", name, b.Kind, b.Place)
		}
	}
	return notes
}

// A date, a label or a byline that stands bare in the article's element, before
// its first paragraph, is none of its paragraphs.
func TestBarePhrasesAboveTheText(t *testing.T) {
	const first = "The harbour board said on Tuesday that two boats would sail from June"
	for _, phrase := range []string{
		`<time datetime="2026-03-03T07:00:00Z">3 March 2026</time>`,
		`<time datetime="2026-03-03T07:00:00Z">March 3, 2026, 7:00 a.m.</time>`,
		`<span>3 March 2026</span>`, `<span>Town news</span>`, `<b>Exclusive</b>`, `<small>3 min read</small>`, `<strong>Opinion</strong>`,
		`<a href="/town">Town</a>`, `<span>Town</span> <time>3 March 2026</time>`, `<label>Harbour</label>`,
	} {
		page := titled("Ferry returns", `<article><h1>Ferry returns</h1>`+phrase+saltgate+`</article>`)
		story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html"})
		if err != nil || len(story.Blocks) == 0 || len(story.Blocks[0].Text) < len(first) || story.Blocks[0].Text[:len(first)] != first {
			t.Errorf("below %s the text begins with %+v: %v", phrase, story.Blocks[:min(1, len(story.Blocks))], err)
		}
	}
	// A first sentence is the article's however short and however it is set.
	for _, sentence := range []string{`<p>He won.</p>`, `<b>He won.</b>`, `<span>Two boats and a pier are coming back to town</span>`, `<p>No</p>`} {
		page := titled("Ferry returns", `<article><h1>Ferry returns</h1>`+sentence+saltgate+`</article>`)
		story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html"})
		if err != nil || len(story.Blocks[0].Text) > len(first) && story.Standfirst == "" {
			t.Errorf("%s is lost: %v", sentence, err)
		}
	}
}

// A correction is found in a box that is called something else, and what readers
// write under the text is none.
func TestCorrectionInBoxOfAnotherName(t *testing.T) {
	const words = "This article was amended on 4 March 2026: the ferry carries 140 people, not 104."
	for _, tt := range []struct {
		html string
		want bool
	}{
		{`<p class="ad">` + words + `</p>`, true},
		{`<div class="share"><p>` + words + `</p></div>`, true},
		{`<div class="newsletter-box"><p>` + words + `</p></div>`, true},
		{`<div class="related-box"><p>` + words + `</p></div>`, true},
		{`<div class="comments"><p>` + words + `</p></div>`, false},
		{`<div class="related-box"><p><a href="/x">` + words + `</a></p></div>`, false},
		{`<div class="ad"><p>Correction fluid, now a third off at the corner shop in the high street.</p></div>`, false},
	} {
		for name, body := range map[string]string{"in": saltgate + tt.html + saltgate, "below": saltgate + tt.html} {
			story, err := extract.Read(extract.Input{Body: []byte(titled("Ferry returns", `<article><h1>Ferry returns</h1>`+body+`</article>`)), ContentType: "text/html"})
			if err != nil {
				t.Fatal(err)
			}
			if got := len(story.Corrections()) > 0; got != tt.want {
				t.Errorf("%s the text, %s: a correction %v, want %v", name, tt.html, got, tt.want)
			}
		}
	}
}
