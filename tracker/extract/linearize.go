package extract

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A zone is where a piece stands in relation to the article.
type zone int

const (
	outside    zone = iota // beyond the element that holds headline and text
	beforeHead             // above the headline
	underHead              // between headline and text
	inText                 // within the text
	afterText              // below the text
)

// A piece is a run of text that a reader sees as one, before it is decided
// whether it belongs to the article.
type piece struct {
	kind      BlockKind
	text      string     // with single spaces
	exact     string     // as it stands: no-break spaces and their kin are kept
	parts     []string   // what its inline elements part it into
	lead      string     // what it opens with in bold or italics
	stretches []stretch  // where it stands in links; of a table's row none
	node      *html.Node // the element that holds it
	zone      zone
	soft      bool   // it stands in furniture, which may hold a note
	noted     bool   // it stands in an element named for notes
	phrase    bool   // it begins and ends with an inline element, as labels and dates do
	box       string // why that is furniture
	noteWhy   string // why it is a note; empty: it is none
	early     bool   // it stands under the headline and before the first paragraph of some length
	chars     int
	linked    int
	why       string // why it is furniture; empty for a block of the article
	rule      string // the site rule that decided, as FILE:LINE; empty: none did
	post      string // the post of a live blog it stands in; empty: none
}

func (p *piece) density() float64 {
	if p.chars == 0 {
		return 0
	}
	return float64(p.linked) / float64(p.chars)
}

// A place is what a text node inherits from the elements around it.
type place struct {
	kind         BlockKind
	node         *html.Node
	zone         zone
	soft, noted  bool
	box          string // why it is soft
	link, strong bool
	anchor       *html.Node // the link it stands in; nil: none
	pre          bool
}

// A liner puts the text of a document in lines, as a browser would.
type liner struct {
	page *page
	all  bool // no choice: everything a reader sees
	mute bool // but buttons
	bare bool // but furniture
	most int  // how many pieces to read, about; 0: all. What they are parted into, and their links, are left out then

	pieces    []piece
	line      []byte
	cuts      []int     // where an inline element begins or ends in the line
	stretches []stretch // where the line stands in links
	at        place     // where the line began
	space     bool      // white space is due before the next character
	chars     int
	linked    int
	bold      int // characters in bold
	soft      int // characters in furniture
	lead      string
	passed    bool // the text was passed
	headSeen  bool // the headline was passed, or there is none in the page
	headAt    int  // how many pieces stand above the headline
}

// lineRoom is how many bytes most paragraphs have at most.
const lineRoom = 1 << 10

// children reads what stands in n, of which e was counted.
func (l *liner) children(n *html.Node, e *element, at place) {
	next := 0 // number of the next child
	if e != nil {
		next = e.number + 1
	}
	for c := n.FirstChild; c != nil && (l.most == 0 || len(l.pieces) < l.most); c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			l.text(c.Data, &at)
		case c.Type == html.ElementNode && e != nil:
			child := &l.page.order[next]
			next = child.last + 1
			l.element(c, child, at)
		}
	}
}

// text adds what a text node says: word after word, and as many of them at once as
// stand a single space apart, as most do.
func (l *liner) text(data string, at *place) {
	from := len(l.line)
	for data != "" {
		end := 0
		for end < len(data) && (!collapses(data[end]) || data[end] == ' ' && end > 0 && end+1 < len(data) && !collapses(data[end+1])) {
			end++
		}
		l.words(data[:end], at)
		if end == len(data) {
			break
		}
		if at.pre && data[end] == '\n' {
			l.lineBreak()
		}
		l.space = true
		data = data[end+1:]
	}
	if at.anchor != nil {
		l.inLink(at.anchor, from)
	}
}

// words adds characters with no white space that collapses but single spaces
// between words.
func (l *liner) words(run string, at *place) {
	if len(l.line) == 0 {
		run = strings.TrimLeftFunc(run, unicode.IsSpace)
	}
	switch {
	case run == "":
		return
	case len(l.line) == 0:
		l.at = *at
	case l.space && l.line[len(l.line)-1] != '\n':
		l.line = append(l.line, ' ')
	}
	l.space = false
	l.line = append(l.line, run...)
	chars := utf8.RuneCountInString(run) - strings.Count(run, " ")
	l.chars += chars
	if at.link {
		l.linked += chars
	}
	if at.strong {
		l.bold += chars
	}
	if at.soft {
		l.soft += chars
	}
}

