package extract_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"storydiff/tracker/extract"
	"storydiff/tracker/extract/trial"
)

var update = flag.Bool("update", false, "rewrite what testdata wants")

// Each archive holds a page and what must be read of it.
func TestRead(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives in testdata: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			in := extract.Input{Body: archive.Files[0].Data, ContentType: "text/html; charset=utf-8", URL: "https://post.example/news/ferry"}
			story, err := extract.Read(in)
			if err != nil {
				t.Fatal(err)
			}
			got := labelled(story)
			if *update {
				archive.Files[1].Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want := string(archive.Files[1].Data); got != want {
				t.Errorf("Read gives\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// labelled writes a story with everything that Text leaves out.
func labelled(s *extract.Story) string {
	var b strings.Builder
	for _, field := range []struct{ name, value string }{
		{"headline", s.Headline}, {"standfirst", s.Standfirst}, {"byline", s.Byline},
		{"published", stamp(s.Published)}, {"modified", stamp(s.Modified)}, {"lang", s.Lang}, {"site", s.Site}, {"canonical", s.Canonical},
	} {
		if field.value != "" {
			fmt.Fprintf(&b, "%s (%s): %s\n", field.name, s.Sources[field.name], field.value)
		}
	}
	for _, block := range s.Blocks {
		fmt.Fprintf(&b, "[%s] %s\n", block.Kind, strings.NewReplacer("\n", `\n`, "\t", `\t`).Replace(block.Text+block.End))
	}
	return b.String()
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// Visible keeps what Read leaves out, but nothing that nobody sees.
func TestVisible(t *testing.T) {
	page := titled("Post", `<nav>Home</nav><h1>Ferry</h1><p>It  sails.</p><p hidden>Not this</p><script>nor()</script><aside>Most read</aside><ul><li>One</li><li>Two</li></ul><footer>© Post</footer>`)
	story, err := extract.Visible(extract.Input{Body: []byte(page), ContentType: "text/html"})
	if err != nil {
		t.Fatal(err)
	}
	want := "Home\n\nFerry\n\nIt sails.\n\nMost read\n\nOne\nTwo\n\n© Post\n"
	if got := story.Text(); got != want {
		t.Errorf("Visible gives %q, want %q", got, want)
	}
}

// The same page gives the same story, also where many are read at once.
func TestReadIsDeterministic(t *testing.T) {
	page := trial.Designs()[0].Page(trial.Ferry(), full(1, false))
	read := func() *extract.Story {
		story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html"})
		if err != nil {
			t.Error(err)
		}
		return story
	}
	want := read()
	got := make(chan *extract.Story)
	for range 8 {
		go func() { got <- read() }()
	}
	for range 8 {
		if story := <-got; !reflect.DeepEqual(story, want) {
			t.Errorf("Read gives another story the second time")
		}
	}
}

// A hostilePage is made to hurt; want is in the story, or in the refusal.
type hostilePage struct{ name, body, want string }

func hostilePages() []hostilePage {
	article := titled("Ferry returns", `<article><h1>Ferry returns</h1>`+saltgate+`</article>`)
	var attributes strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&attributes, ` a%d="%d"`, i, i)
	}
	return []hostilePage{
		{"two million divs", strings.Repeat("<div>", 2_000_000), "512"},
		{"two million closed divs", strings.Repeat("<div></div>", 2_000_000), "visible text"},
		{"two million bold words", strings.Repeat("<b>", 2_000_000) + "x", ""},
		{"a hundred thousand attributes", `<html><body><div` + attributes.String() + `>` + article, "Saltgate"},
		{"a comment of 10 MB after the text", article + "<!--" + strings.Repeat("-", 10<<20), "Saltgate"},
		{"a comment of 10 MB before the text", "<!--" + strings.Repeat("x", 10<<20) + "-->" + article, ""},
		{"paragraphs of 10 MB", "<h1>Ferry returns</h1>" + strings.Repeat("<p>The boats sail from June, said the board.", 200_000/slowdown), "The boats sail"},
		{"one word of 10 MB", "<h1>Ferry returns</h1><p>" + strings.Repeat("x", (10<<20)/slowdown), ""},
		{"tables in tables", strings.Repeat("<table><tr><td>", 150) + "x", ""},
		{"links in cards", strings.Repeat(`<div><h3><a href=x>y</a></h3>`, 400) + article, ""},
		{"deep json", `<script type="application/ld+json">` + strings.Repeat(`[`, 500_000) + `</script>` + article, "Saltgate"},
		{"wide json", `<script type="application/ld+json">[` + strings.Repeat(`{"@type":"NewsArticle","author":[{}]},`, 20_000) + `]</script>` + article, "Saltgate"},
	}
}

// Pages made to hurt end by themselves, before Read gives up on them, and in
// words. How soon they do, BenchmarkHostilePages tells.
func TestHostilePages(t *testing.T) {
	for _, tt := range hostilePages() {
		t.Run(tt.name, func(t *testing.T) {
			story, err := extract.Read(extract.Input{Body: []byte(tt.body), ContentType: "text/html"})
			got := fmt.Sprint(err)
			if err == nil {
				got = story.Text()
			}
			if !strings.Contains(got, tt.want) || strings.Contains(got, "could not be read within") {
				t.Errorf("Read gives %.200q, want %q in it", got, tt.want)
			}
			var m runtime.MemStats
			if runtime.ReadMemStats(&m); m.HeapAlloc > 400<<20 {
				t.Errorf("the heap holds %d MB", m.HeapAlloc>>20)
			}
		})
	}
}

func BenchmarkHostilePages(b *testing.B) {
	for _, bm := range hostilePages() {
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				extract.Read(extract.Input{Body: []byte(bm.body), ContentType: "text/html"})
			}
		})
	}
}

