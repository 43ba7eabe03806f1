package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// readStandfirst returns the lines that stand between headline and text to lead
// into it, and where they were read: an element named for them, a heading right
// under the headline, or the first paragraph there.
func (p *page) readStandfirst() (text, source string) {
	for _, candidate := range []struct {
		find   func() *html.Node
		source string
	}{
		{p.namedStandfirst, "standfirst"},
		{p.headingUnderHead, "h2"},
		{p.boldUnderHead, "bold under headline"},
		{p.paragraphUnderHead, "under headline"},
	} {
		if n := candidate.find(); n != nil {
			p.consumed[n] = true
			return p.plainly(n), candidate.source
		}
	}
	return "", ""
}

// namedStandfirst returns the first element named for a standfirst that stands
// before the text is well under way.
func (p *page) namedStandfirst() *html.Node {
	passed := 0
	var found *html.Node
	p.each(p.frame, func(n *html.Node, e *element) bool {
		if found != nil || passed > 1 || e.gone || p.consumed[n] || p.otherArticle(n) || n.DataAtom == atom.Nav {
			return false
		}
		if p.holdsArticle(n) {
			return true
		}
		if p.afterText(n) {
			return false
		}
		if p.standfirstName(n, e) {
			found = n
			return false
		}
		if n.DataAtom == atom.P && within(n, p.container) && e.chars > 60 {
			passed++
		}
		return e.fate != closed
	})
	return found
}

func (p *page) standfirstName(n *html.Node, e *element) bool {
	if e.chars < 15 || e.chars > 900 || e.density() > 0.6 || inline(n) || e.linkedHead || e.input {
		return false
	}
	if n.DataAtom == atom.Ul || n.DataAtom == atom.Figure || n.DataAtom == atom.Figcaption || p.lists(n) {
		return false
	}
	if attr(n, "role") == "doc-subtitle" || hasWord(attr(n, "itemprop"), "alternativeheadline") ||
		hasWord(attr(n, "itemprop"), "description") && !within(n, p.container) {
		return true
	}
	return e.named("standfirst", "dek", "deck", "subtitle", "subhead", "subheadline", "subheading", "subhed", "subline", "lead", "lede", "leadtext",
		"leadparagraph", "intro", "introduction", "introtext", "articleintro", "summary", "articlesummary", "excerpt", "abstract", "chapo", "chapeau",
		"vorspann", "anreisser", "bajada", "entradilla", "sumario", "catenaccio", "sommario", "occhiello", "ingress", "manchet", "underrubrik",
		"articledescription", "articlelead", "articledek", "articlesubtitle", "postexcerpt", "storysummary") ||
		e.named("teaser", "description", "preamble", "perex", "annotation") && !within(n, p.container) && e.density() == 0
}

// lists reports whether an element holds a list that is no furniture.
func (p *page) lists(n *html.Node) bool {
	found := false
	p.each(n, func(c *html.Node, e *element) bool {
		if e.gone || e.fate == closed || c.DataAtom == atom.Ul && p.boxed(c, e) {
			return false
		}
		found = found || c.DataAtom == atom.Li
		return !found
	})
	return found
}

// headingUnderHead returns an h2 that follows the headline with nothing between.
func (p *page) headingUnderHead() *html.Node {
	if p.headline == nil || p.headline.DataAtom != atom.H1 {
		return nil
	}
	n := p.nextSeen(p.headline)
	if n == nil || n.DataAtom != atom.H2 && n.DataAtom != atom.H3 || p.consumed[n] {
		return nil
	}
	e := p.elements[n]
	if wordCount(p.text(n)) < 4 || e.density() > 0.5 || isFurnitureTitle(p.text(n)) || e.chars > 600 {
		return nil
	}
	return n
}

// boldUnderHead returns a paragraph right under the headline that is in bold or
// slanted type throughout.
func (p *page) boldUnderHead() *html.Node {
	if p.headline == nil || p.headline.DataAtom != atom.H1 {
		return nil
	}
	n := p.nextSeen(p.headline)
	if n == nil || n.DataAtom != atom.P || p.consumed[n] || p.elements[n].chars > 600 {
		return nil
	}
	text := p.text(n)
	only, _ := p.firstChild(n)
	switch {
	case only == nil || p.elements[only].chars != p.elements[n].chars:
		return nil
	case only.DataAtom != atom.B && only.DataAtom != atom.Strong && only.DataAtom != atom.Em && only.DataAtom != atom.I:
		return nil
	case wordCount(text) < 6 || p.elements[n].density() > 0.5 || isFurnitureTitle(text) || isNote(text, "") || dateLine(text) != noStamp || isByLine(text):
		return nil
	}
	return n
}

// nextSeen returns the next sibling element that a reader sees and that is no
// furniture.
func (p *page) nextSeen(n *html.Node) *html.Node {
	for c := n.NextSibling; c != nil; c = c.NextSibling {
		if e := p.elements[c]; c.Type == html.ElementNode && e != nil && !e.gone && e.chars > 0 && (p.consumed[c] || !p.besideText(c, e)) {
			return c
		}
	}
	return nil
}

// besideText reports whether an element is furniture whose coming and going says
// nothing of the lines around it: a box, an advertisement, counters, dates.
func (p *page) besideText(n *html.Node, e *element) bool {
	switch {
	case p.holdsArticle(n) || isHeading(n) && e.fate == open:
		return false
	case e.fate == closed || p.boxed(n, e):
		return true
	case e.chars > maxScraps:
		return false
	}
	lines := p.linesOf(n)
	for i := range lines {
		if at := &lines[i]; p.lineWhy(at.text, at.density()) == "" && dateLine(at.text) == noStamp && !at.scraps() {
			return false
		}
	}
	return len(lines) > 0
}

// plainly returns the text of an element in one line, without the furniture that
// stands in it.
func (p *page) plainly(n *html.Node) string {
	var parts []string
	l := &liner{page: p, all: true, mute: true, bare: true}
	l.children(n, p.elements[n], place{kind: Paragraph, node: n})
	l.flush()
	for i := range l.pieces {
		parts = append(parts, l.pieces[i].text)
	}
	return squeeze(strings.Join(parts, " "))
}

// paragraphUnderHead returns the first paragraph between headline and text,
// where the two stand apart.
func (p *page) paragraphUnderHead() *html.Node {
	if p.headline == nil || within(p.headline, p.container) || p.afterText(p.headline) {
		return nil
	}
	start, end := p.elements[p.headline].number, p.elements[p.container].number
	var found *html.Node
	p.each(p.frame, func(n *html.Node, e *element) bool {
		if found != nil || e.gone || e.number > end || p.consumed[n] {
			return false
		}
		if p.holdsArticle(n) || e.number < start {
			return true
		}
		if n.DataAtom == atom.Figure || e.fate != open || p.otherArticle(n) || p.boxed(n, e) || p.holdsField(n) {
			return false
		}
		text := ""
		if n.DataAtom == atom.P && e.chars < 900 {
			text = p.text(n)
		}
		if wordCount(text) >= 5 && e.density() < 0.5 && furnitureLine(text, e.density()) == "" && dateLine(text) == noStamp && !isNote(text, "") && !strings.HasPrefix(text, "©") {
			found = n
		}
		return true
	})
	return found
}

// holdsField reports whether an element holds one that was read as a field.
func (p *page) holdsField(n *html.Node) bool {
	return find(n, func(c *html.Node) bool { return p.consumed[c] }) != nil
}