// lineBreak ends the line within a block; the second of two ends the block.
func (l *liner) lineBreak() {
	l.space = false
	switch n := len(l.line); {
	case n == 0:
	case l.line[n-1] == '\n':
		l.flush()
	default:
		l.line = append(l.line, '\n')
	}
}

// flush ends the block.
func (l *liner) flush() {
	exact := strings.TrimSpace(string(l.line))
	if text := plainSpaces(exact); visible(text) {
		at := piece{
			kind: l.kind(text), text: text, exact: exact, lead: l.lead, node: l.at.node, zone: l.at.zone,
			soft: l.soft == l.chars, box: l.at.box, noted: l.at.noted, chars: l.chars, linked: l.linked,
			phrase: len(l.cuts) > 1 && l.cuts[0] == 0 && l.cuts[len(l.cuts)-1] >= len(exact),
		}
		if l.most == 0 && (at.zone != outside || l.all) {
			at.parts, at.stretches = l.parts(len(exact)), slices.Clone(l.stretches)
		}
		l.pieces = append(l.pieces, at)
	}
	l.line, l.cuts, l.stretches, l.space, l.lead = l.line[:0], l.cuts[:0], l.stretches[:0], false, ""
	l.chars, l.linked, l.bold, l.soft = 0, 0, 0, 0
}

// kind returns what the line is: a short paragraph in bold throughout is a
// heading, unless it ends as a sentence does or holds more than one.
func (l *liner) kind(text string) BlockKind {
	kind := l.at.kind
	if kind == Paragraph && l.bold == l.chars && len(text) < 160 && !strings.ContainsAny(text, "\n") &&
		wordCount(text) <= 16 && !strings.ContainsRune(".,;…。", lastRune(text)) && !sentences.MatchString(text) {
		return Heading
	}
	return kind
}

// sentences matches a line that holds the end of two sentences or more.
var sentences = lazily(`\pL{2}[.!?]["”’)]?\s.*\pL{2}[.!?]["”’)]?(?:\s|$)`)

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// collapses reports whether a run of such white space is one space to a reader
// (CSS Text, white-space: normal); no-break spaces and their kin are characters.
func collapses(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }

