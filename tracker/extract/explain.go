package extract

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// An Explanation is what a page was read as, and why.
type Explanation struct {
	Story   *Story   // what was read; of a page that is no article what would have been; nil where nothing could be
	Refusal *Refusal // why the page is no article; nil: it is one
	Fields  []Field  // of the story, in the order in which a reader wants them
	Pieces  []Piece  // all the page shows, in its order
	Rules   []Rule   // the site rules that were tried on it
}

// A Field is a field of a story, and what else the page has for it.
type Field struct {
	Name   string    // "headline", "standfirst" …
	Text   string    // empty: the story has none
	Source string    // where it was read
	Others []Reading // what other places say, also where it is the same
}

// A Reading is what one place of a page says.
type Reading struct {
	Source string
	Text   string
}

// A Piece is a run of the page that is read as one, or an element that is not
// read at all.
type Piece struct {
	Label string // a [BlockKind], "field" or "furniture"
	Text  string // of what is not read, its beginning
	Why   string // what made it so
	Where string // where it stands as to the article
	Path  string // where it stands in the page's tree
	Rule  string // the site rule that decided, as FILE:LINE; empty: none did
	Post  string // of a live blog: the post it stands in
}

// The labels of a piece beside the kinds of block.
const (
	LabelField     = "field"
	LabelFurniture = "furniture"
)

// A Rule is a site rule that was tried on a page.
type Rule struct {
	At       string // FILE:LINE
	Does     string // "keep", "drop" …
	Selector string
	Count    int // elements that it chose
	Shipped  bool
}

// Explain reads a page as [Read] does and returns what it saw. A page that is no
// article is explained too. The error is a [*Refusal] where there is nothing to
// explain: the page could not be parsed or not within its time.
func Explain(in Input) (*Explanation, error) { return guarded(in, explain) }

func explain(in Input) (*Explanation, *Refusal) {
	p, refusal := parse(in, false)
	if refusal != nil {
		return nil, refusal
	}
	p.tracing = true
	x := &Explanation{}
	if x.Story, x.Refusal = p.read(); x.Refusal != nil {
		x.Story = p.whole
	}
	if x.Story != nil {
		x.Fields = p.explainFields(x.Story)
		x.Pieces = p.explainPieces(x.Story)
	}
	for _, h := range p.hits {
		x.Rules = append(x.Rules, Rule{h.at, string(h.rule.does), h.rule.text, h.count, h.shipped})
	}
	return x, nil
}

// traced is what a page keeps for Explain.
type traced struct {
	tracing bool
	pieces  []piece  // all that was read, judged
	passed  []passed // what was not read
	whole   *Story   // as it was read, also where it makes no article
}

// A passed is an element that was not read.
type passed struct {
	at   int // how many pieces came before it
	node *html.Node
}

// pass notes that an element with text is not read.
func (l *liner) pass(n *html.Node, e *element) {
	if p := l.page; p.tracing && !l.all && e != nil && e.chars > 0 {
		p.passed = append(p.passed, passed{len(l.pieces), n})
	}
}

// explainPieces returns the pieces and what was not read, in the order of the
// page, and behind them what stands in its data alone.
func (p *page) explainPieces(s *Story) []Piece {
	var out []Piece
	fromData := s.Sources["body"] == "json-ld"
	passed := p.passed
	inPage := 0
	for i := 0; i <= len(p.pieces); i++ {
		for len(passed) > 0 && passed[0].at <= i {
			out = append(out, p.explainPassed(passed[0].node, s))
			passed = passed[1:]
		}
		if i == len(p.pieces) {
			break
		}
		piece := p.explainPiece(&p.pieces[i])
		if p.pieces[i].why == "" {
			inPage++
			if fromData && p.pieces[i].kind != Note {
				piece.Label, piece.Why = LabelFurniture, "the page's data hold the text, of which the page shows less than a quarter"
			}
		}
		out = append(out, piece)
	}
	for i, block := range s.Blocks {
		if fromData && !p.shows(block) || !fromData && i >= inPage {
			out = append(out, Piece{Label: string(block.Kind), Text: block.Text, Why: "stated in JSON-LD", Where: string(Unseen), Post: block.Post})
		}
	}
	return out
}

// shows reports whether a block is a note that was read of the page itself.
func (p *page) shows(block Block) bool {
	return block.Kind == Note && slices.ContainsFunc(p.pieces, func(at piece) bool {
		return at.kind == Note && at.why == "" && at.exact == block.Text
	})
}

func (p *page) explainPiece(at *piece) Piece {
	out := Piece{Label: string(at.kind), Text: at.exact, Why: at.why, Where: at.zone.String(), Path: treePath(at.node), Rule: at.rule, Post: at.post}
	switch {
	case at.why == bylineLine:
		out.Label = LabelField
	case at.why != "":
		out.Label = LabelFurniture
	case at.rule != "" && at.kind == Note:
		out.Why = "a rule says that it is a note"
	case at.rule != "":
		out.Why = "kept by a rule"
	case at.kind == Note && isNote(at.text, at.lead):
		out.Why = "its words say that it is a note"
	case at.kind == Note:
		out.Why = "it belongs to a note or stands in an element named for notes"
	}
	if at.rule != "" && at.why != "" && isNote(at.text, at.lead) {
		out.Why += ", though it reads as a correction"
	}
	return out
}

