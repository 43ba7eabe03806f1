package extract_test

import (
	"errors"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"storydiff/tracker/extract"
)

// A wallPage is a page of testdata/walls that is no article.
type wallPage struct {
	name, reason string
	in           extract.Input
}

// wallPages reads the pages of testdata/walls. A file is called for the reason it
// is refused for; NAME.header beside NAME.html holds the header of its answer, in
// which URL is its address.
func wallPages(t testing.TB) []wallPage {
	t.Helper()
	files, err := filepath.Glob("testdata/walls/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	parts, pages, headers := []string{}, []wallPage{}, map[string]string{}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			name, isPage := strings.CutSuffix(f.Name, ".html")
			switch {
			case filepath.Base(file) == "parts.txtar":
				parts = append(parts, "{{"+f.Name+"}}", string(f.Data))
			case isPage:
				pages = append(pages, wallPage{name, path.Dir(name), extract.Input{Body: f.Data, ContentType: "text/html; charset=utf-8", URL: "https://post.example/news/ferry-2026"}})
			default:
				headers[strings.TrimSuffix(f.Name, ".header")] = string(f.Data)
			}
		}
	}
	for i := range pages {
		at := &pages[i]
		at.in.Body = []byte(strings.NewReplacer(parts...).Replace(string(at.in.Body)))
		at.in.Header = map[string][]string{}
		for line := range strings.Lines(headers[at.name]) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			if key == "URL" {
				at.in.URL = value
				continue
			}
			at.in.Header[key] = []string{value}
		}
	}
	return pages
}

// Pages that are no article are refused by name: consent walls and challenges by
// their makers, logins, soft 404s in nine languages, paywall cuts by their pattern,
// empty shells, front pages, and sites out of order.
func TestWalls(t *testing.T) {
	pages := wallPages(t)
	if len(pages) < 60 {
		t.Errorf("%d pages, want 60 at least", len(pages))
	}
	for _, tt := range pages {
		t.Run(tt.name, func(t *testing.T) {
			story, err := extract.Read(tt.in)
			refusal, ok := errors.AsType[*extract.Refusal](err)
			if !ok {
				t.Fatalf("Read = %q, signals %+v; want it refused as %s\n%s", story.Headline, story.Signals, tt.reason, story.Body())
			}
			if refusal.Reason != tt.reason || refusal.Detail == "" {
				t.Errorf("Read refuses as %q (%s), want %q", refusal.Reason, refusal.Detail, tt.reason)
			}
		})
	}
}