// Text that would be markup elsewhere is text, and comes out as it stands.
func TestMarkupInTextIsText(t *testing.T) {
	page := `<title>x</title><link rel="canonical" href="javascript:alert(1)"><h1>&lt;script&gt;alert(1)&lt;/script&gt;</h1><p>He wrote {{.}} and "&gt;&lt;img onerror=x&gt; on the ` + "\u202Ewall\u202C \x1b[31mred" + `.</p>`
	story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html", URL: "https://post.example/a"})
	if err != nil {
		t.Fatal(err)
	}
	if want := "<script>alert(1)</script>"; story.Headline != want {
		t.Errorf("headline = %q, want %q", story.Headline, want)
	}
	if want := "He wrote {{.}} and \"><img onerror=x> on the \u202Ewall\u202C \x1b[31mred."; story.Blocks[0].Text != want {
		t.Errorf("text = %q, want %q", story.Blocks[0].Text, want)
	}
	if story.Canonical != "" {
		t.Errorf("canonical = %q, want none", story.Canonical)
	}
}

// Corrections are notes in the languages of the lexicon, and other lines are not.
func TestNotes(t *testing.T) {
	for line, want := range map[string]bool{
		"Correction: the boats carry 140 passengers.":                                     true,
		"CORRECTION (March 3, 2026): the boats carry 140.":                                true,
		"Correction, March 3, 9:40 a.m.: the boats carry 140.":                            true,
		"This article was amended on 3 March to give the right fare.":                     true,
		"• This story has been updated to include a comment from the board.":              true,
		"An earlier version of this story gave the wrong fare.":                           true,
		"Editor’s note — the fare has since been raised.":                                 true,
		"UPDATE 3 March: the board has met again.":                                        true,
		"Korrektur: In einer früheren Version stand eine falsche Zahl.":                   true,
		"In einer früheren Version dieses Artikels stand eine falsche Zahl.":              true,
		"Rectificatif : le bateau transporte 140 personnes.":                              true,
		"Fe de errores: el barco lleva 140 pasajeros.":                                    true,
		"In een eerdere versie van dit artikel stond een verkeerd getal.":                 true,
		"Rättelse: båten tar 140 passagerare.":                                            true,
		"Sprostowanie: statek zabiera 140 osób.":                                          true,
		"Исправление: паром берёт 140 пассажиров.":                                        true,
		"更正：渡轮载客140人。":                                                                    true,
		"訂正：定員は140人です。":                                                                   true,
		"تصحيح: تحمل العبارة 140 راكبا.":                                                  true,
		"A correction in the housing market is overdue, the bank said.":                   false,
		"Corrections officers walked out on Monday over pay.":                             false,
		"Update your software before June, the board told its staff.":                     false,
		"The board said that an earlier version of the plan had no pier.":                 false,
		"Clarification of the rules would help, said Mr Aas, who has asked for it twice.": false,
	} {
		page := titled("Ferry returns", `<article><h1>Ferry returns</h1>`+saltgate+`<p>`+line+`</p></article>`)
		story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html"})
		if err != nil {
			t.Errorf("%q: %v", line, err)
			continue
		}
		at := slices.IndexFunc(story.Blocks, func(b extract.Block) bool { return b.Text == line })
		if at < 0 {
			t.Errorf("%q is lost", line)
		} else if got := story.Blocks[at].Kind == extract.Note; got != want {
			t.Errorf("%q is a note: %v, want %v", line, got, want)
		}
	}
}

