package worddiff_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"storydiff/tracker/worddiff"
)

// check holds rows against every promise that can be told from the two texts.
func check(t *testing.T, before, after []string, rows []worddiff.Row) {
	t.Helper()
	if err := problem(before, after, rows); err != "" {
		t.Fatalf("Diff(%q, %q):\n%s\nrows %s", before, after, err, draw(rows))
	}
}

func problem(before, after []string, rows []worddiff.Row) string {
	oldText, newText := rebuild(rows)
	switch {
	case newText != strings.Join(after, ""):
		return fmt.Sprintf("new text came back as %q", newText)
	case oldText != strings.Join(before, ""):
		return fmt.Sprintf("old text came back as %q", oldText)
	}
	if p := misplaced(rows, before, func(r worddiff.Row) (int, int) { return r.Old, r.OldN }, worddiff.Span.Old); p != "" {
		return "old: " + p
	}
	if p := misplaced(rows, after, func(r worddiff.Row) (int, int) { return r.New, r.NewN }, worddiff.Span.New); p != "" {
		return "new: " + p
	}
	return misspelt(rows)
}

// rebuild returns the two texts that rows give back.
func rebuild(rows []worddiff.Row) (oldText, newText string) {
	var a, b strings.Builder
	for _, r := range rows {
		for _, s := range r.Spans {
			b.WriteString(s.New())
		}
	}
	sorted := slices.Clone(rows)
	slices.SortStableFunc(sorted, func(x, y worddiff.Row) int { return x.Old - y.Old })
	for _, r := range sorted {
		for _, s := range r.Spans {
			a.WriteString(s.Old())
		}
	}
	return a.String(), b.String()
}

// misplaced tells of a paragraph that belongs to no row, to two, or to another
// than the one that holds its text.
func misplaced(rows []worddiff.Row, paras []string, place func(worddiff.Row) (int, int), text func(worddiff.Span) string) string {
	owners := make([]int, len(paras))
	for i, r := range rows {
		at, n := place(r)
		if (at == 0) != (n == 0) {
			return fmt.Sprintf("row %d stands at %d and has %d paragraphs", i, at, n)
		}
		if n == 0 {
			continue
		}
		if at-1+n > len(paras) {
			return fmt.Sprintf("row %d goes beyond the text", i)
		}
		for k := range n {
			owners[at-1+k]++
		}
		var b strings.Builder
		for _, s := range r.Spans {
			b.WriteString(text(s))
		}
		if want := strings.Join(paras[at-1:at-1+n], ""); b.String() != want {
			return fmt.Sprintf("row %d holds %q, not %q", i, b.String(), want)
		}
	}
	for i, n := range owners {
		if n != 1 {
			return fmt.Sprintf("paragraph %d belongs to %d rows", i+1, n)
		}
	}
	return ""
}

// misspelt tells of spans and rows that contradict themselves.
func misspelt(rows []worddiff.Row) string {
	moved := map[int][2]int{}
	for i, r := range rows {
		differs := false
		for k, s := range r.Spans {
			differs = differs || s.Op != worddiff.Equal
			switch {
			case s.Text == "" && !s.Quiet, s.Quiet && s.Text == s.Was, s.Quiet && s.Op != worddiff.Equal, s.Moved != 0 && s.Op == worddiff.Equal:
				return fmt.Sprintf("row %d span %d is %+v", i, k, s)
			case k > 0 && r.Spans[k-1].Op == s.Op && r.Spans[k-1].Quiet == s.Quiet && r.Spans[k-1].Moved == s.Moved:
				return fmt.Sprintf("row %d spans %d and %d are one", i, k-1, k)
			case k > 0 && r.Spans[k-1].Op == worddiff.Insert && s.Op == worddiff.Delete:
				return fmt.Sprintf("row %d span %d: insertion before deletion", i, k)
			}
			if n := moved[s.Moved]; s.Op == worddiff.Delete {
				moved[s.Moved] = [2]int{n[0] + 1, n[1]}
			} else {
				moved[s.Moved] = [2]int{n[0], n[1] + 1}
			}
		}
		if (r.Op == worddiff.RowEqual) && differs || r.Op == worddiff.RowChanged && !differs {
			return fmt.Sprintf("row %d is %s", i, r.Op)
		}
	}
	for number, n := range moved {
		if number != 0 && (n[0] == 0 || n[1] == 0) {
			return fmt.Sprintf("move %d has %d old and %d new spans", number, n[0], n[1])
		}
	}
	return ""
}

// quiet reports whether every row is equal.
func quiet(rows []worddiff.Row) bool {
	return !slices.ContainsFunc(rows, func(r worddiff.Row) bool { return r.Op != worddiff.RowEqual })
}

