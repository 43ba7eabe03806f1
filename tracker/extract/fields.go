package extract

import (
	"cmp"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A survey is the elements that say something of a page for machines, in document
// order.
type survey struct {
	size      int          // how many elements the document has
	metas     []*html.Node // with content; none within drawings
	data      []*html.Node // scripts of JSON-LD
	free      []*html.Node // that say by microdata whether the article is free
	blogs     []*html.Node // that say by microdata that they are a live blog
	root      *html.Node   // first of its kind, as those that follow; nil: there is none
	title     *html.Node
	canonical *html.Node
	base      *html.Node
}

// look gathers what is in n, in one pass: asked for one after the other, each of
// them would take as long. Drawn says that n stands in a drawing.
func (s *survey) look(n *html.Node, drawn bool) {
	if n.Type == html.ElementNode {
		s.size++
	}
	switch n.DataAtom {
	case atom.Html:
		s.root = cmp.Or(s.root, n)
	case atom.Base:
		s.base = cmp.Or(s.base, n)
	case atom.Svg:
		drawn = true
	case atom.Title:
		if n.Namespace == "" && (n.Parent == nil || n.Parent.DataAtom != atom.Svg) {
			s.title = cmp.Or(s.title, n)
		}
	case atom.Link:
		if s.canonical == nil && hasWord(attr(n, "rel"), "canonical") && attr(n, "href") != "" {
			s.canonical = n
		}
	case atom.Meta:
		if !drawn && hasAttr(n, "content") {
			s.metas = append(s.metas, n)
		}
	case atom.Script:
		kind, _, _ := strings.Cut(strings.ToLower(attr(n, "type")), ";")
		if strings.TrimSpace(kind) == "application/ld+json" && n.FirstChild != nil {
			s.data = append(s.data, n)
		}
	}
	for _, a := range n.Attr {
		switch {
		case a.Key == "itemprop" && hasWord(attr(n, "itemprop"), "isaccessibleforfree"):
			s.free = append(s.free, n)
		case a.Key == "itemtype" && strings.HasSuffix(attr(n, "itemtype"), "LiveBlogPosting"):
			s.blogs = append(s.blogs, n)
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			s.look(c, drawn)
		}
	}
}

// readMeta keeps the meta elements of the page by name or property.
func (p *page) readMeta() {
	p.meta = make(map[string]string, len(p.metas))
	for _, n := range p.metas {
		content := squeeze(clipped(attr(n, "content"), 2000))
		for _, key := range []string{"property", "name", "itemprop", "http-equiv"} {
			for name := range strings.FieldsSeq(strings.ToLower(attr(n, key))) {
				if _, known := p.meta[name]; !known && content != "" {
					p.meta[name] = content
				}
			}
		}
	}
}

// metaFirst returns the first of the named meta elements that has a value, and
// its name.
func (p *page) metaFirst(keys ...string) (value, key string) {
	for _, key := range keys {
		if value := p.meta[key]; value != "" {
			return value, key
		}
	}
	return "", ""
}

// title returns the title of the document.
func (p *page) title() string {
	if p.survey.title == nil || p.survey.title.FirstChild == nil {
		return ""
	}
	return squeeze(clipped(p.survey.title.FirstChild.Data, 2000))
}

// titles returns what the page calls itself beside its text.
func (p *page) titles() []string {
	var titles []string
	og, _ := p.metaFirst("og:title", "twitter:title", "parsely-title", "dc.title", "title")
	for _, title := range []string{og, p.title()} {
		if title != "" {
			titles = append(titles, title)
		}
	}
	return titles
}

// site returns the outlet's own name, where the page states it.
func (p *page) site() (name, source string) {
	if name, key := p.metaFirst("og:site_name", "application-name", "apple-mobile-web-app-title", "cre"); name != "" {
		return name, key
	}
	if p.ld != nil && p.ld.publisher != "" {
		return p.ld.publisher, "json-ld"
	}
	return "", ""
}

// language returns the BCP 47 tag that the page states.
func (p *page) language() (tag, source string) {
	if p.root != nil {
		for _, key := range []string{"lang", "xml:lang"} {
			if tag := squeeze(attr(p.root, key)); tag != "" {
				return clipped(strings.ReplaceAll(tag, "_", "-"), 35), "html lang"
			}
		}
	}
	if tag, key := p.metaFirst("og:locale", "content-language"); tag != "" {
		return clipped(strings.ReplaceAll(tag, "_", "-"), 35), key
	}
	if p.ld != nil && p.ld.language != "" {
		return clipped(squeeze(p.ld.language), 35), "json-ld"
	}
	return "", ""
}

// canonical returns the absolute address of rel=canonical; empty where it is
// none that a browser would fetch.
func (p *page) canonical() string {
	if p.survey.canonical == nil {
		return ""
	}
	address, err := p.base().Parse(strings.TrimSpace(attr(p.survey.canonical, "href")))
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" || address.User != nil {
		return ""
	}
	return address.String()
}

// base returns the address that the page's links are relative to.
func (p *page) base() *url.URL {
	if p.baseURL == nil {
		p.baseURL = p.readBase()
	}
	return p.baseURL
}

func (p *page) readBase() *url.URL {
	base, err := url.Parse(p.in.URL)
	if err != nil {
		base = &url.URL{}
	}
	if n := p.survey.base; n != nil {
		if stated, err := base.Parse(strings.TrimSpace(attr(n, "href"))); err == nil {
			return stated
		}
	}
	return base
}

// hasWord reports whether a list of words parted by spaces has a word.
func hasWord(list, word string) bool {
	if len(list) < len(word) {
		return false // most are empty
	}
	for have := range strings.FieldsSeq(strings.ToLower(list)) {
		if have == word {
			return true
		}
	}
	return false
}

// withoutSite returns a title without the name of the outlet before or after it.
func withoutSite(title, site string) string {
	for _, bar := range []string{" | ", " – ", " — ", " - ", " · ", " :: ", " » ", " • ", " / "} {
		at := strings.LastIndex(title, bar)
		if at < 0 {
			continue
		}
		before, after := strings.TrimSpace(title[:at]), strings.TrimSpace(title[at+len(bar):])
		switch {
		case site != "" && likeness(after, site) >= 0.5:
			return withoutSite(before, site)
		case site != "" && likeness(before, site) >= 0.5:
			return after
		case wordCount(after) <= 4 && wordCount(before) >= 3 && bar != " / ":
			return before
		}
	}
	return title
}

// likeness returns which share of the words of two lines they have in common,
// from 0 to 1.
func likeness(a, b string) float64 {
	left, right := wordSet(a), wordSet(b)
	if len(left) == 0 || len(right) == 0 {
		return 0
	}
	both := 0
	for word := range left {
		if right[word] {
			both++
		}
	}
	return float64(2*both) / float64(len(left)+len(right))
}

// wordSet returns the words of a line in lower case; of scripts without spaces
// the characters.
func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsFuncSeq(strings.ToLower(clipped(s, 1000)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if !dense(firstRune(word)) {
			set[word] = true
			continue
		}
		for _, r := range word {
			set[string(r)] = true
		}
	}
	return set
}
