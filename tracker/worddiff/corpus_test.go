package worddiff_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"storydiff/tracker/worddiff"
)

var update = flag.Bool("update", false, "rewrite the wanted rows in testdata")

// The corpus is a file a case: two texts and the rows that are wanted. In the
// rows [-x-] is deleted, {+x+} inserted, {=x|y=} x in another form, 1: before a
// text the number of its move, and ¶ a line break.
func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			before, after := worddiff.Paragraphs(string(a.Files[0].Data)), worddiff.Paragraphs(string(a.Files[1].Data))
			rows := worddiff.Diff(before, after)
			check(t, before, after, rows)
			check(t, after, before, worddiff.Diff(after, before))
			checkSame(t, before, after)
			got := draw(rows)
			if *update {
				a.Files[2].Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(a), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want := string(a.Files[2].Data); got != want {
				t.Errorf("rows of %s:\n%s\nwant:\n%s", file, got, want)
			}
		})
	}
}

// Cases that a file of lines cannot hold.
func TestBytes(t *testing.T) {
	tests := []struct{ name, before, after, want string }{
		{"both empty", "", "", ""},
		{"old side empty", "", "Something now.\n", "added - 1: {+Something now.¶+}\n"},
		{"new side empty", "Something once.\n", "", "removed 1 -: [-Something once.¶-]\n"},
		{"blank against nothing", "\n\n", "", "equal 1..2 -: {=¶¶|=}\n"},
		{"blank against words", "\n", "Words.\n", "equal 1 -: {=¶|=}\nadded - 1: {+Words.¶+}\n"},
		{"no final newline", "The end.\n", "The end.", "equal 1 1: The end.{=¶|=}\n"},
		{"no final newline, and a word", "The bitter end.\n", "The end.", "changed 1 1: The [-bitter -]end.{=¶|=}\n"},
		{"crlf", "one two\r\nthree four\r\n", "one two\r\nthree five\r\n", "equal 1 1: one two␍¶\nchanged 2 2: three [-four-]{+five+}␍¶\n"},
		{"crlf to lf", "one two\r\nthree four\r\n", "one two\nthree four\n", "equal 1 1: one two{=␍¶|¶=}\nequal 2 2: three four{=␍¶|¶=}\n"},
		{"blank lines", "a b c\n\n\n\nd e f\n", "a b x\n\nd e f\n\n", "changed 1 1: a b [-c-]{+x+}{=¶¶¶¶|¶¶=}\nequal 2 2: d e f{=¶|¶¶=}\n"},
		{"leading blank lines", "\n\nOne line stands here.\n", "One line stands here.\n", "equal 1..3 1: {=¶¶|=}One line stands here.¶\n"},
		{"invalid utf-8 differs", "one \xff two", "one \xfe two", "changed 1 1: one [-�-]{+�+} two\n"},
		{"invalid utf-8 is not U+FFFD", "one \xff two", "one � two", "changed 1 1: one [-�-]{+�+} two\n"},
		{"invalid utf-8 stays", "one \xff two", "one \xff three", "changed 1 1: one � [-two-]{+three+}\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before, after := lines(tt.before), lines(tt.after)
			rows := worddiff.Diff(before, after)
			check(t, before, after, rows)
			checkSame(t, before, after)
			if got := draw(rows); got != tt.want {
				t.Errorf("Diff(%q, %q):\n%s\nwant:\n%s", before, after, got, tt.want)
			}
		})
	}
}

// lines cuts text as Paragraphs does, but leaves blank lines at the start apart.
func lines(text string) []string {
	var out []string
	for strings.HasPrefix(text, "\n") {
		out, text = append(out, "\n"), text[1:]
	}
	return append(out, worddiff.Paragraphs(text)...)
}