// checkSame holds Diff and Fingerprint against each other.
func checkSame(t *testing.T, before, after []string) {
	t.Helper()
	same := worddiff.Fingerprint(strings.Join(before, "")) == worddiff.Fingerprint(strings.Join(after, ""))
	if got := quiet(worddiff.Diff(before, after)); got != same {
		t.Fatalf("Diff(%q, %q) is quiet: %t; fingerprints agree: %t", before, after, got, same)
	}
	if got := quiet(worddiff.Diff(after, before)); got != same {
		t.Fatalf("Diff(%q, %q) is quiet: %t; fingerprints agree: %t", after, before, got, same)
	}
}

// draw writes rows as the corpus has them.
func draw(rows []worddiff.Row) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%s %s %s: ", r.Op, places(r.Old, r.OldN), places(r.New, r.NewN))
		for _, s := range r.Spans {
			b.WriteString(drawSpan(s))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func places(first, n int) string {
	switch n {
	case 0:
		return "-"
	case 1:
		return fmt.Sprint(first)
	}
	return fmt.Sprintf("%d..%d", first, first+n-1)
}

var visible = strings.NewReplacer("\n", "¶", "\r", "␍", "\u00a0", "⍽", "\u00ad", "␣shy", "\u200b", "␣zw", "\u202f", "⍽", "\u2009", "⍽")

func drawSpan(s worddiff.Span) string {
	text, number := visible.Replace(strings.ToValidUTF8(s.Text, "�")), ""
	if s.Moved > 0 {
		number = fmt.Sprintf("%d:", s.Moved)
	}
	switch {
	case s.Op == worddiff.Delete:
		return "[-" + number + text + "-]"
	case s.Op == worddiff.Insert:
		return "{+" + number + text + "+}"
	case s.Quiet:
		return "{=" + visible.Replace(s.Was) + "|" + text + "=}"
	}
	return text
}

// Random pairs over a tiny alphabet meet every corner: repeats, empty sides,
// white space alone, paragraphs broken anywhere.
func TestTinyAlphabet(t *testing.T) {
	alphabet := []string{"a", "b", "a. ", "b ", " ", "\n", "B", ". ", "\n\n", "“", "\"", "-", "--", "…", "...", "\u200b", "é", "e\u0301", "\xff", "中", "ア", "1", "1:2", "'", "\u00a0"}
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 1))
		n := 2 + r.IntN(len(alphabet)-1)
		text := func() []string {
			var b strings.Builder
			for range r.IntN(24) {
				b.WriteString(alphabet[r.IntN(n)])
			}
			return worddiff.Paragraphs(b.String())
		}
		before, after := text(), text()
		check(t, before, after, worddiff.Diff(before, after))
		checkSame(t, before, after)
	}
}

// Changes of typography alone, however many, are quiet.
func TestTypographyIsQuiet(t *testing.T) {
	forms := [][]string{{" ", "  ", "\u00a0", "\n", "\t", " \u200b", "\r\n\r\n"}, {"\"", "“", "”", "«", "„"}, {"'", "’", "‘"}, {" - ", " – ", "—", " -- "}, {"...", "…"}, {"é", "e\u0301"}, {"", "\u00ad", "\u2060"}}
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 2))
		var before, after strings.Builder
		for range 1 + r.IntN(40) {
			w := []string{"word", "Other", "中", "12", "end."}[r.IntN(5)]
			form := forms[r.IntN(len(forms))]
			if w == "end." { // an ellipsis behind a full stop takes it in
				form = forms[0]
			}
			before.WriteString(w + form[r.IntN(len(form))])
			after.WriteString(w + form[r.IntN(len(form))])
		}
		x, y := worddiff.Paragraphs(before.String()), worddiff.Paragraphs(after.String())
		rows := worddiff.Diff(x, y)
		check(t, x, y, rows)
		checkSame(t, x, y)
		if !quiet(rows) {
			t.Fatalf("Diff(%q, %q) is loud:\n%s", x, y, draw(rows))
		}
	}
}

// A long stretch without a rare word is still compared word by word.
func TestFewEditsAmongCommonWords(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	var words []string
	for range 4000 {
		words = append(words, []string{"ba", "bo"}[r.IntN(2)])
	}
	before := []string{strings.Join(words, " ")}
	for _, i := range []int{500, 2000, 3500} {
		words[i] = "new"
	}
	after := []string{strings.Join(words, " ")}
	rows := worddiff.Diff(before, after)
	check(t, before, after, rows)
	inserted := 0
	for _, s := range rows[0].Spans {
		if s.Op == worddiff.Insert {
			inserted += worddiff.Words(s.Text)
		}
	}
	if len(rows) != 1 || inserted > 6 {
		t.Errorf("%d rows, %d words inserted, want 1 and about 3", len(rows), inserted)
	}
}

