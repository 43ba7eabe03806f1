package extract

import (
	"log/slog"
	"net/url"
	"strconv"
	"strings"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	// maxLocated is the largest document, in elements, that go-readability is
	// asked about; its time grows faster than the page. Above it our own count of
	// paragraphs decides.
	maxLocated = 40_000

	// numberKey marks the elements of the copy that go-readability takes apart,
	// so that what it keeps can be found again in the document.
	numberKey = "data-storydiff-n"

	// leastFound is the shortest run of text, in characters, that says where the
	// article stands; shorter ones are bylines and labels.
	leastFound = 25
)

// locate finds the element that holds the article's text.
//
// go-readability says where it stands. Its answer moves with what surrounds the
// article, so only the paragraphs it found count, and the container is the
// element that holds them: the deepest with four fifths of their text, widened
// as long as a further twenty-fifth is gained, and then to the element that the
// page itself marks as the article's text, where that is about the same.
func (p *page) locate() {
	found, total := p.found()
	if total == 0 {
		found, total = p.paragraphs()
	}
	if total == 0 {
		p.container = p.body
		return
	}
	n := p.body
	for deeper := n; deeper != nil; {
		n, deeper = deeper, nil
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if found.of(p.elements[c])*5 >= total*4 {
				deeper = c
			}
		}
	}
	if n.DataAtom == atom.P || isHeading(n) || inline(n) {
		n = n.Parent
	}
	n = p.widened(n, found, total)
	p.container = p.marked(n, found)
	p.weights = found
}

// widened returns n or the ancestor that holds the rest of the paragraphs found.
func (p *page) widened(n *html.Node, found weights, total int) *html.Node {
	best := n
	for up := n.Parent; up != nil && up != p.body && up.Type == html.ElementNode; up = up.Parent {
		if (found.of(p.elements[up])-found.of(p.elements[best]))*25 >= total || p.twins(best, up) {
			best = up
		}
	}
	return best
}

// twins reports whether outer has, beside the child that holds inner, another
// of the same tag and class, or as well marked as text, with prose in it: an
// article cut in pieces by advertisements.
func (p *page) twins(inner, outer *html.Node) bool {
	child := inner
	for child.Parent != outer {
		child = child.Parent
	}
	class, marked := attr(child, "class"), bodyMark(child, p.elements[child])
	if class == "" && !marked || child.DataAtom == atom.Article {
		return false
	}
	for c := outer.FirstChild; c != nil; c = c.NextSibling {
		if c == child || c.DataAtom != child.DataAtom || c.Type != html.ElementNode {
			continue
		}
		if (class != "" && attr(c, "class") == class || marked && bodyMark(c, p.elements[c])) && p.prose(c) {
			return true
		}
	}
	return false
}

// prose reports whether an element holds a paragraph of its own, and is no card.
func (p *page) prose(n *html.Node) bool {
	e := p.elements[n]
	if e.gone || e.fate != open || e.linkedHead || e.density() > 0.25 {
		return false
	}
	return find(n, func(c *html.Node) bool {
		e := p.elements[c]
		return c.DataAtom == atom.P && e != nil && !e.gone && e.chars >= 60 && e.density() < 0.5
	}) != nil
}

// marked returns the element that the page marks as the article's text, where
// it holds n and little besides, or stands within n and holds most of it.
func (p *page) marked(n *html.Node, found weights) *html.Node {
	chars := p.elements[n].chars
	for up := n; up != nil && up != p.body && p.elements[up] != nil; up = up.Parent {
		e := p.elements[up]
		switch {
		case bodyMark(up, e) && e.chars <= chars*5/2+400:
			return up
		case up.DataAtom == atom.Article && e.chars <= chars*13/10+200:
			return up
		}
	}
	var inner *html.Node
	most := found.of(p.elements[n])
	p.each(n, func(c *html.Node, e *element) bool {
		if inner == nil && found.of(e)*4 >= most*3 && bodyMark(c, e) {
			inner = c
		}
		return inner == nil
	})
	if inner != nil {
		return inner
	}
	return n
}

