package extract

import (
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	maxPosts    = 2000 // of a live blog that are read of its JSON-LD
	maxPostName = 80   // bytes of a post's name
	leastPost   = 20   // characters that are no link, of the posts of a row on average; teasers have a time alone

	// postTime is how the time of a post is written in the text, in UTC: pages
	// show "5 minutes ago" first and a clock later, which is no edit.
	postTime = "2006-01-02 15:04 UTC"
)

// A post is a part of the page that is one post of a live blog.
type post struct {
	node *html.Node
	name string
	at   time.Time  // zero: the page does not say so for machines
	head *html.Node // its heading; nil: it has none
}

// liveSource returns where the page says that it is a live blog; empty: nowhere.
func (p *page) liveSource() string {
	if p.ld != nil && p.ld.live != nil {
		return "json-ld"
	}
	if slices.ContainsFunc(p.blogs, func(n *html.Node) bool {
		return within(n, p.body) && (within(p.container, n) || within(n, p.container))
	}) {
		return "microdata"
	}
	return ""
}

// findPosts finds the posts of a live blog, widens the container to hold them
// all, and makes sure that none is taken for a card that leads elsewhere.
func (p *page) findPosts() {
	if p.live = p.liveSource(); p.live == "" {
		return
	}
	nodes := p.markedPosts()
	if len(nodes) == 0 {
		nodes = p.alikePosts()
	}
	if len(nodes) == 0 {
		return
	}
	p.posts, p.clocks = map[*html.Node]*post{}, map[*html.Node]bool{}
	feed := nodes[0]
	for _, n := range nodes {
		feed = common(feed, n)
		p.posts[n] = p.newPost(n)
	}
	if p.posts[feed] != nil && feed.Parent != nil && p.elements[feed.Parent] != nil {
		feed = feed.Parent // a single post
	}
	if len(p.bodies) == 0 {
		if all := common(p.container, feed); all != nil && p.elements[all] != nil {
			p.container = all
		}
	}
	for up := feed; up != nil && up != p.container && p.elements[up] != nil; up = up.Parent {
		p.elements[up].fate, p.elements[up].boxed = open, 1
	}
}

// newPost reads what names and dates a post.
func (p *page) newPost(n *html.Node) *post {
	at := &post{node: n}
	p.elements[n].fate, p.elements[n].boxed = open, 1
	var seen time.Time
	p.each(n, func(c *html.Node, e *element) bool {
		stated, source := statedDate(c)
		switch {
		case stated.IsZero():
		case source == "itemprop" && !hasWord(attr(c, "itemprop"), "datemodified") && at.at.IsZero():
			at.at = stated
		case seen.IsZero():
			seen = stated
		}
		if at.head == nil && isHeading(c) && e.chars > 0 && !e.gone {
			at.head = c
		}
		return true
	})
	if at.at.IsZero() {
		at.at = seen
	}
	if !at.at.IsZero() {
		p.hideClocks(n)
	}
	for up := at.head; up != nil && up != n.Parent; up = up.Parent {
		if e := p.elements[up]; e != nil {
			e.linkedHead = false // it leads to the post itself
		}
	}
	at.name = p.postName(at)
	return at
}

// hideClocks takes the times that a post shows out of its text, where they change
// by themselves: the first, and those of lines that say little else.
func (p *page) hideClocks(post *html.Node) {
	first := true
	p.each(post, func(c *html.Node, e *element) bool {
		if e.gone {
			return false
		}
		if c.DataAtom != atom.Time || e.chars > 60 {
			return true
		}
		line := above(c.Parent, func(up *html.Node) bool { return !inline(up) })
		if first || line != nil && p.elements[line] != nil && p.elements[line].chars < maxScraps && wordCount(p.text(line))-wordCount(p.text(c)) <= 4 {
			e.gone, p.clocks[c] = true, true
		}
		first = false
		return false
	})
}

// postName returns what a post is called from one look to the next.
func (p *page) postName(at *post) string {
	for _, key := range []string{"id", "data-post-id", "data-block-id", "data-id", "data-entry-id"} {
		if name := squeeze(attr(at.node, key)); name != "" {
			return clipped(name, maxPostName)
		}
	}
	if !at.at.IsZero() {
		return at.at.Format(time.RFC3339)
	}
	return clipped(Folded(clipped(p.text(at.node), 400)), maxPostName)
}

// markedPosts returns the elements that microdata or the addresses in JSON-LD
// name for posts.
func (p *page) markedPosts() []*html.Node {
	named := map[string]bool{}
	if p.ld != nil && p.ld.live != nil {
		for _, stated := range p.ld.live.posts {
			if stated.name != "" && !strings.Contains(stated.name, "/") {
				named[stated.name] = true
			}
		}
	}
	var found []*html.Node
	p.each(p.body, func(n *html.Node, e *element) bool {
		if e.gone {
			return false
		}
		if (hasWord(attr(n, "itemprop"), "liveblogupdate") || named[attr(n, "id")]) &&
			e.chars > 0 && !inline(n) && !isHeading(n) && !p.holdsHeadline(n) {
			found = append(found, n)
			return false
		}
		return true
	})
	return found
}

// holdsHeadline reports whether the page's only first-level heading stands in n:
// such an element is the page and no post of it.
func (p *page) holdsHeadline(n *html.Node) bool { return findTag(n, atom.H1) != nil }

