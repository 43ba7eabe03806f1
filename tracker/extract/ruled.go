package extract

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A ruling is what a rule says of an element.
type ruling struct {
	does    directive
	rule    string // FILE:LINE
	shipped bool
}

// A hit is a rule that was tried on a page, and how many elements it chose.
type hit struct {
	rule    rule
	at      string // FILE:LINE
	count   int
	shipped bool
}

// ruled is what site rules say of a page.
type ruled struct {
	rulings map[*html.Node]ruling
	holders map[*html.Node]bool // elements around one that a rule keeps
	fields  map[directive][]fieldRule
	bodies  []*html.Node
	hits    []hit
	own     []string // sections of the user's that apply, as FILE:LINE
	given   []string // sections shipped that apply, likewise
}

// A fieldRule is an element that a rule names for a field.
type fieldRule struct {
	node *html.Node
	rule string
}

// address returns the address by which rules are chosen: of a file, which has
// none, what it calls its own.
func (p *page) address() string {
	if p.in.URL != "" {
		return p.in.URL
	}
	return p.canonical()
}

// applyRules tries the rules for a page on it, before it is counted.
func (p *page) applyRules() {
	p.rulings, p.holders, p.fields = map[*html.Node]ruling{}, map[*html.Node]bool{}, map[directive][]fieldRule{}
	address := p.address()
	var sections []*section
	for _, from := range []*Rules{shipped().For(address), p.in.Rules.For(address)} {
		if from != nil {
			sections = append(sections, from.sections...)
		}
	}
	for _, s := range shown(p.doc, sections) {
		p.applySection(s)
	}
	for n, r := range p.rulings {
		if r.does == drops {
			continue
		}
		for up := n.Parent; up != nil && !p.holders[up]; up = up.Parent {
			p.holders[up] = true
		}
	}
}

func (p *page) applySection(s *section) {
	if s.shipped {
		p.given = append(p.given, s.at(s.line))
	} else {
		p.own = append(p.own, s.at(s.line))
	}
	fields := map[directive][]fieldRule{}
	var within []*html.Node
	for _, rule := range s.rules {
		h := hit{rule: rule, at: s.at(rule.line), shipped: s.shipped}
		rule.each(p.doc, func(n *html.Node) {
			h.count++
			switch {
			case rule.does.field():
				if len(fields[rule.does]) < 20 { // further ones are not looked at
					fields[rule.does] = append(fields[rule.does], fieldRule{n, h.at})
				}
				return
			case rule.does == bodies:
				within = append(within, n)
			}
			p.rulings[n] = ruling{rule.does, h.at, s.shipped}
		})
		p.hits = append(p.hits, h)
	}
	for field, found := range fields {
		p.fields[field] = append(found, p.fields[field]...) // a later section's go first
	}
	if len(within) > 0 {
		p.bodies = within
	}
}

// hides reports whether nobody sees an element, or a rule of the user's says that
// nobody is to.
func (p *page) hides(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Head, atom.Title, atom.Meta, atom.Link, atom.Noscript, atom.Textarea:
		return true
	}
	if r, ok := p.rulings[n]; ok {
		if r.does == drops {
			return unseen(n) || !p.holders[n] && (!r.shipped || inline(n) && slight(n))
		}
		return false
	}
	return !p.holders[n] && unseen(n)
}

// slight reports whether an element has too few characters for a note.
func slight(n *html.Node) bool {
	chars := 0
	eachText(n, func(text *html.Node) { chars += len(text.Data) })
	return chars < 40
}

// obey writes what rules say into what was counted.
func (p *page) obey() {
	for n := range p.holders {
		if e := p.elements[n]; e != nil && e.fate == closed {
			e.fate = soft
		}
	}
	for n, r := range p.rulings {
		e := p.elements[n]
		switch {
		case e == nil:
		case r.does == drops:
			e.fate = max(e.fate, soft)
		default:
			e.fate, e.boxed = open, 1
			e.note = e.note || r.does == notes
		}
	}
}

// ruledFate returns what becomes of an element for which the general way has f.
func (p *page) ruledFate(n *html.Node, f fate) fate {
	r, ok := p.rulings[n]
	switch {
	case ok && r.does != drops:
		return open
	case f == closed && p.holders[n]:
		return soft
	}
	return f
}

// locateByRule takes the elements that a rule names for the text, and reports
// whether there are any with words in them.
func (p *page) locateByRule() bool {
	var all *html.Node
	for _, n := range p.bodies {
		e := p.elements[n]
		if e == nil || e.gone || e.chars == 0 || p.inDropped(n) {
			continue
		}
		if all == nil {
			all = n
		} else {
			all = common(all, n)
		}
	}
	if all == nil || p.elements[all] == nil {
		p.bodies = nil
		return false
	}
	p.container = all
	return true
}

