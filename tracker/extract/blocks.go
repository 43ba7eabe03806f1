package extract

import (
	"cmp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// lines reads the page in pieces; what stands outside the frame, for its notes.
func (p *page) lines() []piece {
	l := &liner{page: p, line: make([]byte, 0, lineRoom), pieces: make([]piece, 0, min(64, 4+len(p.order)/4)), headSeen: p.headline == nil || !p.consumed[p.headline]}
	l.element(p.body, p.elements[p.body], place{kind: Paragraph, node: p.body, zone: outside})
	l.flush()
	p.aboveHead(l)
	return l.pieces
}

// aboveHead marks what stands in the container but above the headline, unless it
// is so much that the headline cannot be one.
func (p *page) aboveHead(l *liner) {
	if p.headline == nil || !within(p.headline, p.container) {
		return
	}
	chars := 0
	for _, piece := range l.pieces[:l.headAt] {
		if piece.zone == inText {
			chars += piece.chars
		}
	}
	if chars*3 > p.elements[p.container].chars {
		return
	}
	for i := range l.pieces[:l.headAt] {
		if l.pieces[i].zone == inText {
			l.pieces[i].zone = beforeHead
		}
	}
}

// judge labels every piece: a note, a block of the article, or furniture with
// the reason why.
func (p *page) judge(pieces []piece, s *Story) {
	said := fieldsOf(s)
	p.markEarly(pieces)
	follows := false // the piece before was a note's name alone
	for i := range pieces {
		at := &pieces[i]
		if at.why != "" {
			follows = false
			continue
		}
		if (at.zone == outside || at.zone == afterText) && !at.noted && !follows && !isNote(at.text, at.lead) {
			at.why = outsideArticle // most of a page is: it is not asked any further
			continue
		}
		why := p.lineWhy(at.text, at.density())
		if why == "" && at.scraps() {
			why = "dates and counters"
		}
		if why == "" {
			why = at.aside()
		}
		at.noteWhy = p.noted(at, why)
		if at.noteWhy == "" && follows && pieces[i-1].soft == at.soft && pieces[i-1].zone == at.zone && at.density() < 0.5 && p.besides(pieces[i-1].node, at.node) {
			at.noteWhy = "under the name of a note"
		}
		note := at.noteWhy != ""
		follows = note && isNoteLabel(at.text) || follows && note && p.sameBox(pieces[i-1].node, at.node)
		if note && said.has(at.text) {
			note, at.noteWhy = false, ""
		}
		if note {
			at.kind = Note
			continue
		}
		at.why = p.furniture(at, why, said)
	}
	linkedHeadings(pieces)
	emptyHeadings(pieces)
}

// aside says why a line in the midst of the text is none of it though nothing but
// its words say so; empty if it is, or stands elsewhere.
func (p *piece) aside() string {
	switch {
	case p.zone != inText || p.early || p.kind != Paragraph && (p.kind != Heading || isHeading(p.node)):
		return ""
	case postedBy(p.text):
		return "date or relative time"
	case teases(p.text):
		return "announces another story"
	case len(p.text) < 200 && siteRights.MatchString(p.text):
		return "says whose the site is"
	}
	return ""
}

// siteRights matches a line by which a site says whose it is, and since when.
var siteRights = lazily(`^©.{0,80}\b(?:19|20)\d\d\b|^(?i:copyright)\s+(?:(?:©|\([cC]\))\s*)?(?:19|20)\d\d\b`)

// linkedHeadings takes the headings that are links back into the article where
// a paragraph of it follows side by side: they head it, and are no card.
func linkedHeadings(pieces []piece) {
	for i := range len(pieces) - 1 {
		at, next := &pieces[i], &pieces[i+1]
		if at.kind == Heading && at.why == leadsElsewhere && next.why == "" && next.kind == Paragraph &&
			next.chars >= 80 && at.node.Parent == next.node.Parent {
			at.why = ""
		}
	}
}

// inFields are the texts that a story's fields say, by their letters.
type inFields struct {
	texts   map[string]bool
	longest int // in bytes, as they stand
}

func fieldsOf(s *Story) inFields {
	said := inFields{texts: map[string]bool{}}
	for _, field := range []string{s.Headline, s.Standfirst, s.Byline} {
		if letters := Folded(field); letters != "" {
			said.texts[letters] = true
		}
		said.longest = max(said.longest, len(field))
	}
	return said
}

// has reports whether a line says what a field says.
func (f inFields) has(line string) bool {
	return len(line) <= 2*f.longest+40 && f.texts[Folded(line)] // most lines are longer, and not folded for nothing
}

// markEarly marks what stands in the text under the headline and above the first
// paragraph of some length.
func (p *page) markEarly(pieces []piece) {
	for i := range pieces {
		at := &pieces[i]
		if at.zone != inText {
			continue
		}
		if at.chars >= leastProse && at.density() < 0.5 && !at.soft && at.kind != Caption {
			return
		}
		at.early = true
	}
}

// leastProse is the least a paragraph holds, in characters, that no label, date or
// byline does.
const leastProse = 80

// outsideArticle is why what stands beyond headline and text is no block.
const outsideArticle = "outside the article"

// leadsElsewhere is why a line that is a link in whole is furniture.
const leadsElsewhere = "leads elsewhere"

// noted says why a piece is a note, by its own words or by the name of the element
// it stands in; empty if it is none. Far from the article, and in furniture, a line
// that is a link, a heading or part of a list is none. Why is what its words say of
// it as furniture.
func (p *page) noted(at *piece, why string) string {
	if at.density() > 0.6 || why != "" || at.kind == Table || at.kind == Caption {
		return ""
	}
	far := at.zone == outside || at.soft
	switch {
	case far && (at.kind == List && isItem(at.node) || at.density() > 0.4):
		return ""
	case at.noted && (at.kind != Heading || isNoteLabel(at.text)) && (!far || wordCount(at.text) > 2):
		return "in an element named for notes"
	case isNote(at.text, at.lead):
		return "opens as a note does"
	}
	return ""
}

// besides reports whether two pieces stand in the same element or side by side.
func (p *page) besides(a, b *html.Node) bool {
	return a == b || a.Parent == b.Parent || a.Parent == b || b.Parent == a
}

// sameBox reports whether two pieces stand side by side in a small element: all
// under the name of a note belongs to it.
func (p *page) sameBox(a, b *html.Node) bool {
	box := a.Parent
	return p.besides(a, b) && box != nil && box == b.Parent && box != p.container && box != p.frame && box != p.body &&
		p.elements[box] != nil && p.elements[box].chars < 1500
}

// furniture says why a piece is no part of the article; empty if it is.
func (p *page) furniture(at *piece, why string, said inFields) string {
	switch {
	case at.zone == outside || at.zone == afterText:
		return outsideArticle
	case at.soft:
		return cmp.Or(at.box, "in a box of furniture")
	case said.has(at.text) && at.kind != List && at.kind != Table && at.kind != Caption:
		return "said in a field"
	}
	switch {
	case why != "" && at.kind != Table && !(why == "counter" && isItem(at.node)):
		return why
	case at.zone == beforeHead && at.kind != Caption:
		return "above the headline"
	case at.kind == Heading && at.density() >= 0.9:
		return leadsElsewhere
	case at.kind == Paragraph && (at.density() >= 0.95 && !p.cites(at.node) || at.density() < 0.95 && at.leads()):
		return leadsElsewhere
	case at.zone == underHead && !p.opens(at):
		return labelUnderHead
	case at.early && dateLine(at.text) != noStamp && at.kind != List && at.kind != Table:
		return "date above the text"
	case at.early && at.phrase && at.kind == Heading && !isHeading(at.node) && at.node.DataAtom != atom.P && wordCount(at.text) <= 2:
		return labelUnderHead
	case at.early && at.phrase && at.kind == Paragraph && at.node.DataAtom != atom.P && !p.opens(at):
		return labelUnderHead
	}
	return ""
}

// isItem reports whether an element is an item of a list.
func isItem(n *html.Node) bool {
	return n.DataAtom == atom.Li || n.DataAtom == atom.Dt || n.DataAtom == atom.Dd
}

// opens reports whether a piece between headline and text is one of the
// article's: not a label, a date or a section.
func (p *page) opens(at *piece) bool {
	switch at.kind {
	case Caption, Quote, List:
		return dateLine(at.text) == noStamp && at.density() < 0.5
	case Heading:
		return at.density() < 0.5
	}
	return dateLine(at.text) == noStamp && at.density() < 0.6 && (wordCount(at.text) >= leastLine || strings.ContainsRune(".!?。", lastRune(at.text)))
}

// emptyHeadings takes for furniture the headings that nothing of the article
// follows, where furniture does. A longer line that is a heading by its bold type
// alone is the story's own last words.
func emptyHeadings(pieces []piece) {
	furniture, text := false, false
	for i := len(pieces) - 1; i >= 0; i-- {
		at := &pieces[i]
		switch {
		case at.zone == outside || at.zone == afterText || at.kind == Note:
		case at.why != "":
			furniture = true
		case at.kind == Heading && !text && furniture && (isHeading(at.node) || wordCount(at.text) < 7):
			at.why = "heads nothing but furniture"
		case at.kind != Heading:
			text = true
		}
	}
	for i := range pieces {
		// A heading under the headline counts where a list or a text of the same box follows.
		if at := &pieces[i]; at.zone == underHead && at.kind == Heading && at.why == "" && wordCount(at.text) < leastLine && (i+1 == len(pieces) || pieces[i+1].why != "" || pieces[i+1].zone != underHead) {
			at.why = labelUnderHead
		}
	}
}

// leastLine is the least words of a line under the headline that says something of
// the article, as a second standfirst does, and is no label.
const leastLine = 6

// labelUnderHead is why a short line between headline and text is no block.
const labelUnderHead = "label under the headline"

// blocks returns the pieces that are the article's.
func (p *page) blocks(pieces []piece) []Block {
	first, last := textSpan(pieces)
	var kept []Block
	for i := range pieces {
		at := &pieces[i]
		if at.why != "" {
			continue
		}
		block := Block{Kind: at.kind, Text: at.exact, Path: treePath(at.node)}
		if at.kind == Note {
			block.Place = p.placeOf(at, i, first, last)
		}
		kept = append(kept, block)
	}
	return Ended(kept)
}

// textSpan returns which pieces the text begins and ends with, its notes aside.
func textSpan(pieces []piece) (first, last int) {
	first, last = len(pieces), -1
	for i := range pieces {
		if at := &pieces[i]; at.why == "" && at.zone == inText && at.kind != Note {
			first, last = min(first, i), i
		}
	}
	return first, last
}

// placeOf says where a note stands that is the i-th piece of a page whose text
// goes from one piece to another.
func (p *page) placeOf(at *piece, i, first, last int) Place {
	switch {
	case at.zone == beforeHead || at.zone == underHead:
		return AboveText
	case at.zone == afterText:
		return BelowText
	case at.zone == inText && i < first:
		return AboveText
	case at.zone == inText && i > last:
		return BelowText
	case at.zone == inText:
		return InText
	case !p.besideArticle(at.node):
		return Elsewhere
	case p.elements[at.node].number > p.elements[p.container].number:
		return BelowText
	}
	return AboveText
}

// besideArticle reports whether an element outside of headline and text still
// stands with them in one: an article, or up to three levels around the text that
// are not the whole page.
func (p *page) besideArticle(n *html.Node) bool {
	around := p.container
	for up, levels := p.container, 0; up != nil && up != p.body && (levels < 3 || up.DataAtom == atom.Article); up, levels = up.Parent, levels+1 {
		around = up
		if up.DataAtom == atom.Article || up.DataAtom == atom.Main {
			break
		}
	}
	return within(n, around)
}

// Ended gives every block the line breaks that follow it: an empty line, but
// within a list or table, and at the end of the story, none.
func Ended(list []Block) []Block {
	for i := range list {
		at := &list[i]
		at.End = "\n\n"
		switch {
		case i+1 == len(list):
			at.End = "\n"
		case (at.Kind == List || at.Kind == Table) && list[i+1].Kind == at.Kind:
			at.End = "\n"
		}
	}
	return list
}
