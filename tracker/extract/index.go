package extract

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// An element is what was counted and told of an HTML element before reading.
type element struct {
	node       *html.Node
	number     int  // place in the document
	up         int  // number of the element around it; -1: none
	last       int  // number of the last element within
	chars      int  // characters a reader sees, white space aside
	linked     int  // how many of them are links
	gone       bool // a reader sees nothing of it
	input      bool // it holds something to fill in
	linkedHead bool // it holds a heading that is a link in whole
	note       bool // its name says that it holds a note
	fate       fate // by tag, role and name
	boxed      int8 // furniture by what it is made of: 1 it is not, 2 it is, 0 not asked yet
	words      []string
}

// A page is a parsed document and what was counted in it.
type page struct {
	in       Input
	doc      *html.Node
	body     *html.Node
	elements map[*html.Node]*element
	order    []element // by their numbers
	ld       *linkedData
	survey
	meta map[string]string // meta elements by name or property, in lower case; the first of each

	weights   weights            // how much of the text was found in each element
	container *html.Node         // smallest element that holds the text
	frame     *html.Node         // smallest element that holds the text and the headline
	headline  *html.Node         // element the headline was read from
	whys      map[lineKey]string // what lines were found to be; see lineWhy
	baseURL   *url.URL           // nil until it is asked for
	consumed  map[*html.Node]bool
	beside    []piece               // the lines of the byline's element, which may hold dates
	cleaned   map[*html.Node]string // bylines of elements; see cleanByline

	ruled                       // what site rules say of it
	live   string               // where it says that it is a live blog; empty: nowhere
	posts  map[*html.Node]*post // of a live blog, by the element of each
	clocks map[*html.Node]bool  // of a live blog, the times that posts show
	traced                      // what Explain tells beside the story
}

// index counts the visible text of every element, in one pass. The page must have
// been surveyed: elements take the room that is known to be enough, so that neither
// the list nor the map of them is ever copied.
func (p *page) index() {
	room := p.survey.size + 1 // the document stands for a missing body
	p.elements, p.order = make(map[*html.Node]*element, room), make([]element, 0, room)
	p.consumed = map[*html.Node]bool{}
	p.whys = map[lineKey]string{}
	p.body = findTag(p.doc, atom.Body)
	if p.body == nil {
		p.body = p.doc
	}
	named := map[nameKey]*element{} // the same class means the same: names repeat a lot
	p.count(p.body, -1, false, named)
	p.reveal(p.body)
	p.unfold()
}

// count fills in the element of n and returns its characters.
func (p *page) count(n *html.Node, up int, linked bool, named map[nameKey]*element) *element {
	e := p.newElement(n, up)
	e.gone = n.Type == html.ElementNode && p.hides(n)
	if n.DataAtom == atom.Script || n.DataAtom == atom.Style {
		return e
	}
	p.name(n, e, named)
	linked = linked || leadsAway(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			chars := visibleChars(c.Data)
			e.chars += chars
			if linked {
				e.linked += chars
			}
		case html.ElementNode:
			child := p.count(c, e.number, linked, named)
			if c.DataAtom == atom.Input && attr(c, "type") != "hidden" {
				e.input = true
			}
			if child.gone {
				continue
			}
			e.chars += child.chars
			e.linked += child.linked
			e.input = e.input || child.input
			e.linkedHead = e.linkedHead || child.linkedHead
		}
	}
	if isHeading(n) && e.chars > 0 && e.linked*10 >= e.chars*9 {
		e.linkedHead = true
	}
	e.last = len(p.order) - 1
	return e
}

// newElement returns what will be counted in n.
func (p *page) newElement(n *html.Node, up int) *element {
	number := len(p.order)
	p.order = append(p.order, element{node: n, number: number, last: number, up: up})
	e := &p.order[number]
	p.elements[n] = e
	return e
}

// each calls visit for n and every element within that was counted, in document
// order; where it returns false those within are passed over.
func (p *page) each(n *html.Node, visit func(*html.Node, *element) bool) {
	outer := p.elements[n]
	if outer == nil {
		return
	}
	for i := outer.number; i <= outer.last; {
		e := &p.order[i]
		if i++; e.node.Type == html.ElementNode && !visit(e.node, e) {
			i = e.last + 1
		}
	}
}

// leadsAway reports whether an element is a link, and not one within the page.
func leadsAway(n *html.Node) bool {
	return n.DataAtom == atom.A && hasAttr(n, "href") && !strings.HasPrefix(attr(n, "href"), "#")
}

// A nameKey is what an element is called.
type nameKey struct{ class, id string }

func (p *page) name(n *html.Node, e *element, named map[nameKey]*element) {
	e.fate = fateByTag(n)
	key := nameKey{attr(n, "class"), attr(n, "id")}
	if key == (nameKey{}) {
		return
	}
	known := named[key]
	if known == nil {
		known = &element{words: names(n)}
		known.fate, known.note = fateByName(known.words)
		named[key] = known
	}
	e.words, e.note = known.words, known.note
	switch part := partNamed(e.words) || e.note; {
	case part && e.fate == soft:
		e.fate = open
	case n.DataAtom == atom.Figcaption && known.fate == soft:
		// "meta" and the like name its type there
	default:
		e.fate = max(e.fate, known.fate)
	}
}