// String names a zone for a reader.
func (z zone) String() string {
	switch z {
	case beforeHead:
		return "above the headline"
	case underHead:
		return "under the headline"
	case inText:
		return string(InText)
	case afterText:
		return string(BelowText)
	}
	return string(Elsewhere)
}

// passedText is how much is told of an element that was not read, in bytes.
const passedText = 300

func (p *page) explainPassed(n *html.Node, s *Story) Piece {
	e := p.elements[n]
	text := p.text(n)
	if len(text) > passedText {
		text = clipped(text, passedText) + " …"
	}
	out := Piece{Label: LabelFurniture, Text: text, Path: treePath(n), Where: string(Elsewhere)}
	if within(n, p.frame) {
		out.Where = "in or beside the article"
	}
	switch r, ruled := p.rulings[n]; {
	case p.consumed[n]:
		out.Label, out.Why = LabelField, "read as "+p.fieldOf(n, s)
		for _, found := range p.fields {
			for _, f := range found {
				if f.node == n {
					out.Rule = f.rule
				}
			}
		}
	case ruled && r.does == drops && e.gone:
		out.Why, out.Rule = "dropped by a rule", r.rule
		if p.holdsNote(n) {
			out.Why += ", though it reads as a correction"
		}
	case p.clocks[n]:
		out.Why = "when the post was made, which stands above it in UTC"
	case e.gone:
		out.Why = "hidden from readers"
	default:
		out.Why = p.whyClosed(n, e)
	}
	return out
}

// fieldOf says which field was read of an element.
func (p *page) fieldOf(n *html.Node, s *Story) string {
	text := Folded(p.text(n))
	switch {
	case n == p.headline:
		return "the headline"
	case s.Standfirst != "" && strings.Contains(text, Folded(s.Standfirst)):
		return "the standfirst"
	case s.Byline != "":
		return "the byline"
	}
	return "a field"
}

// whyClosed says why an element is furniture as a whole.
func (p *page) whyClosed(n *html.Node, e *element) string {
	if fateByTag(n) == closed {
		if role := attr(n, "role"); role != "" {
			return fmt.Sprintf("furniture by its role, %q", clipped(role, 40))
		}
		return fmt.Sprintf("furniture by its tag, <%s>", n.Data)
	}
	for _, word := range e.words {
		if furnitureName(word) == closed {
			return fmt.Sprintf("furniture by its name, %q", word)
		}
	}
	if n.DataAtom == atom.Article {
		return "another article"
	}
	return "furniture by what it is made of"
}

// explainFields returns each field with what else the page has for it.
func (p *page) explainFields(s *Story) []Field {
	ld := p.ld
	if ld == nil {
		ld = &linkedData{}
	}
	meta := func(keys ...string) []Reading {
		var found []Reading
		for _, key := range keys {
			found = append(found, Reading{key, p.meta[key]})
		}
		return found
	}
	stated := func(text string) []Reading { return []Reading{{"json-ld", text}} }
	fields := []Field{
		{"headline", s.Headline, "", slices.Concat(p.headings(), stated(ld.headline), meta("og:title", "twitter:title"), []Reading{{"title", p.title()}})},
		{"standfirst", s.Standfirst, "", slices.Concat(stated(ld.description), meta("og:description", "description"))},
		{"byline", s.Byline, "", slices.Concat(stated(strings.Join(ld.authors, ", ")), meta("author", "article:author"))},
		{"published", stamp(s.Published), "", slices.Concat(stated(ld.published), meta("article:published_time", "datepublished", "date"))},
		{"modified", stamp(s.Modified), "", slices.Concat(stated(ld.modified), meta("article:modified_time", "datemodified", "last-modified"))},
		{"lang", s.Lang, "", slices.Concat(stated(ld.language), meta("og:locale", "content-language"))},
		{"site", s.Site, "", slices.Concat(stated(ld.publisher), meta("og:site_name", "application-name"))},
		{"canonical", s.Canonical, "", meta("og:url")},
	}
	for i := range fields {
		f := &fields[i]
		f.Source = s.Sources[f.Name]
		f.Others = slices.DeleteFunc(f.Others, func(r Reading) bool { return r.Text == "" || r.Source == f.Source && r.Text == f.Text })
		if f.Name == "published" || f.Name == "modified" {
			f.Others = slices.DeleteFunc(f.Others, func(r Reading) bool {
				return r.Source == f.Source && stamp(parseDate(r.Text).Truncate(time.Second)) == f.Text
			})
		}
	}
	return fields
}

// headings returns the first-level headings of the page, the headline left out.
func (p *page) headings() []Reading {
	var found []Reading
	p.each(p.body, func(n *html.Node, e *element) bool {
		if e.gone {
			return false
		}
		if n.DataAtom == atom.H1 && n != p.headline && e.chars > 0 && len(found) < 5 {
			found = append(found, Reading{"h1", clipped(p.text(n), 400)})
		}
		return true
	})
	return found
}
