package extract

import (
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// The bounds of what is kept of links.
const (
	maxBlockLinks = 50   // in a block; what follows is left out
	maxStoryLinks = 500  // in a story; likewise
	maxLinkURL    = 2000 // bytes of an address; a link to a longer one is left out
	maxHref       = 1 << 16
)

// A Link is a place in the text of a block that leads elsewhere.
type Link struct {
	Text string `json:"text"` // as it stands in the block's Text
	URL  string `json:"url"`  // http, https or mailto, of printable ASCII; without credentials and tracking parameters
}

// Links returns the links of the whole text, in order.
func (s *Story) Links() []Link {
	var all []Link
	for _, block := range s.Blocks {
		all = append(all, block.Links...)
	}
	return all
}

// String returns the link in one line: its text and, in angle brackets, where it
// leads.
func (l Link) String() string { return squeeze(l.Text) + " <" + l.URL + ">" }

// A stretch is a run of a line that stands in one link.
type stretch struct {
	node     *html.Node
	from, to int // bytes of the line
}

// inLink notes that the line stands in a link from a byte on.
func (l *liner) inLink(link *html.Node, from int) {
	if n := len(l.stretches); n > 0 && l.stretches[n-1].node == link {
		l.stretches[n-1].to = len(l.line)
		return
	}
	if from > len(l.line) {
		from = 0 // a line ended within the text
	}
	if from < len(l.line) {
		l.stretches = append(l.stretches, stretch{link, from, len(l.line)})
	}
}

// addLinks gives the blocks made of pieces their links.
func (p *page) addLinks(list []Block, pieces []piece) {
	t := &targets{page: p, left: maxStoryLinks}
	i := 0
	for k := range pieces {
		if pieces[k].why != "" {
			continue
		}
		list[i].Links = t.of(&pieces[k])
		i++
	}
}

// targets finds where the links of a page lead.
type targets struct {
	page *page
	base *url.URL // nil: not asked for yet
	self string   // the page's own address, without its fragment
	left int      // how many links may still be kept
}

// of returns the links of a piece. Links to one place with nothing between them
// are one link.
func (t *targets) of(at *piece) []Link {
	stretches := at.stretches
	if at.kind == Table {
		stretches = t.inRow(at)
	}
	var links []Link
	first, last := 0, 0 // where the link before begins and ends
	for _, s := range stretches {
		from, to := trimmed(at.exact, s.from, s.to)
		if !visible(at.exact[from:to]) {
			continue
		}
		address := t.address(attr(s.node, "href"))
		if address == "" || t.isButton(s.node, at.node) {
			continue
		}
		if n := len(links); n > 0 && links[n-1].URL == address && !visible(at.exact[last:from]) {
			last = to
			links[n-1].Text = at.exact[first:last]
			continue
		}
		if len(links) == maxBlockLinks || t.left == 0 {
			break
		}
		t.left--
		links = append(links, Link{Text: at.exact[from:to], URL: address})
		first, last = from, to
	}
	return links
}

// isButton reports whether a link in a block stands in furniture that runs on
// within the line: a button, a name for sharing or comments.
func (t *targets) isButton(n, block *html.Node) bool {
	for ; n != nil && n != block; n = n.Parent {
		if e := t.page.elements[n]; e != nil && e.fate >= closed {
			return true
		}
	}
	return false
}

// trimmed returns a stretch of a text without the white space at its ends.
func trimmed(text string, from, to int) (int, int) {
	from, to = min(from, len(text)), min(to, len(text))
	to = from + len(strings.TrimRightFunc(text[from:to], unicode.IsSpace))
	from = to - len(strings.TrimLeftFunc(text[from:to], unicode.IsSpace))
	return from, to
}

// inRow returns where the links of a table's row stand in its text.
func (t *targets) inRow(at *piece) []stretch {
	var found []stretch
	from := 0
	walk(at.node, func(n *html.Node) bool {
		e := t.page.elements[n]
		if e == nil || e.gone {
			return false
		}
		if n.DataAtom != atom.A {
			return true
		}
		text := t.page.text(n)
		if i := strings.Index(at.exact[from:], text); i >= 0 && text != "" {
			found = append(found, stretch{n, from + i, from + i + len(text)})
			from += i + len(text)
		}
		return false
	})
	return found
}

// address returns where an href leads; empty where it is nowhere that a reader
// goes to: the page itself, a script, a form to share it with.
func (t *targets) address(href string) string {
	href = withoutControls(href)
	if href == "" || len(href) > maxHref || href[0] == '#' {
		return ""
	}
	if t.base == nil {
		t.base = t.page.linkBase()
		t.self = fragmentless(cleanURL(t.base))
	}
	u, err := t.base.Parse(href)
	if err != nil {
		if u, err = t.base.Parse(lonePercent(href)); err != nil {
			return ""
		}
	}
	address := cleanURL(u)
	if address == "" || len(address) > maxLinkURL || fragmentless(address) == t.self || shares(u) {
		return ""
	}
	if strings.ContainsAny(u.Host, ":[]%") { // such a host may be taken as it is and not be one as it is written
		if _, err := url.Parse(address); err != nil {
			return ""
		}
	}
	return address
}

// linkBase returns what the page's links are relative to: of a file, which has
// no address of its own, what it calls its address.
func (p *page) linkBase() *url.URL {
	base := p.base()
	if base.Host != "" {
		return base
	}
	stated, _ := p.metaFirst("og:url", "twitter:url")
	for _, address := range []string{p.canonical(), stated} {
		if u, err := url.Parse(address); err == nil && u.Host != "" && web(u.Scheme) {
			return u.ResolveReference(base)
		}
	}
	return base
}

// cleanURL returns u without what says nothing of where it leads; empty where
// its scheme is none that a reader follows. A link that is relative to an
// address nobody stated stays so.
func cleanURL(u *url.URL) string {
	c := *u
	c.Scheme = strings.ToLower(c.Scheme)
	switch {
	case c.Scheme == "mailto":
		to, _, _ := strings.Cut(c.Opaque, "?")
		if !strings.Contains(to, "@") {
			return ""
		}
		return printable("mailto:" + to)
	case !web(c.Scheme) && (c.Scheme != "" || c.Host != "") || c.Opaque != "":
		return ""
	case c.Scheme != "" && !cleanHost(&c):
		return ""
	}
	c.User = nil
	c.RawQuery = withoutTracking(c.RawQuery)
	c.ForceQuery = false
	if name, _, ok := strings.Cut(c.Fragment, "="); ok && Tracking(name) {
		c.Fragment, c.RawFragment = "", ""
	}
	return printable(c.String())
}

func web(scheme string) bool { return scheme == "http" || scheme == "https" }

// cleanHost puts a host in lower case and ASCII, without the port of its scheme,
// and reports whether there is one.
func cleanHost(u *url.URL) bool {
	host, ok := asciiHost(u.Hostname())
	if !ok {
		return false
	}
	if port := u.Port(); port != "" && !(u.Scheme == "http" && port == "80") && !(u.Scheme == "https" && port == "443") {
		host += ":" + port
	}
	u.Host = host
	if u.Path == "" {
		u.Path = "/"
	}
	return true
}

// shares reports whether an address is a form to pass the page on, or one that
// differs at every look and leads to nothing that can be told.
func shares(u *url.URL) bool {
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	path := strings.TrimRight(u.Path, "/")
	switch host {
	case "facebook.com", "m.facebook.com":
		return strings.HasPrefix(path, "/sharer") || strings.HasPrefix(path, "/share.php") || path == "/dialog/share" || path == "/dialog/feed"
	case "twitter.com", "x.com":
		return path == "/share" || strings.HasPrefix(path, "/intent/")
	case "linkedin.com":
		return path == "/shareArticle" || strings.HasPrefix(path, "/sharing/")
	case "reddit.com":
		return path == "/submit"
	case "pinterest.com":
		return strings.HasPrefix(path, "/pin/create")
	case "t.me", "telegram.me":
		return path == "/share" || path == "/share/url"
	case "wa.me", "api.whatsapp.com":
		return strings.Contains(u.RawQuery, "text=")
	}
	return strings.HasPrefix(path, "/cdn-cgi/l/email-protection")
}

func fragmentless(address string) string {
	before, _, _ := strings.Cut(address, "#")
	return strings.TrimRight(before, "/")
}

// withoutControls returns an href as a browser takes it: without the space
// around it and the line breaks and tabs in it. One with other control
// characters is none.
func withoutControls(href string) string {
	href = strings.Trim(href, " \t\r\n\f\v")
	if strings.ContainsAny(href, "\t\n\r") {
		href = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(href)
	}
	if strings.ContainsFunc(href, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return ""
	}
	return href
}

// lonePercent escapes each percent sign that begins no escape.
func lonePercent(href string) string {
	var b strings.Builder
	for i := range len(href) {
		b.WriteByte(href[i])
		if href[i] == '%' && !(i+2 < len(href) && isHex(href[i+1]) && isHex(href[i+2])) {
			b.WriteString("25")
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// printable escapes whatever is no printable ASCII, and what could end an
// address in a text.
func printable(address string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(address) {
		if c := address[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			b.WriteString(string([]byte{'%', hex[c>>4], hex[c&15]}))
			continue
		}
		b.WriteByte(address[i])
	}
	return b.String()
}