// Rare words hold a long stretch together in which more was changed than a search
// for the least difference would find.
func TestManyEditsInALongSentence(t *testing.T) {
	var words []string
	for i := range 6000 {
		words = append(words, fmt.Sprintf("word%d", i))
	}
	before := []string{strings.Join(words, " ")}
	for i := 1; i < len(words); i += 4 {
		words[i] = "new"
	}
	after := []string{strings.Join(words, " ")}
	rows := worddiff.Diff(before, after)
	check(t, before, after, rows)
	if n := len(rows[0].Spans); len(rows) != 1 || n != 3*1500+1 {
		t.Errorf("%d rows, %d spans in the first, want 1 and 4501", len(rows), n)
	}
}

// In a box of more keys than there are runes below the surrogates, no two keys
// may become one.
func TestManyDistinctWords(t *testing.T) {
	numbered := func(letter string, n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "%s%d ", letter, i)
		}
		return b.String()
	}
	common := numbered("c", 58_000)
	before, after := []string{common + numbered("m", 57_000) + "end"}, []string{common + "uu vv ww end"}
	rows := worddiff.Diff(before, after)
	check(t, before, after, rows)
	if n := len(rows[0].Spans); n != 4 || rows[0].Spans[2].Text != "uu vv ww" {
		t.Errorf("%d spans, want 4 of which the third inserts three words", n)
	}
}

// Of texts past half a million tokens whole paragraphs are told apart.
func TestBeyondTheBound(t *testing.T) {
	var before []string
	for i := range 600 {
		before = append(before, fmt.Sprintf("Line %d.", i)+strings.Repeat(" a b", 1000)+"\n")
	}
	after := slices.Clone(before)
	for i := range after {
		if i%2 == 0 {
			after[i] = strings.Replace(after[i], "Line", "Row", 1)
		}
	}
	rows := worddiff.Diff(before, after)
	check(t, before, after, rows)
	count := map[worddiff.RowOp]int{}
	for _, r := range rows {
		count[r.Op]++
	}
	if want := map[worddiff.RowOp]int{worddiff.RowEqual: 300, worddiff.RowRemoved: 300, worddiff.RowAdded: 300}; !reflect.DeepEqual(count, want) {
		t.Errorf("rows %v, want %v", count, want)
	}
}

func TestDeterministicAndConcurrent(t *testing.T) {
	g := newGenerator(7)
	before := g.article(40)
	after, _ := g.edit(before, 25)
	want := worddiff.Diff(before, after)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if got := worddiff.Diff(before, after); !reflect.DeepEqual(got, want) {
				t.Errorf("Diff gave two answers:\n%s\n%s", draw(got), draw(want))
			}
		})
	}
	wg.Wait()
}

func FuzzDiff(f *testing.F) {
	f.Add("He said \"yes\" - twice.\nThen 3 left.\n", "He said “yes” – twice.\nThen 4 left.\n")
	f.Add("\n\n", "")
	f.Add("a\xff b", "a\xfe b")
	f.Add("市议会周二投票。\n", "市议会周三投票。")
	f.Add("cafe\u0301 1:2 U.S. \u200b...", "caf\u00e9 1 : 2 ….")
	f.Fuzz(func(t *testing.T, x, y string) {
		before, after := worddiff.Paragraphs(x), worddiff.Paragraphs(y)
		rows := worddiff.Diff(before, after)
		check(t, before, after, rows)
		checkSame(t, before, after)
		if again := worddiff.Diff(before, after); !reflect.DeepEqual(rows, again) {
			t.Fatalf("Diff(%q, %q) gave two answers", before, after)
		}
		if !quiet(worddiff.Diff(before, before)) {
			t.Fatalf("Diff(%q, itself) is loud", before)
		}
	})
}

// Paragraphs need no line break at their end, and may be empty.
func FuzzAnyParagraphs(f *testing.F) {
	f.Add("a|b|", "|ab")
	f.Fuzz(func(t *testing.T, x, y string) {
		before, after := strings.Split(x, "|"), strings.Split(y, "|")
		check(t, before, after, worddiff.Diff(before, after))
	})
}

func FuzzPieces(f *testing.F) {
	f.Add("Dr. Lee left at 12:30. “Why?” she asked.\u00ad x\xff")
	f.Fuzz(func(t *testing.T, text string) {
		var b strings.Builder
		for i, tok := range worddiff.Tokens(text) {
			if tok.Text == "" && i > 0 || (tok.Key == "") != (tok.Text == "") {
				t.Fatalf("Tokens(%q)[%d] is %+v", text, i, tok)
			}
			b.WriteString(tok.Text + tok.Space)
		}
		if b.String() != text {
			t.Fatalf("Tokens(%q) join to %q", text, b.String())
		}
		if got := strings.Join(worddiff.Sentences(text), ""); got != text {
			t.Fatalf("Sentences(%q) join to %q", text, got)
		}
		if got := strings.Join(worddiff.Paragraphs(text), ""); got != text {
			t.Fatalf("Paragraphs(%q) join to %q", text, got)
		}
	})
}
