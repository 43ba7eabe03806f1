package peers_test

import (
	"flag"
	"fmt"
	"io"
	"log"
	"slices"
	"strings"
	"testing"

	readability "codeberg.org/readeck/go-readability/v2"
	"github.com/markusmobius/go-trafilatura"

	"storydiff/tracker/extract"
	"storydiff/tracker/extract/trial"
	"storydiff/tracker/revision"
)

var (
	pagesDir  = flag.String("pages", "", "a folder of pages from elsewhere, a subfolder with source.html for each, instead of our own designs")
	pagesHalf = flag.Int("half", -1, "the half of the pages to try: 0 is for tuning, 1 for reporting, -1 is both")
	every     = flag.Int("every", 12, "try one in so many cases")
)

// A peer is an extractor under trial, with the fields it knows.
type peer struct {
	name string
	read trial.Reader
}

func peers() []peer {
	return []peer{
		{"storydiff", func(page string) (string, bool) {
			story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html; charset=utf-8", URL: "https://post.example/ferry"})
			if err != nil {
				return err.Error(), false
			}
			return fmt.Sprintf("%x", revision.Key(story)), true
		}},
		{"go-readability", func(page string) (string, bool) {
			article, err := readability.FromReader(strings.NewReader(page), nil)
			if err != nil || article.Node == nil {
				return "", false
			}
			var b strings.Builder
			err = article.RenderText(&b)
			return article.Title() + "\n" + article.Byline() + "\n" + b.String(), err == nil
		}},
		{"go-trafilatura", trafilated(trafilatura.Options{})},
		{"go-trafilatura with fallback, precision", trafilated(trafilatura.Options{EnableFallback: true, Focus: trafilatura.FavorPrecision})},
	}
}

func trafilated(options trafilatura.Options) trial.Reader {
	options.ExcludeComments = true
	return func(page string) (text string, ok bool) {
		result, err := trafilatura.Extract(strings.NewReader(page), options)
		if err != nil {
			return "", false
		}
		return result.Metadata.Title + "\n" + result.Metadata.Author + "\n" + result.ContentText, true
	}
}

// The table says how much each extractor missed and falsely claimed. Ours alone
// has bars to hold, in its own tests.
func TestPeers(t *testing.T) {
	log.SetOutput(io.Discard)
	var tallies []*trial.Tally
	for _, p := range peers() {
		tallies = append(tallies, &trial.Tally{Name: p.name})
	}
	pages, cases := 0, 0
	try := func(all func(yield func(trial.Case) bool)) {
		pages++
		for c := range trial.Every(*every, pages, all) {
			cases++
			for i, p := range peers() {
				tallies[i].Try(c, p.read)
			}
		}
	}
	if *pagesDir == "" {
		for _, d := range trial.Designs() {
			try(d.Cases())
		}
	}
	for _, p := range opened(t) {
		if all, err := p.Cases(); err == nil {
			try(all)
		}
	}
	var b strings.Builder
	trial.Write(&b, tallies...)
	t.Logf("%d cases of %d pages\n%s", cases, pages, b.String())
}

// opened returns the pages of the -pages folder.
func opened(t *testing.T) []*trial.Page {
	t.Helper()
	if *pagesDir == "" {
		return nil
	}
	list, err := trial.OpenAll(*pagesDir)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(list, func(p *trial.Page) bool {
		return len(p.Source) > extract.MaxBytes || *pagesHalf >= 0 && p.Half() != *pagesHalf
	})
}