// plainSpaces returns text with a single ordinary space for each run of white
// space within a line.
func plainSpaces(text string) string {
	if squeezed(text) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for line := range strings.SplitAfterSeq(text, "\n") {
		writeSqueezed(&b, line)
		if strings.HasSuffix(line, "\n") {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// parts returns what the inline elements of the line part its first n bytes into.
func (l *liner) parts(n int) []string {
	if len(l.cuts) == 0 || n > 4*maxScraps {
		return nil // no more than the line itself is in it, or more than scraps make up
	}
	var parts []string
	from := 0
	for _, cut := range append(l.cuts, n) {
		cut = min(cut, n)
		if part := squeeze(string(l.line[from:cut])); part != "" {
			parts = append(parts, part)
		}
		from = cut
	}
	return parts
}

// isScrap reports whether a part of a line is a date, a counter or the like.
func isScrap(part string) bool { return dateLine(part) != noStamp || furnitureLine(part, 0) != "" }

// said returns the text of a piece without the dates and counters that stand in
// elements of their own, as beside a byline.
func (p *piece) said() string {
	if len(p.parts) < 2 || len(p.text) > maxScraps {
		return p.text
	}
	var b strings.Builder
	for _, part := range p.parts {
		if isScrap(part) {
			continue
		}
		if b.Len() > 0 && !strings.ContainsRune(",.;:)", firstRune(part)) {
			b.WriteByte(' ')
		}
		b.WriteString(part)
	}
	return b.String()
}

// maxScraps is the most bytes of a line that can be dates and counters alone.
const maxScraps = 200

// scraps reports whether a piece is made of dates and counters alone, each in an
// element of its own.
func (p *piece) scraps() bool {
	if len(p.parts) < 2 || len(p.text) > maxScraps || !hasDigit(p.text) {
		return false
	}
	for _, part := range p.parts {
		if !isScrap(part) && strings.ContainsFunc(part, unicode.IsLetter) {
			return false
		}
	}
	return true
}

// underPicture reports whether an element holds a picture and a short text all
// of which stands in small or slanted type: a caption in a design that has no
// name for it.
func (p *page) underPicture(n *html.Node, e *element) bool {
	if e.chars == 0 || e.chars > 400 || p.holdsArticle(n) || find(n, func(c *html.Node) bool { return c.DataAtom == atom.Img }) == nil {
		return false
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		ce := p.elements[c]
		switch {
		case c.Type == html.TextNode && visible(c.Data):
			return false
		case ce == nil || ce.gone || ce.chars == 0:
		case c.DataAtom != atom.Small && c.DataAtom != atom.Em && c.DataAtom != atom.I:
			return false
		}
	}
	return true
}

// visible reports whether a text has anything to see.
func visible(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && !unicode.IsControl(r) && r != 0x3164 && r != 0xFE0F
	})
}

func (l *liner) element(n *html.Node, e *element, at place) {
	if e.gone {
		l.pass(n, e)
		return
	}
	switch n.DataAtom {
	case atom.Br:
		l.lineBreak()
		return
	case atom.Wbr, atom.Img:
		return
	case atom.Button:
		if l.mute {
			return
		}
	}
	if l.bare && !inline(n) && l.page.besideText(n, e) {
		return
	}
	if !l.all {
		var read bool
		if at, read = l.chosen(n, e, at); !read {
			return
		}
	}
	if inline(n) {
		l.run(n, e, at)
		return
	}
	l.flush()
	at = l.within(n, e, at)
	if n.DataAtom == atom.Table && l.page.isData(n) {
		l.rows(n, at)
	} else {
		l.children(n, e, at)
	}
	l.flush()
	l.leave(n)
}

// run reads an element that runs on within the line.
func (l *liner) run(n *html.Node, e *element, at place) {
	first := len(l.line) == 0
	l.cuts = append(l.cuts, len(l.line))
	defer func() { l.cuts = append(l.cuts, len(l.line)) }()
	switch n.DataAtom {
	case atom.A:
		at.link = at.link || leadsAway(n)
		if at.anchor = nil; hasAttr(n, "href") {
			at.anchor = n
		}
	case atom.B, atom.Strong:
		at.strong = true
	}
	l.children(n, e, at)
	if first && l.lead == "" && len(l.line) < 200 {
		switch n.DataAtom {
		case atom.B, atom.Strong, atom.Em, atom.I, atom.U, atom.Span:
			l.lead = strings.TrimSpace(string(l.line))
		}
	}
}

// within returns the place that the text of a block element has.
func (l *liner) within(n *html.Node, e *element, at place) place {
	at.node = n
	at.noted = at.noted || e.note
	if n == l.page.container && !l.all {
		at.zone = inText
	}
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		at.kind = Heading
	case atom.Li, atom.Dt, atom.Dd:
		if at.kind == Paragraph {
			at.kind = List
		}
	case atom.Blockquote:
		at.kind = Quote
	case atom.Figcaption, atom.Figure, atom.Caption:
		at.kind = Caption
	case atom.Pre:
		at.pre = true
	}
	switch {
	case e.named("pullquote", "blockquote"):
		at.kind = Quote
	case at.kind == Paragraph && l.page.underPicture(n, e):
		at.kind = Caption
	case e.chars < 600 && !l.page.holdsArticle(n) && e.named("caption", "captions", "figcaption", "imagecaption", "photocaption", "wpcaption",
		"credit", "credits", "photocredit", "imagecredit", "copyright", "bildunterschrift", "legende", "bildtext"):
		at.kind = Caption
	}
	return at
}

func (l *liner) leave(n *html.Node) {
	if n == l.page.container {
		l.passed = true
	}
}