func partNamed(words []string) bool {
	for _, word := range words {
		if partName(word) {
			return true
		}
	}
	return false
}

// reveal takes an element for visible that is hidden but holds most of the
// text: pages hide themselves until a script has run, or behind a dialog.
func (p *page) reveal(n *html.Node) {
	total := p.elements[p.body].chars
	var hidden *html.Node
	p.each(n, func(c *html.Node, e *element) bool {
		if !e.gone {
			return true
		}
		if hidden == nil && e.chars > 400 && e.chars > 2*total && len(c.Attr) > 0 && !neverText(c) && p.rulings[c].does != drops {
			hidden = c
		}
		return false
	})
	if hidden == nil {
		return
	}
	e := p.elements[hidden]
	e.gone = false
	for up := hidden.Parent; up != nil && p.elements[up] != nil; up = up.Parent {
		p.elements[up].chars += e.chars
		p.elements[up].linked += e.linked
	}
}

// maxFolded is the longest text behind a button, in characters, that is looked
// at for a note.
const maxFolded = 2000

// unfold takes for furniture that may hold a note what is hidden behind a button
// or a link and opens with the words of one.
func (p *page) unfold() {
	var controls map[string]bool // made when the first candidate is met
	p.each(p.body, func(n *html.Node, e *element) bool {
		if !e.gone {
			return true
		}
		if e.chars == 0 || e.chars > maxFolded || len(n.Attr) == 0 || !flow(n) || !e.note && !isNote(clipped(p.text(n), 240), "") {
			return false
		}
		if controls == nil {
			controls = p.controls()
		}
		if !controls[attr(n, "id")] && !p.afterButton(n) {
			return false
		}
		e.gone, e.fate = false, soft
		for up := n.Parent; up != nil && p.elements[up] != nil; up = up.Parent {
			p.elements[up].chars += e.chars
			p.elements[up].linked += e.linked
		}
		return false
	})
}

// controls returns the ids of what the page's buttons and links open.
func (p *page) controls() map[string]bool {
	ids := map[string]bool{}
	walk(p.body, func(n *html.Node) bool {
		for _, a := range n.Attr {
			id, local := strings.CutPrefix(a.Val, "#")
			if a.Key == "aria-controls" || a.Key == "data-target" || a.Key == "data-bs-target" || a.Key == "href" && local {
				ids[id] = id != ""
			}
		}
		return true
	})
	return ids
}

// flow reports whether an element is one that holds text.
func flow(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Div, atom.Section, atom.P, atom.Span, atom.Aside, atom.Footer, atom.Article, atom.Blockquote, atom.Em:
		return true
	}
	return false
}

// afterButton reports whether the element before n is one that opens it: a button
// or a link within the page. What the attribute hidden hides no style brings back;
// there the button must be one that says "more" or "correction", or nothing in
// letters, or that it opens something.
func (p *page) afterButton(n *html.Node) bool {
	c := n.PrevSibling
	for c != nil && c.Type != html.ElementNode {
		c = c.PrevSibling
	}
	switch {
	case c == nil || c.DataAtom != atom.Button && c.DataAtom != atom.Summary && c.DataAtom != atom.A || leadsAway(c):
		return false
	case !hasAttr(n, "hidden") || c.DataAtom == atom.Summary || hasAttr(c, "aria-expanded"):
		return true
	}
	says := bareTitle(p.text(c))
	return says == "" || unfolds.match(says) || isNoteLabel(says)
}

// neverText reports whether the content of an element is no text by its tag.
func neverText(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Main, atom.Article, atom.Section, atom.Div, atom.Body:
		return false
	}
	return true
}

// density returns the share of an element's characters that are links.
func (e *element) density() float64 {
	if e.chars == 0 {
		return 0
	}
	return float64(e.linked) / float64(e.chars)
}

func (e *element) named(words ...string) bool {
	for _, have := range e.words {
		for _, want := range words {
			if have == want {
				return true
			}
		}
	}
	return false
}

func visibleChars(s string) int {
	count, plain := 0, 0
	for ; plain < len(s) && s[plain] < utf8.RuneSelf; plain++ {
		if s[plain] > ' ' {
			count++
		}
	}
	for _, r := range s[plain:] {
		if r > ' ' && (r < utf8.RuneSelf || !unicode.IsSpace(r)) {
			count++
		}
	}
	return count
}

// text returns the visible text of an element in one line.
func (p *page) text(n *html.Node) string {
	var b strings.Builder
	p.appendText(&b, n)
	return squeeze(b.String())
}

func (p *page) appendText(b *strings.Builder, n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			b.WriteString(c.Data)
		case c.Type != html.ElementNode:
		case c.DataAtom == atom.Br:
			b.WriteByte(' ')
		case p.elements[c] != nil && !p.elements[c].gone:
			if !inline(c) {
				b.WriteByte(' ')
			}
			p.appendText(b, c)
			if !inline(c) {
				b.WriteByte(' ')
			}
		}
	}
}
