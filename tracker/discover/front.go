package discover

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"storydiff/tracker"
)

// enough is how many points make a link one to an article; see [anchor.points].
const enough = 3

// An anchor is a link of a page and where it stands. Several that lead to one
// place are one.
type anchor struct {
	Link
	heading  bool // within a heading, or around one
	teased   bool // a time or a picture stands beside it
	besides  bool // in navigation, at the foot, in a form
	inProse  bool // in a line that says more than the link
	words    int
	shape    string
	accepted bool
}

// A scan goes through a page and notes its links.
type scan struct {
	*document
	base    *url.URL           // of its links
	lines   map[*html.Node]int // words of the blocks that were asked for
	byID    map[string]*anchor
	anchors []*anchor
	left    int
	feeds   []Offer
	title   string
}

// page reads the links of a page, those to articles told from the others: by how
// they look and where they stand, by their addresses, by what is known to be an
// article, and by looking like one of those that were told.
func (d *document) page() (*Reading, error) {
	if len(d.text) > maxPage {
		return nil, troubled("too-large", "the page %s is longer than %d MiB", d.in.URL, maxPage>>20)
	}
	doc, err := html.Parse(strings.NewReader(d.text))
	if err != nil {
		return nil, troubled("too-deep", "the page %s is nested too deeply", d.in.URL)
	}
	s := &scan{document: d, base: d.base, byID: map[string]*anchor{}, lines: map[*html.Node]int{}}
	if base := baseOf(doc, d.base); base != nil {
		s.base = base
	}
	s.visit(doc, setting{})
	s.judge(votesOf(d.in.Articles, d.in.Others))
	r := &Reading{Kind: KindFront, Title: title(s.title), Feeds: s.feeds, Left: s.left}
	for _, a := range s.anchors {
		if a.accepted {
			r.Links = append(r.Links, a.Link)
		}
	}
	return r, nil
}

// baseOf returns where the page says that its links are relative to; nil: nowhere.
func baseOf(n *html.Node, at *url.URL) *url.URL {
	if n.DataAtom == atom.Base {
		if u, err := at.Parse(strings.TrimSpace(attribute(n, "href"))); err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") {
			return u
		}
		return nil
	}
	if n.DataAtom == atom.Body {
		return nil
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if u := baseOf(c, at); u != nil {
			return u
		}
	}
	return nil
}

// A setting is what surrounds an element.
type setting struct {
	besides bool
	heading bool
	main    bool // within an article or the main part: a header there is none of the site
	block   *html.Node
}

func (s *scan) visit(n *html.Node, in setting) {
	if n.Type == html.ElementNode {
		switch n.DataAtom {
		case atom.Script, atom.Style, atom.Template, atom.Svg, atom.Select:
			return
		case atom.Title:
			if s.title == "" {
				s.title = text(n, maxTitle)
			}
			return
		case atom.Link:
			s.alternate(n)
			return
		case atom.H1, atom.H2, atom.H3, atom.H4:
			in.heading = true
		case atom.Article, atom.Main:
			in.main = true
		case atom.P, atom.Li, atom.Td, atom.Dd:
			in.block = n
		case atom.A, atom.Area:
			s.anchor(n, in)
		}
		in.besides = in.besides || besides(n, in.main)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		s.visit(c, in)
	}
}

// besides reports whether an element holds what stands beside the news: by its
// tag, its role, or its name.
func besides(n *html.Node, inMain bool) bool {
	switch n.DataAtom {
	case atom.Nav, atom.Footer, atom.Form, atom.Dialog:
		return true
	case atom.Header:
		return !inMain
	case atom.Body, atom.Html, atom.Main, atom.Article:
		return false
	}
	switch attribute(n, "role") {
	case "navigation", "contentinfo", "menu", "menubar", "search", "banner", "dialog", "tablist":
		return true
	}
	for _, value := range []string{attribute(n, "class"), attribute(n, "id")} {
		for name := range strings.FieldsFuncSeq(value[:min(len(value), 500)], func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if besideNames[strings.ToLower(name)] {
				return true
			}
		}
	}
	return false
}

// besideNames are the names of what stands beside the news.
var besideNames = wordSet(`
	nav navbar navigation menu submenu megamenu footer foot breadcrumb breadcrumbs masthead social share sharing login signin subscribe cookie cookies consent newsletter
	pagination pager skip toolbar sponsor sponsored ad ads advert advertisement advertorial promo promoted tags topics tagcloud legal copyright search langs languages follow
	navi fusszeile hauptmenue werbung anzeige werbeanzeige publicite pied`)

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// text returns the words within an element in one line, to about most bytes.
func text(n *html.Node, most int) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case b.Len() > most:
			return
		case n.Type == html.TextNode:
			b.WriteString(n.Data[:min(len(n.Data), most)])
		case n.DataAtom == atom.Script || n.DataAtom == atom.Style:
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		if n.Type == html.ElementNode {
			b.WriteByte(' ')
		}
	}
	walk(n)
	return strings.Join(strings.Fields(strings.ToValidUTF8(b.String(), "")), " ")
}

