package extract

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// asksOfReader are the words of addresses behind which a reader is asked for
// something: to subscribe, to sign up, to join, to give, to follow.
var asksOfReader = wordsOf("furniture.txt", "asks")

// followed are the sites on which newspapers ask to be followed, and the stores of
// their apps.
var followed = []string{"facebook.com", "instagram.com", "whatsapp.com", "wa.me", "t.me", "telegram.me", "tiktok.com", "bsky.app", "threads.net", "threads.com",
	"news.google.com", "apple.news", "apps.apple.com", "play.google.com", "flipboard.com"}

// asksReader reports whether an address is one behind which a reader is asked to
// subscribe, to sign up, to give or to follow; own says that it is on the site of
// the page.
func asksReader(address, site string) (asks, own bool) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return false, false
	}
	host := strings.ToLower(u.Hostname())
	for _, name := range followed {
		if host == name || strings.HasSuffix(host, "."+name) {
			return true, false
		}
	}
	first, _, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	word, _, _ := strings.Cut(strings.ToLower(first), "-") // "subscribe-now", and not "we-subscribe"
	return asksOfReader[word], host == "" || host == site
}

// onlyAsks reports whether an element has links, and all of them ask something of
// the reader, on the page's own site or, elsewhere, on any.
func (p *page) onlyAsks(n *html.Node, elsewhere bool) bool {
	site, links, other := strings.ToLower(p.base().Hostname()), 0, false
	walk(n, func(c *html.Node) bool {
		if c.DataAtom == atom.A && hasAttr(c, "href") {
			links++
			asks, own := asksReader(attr(c, "href"), site)
			other = other || !asks || !own && !elsewhere
		}
		return !other
	})
	return links > 0 && !other
}
