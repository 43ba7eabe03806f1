package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// chosen decides whether an element is read, and how: where it stands, and
// whether it is furniture in which only a note counts.
func (l *liner) chosen(n *html.Node, e *element, at place) (place, bool) {
	p := l.page
	if p.consumed[n] {
		l.flush()
		if n == p.headline {
			l.headSeen, l.headAt = true, len(l.pieces)
		}
		return at, false
	}
	if at.zone != inText || n == p.frame {
		at.zone = l.zone(n)
	}
	if p.holdsArticle(n) {
		return at, true
	}
	switch p.fateOf(n, e, at) {
	case closed, gone:
		if !inline(n) {
			l.flush()
		}
		return at, false
	case soft:
		at.soft = true
	}
	return at, true
}

// zone returns where an element outside the text stands.
func (l *liner) zone(n *html.Node) zone {
	switch {
	case !within(n, l.page.frame):
		return outside
	case l.passed:
		return afterText
	case l.headSeen:
		return underHead
	}
	return beforeHead
}

// fateOf returns what becomes of an element that does not hold the article: by
// its name, or else by what it is made of.
func (p *page) fateOf(n *html.Node, e *element, at place) fate {
	f := e.fate
	if f == closed && at.zone == inText && p.bulk(n, e) {
		f = open // a wrapper of half the text is no furniture, however it is called
	}
	if at.zone == outside && n.DataAtom == atom.Article {
		return closed // another article
	}
	if f == open && n.DataAtom == atom.Header && at.zone == outside {
		return soft
	}
	if f == open && !e.note && p.boxed(n, e) {
		return soft
	}
	return f
}

// bulk reports whether an element holds half of the article's text, as prose.
func (p *page) bulk(n *html.Node, e *element) bool {
	return e.chars*2 >= p.elements[p.container].chars && e.density() < 0.2 && !e.input &&
		!e.named("comments", "commentlist", "commentsection", "disqus", "respond", "related", "recommended", "recommendations", "taboola", "outbrain") &&
		!isFurnitureTitle(p.firstLine(n))
}

// boxed reports whether an element is a box of furniture by what it is made of:
// a list of links, a card that leads elsewhere, something to fill in, or what a
// heading that says so stands over.
func (p *page) boxed(n *html.Node, e *element) bool {
	if e.chars == 0 {
		return false
	}
	switch n.DataAtom {
	case atom.Ul, atom.Ol:
		return e.density() >= 0.8 || p.titled(n, e)
	case atom.Article:
		return e.linkedHead || e.density() > 0.3 || p.titled(n, e)
	case atom.P, atom.Div, atom.Section, atom.Aside, atom.Figure, atom.Dl, 0:
	default:
		return false
	}
	whole := p.elements[p.container].chars
	small := e.chars < 700 || e.chars*4 < whole
	switch {
	case n.DataAtom == atom.P:
		return e.density() >= 0.95
	case n.DataAtom == atom.Figure:
		return false
	case e.density() >= 0.9 && e.chars < 2000:
		return true
	case small && e.linkedHead && p.isCard(n, e):
		return true
	case small && e.input:
		return true
	case p.titled(n, e):
		return true
	}
	return e.chars < 500 && e.chars*2 < whole && p.appealing(n)
}

// titled reports whether a box opens with a heading or a line of its own that
// says it is furniture.
func (p *page) titled(n *html.Node, e *element) bool {
	first := p.firstLine(n)
	return first != "" && visibleChars(first) < e.chars && isFurnitureTitle(first)
}

// isCard reports whether a box is a card, or a row of cards, that leads to other
// articles: every heading in it is a link, and what is no link is short.
func (p *page) isCard(n *html.Node, e *element) bool {
	heads, linked := 0, 0
	walk(n, func(c *html.Node) bool {
		ce := p.elements[c]
		if ce == nil || ce.gone {
			return false
		}
		if isHeading(c) && ce.chars > 0 {
			heads++
			if ce.linkedHead {
				linked++
			}
		}
		return true
	})
	return linked > 0 && heads-linked <= 1 && (e.chars-e.linked) <= 400*linked
}

// appealing reports whether a small box asks to subscribe, to sign up or to
// agree to something: two of the words that such boxes use.
func (p *page) appealing(n *html.Node) bool {
	text := p.text(n)
	return appeals(text) >= 2 && (meters(text) || appeals(text) >= 3 || strings.Contains(strings.ToLower(text), "newsletter"))
}

// firstLine returns the first line of text that a reader sees in an element,
// where it is short; empty where it is longer than a heading.
func (p *page) firstLine(n *html.Node) string {
	for depth := 0; depth < 64; depth++ {
		next, bare := p.firstChild(n)
		if bare || next == nil {
			break
		}
		n = next
		if inline(n) && n.DataAtom != atom.A {
			continue
		}
	}
	if e := p.elements[n]; e == nil || e.chars > 100 {
		return ""
	}
	return p.text(n)
}

// firstChild returns the first child with visible text, and whether a text node
// comes first instead.
func (p *page) firstChild(n *html.Node) (child *html.Node, bare bool) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode && visibleChars(c.Data) > 0:
			return nil, true
		case c.Type == html.ElementNode && p.elements[c] != nil && !p.elements[c].gone && p.elements[c].chars > 0:
			return c, false
		}
	}
	return nil, false
}
