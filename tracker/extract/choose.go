package extract

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// chosen decides whether an element is read, and how: where it stands, and
// whether it is furniture in which only a note counts.
func (l *liner) chosen(n *html.Node, e *element, at place) (place, bool) {
	p := l.page
	if p.consumed[n] {
		l.flush()
		l.pass(n, e)
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
	fate := p.ruledFate(n, p.fateOf(n, e, at))
	if fate == closed && p.ownsUp(n, e) {
		fate = soft
	}
	switch fate {
	case closed, gone:
		if !inline(n) {
			l.flush()
		}
		l.pass(n, e)
		return at, false
	case soft:
		at.soft, at.box = true, p.boxWhy(n, e)
	}
	return at, true
}

// ownsUp reports whether a small box that is called furniture, as one for
// advertisements or for sharing, has a line that is a note: corrections are found
// wherever they stand. What readers write is none.
func (p *page) ownsUp(n *html.Node, e *element) bool {
	if e.chars < 20 || e.chars > maxOwnsUp || e.density() > 0.4 || e.named("comments", "commentlist", "commentsection", "disqus", "respond") ||
		inline(n) || n.DataAtom == atom.Nav {
		return false
	}
	return slices.ContainsFunc(p.seenLines(n), func(line string) bool {
		return wordCount(line) >= 5 && isNote(line, "")
	})
}

// maxOwnsUp is the most characters of a box that is read for a note although it
// is called furniture.
const maxOwnsUp = 1000

// boxWhy says why an element is furniture that may hold a note.
func (p *page) boxWhy(n *html.Node, e *element) string {
	switch {
	case fateByTag(n) == soft && n.DataAtom != 0 && attr(n, "role") == "":
		return "in <" + n.Data + ">"
	case fateByTag(n) == soft:
		return "in an element of the role " + attr(n, "role")
	}
	for _, word := range e.words {
		if furnitureName(word) != open {
			return "in an element named " + word
		}
	}
	return "in a box of links, a card or an appeal"
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
	if inline(n) && f != gone && n.DataAtom != atom.Button && p.runsOn(n, e) {
		return open // words within a sentence are the sentence's, whatever they are called
	}
	if f == closed && at.zone == inText && p.bulk(n, e) {
		f = open
	}
	if at.zone == outside && n.DataAtom == atom.Article {
		return closed // another article
	}
	if at.zone == outside && f == open && n.DataAtom != atom.Header {
		return open // it does not matter which box of the page's it is
	}
	if f == open && n.DataAtom == atom.Header && at.zone == outside {
		return soft
	}
	if f == open && !e.note && p.boxed(n, e) {
		return soft
	}
	return f
}

// runsOn reports whether an inline element stands within a line of text.
func (p *page) runsOn(n *html.Node, e *element) bool {
	up := above(n.Parent, func(c *html.Node) bool { return !inline(c) })
	return up != nil && p.elements[up] != nil && p.elements[up].chars > e.chars && p.leaf(up)
}

// bulk reports whether an element is too much of the article to be furniture,
// however it is called: half of the text, or a run of paragraphs, as behind a
// button that says "read more".
func (p *page) bulk(n *html.Node, e *element) bool {
	if e.density() > 0.2 || e.named("comments", "commentlist", "commentsection", "disqus", "respond", "related", "recommended", "recommendations", "taboola", "outbrain") {
		return false
	}
	if box, _ := isBoxTitle(p.firstLine(n)); box {
		return false
	}
	return e.chars*2 >= p.elements[p.container].chars && !e.input || p.hasRun(n)
}

// hasRun reports whether three paragraphs of prose stand side by side within n:
// an article's text and no row of cards.
func (p *page) hasRun(n *html.Node) bool {
	return find(n, func(c *html.Node) bool {
		prose := 0
		for d := c.FirstChild; d != nil; d = d.NextSibling {
			if e := p.elements[d]; d.DataAtom == atom.P && e != nil && !e.gone && e.chars >= 80 && e.density() < 0.25 {
				prose++
			}
		}
		return prose >= 3
	}) != nil
}

// boxed reports whether an element is a box of furniture by what it is made of:
// a list of links, a card that leads elsewhere, something to fill in, or what a
// heading that says so stands over.
func (p *page) boxed(n *html.Node, e *element) bool {
	if e.boxed == 0 {
		e.boxed = 1
		if e.chars > 0 && p.isBox(n, e) {
			e.boxed = 2
		}
	}
	return e.boxed == 2
}

func (p *page) isBox(n *html.Node, e *element) bool {
	switch n.DataAtom {
	case atom.Ul, atom.Ol:
		return e.density() >= 0.8 && !p.announced(n) || p.titled(n, e) || p.pointsAway(n, e)
	case atom.Article:
		return e.density() > 0.3 || p.titled(n, e) || e.linkedHead && !p.hasRun(n) &&
			p.smallest(n, e, func(c *element) bool { return c.linkedHead })
	case atom.P, atom.Div, atom.Section, atom.Aside, atom.Figure, atom.Dl, 0:
	default:
		return false
	}
	whole := p.elements[p.container].chars
	small := e.chars < 700 || e.chars*4 < whole
	switch {
	case n.DataAtom == atom.P:
		return e.density() >= 0.95 && !p.cites(n)
	case n.DataAtom == atom.Figure:
		return false
	case e.density() >= 0.9 && e.chars < 2000:
		return true
	case small && e.linkedHead && p.isCard(n, e) && p.smallest(n, e, func(c *element) bool { return c.linkedHead }):
		return true
	case small && e.input && p.smallest(n, e, func(c *element) bool { return c.input }):
		return true
	case p.titled(n, e) || p.pointsAway(n, e):
		return true
	}
	if e.chars < 300 && e.chars*2 < whole && p.onlyAsks(n, false) { // a source elsewhere may have such an address too
		return true
	}
	return e.chars < 500 && e.chars*2 < whole && p.appealing(n) && p.smallest(n, e, func(*element) bool { return true })
}

const (
	// A box that is read line by line to tell whether it is furniture is no
	// larger than these, in characters and in elements: larger ones have other signs,
	// and boxes in boxes would be read again and again.
	maxBoxChars    = 600
	maxBoxElements = 120
)

// pointsAway reports whether every line of a small box leads elsewhere or is
// furniture by itself, but for a heading that opens it; in whatever language. A
// list of sources does not point away, nor do links that all lead off the site.
func (p *page) pointsAway(n *html.Node, e *element) bool {
	if e.chars > maxBoxChars || e.last-e.number > maxBoxElements || e.chars > 200 && e.density() < 0.3 {
		return false
	}
	lines := p.linesOf(n)
	away, furniture := 0, 0
	for i := range lines {
		at := &lines[i]
		switch {
		case at.leads():
			away++
		case p.lineWhy(at.text, at.density()) != "":
			furniture++
		case i > 0 || at.kind != Heading || wordCount(at.text) > 8 || sourcesTitle.match(bareTitle(at.text)):
			return false
		}
	}
	return away+furniture > 0 && (away == 0 || furniture > 0 || !p.leadsOff(n)) && (away > 0 || furniture == len(lines)) && !p.announced(n)
}

// leads reports whether a line is a link, or is one but for a date, a counter or
// a running time.
func (p *piece) leads() bool {
	if p.density() >= 0.9 {
		return true
	}
	if p.linked == 0 || p.density() < 0.4 || len(p.text) > 300 {
		return false
	}
	rest, from := "", 0
	for _, s := range p.stretches {
		if leadsAway(s.node) {
			rest += " " + p.exact[min(from, len(p.exact)):min(s.from, len(p.exact))]
			from = s.to
		}
	}
	rest = squeeze(rest + " " + p.exact[min(from, len(p.exact)):])
	return !strings.ContainsFunc(rest, unicode.IsLetter) || isScrap(rest)
}

// cites reports whether a paragraph that is a link in whole is the article's own:
// it ends as a sentence does, which headlines do not, or links to a document. What
// is paid for says so in its rel.
func (p *page) cites(n *html.Node) bool {
	link := findTag(n, atom.A)
	if n.DataAtom != atom.P || link == nil || hasWord(attr(link, "rel"), "sponsored") || p.onlyAsks(n, true) || appeals(p.text(n)) > 1 {
		return false
	}
	return isSentence(p.text(n)) && furnitureLine(p.text(n), 1) == "" || document.MatchString(attr(link, "href"))
}

var document = lazily(`(?i)^[^?#]*\.(?:pdf|docx?|xlsx?|ods|odt|csv|pptx?|txt)(?:[?#]|$)`)

// announced reports whether a list of links is the article's own: it stands under
// a heading for sources, or its links lead off the site or to documents and the
// paragraph before it says what it lists, and not of furniture.
func (p *page) announced(n *html.Node) bool {
	before := p.lastSeen(n)
	if before == nil {
		return false
	}
	text, e := p.text(before), p.elements[before]
	switch {
	case isHeading(before) && e.fate == open:
		return sourcesTitle.match(bareTitle(text))
	case before.DataAtom == atom.P && e.fate == open && p.leadsOff(n):
		return wordCount(text) >= 4 && strings.ContainsRune(":：", lastRune(text)) && e.density() < 0.5 && !p.besideText(before, e)
	}
	return false
}

// leadsOff reports whether every link in an element leads to another site or to a
// document.
func (p *page) leadsOff(n *html.Node) bool {
	own, off := p.base().Hostname(), true
	walk(n, func(c *html.Node) bool {
		if c.DataAtom == atom.A {
			to, err := url.Parse(strings.TrimSpace(attr(c, "href")))
			off = off && err == nil && (document.MatchString(to.Path) || to.Host != "" && to.Hostname() != own)
		}
		return off
	})
	return off
}

// lastSeen returns the sibling element before n that a reader sees.
func (p *page) lastSeen(n *html.Node) *html.Node {
	for c := n.PrevSibling; c != nil; c = c.PrevSibling {
		if e := p.elements[c]; c.Type == html.ElementNode && e != nil && !e.gone && e.chars > 0 {
			return c
		}
	}
	return nil
}

// smallest reports whether a box is the smallest with a sign of furniture. It is
// not where smaller ones stand in it beside as much as a short line of prose,
// nor where its children without the sign hold more than a teaser does.
func (p *page) smallest(n *html.Node, e *element, has func(*element) bool) bool {
	if boxed, any := p.boxedProse(n, has); any {
		return e.chars-e.linked-boxed <= 24
	}
	rest := e.chars - e.linked
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if child := p.elements[c]; child != nil && !child.gone && has(child) {
			rest -= child.chars - child.linked
		}
	}
	return rest <= 200
}

