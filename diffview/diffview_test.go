package diffview_test

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/tools/txtar"

	"storydiff/diffview"
	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

var update = flag.Bool("update", false, "rewrite what the formats make of testdata/*.txtar")

// TestFormats draws the revision of each testdata file in the formats that the
// file has a section for. Control characters stand escaped in them, ESC as \e.
func TestFormats(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("Glob = %v, %v", files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { testFormats(t, file) })
	}
}

func testFormats(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	d := parseDiff(t, string(archive.Files[0].Data))
	for i, want := range archive.Files[1:] {
		var b bytes.Buffer
		if err := drawAs(&b, want.Name, d); err != nil {
			t.Errorf("%s: %v", want.Name, err)
			continue
		}
		if head, rest, ok := strings.Cut(b.String(), "<style>"); ok { // the style sheet is told apart in TestStyle
			_, tail, _ := strings.Cut(rest, "</style>")
			b.Reset()
			b.WriteString(head + "<style></style>" + tail)
		}
		got := printable(b.String())
		if got != "" && !strings.HasSuffix(got, "\n") {
			got += "\n"
		}
		if *update {
			archive.Files[i+1].Data = []byte(got)
		} else if got != string(want.Data) {
			t.Errorf("%s:\n%s\nwant:\n%s", want.Name, got, want.Data)
		}
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// printable writes what an editor would not show as Go writes it in quotes.
func printable(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		r, n := utf8.DecodeRuneInString(text)
		switch {
		case r == '\x1b':
			b.WriteString(`\e`)
		case r == '\n', unicode.IsPrint(r) && r != utf8.RuneError, r == '\u200c', r == '\u200d', r == '\u200f':
			b.WriteString(text[:n])
		default:
			q := strconv.QuoteToASCII(text[:n])
			b.WriteString(q[1 : len(q)-1])
		}
		text = text[n:]
	}
	return b.String()
}

// drawAs draws d in the format that a section is named for.
func drawAs(b *bytes.Buffer, name string, d *diffview.Diff) error {
	switch name {
	case "text":
		return diffview.Text(b, d, diffview.Options{Context: 1})
	case "bare":
		return diffview.Text(b, d, diffview.Options{Context: 1, Bare: true})
	case "color":
		return diffview.Text(b, d, diffview.Options{Context: 1, Color: true})
	case "narrow":
		return diffview.Text(b, d, diffview.Options{Context: 1, Width: 40, Bare: true})
	case "markdown":
		return diffview.Markdown(b, d, diffview.Options{Context: 1})
	case "unified":
		return diffview.Unified(b, d, diffview.Options{Context: diffview.DefaultContext})
	case "json":
		return diffview.JSON(b, d)
	case "page":
		return diffview.HTML(b, d, diffview.Options{Context: 1})
	case "inline", "side-by-side":
		html, err := diffview.Fragment(d, diffview.Options{Context: 1, View: diffview.View(name)})
		b.WriteString(string(html))
		return err
	}
	return fmt.Errorf("no such format")
}

// parseDiff reads a revision from lines: "kinds number name", "disclosure
// silent", "proof QUOTED", "reason CODE POINTS QUOTED", "words REMOVED ADDED",
// "field NAME" and "block OP OLD NEW KIND [KIND OF CHANGE]…", each of the last
// two followed by its spans: "= QUOTED", "- QUOTED", "+ QUOTED", "~ NEW OLD"
// (quiet), "-1 QUOTED" and "+1 QUOTED" (moved). Both sides are made of it.
func parseDiff(t *testing.T, text string) *diffview.Diff {
	t.Helper()
	d := &diffview.Diff{
		Old:      diffview.Side{Source: "a.html"},
		New:      diffview.Side{Source: "b.html"},
		Revision: &revision.Revision{},
	}
	for n, line := range strings.Split(text, "\n") {
		if word, rest, _ := strings.Cut(line, " "); word != "" {
			if err := parseLine(d, word, rest); err != nil {
				t.Fatalf("line %d: %q: %v", n+1, line, err)
			}
		}
	}
	finish(d)
	return d
}

func parseLine(d *diffview.Diff, word, rest string) error {
	r := d.Revision
	f := strings.Fields(rest)
	switch word {
	case "kinds":
		for _, k := range f {
			r.Kinds = append(r.Kinds, revision.Kind(k))
		}
	case "disclosure":
		r.Disclosure = revision.Disclosure(rest)
	case "reason":
		points, err := strconv.Atoi(f[1])
		sentence, err2 := strconv.Unquote(strings.Join(f[2:], " "))
		if err != nil || err2 != nil {
			return fmt.Errorf("not CODE POINTS QUOTED")
		}
		r.Significance += points
		r.Reasons = append(r.Reasons, revision.Reason{Code: f[0], Points: points, Text: sentence})
	case "words":
		r.WordsRemoved, _ = strconv.Atoi(f[0])
		r.WordsAdded, _ = strconv.Atoi(f[1])
	case "field":
		r.Fields = append(r.Fields, revision.Field{Field: rest})
	case "block":
		b := revision.Block{Op: worddiff.RowOp(f[0]), Kind: extract.BlockKind(f[3])}
		b.Old, _ = strconv.Atoi(f[1])
		b.New, _ = strconv.Atoi(f[2])
		for _, k := range f[4:] {
			b.Kinds = append(b.Kinds, revision.Kind(k))
		}
		r.Blocks = append(r.Blocks, b)
	case "proof", "source", "headline", "stored":
		return parseSide(d, word, rest)
	default:
		return parseSpan(r, word, rest)
	}
	return nil
}

func parseSide(d *diffview.Diff, word, rest string) error {
	text, err := strconv.Unquote(rest)
	switch word {
	case "proof":
		d.Revision.Proof = text
	case "source":
		d.New.Source = text
	case "headline":
		d.Old.Headline, d.New.Headline = text, text
	case "stored":
		at := time.Date(2026, 3, 2, 9, 0, 0, 123, time.FixedZone("", 3600))
		d.Old.Source, d.Old.Article, d.Old.Version, d.Old.CapturedAt = text+"@1", 7, 1, at
		d.New.Source, d.New.Article, d.New.Version, d.New.CapturedAt = text+"@2", 7, 2, at.Add(90*time.Minute)
	}
	return err
}

func parseSpan(r *revision.Revision, word, rest string) error {
	s := worddiff.Span{Op: map[byte]worddiff.Op{'=': worddiff.Equal, '~': worddiff.Equal, '-': worddiff.Delete, '+': worddiff.Insert}[word[0]]}
	if s.Op == "" {
		return fmt.Errorf("no such line")
	}
	s.Moved, _ = strconv.Atoi(word[1:])
	first, err := strconv.QuotedPrefix(rest)
	if err != nil {
		return err
	}
	s.Text, _ = strconv.Unquote(first)
	if word == "~" {
		s.Quiet = true
		if s.Was, err = strconv.Unquote(strings.TrimSpace(rest[len(first):])); err != nil {
			return err
		}
	}
	spans := &r.Fields
	if n := len(r.Blocks); n > 0 {
		r.Blocks[n-1].Spans = append(r.Blocks[n-1].Spans, s)
	} else if n := len(*spans); n > 0 {
		(*spans)[n-1].Spans = append((*spans)[n-1].Spans, s)
	}
	return nil
}

// finish makes the two texts of the blocks, as the contract says they are made.
func finish(d *diffview.Diff) {
	blocks := slices.Clone(d.Revision.Blocks)
	for _, b := range blocks {
		for _, s := range b.Spans {
			d.New.Text += s.New()
		}
	}
	slices.SortStableFunc(blocks, func(a, b revision.Block) int { return a.Old - b.Old })
	for _, b := range blocks {
		for _, s := range b.Spans {
			d.Old.Text += s.Old()
		}
	}
	for _, s := range []*diffview.Side{&d.Old, &d.New} {
		s.Words = worddiff.Words(s.Text)
		s.SHA256 = sha256.Sum256([]byte(s.Text))
	}
}