// holds reports whether an element holds one of the tags, looking at the first
// hundred elements.
func holds(n *html.Node, tags ...atom.Atom) bool {
	looked := 0
	for c := range n.Descendants() {
		if slices.Contains(tags, c.DataAtom) && c.Type == html.ElementNode {
			return true
		}
		if looked++; looked == 100 {
			return false
		}
	}
	return false
}

// anchor notes a link to another page of the site.
func (s *scan) anchor(n *html.Node, in setting) {
	href := attribute(n, "href")
	if href == "" || strings.Contains(attribute(n, "rel"), "sponsored") {
		return
	}
	l, ok := s.link(s.base, href, true)
	if !ok {
		return
	}
	a := s.byID[l.Identity]
	if a == nil {
		if len(s.anchors) == maxItems {
			s.left++
			return
		}
		a = &anchor{Link: l, besides: true, inProse: true, shape: shape(l.URL)}
		s.byID[l.Identity] = a
		s.anchors = append(s.anchors, a)
	}
	said := text(n, 2*maxTitle)
	count := words(said)
	headed := in.heading || holds(n, atom.H1, atom.H2, atom.H3, atom.H4)
	if headed && !a.heading || headed == a.heading && count > a.words {
		a.Title, a.words = title(said), count
	}
	a.heading = a.heading || headed
	a.besides = a.besides && in.besides
	a.teased = a.teased || holds(n, atom.Img, atom.Picture, atom.Time)
	a.inProse = a.inProse && in.block != nil && s.wordsOf(in.block) > 2*count+6 && !headed
}

// wordsOf counts the words of a block, once for all its links.
func (s *scan) wordsOf(n *html.Node) int {
	count, known := s.lines[n]
	if !known {
		count = words(text(n, 4*maxTitle))
		s.lines[n] = count
	}
	return count
}

// alternate notes a feed that the page names as its own.
func (s *scan) alternate(n *html.Node) {
	rel := strings.Fields(strings.ToLower(attribute(n, "rel")))
	kind, _, _ := strings.Cut(strings.ToLower(attribute(n, "type")), ";")
	switch strings.TrimSpace(kind) {
	case "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "text/xml":
	case "application/json":
		if !strings.Contains(strings.ToLower(attribute(n, "href")), "feed") {
			return
		}
	default:
		return
	}
	if !slices.Contains(rel, "alternate") || len(s.feeds) == 50 {
		return
	}
	if to, ok := address(s.base, attribute(n, "href")); ok && !slices.ContainsFunc(s.feeds, func(o Offer) bool { return o.URL == to }) {
		s.feeds = append(s.feeds, Offer{URL: to, Title: title(attribute(n, "title"))})
	}
}

// votes say what addresses proved to be, by their identities and shapes.
type votes struct {
	articles, others map[string]bool // identities
	shapes           map[string]int  // how many more articles than others have it
}

func votesOf(articles, others []string) votes {
	v := votes{map[string]bool{}, map[string]bool{}, map[string]int{}}
	for _, one := range articles {
		if identity, err := tracker.Identity(one); err == nil {
			v.articles[identity] = true
			v.shapes[shape(one)]++
		}
	}
	for _, one := range others {
		if identity, err := tracker.Identity(one); err == nil {
			v.others[identity] = true
			v.shapes[shape(one)] -= 2
		}
	}
	return v
}

// judge accepts links to articles: first those that have enough points by
// themselves, then those that are like them.
func (s *scan) judge(v votes) {
	like := map[string]int{}
	for _, a := range s.anchors {
		if a.accepted = a.points(v) >= enough; a.accepted && !a.besides {
			like[a.shape]++
		}
	}
	for _, a := range s.anchors {
		if !a.accepted && !a.besides && !v.others[a.Identity] && a.words >= 3 && like[a.shape] >= 3 && telling(a.shape) {
			a.accepted = true
		}
	}
}

// telling reports whether a shape tells articles from other pages: not where it
// is that of sections, too.
func telling(shape string) bool {
	return !strings.HasSuffix(shape, "/word") && shape != ""
}

// points weighs a link: its words, its place, its address, and what is known.
//
// The weights were set by hand on the pages of front_test.go; what is known
// outweighs the rest.
func (a *anchor) points(v votes) int {
	switch {
	case v.articles[a.Identity]:
		return 9
	case v.others[a.Identity]:
		return -9
	}
	r, ok := routeOf(a.URL)
	if !ok {
		return -9
	}
	sum := r.points()
	switch {
	case a.words >= 6:
		sum += 3
	case a.words >= 4:
		sum += 2
	case a.words == 3:
		sum++
	case a.words < 2:
		sum--
	}
	if a.heading {
		sum += 2
	}
	if a.teased {
		sum++
	}
	if a.besides {
		sum -= 5
	}
	if a.inProse {
		sum--
	}
	switch n := v.shapes[a.shape]; {
	case n >= 2 && telling(a.shape):
		sum += 3
	case n <= -2:
		sum -= 3
	}
	return sum
}