// bodyMark reports whether an element says that it is an article's text.
func bodyMark(n *html.Node, e *element) bool {
	return hasWord(attr(n, "itemprop"), "articlebody") || e.named("articlebody", "storybody", "articletext", "storytext",
		"articlecontent", "entrycontent", "postcontent", "storycontent", "bodytext", "postbody", "newsbody")
}

// found asks go-readability for the article and returns, for every element of
// the document, how much text was found in it, and how much in all.
func (p *page) found() (weights, int) {
	if len(p.order) > maxLocated {
		return nil, 0
	}
	article := p.readable()
	if article == nil {
		return nil, 0
	}
	found, total := make(weights, len(p.order)), 0
	eachText(article, func(text *html.Node) {
		chars := visibleChars(text.Data)
		if chars < leastFound {
			return
		}
		if i := numbered(text.Parent); i >= 0 && i < len(found) {
			found[i] += chars
			total += chars
		}
	})
	found.addUp(p.order)
	return found, total
}

// weights are how much of something was found in each element, by its number.
type weights []int

// addUp adds to what was found in each element what was found in those within.
func (w weights) addUp(order []element) {
	for i := len(w) - 1; i > 0; i-- {
		w[order[i].up] += w[i]
	}
}

// of returns how much was found in an element; nothing in one that was not counted.
func (w weights) of(e *element) int {
	if e == nil || e.number >= len(w) {
		return 0
	}
	return w[e.number]
}

// readable returns what go-readability makes of a copy of the page; nil where it
// finds nothing or fails.
func (p *page) readable() (article *html.Node) {
	defer func() {
		if recover() != nil {
			article = nil // a page it cannot take is one for our own count
		}
	}()
	base, err := url.Parse(p.in.URL)
	if err != nil {
		base = &url.URL{}
	}
	doc := &html.Node{Type: html.DocumentNode}
	root := &html.Node{Type: html.ElementNode, DataAtom: atom.Html, Data: "html"}
	doc.AppendChild(root)
	root.AppendChild(newCopier(p).copied(p.elements[p.body]))
	parser := readability.NewParser()
	parser.DisableJSONLD, parser.KeepClasses = true, true
	parser.Logger = slog.New(slog.DiscardHandler)
	found, err := parser.ParseAndMutate(doc, base)
	if err != nil {
		return nil
	}
	return found.Node
}

// A copier copies a page. It takes its nodes and attributes from two lists, which
// takes less time than to ask for each by itself.
type copier struct {
	page    *page
	total   int // characters of the page
	nodes   []html.Node
	attrs   []html.Attribute
	numbers string // all numbers, each of as many bytes
}

// numberBytes is how many figures a number is written in: enough for maxLocated.
const numberBytes = 5

func newCopier(p *page) *copier {
	n := len(p.order)
	numbers := make([]byte, n*numberBytes)
	for i := range n {
		for k, rest := numberBytes-1, i; k >= 0; k, rest = k-1, rest/10 {
			numbers[i*numberBytes+k] = byte('0' + rest%10)
		}
	}
	return &copier{page: p, total: p.elements[p.body].chars, nodes: make([]html.Node, 0, 2*n+1), attrs: make([]html.Attribute, 0, 3*n), numbers: string(numbers)}
}

func (c *copier) node(n html.Node) *html.Node {
	c.nodes = append(c.nodes[len(c.nodes):], n)
	return &c.nodes[0]
}

// copied returns a copy of an element for go-readability, numbered, without what
// nobody sees and without the furniture that says so of itself.
func (c *copier) copied(e *element) *html.Node {
	n := e.node
	twin := c.node(html.Node{Type: html.ElementNode, DataAtom: n.DataAtom, Data: n.Data})
	from := len(c.attrs)
	for _, a := range n.Attr {
		if copiedAttr(a) {
			c.attrs = append(c.attrs, html.Attribute{Key: a.Key, Val: clipped(a.Val, 500)})
		}
	}
	number := e.number * numberBytes
	c.attrs = append(c.attrs, html.Attribute{Key: numberKey, Val: c.numbers[number : number+numberBytes]})
	twin.Attr = c.attrs[from:len(c.attrs):len(c.attrs)]
	next := e.number + 1
	for at := n.FirstChild; at != nil; at = at.NextSibling {
		switch at.Type {
		case html.TextNode:
			twin.AppendChild(c.node(html.Node{Type: html.TextNode, Data: at.Data}))
		case html.ElementNode:
			child := &c.page.order[next]
			next = child.last + 1
			if child.gone || child.fate == closed && (child.chars*2 < c.total || child.density() > 0.5) || isBlankPicture(at) {
				continue
			}
			twin.AppendChild(c.copied(child))
		}
	}
	return twin
}

