package extract

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var (
	consentTitle = titled("consent")
	consentSays  = said("walls.txt", "consent")
	cookieWords  = entries("gate.txt", "cookies")
	agreeButton  = anchored("gate.txt", "agree", "4", `$`)

	// What the makers of consent pages call their elements and scripts.
	consentMaker = []string{`onetrust`, `OneTrust`, `didomi`, `sp_message_`, `sourcepoint`, `privacy-mgmt.com`, `usercentrics`, `qc-cmp2`, `quantcast`, `cmpbox`,
		`consentmanager`, `ookiebot`, `trustarc`, `fundingchoices`, `data-cmp`}
)

// consents reports whether a page asks for consent in place of an article. It
// speaks to the visitor of cookies in three words or more, has the title, the
// button or the maker's name of such a page, and no prose beside it: with an
// article behind, it is a banner.
func (g *guise) consents() bool {
	if g.talk == nil {
		return false
	}
	if !anyMatch(consentTitle, g.titles) && !g.page.agrees() && !g.page.loads(consentMaker) {
		return false
	}
	return !g.proseBeside(g.page.boxOf(g.talk))
}

// dismiss takes a consent banner for gone where it was read in place of the
// article, as it is where the banner has more words: it reports whether there is an
// article beside it, which is then to be read anew.
func (g *guise) dismiss(s *Story) bool {
	if g.talk == nil {
		return false
	}
	for _, block := range s.Blocks {
		if block.Kind == Paragraph && wordCount(block.Text) >= fewestProse && !consentSays.in(spoken(clipped(block.Text, longLine))) {
			return false
		}
	}
	box := g.page.boxOf(g.talk)
	if box == g.page.body || g.page.headline != nil && within(g.page.headline, box) || !g.proseOutside(box) {
		return false
	}
	g.page.lose(box)
	return true
}

// lose takes an element for gone, and what was read so far for not read.
func (p *page) lose(n *html.Node) {
	e := p.elements[n]
	e.gone = true
	for up := n.Parent; up != nil && p.elements[up] != nil; up = up.Parent {
		p.elements[up].chars -= e.chars
		p.elements[up].linked -= e.linked
	}
	p.container, p.frame, p.headline, p.beside = nil, nil, nil, nil
	p.consumed = map[*html.Node]bool{}
}

// consentTalk returns the lines that speak as consent pages do; nil where they are
// next to nothing.
func (g *guise) consentTalk() []piece {
	var talk []piece
	words := 0
	for _, at := range g.pieces {
		if at.density() < 0.7 && !quotes(at.text) && consentSays.in(spoken(clipped(at.text, longLine))) {
			talk = append(talk, at)
			words += wordCount(at.text)
		}
	}
	if words < fewWords {
		return nil
	}
	return talk
}

// speaksOfCookies reports whether three or more of the words of such pages stand in
// the page, within other words too.
func (g *guise) speaksOfCookies() bool {
	words := cookieStarts()
	kinds := make([]string, 0, 3)
	for i := range g.pieces {
		text := g.pieces[i].text
		if !isPlain(text) {
			text = strings.ToLower(text) // other letters than ASCII's may be of another length then
		}
		for at := range len(text) - 1 {
			if !words.first[text[at]] {
				continue
			}
			pair := int(lower(text[at]))<<8 | int(lower(text[at+1]))
			if words.pairs[pair/64]&(1<<(pair%64)) == 0 {
				continue
			}
			for _, word := range words.byPair[pair] {
				if len(text)-at < len(word) || !sameLower(text[at:at+len(word)], word) || slices.Contains(kinds, word) {
					continue
				}
				if kinds = append(kinds, word); len(kinds) == 3 {
					return true
				}
			}
		}
	}
	return false
}

// sameLower reports whether a text is a word in lower case once its ASCII letters
// are; both are of one length.
func sameLower(text, word string) bool {
	for i := range len(text) {
		if lower(text[i]) != word[i] {
			return false
		}
	}
	return true
}

// wordStarts are words by their first two bytes.
type wordStarts struct {
	first  [256]bool            // the first byte alone, as a capital too
	pairs  [1 << 16 / 64]uint64 // a bit for each pair that begins a word
	byPair map[int][]string
}

// cookieStarts are the words of consent pages.
var cookieStarts = sync.OnceValue(func() *wordStarts {
	w := &wordStarts{byPair: map[int][]string{}}
	for c := range w.first {
		w.first[c] = slices.ContainsFunc(cookieWords, func(word string) bool { return word[0] == lower(byte(c)) })
	}
	for _, word := range cookieWords {
		pair := int(word[0])<<8 | int(word[1])
		w.pairs[pair/64] |= 1 << (pair % 64)
		w.byPair[pair] = append(w.byPair[pair], word)
	}
	return w
})

// boxOf returns the smallest element that holds four fifths of what the pieces
// say.
func (p *page) boxOf(talk []piece) *html.Node {
	weights, total := map[*html.Node]int{}, 0
	for i := range talk {
		total += talk[i].chars
		for n := talk[i].node; n != nil; n = n.Parent {
			weights[n] += talk[i].chars
		}
	}
	n := p.body
	for deeper := n; deeper != nil; {
		n, deeper = deeper, nil
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if weights[c]*5 >= total*4 {
				deeper = c
			}
		}
	}
	return n
}

const (
	// fewestProse is how many words a line has that is prose and no label.
	fewestProse = 10

	// praise is how many words in such a box may say nothing of cookies: what a
	// subscription without them is praised with.
	praise = 60
)

// proseBeside reports whether there is an article beside the box that asks, or more
// prose in it that says nothing of cookies than belongs there.
func (g *guise) proseBeside(box *html.Node) bool {
	if g.proseOutside(box) {
		return true
	}
	inside := 0
	for _, at := range g.prose() {
		if count := wordCount(at.text); count >= 15 && !ofCookies(at.text) {
			inside += count
		}
	}
	return inside >= praise
}

func (g *guise) proseOutside(box *html.Node) bool {
	for _, at := range g.prose() {
		if !within(at.node, box) {
			return true
		}
	}
	return false
}

// prose returns the lines of prose that do not speak as consent pages do.
func (g *guise) prose() []piece {
	speaks := map[*html.Node]bool{}
	for i := range g.talk {
		speaks[g.talk[i].node] = true
	}
	var list []piece
	for _, at := range g.pieces {
		if !speaks[at.node] && at.density() <= 0.3 && wordCount(at.text) >= fewestProse && endsSentence(at.text) {
			list = append(list, at)
		}
	}
	return list
}

func ofCookies(text string) bool {
	text = strings.ToLower(text)
	for _, word := range cookieWords {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

// agrees reports whether the page has a button that consents.
func (p *page) agrees() bool {
	return find(p.body, func(n *html.Node) bool {
		if n.DataAtom == atom.Input {
			return agreeButton.match(squeeze(attr(n, "value")))
		}
		e := p.elements[n]
		return (n.DataAtom == atom.Button || n.DataAtom == atom.A || attr(n, "role") == "button") && e != nil && e.chars < 60 && agreeButton.match(p.text(n))
	}) != nil
}
