package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// readHeadline returns the headline that a reader sees, and where it was read:
// the heading in or above the text, or else what the page is called elsewhere.
// The element it was read from is kept in p.headline.
func (p *page) readHeadline() (text, source string) {
	site, _ := p.site()
	known := p.knownTitles(site)
	if n := p.bestHeading(known, site); n != nil {
		p.headline = n
		return p.text(n), sourceOf(n)
	}
	if p.ld != nil && p.ld.headline != "" {
		return p.ld.headline, "json-ld"
	}
	if title, key := p.metaFirst("og:title", "twitter:title", "parsely-title", "dc.title"); title != "" {
		return withoutSite(title, site), key
	}
	if title := p.title(); title != "" {
		return withoutSite(title, site), "title"
	}
	return "", ""
}

func sourceOf(n *html.Node) string {
	switch {
	case n.DataAtom == atom.H1:
		return "h1"
	case attr(n, "itemprop") != "":
		return "itemprop"
	}
	return n.Data
}

func (p *page) knownTitles(site string) []string {
	var known []string
	if p.ld != nil && p.ld.headline != "" {
		known = append(known, p.ld.headline)
	}
	for _, title := range p.titles() {
		known = append(known, withoutSite(title, site))
	}
	return known
}

// bestHeading returns the element that a reader takes for the headline; nil
// where none has the signs.
func (p *page) bestHeading(known []string, site string) *html.Node {
	var best *html.Node
	most := 0.0
	p.each(p.body, func(n *html.Node, e *element) bool {
		if e.gone || e.fate == closed && !within(p.container, n) && !hasHeadingOne(p, n) {
			return false
		}
		if score := p.headingScore(n, e, known, site); score > most {
			best, most = n, score
		}
		return true
	})
	return best
}

func hasHeadingOne(p *page, n *html.Node) bool {
	return findTag(n, atom.H1) != nil && n.DataAtom != atom.Nav && !p.elements[n].named("related", "recommended", "comments")
}

// headingScore says how much an element looks like the headline; 0 is not at
// all. An h1 in the article is one whatever it says, an h1 elsewhere where it is
// like the page's title, and other elements where they are named for it or say
// the same. So an h1 changed alone is seen.
func (p *page) headingScore(n *html.Node, e *element, known []string, site string) float64 {
	if e.chars == 0 || e.chars > 400 {
		return 0
	}
	named := hasWord(attr(n, "itemprop"), "headline") || e.named("headline", "articletitle", "entrytitle", "posttitle", "storytitle", "pagetitle", "articleheadline", "storyheadline")
	if n.DataAtom != atom.H1 && !isHeading(n) && (!named || inline(n) && attr(n, "itemprop") == "") {
		return 0
	}
	text := p.text(n)
	alike := 0.0
	for _, title := range known {
		alike = max(alike, likeness(text, title))
	}
	near := p.nearArticle(n)
	switch {
	case site != "" && Folded(text) == Folded(site) && alike < 0.9:
		return 0
	case n.DataAtom == atom.H1 && e.linkedHead && alike < 0.4 && !named:
		return 0.5 + alike // the outlet's own name or the section's, which leads to its front page
	case n.DataAtom == atom.H1 && (near || named):
		return 2 + alike
	case n.DataAtom == atom.H1 && (alike >= 0.4 || len(known) == 0 || Folded(text) != "" && strings.Contains(Folded(strings.Join(known, " ")), Folded(text)) && wordCount(text) > 2):
		return 1 + alike
	case named && near && e.density() < 0.5 && !p.afterText(n):
		return 1 + alike
	case isHeading(n) && alike >= 0.75 && !p.afterText(n):
		return alike
	}
	return 0
}

// nearArticle reports whether an element stands within the text, in the same
// article element, or in the element around the text and above it.
func (p *page) nearArticle(n *html.Node) bool {
	if within(n, p.container) {
		return true
	}
	if article := above(p.container, func(c *html.Node) bool { return c.DataAtom == atom.Article || c.DataAtom == atom.Main }); article != nil && within(n, article) {
		return !p.afterText(n)
	}
	for up, levels := p.container.Parent, 0; up != nil && up != p.body && levels < 3; up, levels = up.Parent, levels+1 {
		if within(n, up) {
			return !p.afterText(n)
		}
	}
	return false
}

// afterText reports whether an element comes after the text has ended.
func (p *page) afterText(n *html.Node) bool {
	if within(n, p.container) {
		return false
	}
	return p.elements[n].number > p.elements[p.container].number
}