// copiedAttr reports whether go-readability is to see an attribute.
func copiedAttr(a html.Attribute) bool {
	switch a.Key {
	case "class", "id", "role", "rel", "itemprop":
		return true
	case "href":
		return strings.HasPrefix(strings.TrimSpace(a.Val), "#") // it tells links within the page from others, and no more
	}
	return false
}

// isBlankPicture reports whether an element is a picture without a source once it
// is copied: go-readability begins with dropping those, and asks a pattern of each
// of their attributes first, whether it names a file of a picture.
func isBlankPicture(n *html.Node) bool {
	if n.DataAtom != atom.Img {
		return false
	}
	for _, a := range n.Attr {
		if copiedAttr(a) && strings.Contains(a.Val, ".") {
			return false
		}
	}
	return true
}

// numbered returns the number of the nearest element that has one; -1: none has.
func numbered(n *html.Node) int {
	for ; n != nil; n = n.Parent {
		if i, err := strconv.Atoi(attr(n, numberKey)); err == nil {
			return i
		}
	}
	return -1
}

func eachText(n *html.Node, visit func(*html.Node)) {
	if n.Type == html.TextNode {
		visit(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		eachText(c, visit)
	}
}

// paragraphs weighs the document by its paragraphs, for pages that
// go-readability gives up on: short ones, and those too large to ask about.
func (p *page) paragraphs() (weights, int) {
	found, total := make(weights, len(p.order)), 0
	p.each(p.body, func(n *html.Node, e *element) bool {
		if e.gone || e.fate != open {
			return false
		}
		if n.DataAtom != atom.P && n.DataAtom != atom.Blockquote || e.density() > 0.5 {
			return true
		}
		total += e.chars
		found[e.number] = e.chars
		return false
	})
	found.addUp(p.order)
	return found, total
}

// surround sets the frame: the smallest element that holds the text and the
// headline, and so what stands between the two.
func (p *page) surround() {
	p.narrow()
	p.frame = p.container
	if p.headline != nil {
		p.frame = common(p.container, p.headline)
	}
	if p.frame == nil || p.elements[p.frame] == nil {
		p.frame = p.body
	}
}

// narrow takes for the container the element below the headline that holds the
// text, where the container held the headline too and nothing of the article
// follows that element. What then stands between the two is told the same way
// whether or not it was found to be part of the text.
func (p *page) narrow() {
	if p.headline == nil || !within(p.headline, p.container) {
		return
	}
	outer := p.container
	for levels := 0; levels < 8 && outer != nil; levels++ {
		var next *html.Node
		for c := outer.FirstChild; c != nil; c = c.NextSibling {
			switch e := p.elements[c]; {
			case e == nil || e.gone || p.weights.of(e)*10 < p.weights.of(p.elements[outer])*8:
			case within(p.headline, c):
				next = c
			case e.number > p.elements[p.headline].last && !inline(c) && c.DataAtom != atom.P && !isHeading(c) && p.nothingAfter(c):
				p.container = c
				return
			}
		}
		outer = next
	}
}

// nothingAfter reports whether only furniture and notes stand beside n and below it.
func (p *page) nothingAfter(n *html.Node) bool {
	for c := n.NextSibling; c != nil; c = c.NextSibling {
		e := p.elements[c]
		switch {
		case c.Type == html.TextNode && visible(c.Data):
			return false
		case e == nil || e.gone || e.chars == 0 || e.fate != open || e.note || p.boxed(c, e):
		case isNote(clipped(p.text(c), 240), "") || p.besideText(c, e):
		default:
			return false
		}
	}
	return true
}

// holdsArticle reports whether the text or the headline stands within n.
func (p *page) holdsArticle(n *html.Node) bool {
	return within(p.container, n) || p.headline != nil && within(p.headline, n)
}