// Short lines of an article that look like furniture at first are kept.
func TestArticleLinesAreKept(t *testing.T) {
	for _, line := range []string{
		"He won.", "No.", "It was 9 March.", "“Share the road,” he said.", "Read more books, she told them.", "Watch the tide.",
		"Twelve people are reading the will today.", "Three days ago the boat was sold.", "In 2016 it carried 1,830 people.",
		"Related costs came to 4 million.", "Ad sales fell by a third.", "Follow the money, he said.", "Comments were few.",
		"You have a right to appeal.", "The newsletter of the board was late.",
	} {
		page := titled("Ferry returns", `<article><h1>Ferry returns</h1>`+saltgate+`<p>`+line+`</p>`+saltgate+`</article>`)
		story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html"})
		if err != nil || !strings.Contains(story.Body(), line+"\n") {
			t.Errorf("%q is lost: %v", line, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, d := range trial.Designs() {
		f.Add([]byte(d.Page(d.Story(), full(1, true))), "text/html")
	}
	f.Add([]byte("<table><b><p><h1>x</table><article>y<template><frameset>"), "text/html; charset=gbk")
	f.Add([]byte(`<svg><title>x</title><foreignObject><h1>a</h1><p>b c d`), "")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		in := extract.Input{Body: body, ContentType: contentType, URL: "https://post.example/"}
		for name, read := range map[string]func(extract.Input) (*extract.Story, error){"Read": extract.Read, "Visible": extract.Visible} {
			story, err := read(in)
			if err != nil {
				if strings.Contains(err.Error(), "could not be read") {
					t.Errorf("%s: %v", name, err)
				}
				continue
			}
			for i, b := range story.Blocks {
				if b.Text == "" || strings.TrimSpace(b.Text) != b.Text || strings.Contains(b.Text, "\n\n") {
					t.Errorf("%s: block %d is %q", name, i, b.Text)
				}
				if last := i == len(story.Blocks)-1; last != (b.End == "\n") && b.Kind != extract.List && b.Kind != extract.Table {
					t.Errorf("%s: block %d of %d ends in %q", name, i, len(story.Blocks), b.End)
				}
			}
		}
	})
}

// The page of a day's work: 150 KB, most of it furniture and script.
func BenchmarkRead(b *testing.B) {
	n := trial.Ferry()
	for len(n.Items) < 60 {
		n.Items = append(n.Items, trial.Ferry().Items...)
	}
	filler := `<script>` + strings.Repeat("var state = {};", 5000) + `</script>`
	grid := func(view int, hashed bool) trial.Slots {
		return trial.Furnished(view, hashed, trial.English(), trial.Furnishings()[0])
	}
	page := []byte(trial.Designs()[0].Page(n, trial.Slots{Between: grid(1, true).Between, Foot: filler + strings.Repeat(grid(2, false).Between, 60)}))
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := extract.Read(extract.Input{Body: page, ContentType: "text/html"}); err != nil {
			b.Fatal(err)
		}
	}
}
