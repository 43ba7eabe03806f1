package paper_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"storydiff/cmd/storydiff/paper"
)

// get returns the status and the body of a page.
func get(t *testing.T, p http.Handler, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	p.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

// lines returns the visible text of a page, an item for each element that holds
// some, white space folded.
func lines(t *testing.T, page string) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range doc.Descendants() {
		hidden := n.Parent != nil && (n.Parent.Data == "script" || n.Parent.Data == "title")
		if n.Type == html.TextNode && !hidden {
			b.WriteString(n.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestDesigns(t *testing.T) {
	p := paper.Town(2*paper.Designs, 1)
	for i, path := range p.Paths()[:paper.Designs] {
		t.Run(path, func(t *testing.T) {
			s, err := p.Story(path)
			if err != nil {
				t.Fatal(err)
			}
			if s.Design != i+1 {
				t.Errorf("design %d, want %d", s.Design, i+1)
			}
			status, page := get(t, p, path)
			if status != http.StatusOK {
				t.Fatalf("status %d", status)
			}
			checkNesting(t, page)
			text := lines(t, page)
			for _, words := range s.Words() {
				if !strings.Contains(text, words) {
					t.Errorf("page lacks %q", words)
				}
			}
		})
	}
}

// checkNesting reports elements that are not closed, or closed in another order
// than they were opened.
func checkNesting(t *testing.T, page string) {
	t.Helper()
	if !strings.HasPrefix(page, "<!DOCTYPE html>\n<html lang=") {
		t.Errorf("page begins %.40q", page)
	}
	void := map[string]bool{"meta": true, "link": true, "img": true, "br": true, "hr": true, "input": true}
	var open []string
	for z := html.NewTokenizer(strings.NewReader(page)); ; {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				t.Errorf("never closed: %q", open)
			}
			return
		case html.StartTagToken:
			if name := z.Token().Data; !void[name] {
				open = append(open, name)
			}
		case html.EndTagToken:
			name := z.Token().Data
			if len(open) == 0 || open[len(open)-1] != name {
				t.Fatalf("</%s> closes %q", name, open)
			}
			open = open[:len(open)-1]
		}
	}
}

// What surrounds a story differs at each view; a page without it is the story's.
func TestFurnitureRotates(t *testing.T) {
	p := paper.Town(40, 1)
	for _, path := range p.Paths() {
		s, err := p.Story(path)
		if err != nil {
			t.Fatal(err)
		}
		_, page := get(t, p, path)
		last := lines(t, page)
		for range 5 {
			_, page := get(t, p, path)
			text := lines(t, page)
			if text == last {
				t.Fatalf("%s: two views show the same text", path)
			}
			for _, words := range s.Words() {
				if !strings.Contains(text, words) {
					t.Errorf("%s: a later view lacks %q", path, words)
				}
			}
			if n, m := strings.Count(page, "<a "), strings.Count(page, `href="/town/`); n < 8 || m < 6 {
				t.Errorf("%s: %d links, %d of them to other stories", path, n, m)
			}
			last = text
		}
	}
}

func TestEdit(t *testing.T) {
	p := paper.Town(paper.Designs, 3)
	for _, path := range p.Paths() {
		err := p.Edit(path, func(s *paper.Story) {
			s.Headline = "A goose is mayor"
			s.Modified = time.Date(2026, 4, 1, 12, 34, 0, 0, time.UTC)
			s.Foot = "Correction: it is a gander."
		})
		if err != nil {
			t.Fatal(err)
		}
		_, page := get(t, p, path)
		for _, want := range []string{"A goose is mayor</h1>", "Correction: it is a gander."} {
			if !strings.Contains(page, want) {
				t.Errorf("%s: page lacks %q after the edit", path, want)
			}
		}
		if !strings.Contains(page, "2026-04-01T12:34:00Z") && !strings.Contains(page, "Updated 1 April 2026, 12:34 UTC") {
			t.Errorf("%s: page does not state its modified time", path)
		}
	}
	if err := p.Edit("/nowhere", func(*paper.Story) {}); !errors.Is(err, paper.ErrNoStory) {
		t.Errorf("Edit of no story: %v", err)
	}
	if _, err := p.Story("/nowhere"); !errors.Is(err, paper.ErrNoStory) {
		t.Errorf("Story of no story: %v", err)
	}
}

func TestStatus(t *testing.T) {
	p := paper.Town(2, 3)
	path := p.Paths()[0]
	for _, status := range []int{http.StatusGone, http.StatusNotFound, http.StatusInternalServerError, http.StatusOK} {
		if err := p.Edit(path, func(s *paper.Story) { s.Status = status }); err != nil {
			t.Fatal(err)
		}
		if got, _ := get(t, p, path); got != status {
			t.Errorf("status %d, want %d", got, status)
		}
		_, front := get(t, p, "/")
		if listed := strings.Contains(front, path); listed != (status == http.StatusOK) {
			t.Errorf("status %d: listed on the front page: %v", status, listed)
		}
	}
	if got, _ := get(t, p, "/nowhere"); got != http.StatusNotFound {
		t.Errorf("status %d for no story, want 404", got)
	}
}

func TestFrontSaysThatAllIsMadeUp(t *testing.T) {
	p := paper.New(paper.Options{})
	_, front := get(t, p, "/")
	checkNesting(t, front)
	if !strings.Contains(front, "This newspaper is made up") {
		t.Error("the front page does not say that the paper is made up")
	}
	for _, path := range p.Paths() {
		if !strings.Contains(front, `href="`+path+`"`) {
			t.Errorf("the front page lacks %s", path)
		}
	}
}

func TestOtherFiles(t *testing.T) {
	p := paper.New(paper.Options{})
	for path, want := range map[string]int{
		"/robots.txt": 200, "/paper.css": 200, "/img/17.svg": 200, "/img/x.svg": 404, "/img/-4.svg": 404,
	} {
		if got, _ := get(t, p, path); got != want {
			t.Errorf("%s: status %d, want %d", path, got, want)
		}
	}
}

// Readers and editors come at the same time.
func TestConcurrent(t *testing.T) {
	p := paper.New(paper.Options{})
	var wg sync.WaitGroup
	for _, path := range p.Paths() {
		wg.Go(func() {
			for range 20 {
				w := httptest.NewRecorder()
				p.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
				if err := p.Edit(path, func(s *paper.Story) { s.Blocks[1].Text += " More." }); err != nil {
					t.Error(err)
				}
			}
		})
		wg.Go(func() { p.Step() })
	}
	wg.Wait()
}

// Machines read the same headline, names and times as readers do.
func TestLinkedData(t *testing.T) {
	type thing struct {
		Type      string `json:"@type"`
		Headline  string
		Author    []struct{ Name string }
		Published string `json:"datePublished"`
		Modified  string `json:"dateModified"`
	}
	p := paper.Town(paper.Designs, 1)
	for _, design := range []int{paper.Semantic, paper.Hashed} {
		path := p.Paths()[design-1]
		err := p.Edit(path, func(s *paper.Story) {
			s.Headline = `"Never" </script> said & done`
			s.Modified = s.Published.Add(time.Hour)
		})
		if err != nil {
			t.Fatal(err)
		}
		s, _ := p.Story(path)
		_, page := get(t, p, path)
		_, script, _ := strings.Cut(page, `<script type="application/ld+json"`)
		_, script, _ = strings.Cut(script, ">")
		script, _, _ = strings.Cut(script, "</script>")
		var data struct {
			thing
			Graph []thing `json:"@graph"`
		}
		if err := json.Unmarshal([]byte(script), &data); err != nil {
			t.Fatalf("design %d: %v in %s", design, err, script)
		}
		found := false
		for _, a := range append(data.Graph, data.thing) {
			found = found || a.Type == "NewsArticle" && a.Headline == s.Headline && len(a.Author) == 1 && a.Author[0].Name == s.Byline &&
				a.Published == s.Published.Format(time.RFC3339) && a.Modified == s.Modified.Format(time.RFC3339)
		}
		if !found {
			t.Errorf("design %d: the story is not in %s", design, script)
		}
	}
}