// boxedProse returns how many characters that are no links stand in the smaller
// boxes of n that have the sign, and whether there are any.
func (p *page) boxedProse(n *html.Node, has func(*element) bool) (chars int, any bool) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		child := p.elements[c]
		if child == nil || child.gone || !has(child) {
			continue
		}
		if p.boxed(c, child) {
			chars, any = chars+child.chars-child.linked, true
			continue
		}
		below, found := p.boxedProse(c, has)
		chars, any = chars+below, any || found
	}
	return chars, any
}

// titled reports whether a box opens with a heading that says it is furniture,
// and the heading is not that of a smaller box with prose after it.
func (p *page) titled(n *html.Node, e *element) bool {
	first := p.firstLine(n)
	box, talk := isBoxTitle(first)
	if !box || visibleChars(first) >= e.chars {
		return false
	}
	child, _ := p.firstChild(n)
	if child != nil && p.elements[child].chars > visibleChars(first) {
		ce := p.elements[child]
		if rest := e.chars - ce.chars - (e.linked - ce.linked); rest > 200 {
			return false
		}
	}
	return talk || !p.hasRun(n)
}

// isCard reports whether a box is a card, or a row of cards, that leads to other
// articles: every heading in it is a link, and what is no link is short.
func (p *page) isCard(n *html.Node, e *element) bool {
	heads, linked := 0, 0
	p.each(n, func(c *html.Node, ce *element) bool {
		if ce.gone {
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
	count := appeals(text)
	return count >= 3 || count == 2 && (meters(text) || strings.Contains(strings.ToLower(text), "newsletter"))
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
