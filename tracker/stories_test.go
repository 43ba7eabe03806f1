package tracker_test

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

var update = flag.Bool("update", false, "write the expected files of testdata/stories anew")

// TestStories takes each life in testdata/stories through reading and comparing.
// See the README there for the form of the files.
func TestStories(t *testing.T) {
	const root = "../testdata/stories"
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	lives := slices.DeleteFunc(entries, func(e os.DirEntry) bool { return !e.IsDir() })
	if len(lives) < 12 {
		t.Fatalf("%d lives of stories", len(lives))
	}
	for _, life := range lives {
		t.Run(life.Name(), func(t *testing.T) { testLife(t, filepath.Join(root, life.Name())) })
	}
}

func testLife(t *testing.T, dir string) {
	var before *extract.Story
	for n := 1; ; n++ {
		page, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("%d.html", n)))
		if errors.Is(err, fs.ErrNotExist) && n > 2 {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		after, err := extract.Read(extract.Input{
			Body:        page,
			ContentType: "text/html",
			URL:         "https://news.example/" + filepath.Base(dir),
		})
		if err != nil {
			t.Fatalf("reading %d.html: %v", n, err)
		}
		compareFile(t, filepath.Join(dir, fmt.Sprintf("%d.txt", n)), after.Text())
		if before != nil {
			testChange(t, filepath.Join(dir, fmt.Sprintf("%d-%d", n-1, n)), before, after)
		}
		before = after
	}
}

// testChange holds what lies between two stories against the files whose names
// begin with base.
func testChange(t *testing.T, base string, before, after *extract.Story) {
	r := revision.Compare(before, after)
	compareFile(t, base+".change", changeText(r))
	if r.Same() {
		if _, err := os.Stat(base + ".diff"); err == nil {
			t.Errorf("%s.diff is there, but nothing differs", base)
		}
	} else {
		compareFile(t, base+".diff", diffText(r))
	}
	if same := revision.Key(before) == revision.Key(after); same != r.Same() {
		t.Errorf("%s: the keys are the same: %v; the comparison says %v", base, same, r.Same())
	}
	if got := newText(r); got != after.Body() {
		t.Errorf("%s: the spans give the new text as\n%s\nwant\n%s", base, got, after.Body())
	}
	if got := oldText(r); got != before.Body() {
		t.Errorf("%s: the spans give the old text as\n%s\nwant\n%s", base, got, before.Body())
	}
}

// changeText returns what a .change file holds.
func changeText(r *revision.Revision) string {
	if r.Same() {
		return "same\n"
	}
	kinds := make([]string, len(r.Kinds))
	for i, k := range r.Kinds {
		kinds[i] = string(k)
	}
	return fmt.Sprintf("kinds: %s\ndisclosure: %s\nlevel: %s\nwords: -%d +%d\n", strings.Join(kinds, " "),
		r.Disclosure, revision.LevelOf(r.Significance), r.WordsRemoved, r.WordsAdded)
}

// diffText returns what a .diff file holds.
func diffText(r *revision.Revision) string {
	var b strings.Builder
	for _, f := range r.Fields {
		fmt.Fprintf(&b, "%s: %s\n", f.Field, strings.TrimSpace(marked(f.Spans)))
	}
	for _, block := range r.Blocks {
		if block.Op != worddiff.RowEqual {
			fmt.Fprintf(&b, "%s %s: %s\n", block.Op, block.Kind, strings.TrimSpace(marked(block.Spans)))
		}
	}
	return b.String()
}

// marked returns the spans as a text with marks around what came and went, and a
// number behind those of a sentence that moved. The line breaks at a span's end
// stand behind the mark.
func marked(spans []worddiff.Span) string {
	var b strings.Builder
	for _, s := range spans {
		words := strings.TrimRight(s.Text, "\n")
		breaks := s.Text[len(words):]
		moved := ""
		if s.Moved > 0 {
			moved = fmt.Sprintf(" moved %d", s.Moved)
		}
		switch {
		case words == "" || s.Op == worddiff.Equal:
			b.WriteString(words)
		case s.Op == worddiff.Delete:
			b.WriteString("[-" + words + "-" + moved + "]")
		default:
			b.WriteString("{+" + words + "+" + moved + "}")
		}
		b.WriteString(breaks)
	}
	return b.String()
}

// newText returns the new text as the spans of all blocks give it.
func newText(r *revision.Revision) string {
	var b strings.Builder
	for _, block := range r.Blocks {
		for _, s := range block.Spans {
			b.WriteString(s.New())
		}
	}
	return b.String()
}

// oldText returns the old text as the spans of the blocks, sorted by their old
// place, give it.
func oldText(r *revision.Revision) string {
	blocks := slices.DeleteFunc(slices.Clone(r.Blocks), func(b revision.Block) bool { return b.Old == 0 })
	slices.SortStableFunc(blocks, func(a, b revision.Block) int { return a.Old - b.Old })
	var b strings.Builder
	for _, block := range blocks {
		for _, s := range block.Spans {
			b.WriteString(s.Old())
		}
	}
	return b.String()
}

// compareFile reports where got is not what a file holds, or writes the file.
func compareFile(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Error(err)
		return
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
	}
}
