package extract

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// opensByLine are what a line begins with that names who wrote the article.
var opensByLine = []string{"By", "BY", "Von", "VON", "Par", "Por", "POR", "Di", "Door", "DOOR", "Av", "AV", "Af", "AF", "Przez", "Text:", "Autor:", "Автор:", "Story by", "Written by", "Reported by", "Words by"}

var (
	byPrefix  = lazily(`(?i)^(?:written by|story by|reported by|text by|words by|report by|by|von|par|por|di|da|door|av|af|przez|autor:?in|autor|autore|author|auteur|text|od|автор)\s*:?\s+|^(?:本报|本報|本刊)?(?:记者|記者|作者|撰文|文)(?:\s*[:：/／|丨]\s*|\s+)|^(?:بقلم|كتبت?|تقرير|إعداد)\s*:?\s+`)
	byLine    = lazily(`^(?:` + strings.Join(opensByLine, "|") + `)\s+\p{Lu}[^.!?]{1,120}$`)
	byForeign = lazily(`^(?:本报|本報|本刊)?(?:记者|記者|作者|撰文|文)\s*[:：/／|丨]?\s*(?:\p{Han}{2,4}|\p{Han}{1,6}·\p{Han}{1,6})(?:[\s、，,]+\p{Han}{2,4}){0,5}\s*(?:报道|報道|報導)?$|^(?:بقلم|كتب|كتبت|إعداد)\s*:?\s+\p{Arabic}[^.!?؟]{2,60}$`)
	handle    = lazily(`(?:^|\s)@\w{1,30}|\S+@\S+\.\w+`)
	tailDate  = lazily(`(?i)[\s,]+(?:\d+|an?|one)\s+\S+\s+ago$`)
)

// readByline returns who wrote the article and where that was read: what a
// reader sees of it, cleaned of dates and buttons, or else the JSON-LD. The
// visible one goes first, so that a byline changed for readers alone is seen.
func (p *page) readByline() (text, source string) {
	if n := p.bylineElement(); n != nil {
		if text := p.cleanByline(n); text != "" {
			p.consume(n)
			return text, bylineSource(n)
		}
	}
	if n := p.bylineParagraph(); n != nil {
		if text := p.cleanByline(n); text != "" {
			p.consume(n)
			return text, "by-line"
		}
	}
	if n := p.bylineAround(); n != nil {
		p.consume(n)
		return p.cleanByline(n), bylineSource(n)
	}
	if p.ld != nil && len(p.ld.authors) > 0 {
		return strings.Join(distinct(p.ld.authors), ", "), "json-ld"
	}
	if name, key := p.metaFirst("author", "article:author", "parsely-author", "dc.creator", "byl", "sailthru.author"); name != "" && !strings.Contains(name, "://") {
		return byPrefix.ReplaceAllString(name, ""), key
	}
	return "", ""
}

// consume keeps a byline's element out of the blocks, and with it what around it
// says no more: "By" before a link, a date and a counter behind it. Where the
// element holds the text or the headline it stays.
func (p *page) consume(n *html.Node) {
	if p.holdsArticle(n) {
		return
	}
	p.consumed[n] = true
	p.beside = p.linesOf(n)
	up := n.Parent
	if e := p.elements[up]; e == nil || e.chars > 200 || p.holdsArticle(up) || p.headline != nil && within(p.headline, up) {
		return
	}
	if p.cleanByline(up) == p.cleanByline(n) {
		p.consume(up)
	}
}

func bylineSource(n *html.Node) string {
	switch {
	case attr(n, "itemprop") != "":
		return "itemprop"
	case hasWord(attr(n, "rel"), "author"):
		return "rel=author"
	}
	return "byline"
}

// bylineElement returns the best element that is named for the byline: the
// first of the strongest name that stands before the end of the text.
func (p *page) bylineElement() *html.Node {
	return p.bylineWithin(p.frame, func(string) bool { return true })
}

// bylineAround returns the element that is named for the byline and stands above
// the article, and not in it, where it says much the same as the page does for
// machines: others there are of other articles.
func (p *page) bylineAround() *html.Node {
	stated, _ := p.metaFirst("author", "article:author", "parsely-author", "dc.creator", "byl", "sailthru.author")
	if p.ld != nil && len(p.ld.authors) > 0 {
		stated = strings.Join(p.ld.authors, " ")
	}
	if stated == "" || p.frame == p.body {
		return nil
	}
	return p.bylineWithin(p.body, func(name string) bool { return likeness(name, stated) >= 0.3 })
}

// bylineWithin returns the best element within scope that is named for the byline
// and whose cleaned text is right.
func (p *page) bylineWithin(scope *html.Node, right func(string) bool) *html.Node {
	var best *html.Node
	most := 0
	p.each(scope, func(n *html.Node, e *element) bool {
		if e.gone {
			return false
		}
		if e.fate == closed && !p.holdsArticle(n) {
			return bylineRank(n, e) == 5 // a box for the byline and what else it is called for
		}
		if n != scope && p.otherArticle(n) {
			return false
		}
		if rank := bylineRank(n, e); rank > most && !p.holdsArticle(n) && !p.afterText(n) && e.chars > 1 && e.chars < 260 {
			if name := p.cleanByline(n); name != "" && right(name) {
				best, most = n, rank
			}
		}
		return true
	})
	return best
}

// otherArticle reports whether an element is an article that is not this one, or
// a post of a live blog.
func (p *page) otherArticle(n *html.Node) bool {
	return (n.DataAtom == atom.Article || p.isPost(n)) && !p.holdsArticle(n)
}

