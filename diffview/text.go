package diffview

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

// Text writes d for a terminal or a pipe.
//
// Without Options.Color what went stands in [-…-] and what came in {+…+}; with
// it, struck through in red and bold in green. A sentence that moved stands in
// [~1 …~] where it was and in {~1 …~} where it is, with one number, and the
// words changed inside it marked there. Unchanged paragraphs are folded, and
// what is to be said of a paragraph stands above it in parentheses.
func Text(w io.Writer, d *Diff, o Options) error {
	t := &terminal{width: o.Width, color: o.Color}
	if !o.Bare {
		t.heading(d)
	}
	if !d.Revision.Same() {
		t.gap()
		for _, f := range fieldsOf(d) {
			cells := cellsOf(nil, fieldLabel(flat(f.Field))+": ", strong)
			t.write("", t.runs(cells, draw(f.Spans, both), normal))
		}
		t.gap()
		t.items(layout(d.Revision.Blocks, o.Context))
	}
	text := strings.TrimRight(t.b.String(), "\n")
	if text != "" {
		text += "\n"
	}
	_, err := io.WriteString(w, text)
	return err
}

// A terminal gathers lines.
type terminal struct {
	b     strings.Builder
	width int
	color bool
}

// gap parts what follows from what stands by an empty line.
func (t *terminal) gap() {
	if s := t.b.String(); s != "" && !strings.HasSuffix(s, "\n\n") {
		t.b.WriteByte('\n')
	}
}

// write wraps cells behind a margin that begins each line.
func (t *terminal) write(margin string, cells []cell) { t.hang(margin, margin, cells) }

// hang is write with a margin of its own for the first line, as wide as the other.
func (t *terminal) hang(first, margin string, cells []cell) {
	limit := 0
	if t.width > 0 {
		limit = max(t.width-len([]rune(margin)), 20)
	}
	for _, line := range wrap(cells, limit) {
		writeLine(&t.b, append(cellsOf(nil, first, faint), line...), t.color)
		first = margin
	}
}

// say writes a sentence of ours.
func (t *terminal) say(text string, k ink) { t.write("", cellsOf(nil, text, k)) }

// heading says what was compared and what to make of it.
func (t *terminal) heading(d *Diff) {
	t.side("---", d.Old, "old", wentInk)
	t.side("+++", d.New, "new", cameInk)
	r := d.Revision
	if r.Same() {
		t.say(d.sameness(), normal)
		return
	}
	t.write("", t.verdict(r))
	if r.Proof != "" {
		t.write("    ", cellsOf(nil, string(r.Disclosure)+": "+flat(r.Proof), normal))
	}
	for _, reason := range r.Reasons {
		t.hang(fmt.Sprintf("%+4d  ", reason.Points), "      ", cellsOf(nil, flat(reason.Text), normal))
	}
	if sum := Capped(r.Significance, r.Reasons); sum > 0 {
		t.write("", cellsOf(nil, fmt.Sprintf("%4d  in all; 100 is the most.", sum), normal))
	}
}

func (t *terminal) verdict(r *revision.Revision) []cell {
	cells := cellsOf(nil, fmt.Sprintf("%s %d", revision.LevelOf(r.Significance), r.Significance), strong)
	return cellsOf(cells, fmt.Sprintf("  %s  %s  -%d +%d words", KindsText(r.Kinds, ", "), r.Disclosure, r.WordsRemoved, r.WordsAdded), normal)
}

// side writes one line on a text. Its sign keeps its colour but not its strike.
func (t *terminal) side(sign string, s Side, otherwise string, k ink) {
	cells := []cell{{text: sign + " ", wide: 4, ink: strong}}
	cells = cellsOf(cells, flat(s.name(otherwise)), strong)
	said := "  " + Count(s.Words, "word")
	if when := whenText(s.CapturedAt); when != "" {
		said = "  " + when + said
	}
	t.write("", cellsOf(cells, said, faint))
}

func (t *terminal) items(items []item) {
	for _, it := range items {
		switch {
		case it.Folded != nil:
			t.aside("… " + foldedText(len(it.Folded)) + " …")
		case it.Left != "":
			t.aside("(" + it.left() + ")")
		default:
			t.block(it)
		}
	}
}

// aside writes a line of ours between blocks.
func (t *terminal) aside(text string) {
	t.gap()
	t.say(text, faint)
	t.b.WriteByte('\n')
}

