package revision

import (
	"slices"
	"strings"

	"storydiff/tracker/extract"
	"storydiff/tracker/worddiff"
)

// Compare returns what changed from before to after.
//
// The modified time of before is the one that the last look at the old text
// showed: that the two differ is what makes a change Stamped.
//
// The result is the same for the same stories, and takes time about linear in
// the length of the texts. It is Same exactly when the stories share their Key;
// Fields and Blocks are then still whole, and Disclosure is empty.
func Compare(before, after *extract.Story) *Revision {
	c := &comparison{before: before, after: after, rev: &Revision{}}
	rows := worddiff.Diff(paragraphs(before), paragraphs(after))
	c.blocks(rows)
	if Key(before) == Key(after) {
		return c.rev
	}
	c.prepare(rows)
	c.fields()
	c.moves(rows)
	for i, row := range rows {
		c.row(i, row)
	}
	c.links(rows)
	if len(c.edits) == 0 {
		c.unexplained()
	}
	c.finish()
	return c.rev
}

// A comparison is one Compare under way.
type comparison struct {
	before, after *extract.Story
	lex           *lexicon
	vocabulary    *vocabulary
	rev           *Revision
	edits         []edit
	oldNotes      map[[32]byte]bool // fingerprints of the notes of either story
	newNotes      map[[32]byte]bool
	isNotes       map[blockKey]bool       // which blocks are notes, of those looked at
	proof         string                  // of a new note
	newTexts      []string                // what the new notes say that was not said before
	about         []*subject              // the edits that a note may speak of
	visible       string                  // the line of the text that shows a new modified time
	places        []place                 // by block
	inner         map[int][]worddiff.Span // what is left of a row's spans once moved sentences are taken out
}

// An edit is an Edit with what weighs it.
type edit struct {
	Edit
	place  place
	spans  []worddiff.Span // the sentence it was made in
	points int
	slight bool // of spelling, place or furniture: it says nothing else
	nature nature
	anchor string // of a link: the words it stands on
}

// A nature tells edits of one kind apart for the reader.
type nature int

const (
	changed  nature = iota // what became what
	added                  // something came
	removed                // something went
	altered                // a note is no longer what it was
	marked                 // quotation marks were put around words
	unmarked               // and taken off
	respelt                // a name that could be the same one in another spelling
)

func paragraphs(s *extract.Story) []string {
	out := make([]string, len(s.Blocks))
	for i, b := range s.Blocks {
		out[i] = b.Text + b.End
	}
	return out
}

// blocks fills Revision.Blocks.
func (c *comparison) blocks(rows []worddiff.Row) {
	for _, row := range rows {
		b := Block{Op: row.Op, Old: row.Old, New: row.New, Kind: extract.Paragraph, Spans: row.Spans}
		switch {
		case row.New > 0 && row.New <= len(c.after.Blocks):
			b.Kind = c.after.Blocks[row.New-1].Kind
		case row.Old > 0 && row.Old <= len(c.before.Blocks):
			b.Kind = c.before.Blocks[row.Old-1].Kind
		}
		c.rev.Blocks = append(c.rev.Blocks, b)
	}
}

func (c *comparison) prepare(rows []worddiff.Row) {
	c.lex = lexiconOf(c.after)
	c.vocabulary = newVocabulary(c.before, c.after, c.lex)
	c.isNotes = map[blockKey]bool{}
	c.oldNotes, c.newNotes = c.notes(c.before), c.notes(c.after)
	c.places = places(c.before, c.after, rows)
	c.inner = map[int][]worddiff.Span{}
}

// row finds the edits of one row.
func (c *comparison) row(i int, row worddiff.Row) {
	spans := row.Spans
	if rest, ok := c.inner[i]; ok {
		spans = rest
	}
	switch row.Op {
	case worddiff.RowEqual:
		return
	case worddiff.RowMoved:
		c.add(i, edit{Edit: Edit{Kind: ParagraphMoved, After: newText(row.Spans)}, spans: row.Spans, points: pointsMoved, slight: true})
	}
	switch {
	case c.note(i, row, spans), !slices.ContainsFunc(spans, hasChangedWord):
		c.marks(i, row, spans)
	case row.Op == worddiff.RowAdded:
		c.whole(i, added, ParagraphAdded, spans)
	case row.Op == worddiff.RowRemoved:
		c.whole(i, removed, ParagraphRemoved, spans)
	default:
		c.changed(i, spans)
	}
}

// marks sees to a row in which no word changed but a mark may have, unless it
// is a note, which has been told of.
func (c *comparison) marks(i int, row worddiff.Row, spans []worddiff.Span) {
	if c.hasEdit(i, Correction) || !slices.ContainsFunc(spans, isChange) {
		return
	}
	switch row.Op {
	case worddiff.RowChanged, worddiff.RowMoved:
		c.changed(i, spans)
	case worddiff.RowAdded:
		c.whole(i, added, ParagraphAdded, spans)
	case worddiff.RowRemoved:
		c.whole(i, removed, ParagraphRemoved, spans)
	}
}