// inDropped reports whether a rule drops what stands around an element.
func (p *page) inDropped(n *html.Node) bool {
	for up := n.Parent; up != nil; up = up.Parent {
		if r, ok := p.rulings[up]; ok {
			return r.does == drops
		}
	}
	return false
}

// judgeByRules has the last word on every piece.
func (p *page) judgeByRules(pieces []piece) {
	if len(p.rulings) == 0 {
		return
	}
	for i := range pieces {
		at := &pieces[i]
		r, ok := p.rulingOf(at.node)
		switch {
		case !ok:
			if len(p.bodies) > 0 && at.kind != Note && at.why == "" {
				at.why, at.rule = "outside the elements that a rule names for the text", p.rulings[p.bodies[0]].rule
			}
			continue
		case r.does == bodies:
			continue
		case r.does == drops && r.shipped && at.kind == Note && at.why == "":
			continue // a rule for many outlets takes no correction away
		case r.does == drops:
			at.why = "dropped by a rule"
		case r.does == notes:
			at.kind, at.why = Note, ""
		default:
			at.why = ""
		}
		at.rule = r.rule
	}
}

// rulingOf returns what the nearest rule says of a piece of n.
func (p *page) rulingOf(n *html.Node) (ruling, bool) {
	for ; n != nil; n = n.Parent {
		if r, ok := p.rulings[n]; ok {
			return r, true
		}
	}
	return ruling{}, false
}

// ruledField returns a field where a rule says, or as the general way reads it.
func (p *page) ruledField(d directive, general func() (text, source string)) (text, source string) {
	for _, f := range p.fields[d] {
		e := p.elements[f.node]
		if e != nil && e.gone {
			continue
		}
		text := p.fieldText(d, f.node)
		if text == "" {
			continue
		}
		if e != nil {
			p.takeField(d, f.node)
		}
		return text, "rule " + f.rule
	}
	return general()
}

func (p *page) fieldText(d directive, n *html.Node) string {
	switch {
	case n.DataAtom == atom.Meta:
		return squeeze(clipped(attr(n, "content"), 2000))
	case d == bylines && p.cleanByline(n) != "":
		return p.cleanByline(n)
	case d == leads:
		return clipped(p.plainly(n), 4000)
	}
	return clipped(p.text(n), 4000)
}

// takeField keeps the element of a field out of the blocks, unless it holds more
// than the field.
func (p *page) takeField(d directive, n *html.Node) {
	switch {
	case d == heads:
		p.headline = n
	case p.holdsArticle(n):
	case d == bylines:
		p.consume(n)
	default:
		p.consumed[n] = true
	}
}

// ruledDate sets a date where a rule says.
func (p *page) ruledDate(d directive, date *dated) {
	for _, f := range p.fields[d] {
		at := parseDate(cmp.Or(attr(f.node, "datetime"), attr(f.node, "content"), attr(f.node, "title")))
		if at.IsZero() && p.elements[f.node] != nil {
			if at = parseDate(p.text(f.node)); at.IsZero() {
				at, _, _ = wordedDate(clipped(p.text(f.node), 200))
			}
		}
		if !at.IsZero() {
			*date = dated{at.Truncate(time.Second), "rule " + f.rule}
			return
		}
	}
}

// citeRules writes down which rules a story was read with, and which of the
// user's took a correction away.
func (p *page) citeRules(s *Story) {
	if fingerprint := p.in.Rules.Fingerprint(p.address()); fingerprint != "" {
		s.Sources["rules"] = strings.Join(append([]string{fingerprint}, p.own...), " ")
	}
	if len(p.given) > 0 {
		s.Sources["shipped rules"] = strings.Join(p.given, " ")
	}
	if lost := p.droppedNotes(); len(lost) > 0 {
		s.Sources["dropped notes"] = strings.Join(lost, " ")
	}
}

// droppedNotes returns the rules of the user's that drop what reads as a note.
func (p *page) droppedNotes() []string {
	lost := map[string]bool{}
	for n, r := range p.rulings {
		e := p.elements[n]
		if r.does != drops || e == nil || !e.gone || unseen(n) {
			continue
		}
		if outer, ok := p.rulingOf(n.Parent); ok && outer.does == drops {
			continue // it is told of there
		}
		if p.holdsNote(n) {
			lost[r.rule] = true
		}
	}
	return slices.Sorted(maps.Keys(lost))
}

// holdsNote reports whether an element has a line that reads as a note.
func (p *page) holdsNote(n *html.Node) bool {
	for _, line := range p.linesOf(n) {
		if isNote(line.text, line.lead) {
			return true
		}
	}
	return false
}