func (t *terminal) block(it item) {
	runs := draw(it.Block.Spans, both)
	if len(runs) == 0 {
		return
	}
	if len(it.Labels) > 0 {
		t.gap()
		t.say("("+strings.Join(it.Labels, "; ")+")", faint)
	}
	margin, lead, k := kindMarks(it.Block.Kind)
	t.write(margin, t.runs(cellsOf(nil, lead, faint), runs, k))
	if spaced(it.Block) {
		t.b.WriteByte('\n')
	}
}

// kindMarks returns what begins each line of a block of that kind, what begins
// its first, and its ink.
func kindMarks(kind extract.BlockKind) (margin, lead string, k ink) {
	switch kind {
	case extract.Heading:
		return "", "# ", strong
	case extract.List:
		return "", "• ", normal
	case extract.Quote:
		return "> ", "", normal
	case extract.Caption:
		return "", "Caption: ", normal
	case extract.Note:
		return "", "Note: ", normal
	}
	return "", "", normal
}

// runs appends runs as cells, with k as the ink of what stays.
func (t *terminal) runs(cells []cell, runs []run, k ink) []cell {
	for _, r := range runs {
		lead, own, tail := unbroken(t.run(nil, r, k))
		if !r.First {
			own, lead = slices.Concat(lead, own), nil
		}
		cells = append(cells, lead...)
		if r.First {
			open := "["
			if r.Ins() {
				open = "{"
			}
			cells = bracket(cells, fmt.Sprintf("%s~%d ", open, r.Moved), movedInk(r.Op), true)
		}
		if t.color && meets(cells, inkOf(r, k)) {
			cells = append(cells, cell{text: " ", wide: 1}) // no bracket parts the two
		}
		cells = append(cells, own...)
		if r.Last {
			shut := "~]"
			if r.Ins() {
				shut = "~}"
			}
			cells = bracket(cells, shut, movedInk(r.Op), false)
		}
		cells = append(cells, tail...)
	}
	return cells
}

// unbroken takes the line breaks off the ends of a run: the marks of a moved
// sentence stand beside its words. Line breaks alone are all at its end.
func unbroken(cells []cell) (lead, own, tail []cell) {
	words := func(c cell) bool { return !c.brk }
	first := slices.IndexFunc(cells, words)
	if first < 0 {
		return nil, nil, cells
	}
	last := len(cells)
	for cells[last-1].brk {
		last--
	}
	return cells[:first], cells[first:last], cells[last:]
}

// meets reports whether words in the ink k would stand right behind others with
// the opposite fate.
func meets(cells []cell, k ink) bool {
	if len(cells) == 0 {
		return false
	}
	last := cells[len(cells)-1].ink
	return last == wentInk && k == cameInk || last == cameInk && k == wentInk
}

// run appends the cells of a run, each line of it in marks of its own.
func (t *terminal) run(cells []cell, r run, k ink) []cell {
	open, shut := "", ""
	if !t.color && !r.Stays() {
		switch r.Op {
		case worddiff.Delete:
			open, shut = "[-", "-]"
		case worddiff.Insert:
			open, shut = "{+", "+}"
		}
	}
	k = inkOf(r, k)
	cut := true // a mark is to be opened before the next words
	for _, p := range r.Parts {
		if p.Kind == gap {
			if !cut {
				cells = bracket(cells, shut, k, false)
			}
			cut = true
			for range p.Breaks() {
				cells = append(cells, cell{brk: true})
			}
			continue
		}
		if p.Kind == mark && r.Op == worddiff.Equal {
			continue // the label above the paragraph says so
		}
		from := len(cells)
		if cut {
			cells = bracket(cells, open, k, true)
		}
		begin := len(cells)
		cells = cellsOf(cells, p.Text, k)
		if cut && begin > from && begin < len(cells) {
			cells[begin].glue = true
		}
		cut = false
	}
	if !cut {
		cells = bracket(cells, shut, k, false)
	}
	return cells
}

// bracket appends a mark that no line break parts from its words.
func bracket(cells []cell, text string, k ink, opens bool) []cell {
	for i, c := range text {
		cells = append(cells, cell{text: string(c), wide: 1, ink: k, glue: i > 0 || !opens})
	}
	return cells
}

func inkOf(r run, otherwise ink) ink {
	switch {
	case r.Stays():
		return movedInk(r.Op)
	case r.Op == worddiff.Delete:
		return wentInk
	case r.Op == worddiff.Insert:
		return cameInk
	}
	return otherwise
}

func movedInk(op worddiff.Op) ink {
	if op == worddiff.Delete {
		return leftInk
	}
	return arrivedIn
}