// bylineRank says how surely an element is the byline; 0 is not at all.
func bylineRank(n *html.Node, e *element) int {
	switch {
	case e.named("byline", "bylines", "articlebyline", "storybyline"):
		return 5
	case e.named("authors", "authornames", "articleauthor", "articleauthors", "postauthor", "entryauthor", "storyauthor"):
		return 4
	case hasWord(attr(n, "itemprop"), "author"):
		return 3
	case e.named("author", "authorname", "contributor", "contributors", "writer", "auteur", "autor", "autore", "redakteur"):
		return 2
	case hasWord(attr(n, "rel"), "author"):
		return 1
	}
	return 0
}

// isByLine reports whether a line names who wrote the article, and nothing else.
func isByLine(line string) bool {
	return byLine.MatchString(line) || len(line) < 200 && !isASCII([]byte(line)) && byForeign.MatchString(line)
}

// mayNameBy reports whether the words of a byline stand in a text somewhere, or it
// is in a script in which they are told by a pattern alone.
func mayNameBy(text string) bool {
	return !isASCII([]byte(text)) || slices.ContainsFunc(opensByLine, func(word string) bool { return strings.Contains(text, word) })
}

// bylineParagraph returns a short line near the top of the article that reads
// "By" and a name.
func (p *page) bylineParagraph() *html.Node {
	var found *html.Node
	seen := 0
	p.each(p.frame, func(n *html.Node, e *element) bool {
		if found != nil || seen > 3 || e.gone || e.fate == closed || p.otherArticle(n) {
			return false
		}
		if p.afterText(n) || p.holdsArticle(n) || inline(n) {
			return !p.afterText(n)
		}
		if e.chars > 100 && (n.DataAtom == atom.P || p.leaf(n)) {
			seen++
		}
		if e.chars < 140 && p.leaf(n) && !isHeading(n) && n.DataAtom != atom.Figcaption && mayNameBy(p.text(n)) {
			if text := saidBy(p.linesOf(n)); isByLine(text) && wordCount(text) <= 16 {
				found = n
			}
		}
		return true
	})
	return found
}

// leaf reports whether an element holds no further block.
func (p *page) leaf(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && !inline(c) && c.DataAtom != atom.Br {
			return false
		}
	}
	return true
}

// cleanByline returns the names and roles of a byline's element, a comma
// between its lines, without dates, counters, handles and buttons.
func (p *page) cleanByline(n *html.Node) string {
	if text, known := p.cleaned[n]; known {
		return text // of one that is taken it is asked for several times
	}
	var parts []string
	for _, piece := range p.linesOf(n) {
		for part := range strings.FieldsFuncSeq(piece.said(), func(r rune) bool { return strings.ContainsRune("\n|·•", r) }) {
			if part = cleanName(part); part != "" {
				parts = append(parts, part)
			}
		}
	}
	text := clipped(strings.Join(distinct(parts), ", "), 300)
	p.cleaned[n] = text
	return text
}

// linesOf returns the lines of an element, without its buttons.
func (p *page) linesOf(n *html.Node) []piece {
	l := &liner{page: p, all: true, mute: true}
	l.children(n, p.elements[n], place{kind: Paragraph, node: n})
	l.flush()
	return l.pieces
}

func saidBy(pieces []piece) string {
	var lines []string
	for i := range pieces {
		lines = append(lines, pieces[i].said())
	}
	return strings.Join(lines, " ")
}

func cleanName(part string) string {
	if strings.Contains(part, "@") {
		part = handle.ReplaceAllString(part, " ")
	}
	part = tailDate.ReplaceAllString(squeeze(part), "")
	if furnitureLine(part, 0) != "" || dateLine(part) != noStamp || isNote(part, "") {
		return ""
	}
	part = byPrefix.ReplaceAllString(part+" ", "")
	part = withoutTrailingDate(strings.TrimSpace(part))
	part = strings.TrimFunc(part, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",;:–—-/", r)
	})
	if !strings.ContainsFunc(part, unicode.IsLetter) {
		return ""
	}
	switch strings.ToLower(part) {
	case "and", "und", "et", "y", "e", "en", "och", "og", "by", "follow", "i", "ja", "и":
		return ""
	}
	return part
}

// withoutTrailingDate cuts the date that some bylines end with, from its comma
// or dash on.
func withoutTrailingDate(s string) string {
	for i := len(s) - 1; i > 0; i-- {
		if strings.ContainsRune(",–—-", rune(s[i])) && dateLine(strings.TrimSpace(s[i+1:])) != noStamp {
			return withoutTrailingDate(strings.TrimSpace(s[:i]))
		}
	}
	return s
}

// distinct returns a list without repetitions.
func distinct(list []string) []string {
	seen := map[string]bool{}
	var kept []string
	for _, item := range list {
		if key := Folded(item); !seen[key] {
			seen[key] = true
			kept = append(kept, item)
		}
	}
	return kept
}

// bareByline takes the byline from the first lines of the text where it has no
// element of its own.
func (p *page) bareByline(pieces []piece, s *Story) {
	seen := 0
	for i := range pieces {
		at := &pieces[i]
		if at.zone != inText && at.zone != underHead || at.soft || at.kind == Caption {
			continue
		}
		if seen++; seen > 3 {
			return
		}
		if len(at.text) > maxByLine {
			continue
		}
		line := at.said()
		if strings.Contains(line, "\n") || !isByLine(line) || wordCount(line) > 12 {
			continue
		}
		if name := cleanName(line); name != "" {
			s.Byline, s.Sources["byline"], at.why = name, "by-line", bylineLine
			return
		}
	}
}

// maxByLine is the longest line, in bytes, that can be a byline: names and what
// stands around them.
const maxByLine = 600

// bylineLine is why a line that was read as the byline is no block.
const bylineLine = "read as the byline"
