package paper_test

import (
	"slices"
	"strings"
	"testing"

	"storydiff/cmd/storydiff/paper"
)

func TestTown(t *testing.T) {
	const n = 500
	p := paper.Town(n, 1)
	paths := p.Paths()
	if len(paths) != n {
		t.Fatalf("%d articles", len(paths))
	}
	seen := map[string]string{}
	designs := map[int]int{}
	for _, path := range paths {
		s, err := p.Story(path)
		if err != nil {
			t.Fatal(err)
		}
		designs[s.Design]++
		paragraphs := 0
		for _, b := range s.Blocks {
			if b.Kind == paper.Paragraph {
				paragraphs++
			}
			if other := seen[b.Text]; other != "" {
				t.Errorf("%s and %s both say %q", other, path, b.Text)
			}
			seen[b.Text] = path
		}
		if paragraphs < 8 || paragraphs > 20 {
			t.Errorf("%s: %d paragraphs", path, paragraphs)
		}
		if other := seen[s.Headline]; other != "" {
			t.Errorf("%s and %s share the headline %q", other, path, s.Headline)
		}
		seen[s.Headline] = path
	}
	for d := 1; d <= paper.Designs; d++ {
		if designs[d] != n/paper.Designs {
			t.Errorf("%d articles in design %d", designs[d], d)
		}
	}
}

func TestTownIsTheSameAgain(t *testing.T) {
	a, b, c := paper.Town(10, 5), paper.Town(12, 5), paper.Town(10, 6)
	if !slices.Equal(a.Paths(), b.Paths()[:10]) {
		t.Error("the same seed gives other articles")
	}
	if slices.Equal(a.Paths(), c.Paths()) {
		t.Error("another seed gives the same articles")
	}
}

// Every sort of edit finds what it looks for in every article, and no two do the
// same.
func TestEditsApply(t *testing.T) {
	p := paper.Town(40, 1)
	for _, path := range p.Paths() {
		results := map[string]string{} // the story's words → the edit that led to them
		for _, e := range paper.Edits() {
			before, _ := p.Story(path)
			after, _ := p.Story(path)
			e.Apply(&after)
			if slices.Equal(after.Words(), before.Words()) {
				t.Errorf("%s: %s changes nothing", path, e.Name)
			}
			if !after.Modified.Equal(before.Modified) {
				t.Errorf("%s: %s moves the modified time", path, e.Name)
			}
			words := strings.Join(after.Words(), "\n")
			if other := results[words]; other != "" {
				t.Errorf("%s: %s and %s come to the same", path, e.Name, other)
			}
			results[words] = e.Name
		}
		if len(results) != 14 {
			t.Fatalf("%d sorts of edit, want 14", len(results))
		}
	}
}

// An edit of a story that holds nothing for it leaves it alone.
func TestEditsOfAnEmptyStory(t *testing.T) {
	for _, e := range paper.Edits() {
		s := paper.Story{Blocks: []paper.Block{{Kind: paper.Paragraph, Text: "Nothing."}}}
		e.Apply(&s) // must not panic
	}
}
