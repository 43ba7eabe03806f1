package trial

import (
	"cmp"
	"fmt"
	"io"
	"iter"
	"slices"
	"text/tabwriter"
)

// A Case is a page before and after one thing was done to it.
type Case struct {
	Page    string // the design or the folder it is made of
	Mutator string // what was done
	Edit    bool   // an edit, which must be seen; else furniture, which must not
	Hashed  bool   // the furniture's class names say nothing
	Before  string // the page, HTML in UTF-8
	After   string
}

// Every returns every n-th of the cases, from the one with number first on.
func Every(n, first int, cases iter.Seq[Case]) iter.Seq[Case] {
	return func(yield func(Case) bool) {
		i := -first % n
		for c := range cases {
			if i%n == 0 && !yield(c) {
				return
			}
			i++
		}
	}
}

// A Reader is an extractor under trial: what it makes of a page, in one text; ok
// is false where it finds no article.
type Reader func(page string) (text string, ok bool)

// A Tally counts what an extractor did wrong.
type Tally struct {
	Name string
	rows map[row]*count
	Show func(c Case, before, after string) // called for every case gone wrong; nil: none

	last map[string]outcome // of the page in hand: most cases share a side
	page string
}

type row struct {
	mutator string
	edit    bool
	hashed  bool
}

type count struct{ tried, wrong int }

type outcome struct {
	text string
	ok   bool
}

// Try reads both sides of a case and counts it. A page that is refused after an
// edit is one missed, and after furniture one falsely taken for another; a page
// that is refused before is no case at all, and Try returns false.
func (t *Tally) Try(c Case, read Reader) bool {
	before := t.read(c, c.Before, read)
	if !before.ok {
		return false
	}
	after := t.read(c, c.After, read)
	differ := !after.ok || before.text != after.text
	missed := c.Edit && (!differ || !after.ok)
	t.add(row{c.Mutator, c.Edit, c.Hashed}, missed || !c.Edit && differ)
	if t.Show != nil && (missed || !c.Edit && differ) {
		t.Show(c, before.text, after.text)
	}
	return true
}

func (t *Tally) read(c Case, page string, read Reader) outcome {
	if t.page != c.Page || t.last == nil {
		t.page, t.last = c.Page, map[string]outcome{}
	}
	known, ok := t.last[page]
	if !ok {
		known.text, known.ok = read(page)
		t.last[page] = known
	}
	return known
}

func (t *Tally) add(key row, wrong bool) {
	if t.rows == nil {
		t.rows = map[row]*count{}
	}
	if t.rows[key] == nil {
		t.rows[key] = &count{}
	}
	t.rows[key].tried++
	if wrong {
		t.rows[key].wrong++
	}
}

// Merge adds what another tally counted.
func (t *Tally) Merge(other *Tally) {
	for key, n := range other.rows {
		t.add(key, false)
		t.rows[key].tried += n.tried - 1
		t.rows[key].wrong += n.wrong
	}
}

// Missed returns how many edits were not seen, of how many.
func (t *Tally) Missed() (wrong, tried int) {
	return t.sum(func(r row) bool { return r.edit })
}

// False returns how often furniture was taken for an edit, of how many times:
// furniture with telling class names, or with hashed ones.
func (t *Tally) False(hashed bool) (wrong, tried int) {
	return t.sum(func(r row) bool { return !r.edit && r.hashed == hashed })
}

func (t *Tally) sum(in func(row) bool) (wrong, tried int) {
	for key, n := range t.rows {
		if in(key) {
			wrong, tried = wrong+n.wrong, tried+n.tried
		}
	}
	return wrong, tried
}

// Share returns wrong of tried in per cent.
func Share(wrong, tried int) float64 {
	if tried == 0 {
		return 0
	}
	return 100 * float64(wrong) / float64(tried)
}

// Write writes the tallies side by side, a line for each mutator: how much of it
// went wrong, in per cent. Of mutators that none got wrong there is one line in all.
func Write(w io.Writer, tallies ...*Tally) {
	table := tabwriter.NewWriter(w, 2, 8, 2, ' ', 0)
	fmt.Fprint(table, "mutator\tnames\ttried")
	for _, t := range tallies {
		fmt.Fprint(table, "\t"+t.Name)
	}
	fmt.Fprintln(table)
	clean := 0
	for _, key := range tallies[0].keys() {
		worst := 0
		for _, t := range tallies {
			worst = max(worst, t.of(key).wrong)
		}
		if worst == 0 {
			clean++
			continue
		}
		writeRow(table, key, tallies)
	}
	fmt.Fprintf(table, "%d other mutators\t\t\n", clean)
	for _, total := range []struct {
		name string
		of   func(*Tally) (int, int)
	}{
		{"MISSED", (*Tally).Missed},
		{"FALSE, telling names", func(t *Tally) (int, int) { return t.False(false) }},
		{"FALSE, hashed names", func(t *Tally) (int, int) { return t.False(true) }},
	} {
		_, tried := total.of(tallies[0])
		fmt.Fprintf(table, "%s\t\t%d", total.name, tried)
		for _, t := range tallies {
			fmt.Fprintf(table, "\t%.2f %%", Share(total.of(t)))
		}
		fmt.Fprintln(table)
	}
	table.Flush()
}

func writeRow(w io.Writer, key row, tallies []*Tally) {
	names := ""
	switch {
	case !key.edit && key.hashed:
		names = "hashed"
	case !key.edit:
		names = "telling"
	}
	fmt.Fprintf(w, "%s\t%s\t%d", key.mutator, names, tallies[0].of(key).tried)
	for _, t := range tallies {
		n := t.of(key)
		fmt.Fprintf(w, "\t%.1f %%", Share(n.wrong, n.tried))
	}
	fmt.Fprintln(w)
}

func (t *Tally) of(key row) count {
	if n := t.rows[key]; n != nil {
		return *n
	}
	return count{}
}

// keys returns the mutators, edits first.
func (t *Tally) keys() []row {
	var keys []row
	for key := range t.rows {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b row) int {
		order := func(r row) int {
			switch {
			case r.edit:
				return 0
			case !r.hashed:
				return 1
			}
			return 2
		}
		return cmp.Or(cmp.Compare(order(a), order(b)), cmp.Compare(a.mutator, b.mutator))
	})
	return keys
}