func (c *comparison) hasEdit(block int, kind Kind) bool {
	return slices.ContainsFunc(c.edits, func(e edit) bool { return e.Field == "" && e.Block == block && e.Kind == kind })
}

// whole tells of a paragraph that came or went.
func (c *comparison) whole(i int, n nature, kind Kind, spans []worddiff.Span) {
	e := edit{Edit: Edit{Kind: kind}, spans: spans, nature: n}
	text := changedText(spans)
	if n == added {
		e.After = text
	} else {
		e.Before = text
	}
	switch {
	case text == "":
		return
	case !strings.ContainsFunc(text, isWordRune):
		e.points, e.slight = pointsSlight, true // a line of asterisks, say
	case isTimeLine(text):
		e.Kind, e.points, e.slight = Date, pointsSlight, true
		if n == added {
			c.visible = text
		}
	case c.rev.Blocks[i].Kind == extract.Caption:
		e.Kind, e.points = Caption, pointsCaption
	default:
		e.points = paragraphPoints(n, text)
	}
	c.add(i, e)
}

// changed classifies the sentences of a block that was changed.
func (c *comparison) changed(i int, spans []worddiff.Span) {
	caption := c.rev.Blocks[i].Kind == extract.Caption
	if text := newText(spans); isTimeLine(text) && isTimeLine(oldText(spans)) {
		c.visible = text
		c.add(i, edit{Edit: Edit{Kind: Date, Before: oldText(spans), After: text}, spans: spans, points: pointsSlight, slight: true})
		return
	}
	for _, p := range passages(spans) {
		if c.inlineNote(i, p) {
			continue
		}
		edits := c.classify(p, c.rev.Blocks[i].Kind)
		if caption {
			edits = withoutWording(edits)
			before, after := p.change()
			c.add(i, edit{Edit: Edit{Kind: Caption, Before: before, After: after}, spans: p.spans, points: pointsCaption, slight: onlySlight(edits)})
		}
		for _, e := range edits {
			c.add(i, e)
		}
	}
}

// unexplained stands for a difference that no row shows, so that a change never
// goes without a kind.
func (c *comparison) unexplained() {
	e := edit{Edit: Edit{Kind: Wording, Block: -1}, points: pointsFunction}
	for i, b := range c.rev.Blocks {
		if b.Op != worddiff.RowEqual {
			c.add(i, e)
			return
		}
	}
	c.edits = append(c.edits, e)
}

// add notes an edit of block i.
func (c *comparison) add(i int, e edit) {
	e.Block = i
	e.place = c.places[i]
	e.Before, e.After = clip(e.Before, maxEvidence), clip(e.After, maxEvidence)
	if e.place.counter {
		e.points, e.slight = min(e.points, pointsSlight), true
	}
	c.edits = append(c.edits, e)
	c.rev.Blocks[i].Kinds = addKind(c.rev.Blocks[i].Kinds, e.Kind)
}

// finish draws the conclusions from the edits.
func (c *comparison) finish() {
	r := c.rev
	for _, e := range c.edits {
		r.Kinds = addKind(r.Kinds, e.Kind)
		r.Edits = append(r.Edits, e.Edit)
	}
	for _, f := range r.Fields {
		c.count(f.Spans, f.Field)
	}
	for _, b := range r.Blocks {
		c.count(b.Spans, "")
	}
	r.Disclosure, r.Proof = c.disclose()
	c.speak()
	r.Reasons = c.weigh()
	for _, reason := range r.Reasons {
		r.Significance += reason.Points
	}
	r.Significance = min(100, max(0, r.Significance))
	ranked := c.ranked()
	r.Summary = c.summarize(ranked)
	r.Excerpt = c.excerpt(ranked)
}

// count adds up the words that came and went. A date of publication is no words,
// nor are links.
func (c *comparison) count(spans []worddiff.Span, field string) {
	if field == "published" || field == "links" {
		return
	}
	for _, s := range spans {
		switch {
		case s.Moved > 0:
		case s.Op == worddiff.Insert:
			c.rev.WordsAdded += worddiff.Words(s.Text)
		case s.Op == worddiff.Delete:
			c.rev.WordsRemoved += worddiff.Words(s.Text)
		}
	}
}

// addKind puts a kind in its place among kinds, once.
func addKind(kinds []Kind, kind Kind) []Kind {
	if slices.Contains(kinds, kind) {
		return kinds
	}
	kinds = append(kinds, kind)
	all := Kinds()
	slices.SortFunc(kinds, func(a, b Kind) int { return slices.Index(all, a) - slices.Index(all, b) })
	return kinds
}
