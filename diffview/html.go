package diffview

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

//go:embed diff.css
var diffCSS string

//go:embed page.css
var pageCSS string

//go:embed page.tmpl
var pageText string

// pages are parsed when the first page is drawn: most runs of the program draw none.
var pages = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("diffview").Funcs(template.FuncMap{"drawRuns": drawRuns, "drawPart": partHTML, "kind": kindWords}).Parse(pageText))
})

// kindWords is a kind in words.
func kindWords(k revision.Kind) string { return strings.ReplaceAll(string(k), "-", " ") }

// Style returns the style sheet of a Fragment. Its colours are custom
// properties of :root, light and dark; what comes after it may set them anew.
func Style() string { return diffCSS }

// HTML writes d as one page that needs nothing else: it opens from disk, reads
// in light, dark, on paper and on a phone, and runs no script.
func HTML(w io.Writer, d *Diff, o Options) error {
	p := page{
		Title: d.title(o),
		Dir:   Direction([]worddiff.Span{{Text: d.title(o)}}, o.Lang),
		Style: template.CSS(diffCSS + pageCSS),
		Old:   sideData(d.Old, "old"),
		New:   sideData(d.New, "new"),
		Diff:  fragment(d, o),
	}
	r := d.Revision
	if r.Same() {
		p.Same = d.sameness()
	} else {
		p.Verdict = verdictData(r)
	}
	var b strings.Builder
	if err := pages().ExecuteTemplate(&b, "page", p); err != nil {
		return fmt.Errorf("drawing %s: %w", p.Title, err)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Fragment returns the changed fields and the text, without what was compared
// and what to make of it, for a page that serves [Style].
//
// Its fields have the IDs "f1", "f2" …, its blocks "b1", "b2" … by their place in
// Revision.Blocks, moved sentences "moved-1-from" and "moved-1-to", and the places
// that moved paragraphs left "left-1", "left-2" … A link to each changed one is
// its permalink: the same two texts give the same IDs.
func Fragment(d *Diff, o Options) (template.HTML, error) {
	var b strings.Builder
	if err := pages().ExecuteTemplate(&b, "diff", fragment(d, o)); err != nil {
		return "", fmt.Errorf("drawing %s: %w", d.title(o), err)
	}
	return template.HTML(b.String()), nil
}

// Inline returns one sentence with what went and what came, for lists. It has
// the classes of [Style], and neither IDs nor links.
func Inline(spans []worddiff.Span) template.HTML {
	return drawRuns(draw(spans, both))
}

// A page is the data of the template "page".
type page struct {
	Title    string
	Dir      string // of Title
	Style    template.CSS
	Old, New sideView
	Same     string       // why there is nothing to show; empty: there is
	Verdict  *verdictView // nil where Same is set
	Diff     diffView
}

// A sideView is one of the texts that were compared.
type sideView struct {
	Source string
	Words  string
	SHA256 string
	Seen   time.Time
	When   string
}

func sideData(s Side, otherwise string) sideView {
	return sideView{flat(s.name(otherwise)), Count(s.Words, "word"), s.hash(), s.CapturedAt.UTC(), whenText(s.CapturedAt)}
}

// A verdictView is what to make of a revision.
type verdictView struct {
	Level        revision.Level
	Significance int
	Kinds        []revision.Kind
	Disclosure   revision.Disclosure
	Disclosed    string // the same in a sentence
	Proof        string
	Reasons      []reasonView
	Sum          int // of the points, where that is more than Significance; else 0
	Words        string
}

type reasonView struct{ Points, Text string }

func verdictData(r *revision.Revision) *verdictView {
	v := &verdictView{
		Level:        revision.LevelOf(r.Significance),
		Significance: r.Significance,
		Kinds:        r.Kinds,
		Disclosure:   r.Disclosure,
		Disclosed:    Disclosed(r.Disclosure, r.NoteSpeaks),
		Proof:        flat(r.Proof),
		Words:        WordsChanged(r.WordsAdded, r.WordsRemoved),
	}
	v.Sum = Capped(r.Significance, r.Reasons)
	for _, reason := range r.Reasons {
		v.Reasons = append(v.Reasons, reasonView{Signed(reason.Points), flat(reason.Text)})
	}
	return v
}

// Capped returns the sum of the points of all reasons where it is more than the
// significance, of which 100 is the most; else 0.
func Capped(significance int, reasons []revision.Reason) int {
	sum := 0
	for _, r := range reasons {
		sum += r.Points
	}
	if sum <= significance {
		return 0
	}
	return sum
}

// Signed writes a number with its sign, a true minus among them.
func Signed(n int) string {
	if n < 0 {
		return fmt.Sprintf("−%d", -n)
	}
	return fmt.Sprintf("+%d", n)
}

// A diffView is the data of the template "diff".
type diffView struct {
	Side   bool
	Cut    bool // what is folded is not there
	Lang   string
	Fields []fieldView
	Above  []itemView // changed captions and notes, which stand with the fields
	Items  []itemView
}

type fieldView struct {
	ID          string
	Name, Label string
	Dir         string
	texts
}

// texts are the faces of a paragraph that a view shows.
type texts struct {
	Both, Before, After []run
}

func textsOf(spans []worddiff.Span, side bool) texts {
	if !side {
		return texts{Both: draw(spans, both)}
	}
	return texts{Before: draw(spans, before), After: draw(spans, after)}
}

// An itemView is one item of the layout.
type itemView struct {
	Side   bool
	Left   string     // of the place that moved blocks left, or that one shown above has, what is said of them
	Went   []wentView // and where they are
	Joint  string     // the mark that the places share which a moved block left and came to; empty: it did not move
	Fold   string     // how many paragraphs are folded; empty: it is no fold
	Folded []itemView

	ID     string
	From   string // ID of the place that a moved block left; empty: it did not move
	Dir    string // of its text: "ltr", "rtl" or "auto"
	Op     worddiff.RowOp
	Kind   extract.BlockKind
	Place  string
	Proof  bool // it is the note that discloses the change
	OpText string
	Labels []string
	Kinds  []revision.Kind
	Form   string // how the text is set: "p", "h3" or "blockquote"
	texts
}

// capital returns a text of ours with a capital first letter.
func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// A wentView is a link to where moved blocks stand now.
type wentView struct{ Text, ID string }

// Link reports whether the block has a permalink in its margin: it changed, and
// stands in view.
func (v itemView) Link() bool { return v.ID != "" && (v.Op != worddiff.RowEqual || len(v.Kinds) > 0) }

func fieldID(index int) string { return fmt.Sprintf("f%d", index+1) }

func blockID(index int) string { return fmt.Sprintf("b%d", index+1) }

// holeID returns the ID of a place that was left; empty for none.
func holeID(number int) string {
	if number == 0 {
		return ""
	}
	return fmt.Sprintf("left-%d", number)
}

func fragment(d *Diff, o Options) diffView {
	side := o.View == SideBySideView
	v := diffView{Side: side, Cut: o.Cut, Lang: o.Lang}
	if d.Revision.Same() && !o.Cut {
		o.Context = -1
	}
	for i, f := range fieldsOf(d) {
		v.Fields = append(v.Fields, fieldView{fieldID(i), f.Field, fieldLabel(f.Field), Direction(f.Spans, o.Lang), textsOf(f.Spans, side)})
	}
	num, proof := numbersOf(d.Revision.Blocks), proofBlock(d.Revision)
	for _, it := range layout(d.Revision.Blocks, o.Context) {
		item := itemData(it, v, num)
		if it.Block != nil && it.Index == proof {
			item.Proof = true
			item.Labels = append(slices.Clip(item.Labels), "discloses the change")
		}
		if !lifts(it) {
			v.Items = append(v.Items, item)
			continue
		}
		v.Above = append(v.Above, item)
		v.Items = append(v.Items, itemView{Side: side, Left: lifted(item), Went: []wentView{{"above", item.ID}}})
	}
	linkMoves(v)
	return v
}

// lifted says what stands in the place of a block that is shown with the fields.
func lifted(item itemView) string {
	switch item.Op {
	case worddiff.RowAdded:
		return "An added " + string(item.Kind) + " stands here, shown"
	case worddiff.RowRemoved:
		return "A removed " + string(item.Kind) + " stood here, shown"
	}
	return "A changed " + string(item.Kind) + " stands here, shown"
}

// lifts reports whether a block is shown with the fields: a caption or a note
// that changed, since those stand beside the text and not in it.
func lifts(it item) bool {
	if it.Block == nil || it.Block.Kind != extract.Caption && it.Block.Kind != extract.Note {
		return false
	}
	return it.Block.Op != worddiff.RowEqual && it.Block.Op != worddiff.RowMoved
}

func itemData(it item, d diffView, num numbers) itemView {
	switch {
	case it.Folded != nil:
		v := itemView{Side: d.Side, Fold: foldedText(len(it.Folded))}
		if d.Cut {
			return v
		}
		for i := range it.Folded {
			v.Folded = append(v.Folded, itemData(item{Block: &it.Folded[i], Index: -1}, d, num))
		}
		return v
	case it.Left != "":
		v := itemView{Side: d.Side, Left: capital(it.Left), ID: holeID(it.Hole), Joint: joint(it.Hole)}
		for _, to := range it.Went {
			v.Went = append(v.Went, wentView{to.Text, blockID(to.Index)})
		}
		return v
	}
	b := it.Block
	v := itemView{
		Side: d.Side, From: holeID(it.Hole), Joint: joint(it.Hole), Dir: Direction(b.Spans, d.Lang), Op: b.Op, Kind: kindOf(b.Kind), Labels: it.Labels, Kinds: b.Kinds,
		Place: num.of(b), OpText: opText(b.Op), Form: "p", texts: textsOf(b.Spans, d.Side),
	}
	if b.Op == worddiff.RowRemoved && !slices.ContainsFunc(b.Spans, func(s worddiff.Span) bool {
		return s.Moved == 0 && s.Op == worddiff.Delete && strings.TrimSpace(s.Text) != ""
	}) {
		v.Op, v.OpText = worddiff.RowChanged, "taken apart" // all of it stands elsewhere now
	}
	if it.Index >= 0 {
		v.ID = blockID(it.Index)
	}
	if v.Joint != "" && len(v.Labels) > 0 { // behind its mark the style sheet finds no first letter
		v.Labels = append([]string{capital(v.Labels[0])}, v.Labels[1:]...)
	}
	switch v.Kind {
	case extract.Heading:
		v.Form = "h3"
	case extract.Quote:
		v.Form = "blockquote"
	}
	return v
}

// kindOf returns kind, or a paragraph's where a store holds what no extractor gives.
func kindOf(kind extract.BlockKind) extract.BlockKind {
	switch kind {
	case extract.Heading, extract.List, extract.Quote, extract.Caption, extract.Table, extract.Note:
		return kind
	}
	return extract.Paragraph
}

// joint names the mark of a place that was left by a letter: A to Z, AA, AB …;
// empty for none.
func joint(number int) string {
	name := ""
	for ; number > 0; number = (number - 1) / 26 {
		name = string(rune('A'+(number-1)%26)) + name
	}
	return name
}

// opText is a block's fate in a word; a moved one says so in its labels.
func opText(op worddiff.RowOp) string {
	switch op {
	case worddiff.RowEqual, worddiff.RowMoved:
		return ""
	}
	return string(op)
}

// linkMoves joins the two ends of each moved sentence. Where an end is in
// several pieces one of them gets the ID: an ID stands once on a page.
func linkMoves(v diffView) {
	from, to := map[int]*run{}, map[int]*run{}
	visit := func(runs []run) {
		for i := range runs {
			switch r := &runs[i]; {
			case r.First && r.Del():
				from[r.Moved] = r
			case r.First:
				to[r.Moved] = r
			}
		}
	}
	for _, items := range [][]itemView{v.Above, v.Items} {
		for i := range items {
			visit(items[i].Both)
			visit(items[i].Before)
			visit(items[i].After)
		}
	}
	for n, f := range from {
		t := to[n]
		if t == nil {
			continue
		}
		f.ID, t.ID = fmt.Sprintf("moved-%d-from", n), fmt.Sprintf("moved-%d-to", n)
		f.Target, t.Target = t.ID, f.ID
		f.Title, t.Title = "to where this sentence went", "to where this sentence was"
	}
}
