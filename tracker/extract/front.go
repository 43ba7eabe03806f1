package extract

import (
	"net/url"
	"strings"
)

// fewestCards is how many linked headings make a page a list of articles.
const fewestCards = 6

// longestTeaser is the most words of prose in a row on such a page.
const longestTeaser = 60

var collection = lazily(`"@type"\s*:\s*\[?\s*"(?:CollectionPage|ItemList|SearchResultsPage)"`)

// isFront reports whether a page is a front page or a list of articles: it is made
// of headings that are links with a teaser each, and it says by its type, its
// address or its heading that it is no article; or it is made of links alone.
func (p *page) isFront(g *guise, s *Story) bool {
	if g.states {
		return false
	}
	cards, links, others, longest, run := 0, 0, 0, 0, 0
	for i := range g.pieces {
		at := &g.pieces[i]
		if at.density() >= 0.9 {
			links++
		} else if at.kind != Heading {
			others++
		}
		switch words := wordCount(at.text); {
		case at.kind == Heading && at.density() >= 0.9:
			cards++
			run = 0
		case at.density() >= 0.9 || at.kind == Heading:
			run = 0
		case words >= 6 && at.density() < 0.5:
			run += words
			longest = max(longest, run)
		}
	}
	if longest == 0 && (links >= fewestCards-2 || links > 0 && others == 0) {
		return true
	}
	return cards >= fewestCards && longest < longestTeaser && p.saysFront(s)
}

func (p *page) saysFront(s *Story) bool {
	address, err := url.Parse(p.in.URL)
	site, _ := p.site()
	switch {
	case strings.EqualFold(p.meta["og:type"], "website"), collection.Match(p.source()):
		return true
	case err == nil && address.Host != "" && strings.Trim(address.Path, "/") == "" && address.RawQuery == "":
		return true
	}
	return p.headline == nil || site != "" && Folded(s.Headline) == Folded(site) || p.elements[p.headline] != nil && p.elements[p.headline].density() >= 0.9
}
