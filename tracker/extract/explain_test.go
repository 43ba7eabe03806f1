package extract_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"storydiff/tracker/extract"
	"storydiff/tracker/extract/trial"
)

// Explain tells of every line of the page and says what made it what it is.
func TestExplain(t *testing.T) {
	x, err := extract.Explain(extract.Input{Body: []byte(ruledPage), ContentType: "text/html; charset=utf-8", URL: "https://post.example/news/ferry", Rules: rules(t, "outlet post.example\nbyline .who\nkeep .facts\n")})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []extract.Piece{
		{Label: "furniture", Text: "Home Sport", Why: "furniture by its tag, <nav>", Where: "outside the article", Path: "html > nav.top"},
		{Label: "field", Text: "Ferry returns", Why: "read as the headline", Where: "in or beside the article", Path: "html > main > h1"},
		{Label: "field", Text: "Lena Okafor, Eastbank", Why: "read as the byline", Where: "in or beside the article", Path: "html > main > div.who", Rule: "local.rules:2"},
		{Label: "paragraph", Text: "The fare stays at 3 crowns.", Where: "in the text", Path: "main > div.story > p.small"},
		{Label: "paragraph", Text: "Length: 31 metres.", Why: "kept by a rule", Where: "in the text", Path: "main > div.promo.facts > p", Rule: "local.rules:3"},
		{Label: "furniture", Text: "The pier itself is mended.", Why: "hidden from readers", Where: "in or beside the article", Path: "html > main > div.late"},
		{Label: "note", Text: "Correction: the fare is 3 crowns, not 4.", Why: "its words say that it is a note", Where: "in the text", Path: "main > div.note2 > p"},
	} {
		at := slices.IndexFunc(x.Pieces, func(p extract.Piece) bool { return p.Text == want.Text && p.Label == want.Label })
		if at < 0 {
			t.Errorf("nothing is told of %q in\n%+v", want.Text, x.Pieces)
			continue
		}
		got := x.Pieces[at]
		got.Path, want.Path = strings.TrimPrefix(got.Path, "html > "), strings.TrimPrefix(want.Path, "html > ")
		got.Path = strings.TrimPrefix(got.Path, "body > ")
		if got != want {
			t.Errorf("%q is told as\n%+v\nwant\n%+v", want.Text, got, want)
		}
	}
	headline := x.Fields[0]
	if headline.Name != "headline" || headline.Text != "Ferry returns" || headline.Source != "h1" ||
		!reflect.DeepEqual(headline.Others, []extract.Reading{{Source: "h1", Text: "The Post"}, {Source: "title", Text: "Ferry returns - Post"}}) {
		t.Errorf("the headline is told as %+v", headline)
	}
	if len(x.Rules) != 2 || x.Rules[1] != (extract.Rule{At: "local.rules:3", Does: "keep", Selector: ".facts", Count: 1}) {
		t.Errorf("the rules are told as %+v", x.Rules)
	}
}

// What is explained is what is read: the blocks in their order, and no other.
func TestExplainIsRead(t *testing.T) {
	var pages []string
	for _, d := range trial.Designs() {
		pages = append(pages, d.Page(d.Story(), trial.Furnished(1, d.Name == "hashed", trial.English(), trial.Furnishings()...)))
	}
	for _, design := range []string{"articles", "boxes", "microdata"} {
		pages = append(pages, livePage(design, updates()))
	}
	pages = append(pages, ruledPage, `<html><head><title>Ferry</title><script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry","articleBody":"The ferry will sail again from June, the board said on Tuesday after a long night.\n\nIt was late.","correction":"The boats carry 140 people."}</script></head><body><div id="app"></div></body></html>`)
	for i, page := range pages {
		in := extract.Input{Body: []byte(page), ContentType: "text/html; charset=utf-8", URL: "https://post.example/news/ferry"}
		story, err := extract.Read(in)
		if err != nil {
			t.Fatal(err)
		}
		x, err := extract.Explain(in)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(x.Story, story) {
			t.Errorf("page %d: Explain has another story", i)
		}
		var told []string
		for _, p := range x.Pieces {
			if p.Label != extract.LabelField && p.Label != extract.LabelFurniture {
				told = append(told, p.Label+": "+p.Text)
			} else if p.Why == "" {
				t.Errorf("page %d: nothing says why %q is %s", i, p.Text, p.Label)
			}
		}
		var read []string
		for _, block := range story.Blocks {
			read = append(read, string(block.Kind)+": "+block.Text)
		}
		if !slices.Equal(told, read) {
			t.Errorf("page %d: Explain tells of\n%s\nand Read has\n%s", i, strings.Join(told, "\n"), strings.Join(read, "\n"))
		}
	}
}

// What is not read stands where the page has it, also in a live blog, in whose
// text we put the times.
func TestExplainOrder(t *testing.T) {
	x, err := extract.Explain(extract.Input{Body: []byte(livePage("articles", updates())), ContentType: "text/html; charset=utf-8", URL: "https://post.example/news/ferry-live"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range x.Pieces {
		if p.Text == "Share" || p.Post != "" && p.Label != extract.LabelFurniture {
			got = append(got, p.Text[max(0, len(p.Text)-9):])
		}
	}
	if want := "14:20 UTC, y is free, wn power., Share, 13:45 UTC, e ashore., Share, 13:10 UTC,  Saltgate, ard says., Share"; strings.Join(got, ", ") != want {
		t.Errorf("the page is told as %q, want %q", strings.Join(got, ", "), want)
	}
}

// A page that is no article is explained with the reason, and as what it would be.
func TestExplainRefusal(t *testing.T) {
	page := `<html><head><title>Page not found</title></head><body><h1>Page not found</h1><p>There is nothing at this address any more.</p></body></html>`
	x, err := extract.Explain(extract.Input{Body: []byte(page), ContentType: "text/html"})
	if err != nil {
		t.Fatal(err)
	}
	if x.Refusal == nil || x.Refusal.Reason != "soft-404" || x.Story == nil || len(x.Pieces) == 0 {
		t.Errorf("the page is told as %+v", x)
	}
	if _, err := extract.Explain(extract.Input{Body: []byte("%PDF-1.7 x"), ContentType: "application/pdf"}); err == nil {
		t.Error("a PDF is explained")
	}
}