// A row is elements of one kind side by side.
type row struct {
	nodes []*html.Node
	chars int
}

// A feed is the posts that were found so far.
type feed struct {
	best   row        // the row with the most text
	single *html.Node // the first element that is named for a post; nil: there is none
}

// alikePosts returns the elements that look like posts: side by side, of one tag
// and class, each with a time for machines and words that are no link; of several
// rows the one with the most text. A first post, or one that is left alone, is
// told by its name.
func (p *page) alikePosts() []*html.Node {
	found := &feed{}
	p.timed(p.body, found)
	if len(found.best.nodes) == 0 && found.single != nil {
		return []*html.Node{found.single}
	}
	return found.best.nodes
}

// timed looks for rows below n, and reports whether a time stands in it.
func (p *page) timed(n *html.Node, found *feed) bool {
	rows, any := map[string]*row{}, n.DataAtom == atom.Time && hasAttr(n, "datetime")
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		e := p.elements[c]
		if c.Type != html.ElementNode || e == nil || e.gone || p.noFeed(c, e) || !p.timed(c, found) {
			continue
		}
		any = true
		if inline(c) || e.chars == e.linked {
			continue
		}
		if found.single == nil && p.postNamed(c, e) {
			found.single = c
		}
		class, _, _ := strings.Cut(squeeze(attr(c, "class")), " ")
		key := c.Data + "." + class
		if rows[key] == nil {
			rows[key] = &row{}
		}
		rows[key].nodes = append(rows[key].nodes, c)
		rows[key].chars += e.chars - e.linked
	}
	for _, r := range rows {
		if len(r.nodes) > 1 && r.chars >= leastPost*len(r.nodes) && (r.chars > found.best.chars || r.chars == found.best.chars && p.before(r.nodes[0], found.best.nodes[0])) {
			found.best = *r
		}
	}
	return any
}

// before reports whether a stands above b in the page.
func (p *page) before(a, b *html.Node) bool { return p.elements[a].number < p.elements[b].number }

// postNamed reports whether an element with a time in it is a post by what it is
// called, and holds a paragraph and no page.
func (p *page) postNamed(n *html.Node, e *element) bool {
	named := n.DataAtom == atom.Article || hasAttr(n, "data-post-id") || hasAttr(n, "data-block-id") || hasAttr(n, "data-entry-id") ||
		e.named("post", "livepost", "liveblogpost", "liveblogentry", "liveentry", "liveupdate", "liveblogupdate", "entry", "update", "eintrag")
	if !named || p.holdsHeadline(n) {
		return false
	}
	return find(n, func(c *html.Node) bool {
		e := p.elements[c]
		return c.DataAtom == atom.P && e != nil && !e.gone && e.chars >= 20
	}) != nil
}

// noFeed reports whether an element cannot hold the posts: furniture by its name,
// but for what live blogs are called in some languages.
func (p *page) noFeed(n *html.Node, e *element) bool {
	if e.fate == closed {
		return !e.named("ticker", "newsticker", "liveticker")
	}
	return n.DataAtom == atom.Aside || n.DataAtom == atom.Footer
}

// isPost reports whether an element is a post of a live blog.
func (p *page) isPost(n *html.Node) bool { return p.posts[n] != nil }

// judgePosts puts the time of each post above it, in place of how the page shows
// it, and takes the post's heading for one though it links to the post.
func (p *page) judgePosts(pieces []piece) []piece {
	if len(p.posts) == 0 {
		return pieces
	}
	var out []piece
	begun := map[*post]bool{}
	moved := make([]int, len(pieces)+1) // how many were put in before each
	for i := range pieces {
		at := &pieces[i]
		of := p.postOf(at.node)
		if of != nil && !begun[of] {
			begun[of] = true
			if !of.at.IsZero() {
				text := of.at.Format(postTime)
				out = append(out, piece{kind: Heading, text: text, exact: text, node: of.node, zone: inText, chars: visibleChars(text), post: of.name})
			}
		}
		moved[i+1] = len(out) - i
		if of != nil {
			at.post = of.name
			switch {
			case of.head != nil && within(at.node, of.head) && at.why == leadsElsewhere:
				at.why = ""
			case at.why == "" && at.rule == "" && at.kind != Note && dateLine(at.text) != noStamp:
				at.why = "when the post was made"
			}
		}
		out = append(out, *at)
	}
	for i := range p.passed {
		p.passed[i].at += moved[min(p.passed[i].at, len(pieces))]
	}
	return out
}

// postOf returns the post that an element stands in; nil: none.
func (p *page) postOf(n *html.Node) *post {
	for ; n != nil; n = n.Parent {
		if at := p.posts[n]; at != nil {
			return at
		}
	}
	return nil
}

// namePosts writes into the blocks made of pieces which post they stand in.
func namePosts(list []Block, pieces []piece) {
	i := 0
	for k := range pieces {
		if pieces[k].why == "" {
			list[i].Post = pieces[k].post
			i++
		}
	}
}

// PostTime returns when the post that begins with a block was made; zero where
// it does not say.
func (b *Block) PostTime() time.Time {
	if b.Post == "" || b.Kind != Heading {
		return time.Time{}
	}
	at, err := time.Parse(postTime, b.Text)
	if err != nil {
		return time.Time{}
	}
	return at
}

// Live reports whether the story is a live blog.
func (s *Story) Live() bool { return s.Sources["live"] != "" }
