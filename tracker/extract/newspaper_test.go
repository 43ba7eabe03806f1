package extract_test

import (
	"fmt"
	"html"
	"strings"
)

// A piece of news is what the designs below lay out as pages. All of it, the
// outlet included, is made up.
type news struct {
	headline, seoHeadline string // as a reader sees it, and as the rest of the page has it
	standfirst            string
	byline, ldByline      string
	published, modified   string
	items                 []string // the text, as HTML in the house's plainest form
	topNote, endNote      string   // HTML within the text
	afterNote             string   // HTML after the text, within the article
	description           string
}

func ferry() news {
	return news{
		headline:    "Rivermouth ferry to return after nine years ashore",
		seoHeadline: "Rivermouth ferry to return after nine years ashore",
		standfirst:  "The council will pay for two boats and a pier, and hopes that commuters follow.",
		byline:      "Lena Okafor", ldByline: "Lena Okafor",
		published: "2026-03-03T07:00:00Z", modified: "2026-03-03T09:30:00Z",
		description: "Two boats and a pier are to bring the ferry back to Rivermouth.",
		items: []string{
			`<p>RIVERMOUTH, March 3 — The ferry across the lower Rivermouth will sail again from June, nine years after the last boat was sold, the harbour board said on Tuesday.</p>`,
			`<p>Two second-hand boats, each carrying 140 passengers, will cost the town 4.2 million crowns, and a new pier at Saltgate a further 1.1 million.</p>`,
			`<p>“We have waited long enough for this,” said Marta Lindqvist, who chairs the board. “The bridge is full by seven in the morning.”</p>`,
			`<p>It was not a simple vote.</p>`,
			`<h2>A vote that ran late</h2>`,
			`<p>Members did not agree on the fare until shortly before midnight, when a motion by <a href="/people/henrik-aas">Henrik Aas</a> for a flat price of three crowns passed by 9 votes to 8.</p>`,
			`<figure><img src="/pier.jpg"><figcaption>The pier at Saltgate in 1987, with the Astrid II alongside. Photograph: Town Archive</figcaption></figure>`,
			`<p>Opponents said that the money would be better spent on the buses, which carry 11,000 people a day and are often cancelled in winter.</p>`,
			`<blockquote><p>Nobody has ever swum to work, but some of us have thought about it.</p></blockquote>`,
			`<p><strong>What it means for commuters</strong></p>`,
			`<p>The first boat is to leave Northbank at 5.40 and the last at 23.10, with a sailing every twenty minutes in between:</p>`,
			`<ul><li>Northbank to Saltgate in 12 minutes</li><li>Saltgate to the Mills in 9</li><li>No boats on Sundays</li></ul>`,
			`<table><tr><th>Stop</th><th>Passengers in 2016</th></tr><tr><td>Northbank</td><td>1,830</td></tr><tr><td>Saltgate</td><td>2,214</td></tr></table>`,
			`<blockquote class="twitter-tweet"><p>The harbour lights will be on again in June. We kept the keys.</p>— Rivermouth Harbour (@harbour)</blockquote>`,
			`<div class="caption">A model of the new boat, shown at the town hall. Credit: Ilse Brandt</div>`,
			`<div class="key-points"><h3>The plan in short</h3><ul><li>Two boats from June</li><li>Three crowns a trip</li></ul></div>`,
			`<p>Work on the pier starts in April, if the ice allows, and the board will report to the council every month until the boats sail.</p>`,
		},
	}
}

// replace changes words in the text, and says so loudly where they are not there.
func (n *news) replace(before, after string) {
	for i, item := range n.items {
		if strings.Contains(item, before) {
			n.items = append([]string(nil), n.items...)
			n.items[i] = strings.Replace(item, before, after, 1)
			return
		}
	}
	panic("no " + before + " in the text")
}

func (n *news) insert(at int, item string) {
	n.items = append(append(append([]string(nil), n.items[:at]...), item), n.items[at:]...)
}

func (n *news) remove(at int) {
	n.items = append(append([]string(nil), n.items[:at]...), n.items[at+1:]...)
}

// Slots are the places of a page where furniture stands.
type slots struct {
	top, underHead, between, textEnd, afterText, foot string
}

// A design lays news out as a page.
type design struct {
	name   string
	hashed bool
	shell  bool // the text is drawn by a script
	page   func(news, slots) string
}

func designs() []design {
	return []design{
		{name: "semantic", page: semantic},
		{name: "telling", page: telling},
		{name: "hashed", hashed: true, page: hashedNames},
		{name: "microdata", page: microdata},
		{name: "bare", page: bare},
		{name: "pieces", page: pieces},
		{name: "shell", shell: true, page: shell},
	}
}

func head(n news, ld bool) string {
	s := fmt.Sprintf(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>%s | The Rivermouth Post</title>
<meta property="og:title" content="%s"><meta property="og:site_name" content="The Rivermouth Post"><meta name="description" content="%s">
<link rel="canonical" href="https://post.example/ferry">`, n.seoHeadline, n.seoHeadline, n.description)
	if ld {
		s += fmt.Sprintf(`<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":%q,"datePublished":%q,"dateModified":%q,"author":[{"@type":"Person","name":%q}]}</script>`,
			n.seoHeadline, n.published, n.modified, n.ldByline)
	}
	return s + "</head>"
}

// text joins the items, with furniture after the third paragraph.
func text(n news, between, end string) string {
	return n.topNote + strings.Join(n.items[:3], "\n") + between + strings.Join(n.items[3:], "\n") + n.endNote + end
}

func semantic(n news, s slots) string {
	return head(n, true) + `<body><header><nav><a href="/">The Rivermouth Post</a> <a href="/sport">Sport</a></nav></header>` + s.top +
		`<main><article><header><h1>` + n.headline + `</h1><p class="standfirst">` + n.standfirst + `</p><p class="byline">By <a rel="author" href="/lena">` + n.byline + `</a></p>
<time datetime="` + n.published + `">3 March 2026</time></header>` + s.underHead + text(n, s.between, s.textEnd) + n.afterNote + `</article>` + s.afterText + `</main><footer>© The Rivermouth Post` + s.foot + `</footer></body></html>`
}

func telling(n news, s slots) string {
	return head(n, true) + `<body class="has-sidebar ads-enabled"><div class="site-header"><a href="/">Home</a></div>` + s.top +
		`<div class="article-wrapper"><div class="article-head"><h1 class="headline">` + n.headline + `</h1><h2 class="dek">` + n.standfirst + `</h2><div class="byline-block"><span class="byline">By ` + n.byline + `</span>
<span class="timestamp">Updated 9:30 a.m.</span></div></div>` + s.underHead + `<div class="article-body">` + text(n, s.between, s.textEnd) + `</div>` + n.afterNote + s.afterText + `</div><div class="site-footer"><a href="/about">About us</a>` + s.foot + `</div></body></html>`
}

func hashedNames(n news, s slots) string {
	return head(n, true) + `<body><div id="root"><div class="css-1a9x"><a href="/">Post</a></div>` + s.top +
		`<div class="css-77kq"><div class="css-0pd2"><h1 class="css-h1k3">` + n.headline + `</h1><h2 class="css-9z8y">` + n.standfirst + `</h2><div class="css-b1y2">By ` + n.byline + `</div></div>` + s.underHead +
		`<div class="css-5ttx">` + unnamed(text(n, s.between, s.textEnd)) + `</div>` + n.afterNote + s.afterText + `</div>` + s.foot + `</div></body></html>`
}

// unnamed takes the telling names off the text.
func unnamed(s string) string {
	return strings.NewReplacer(`class="caption"`, `class="css-c4pt"`, `class="key-points"`, `class="css-k3yp"`, ` class="twitter-tweet"`, ``).Replace(s)
}

func microdata(n news, s slots) string {
	return head(n, false) + `<body><div id="menu"><a href="/">Post</a></div>` + s.top +
		`<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">` + n.headline + `</h1><p itemprop="description">` + n.standfirst + `</p>
<span itemprop="author" itemscope><span itemprop="name">` + n.byline + `</span></span><meta itemprop="datePublished" content="` + n.published + `"><meta itemprop="dateModified" content="` + n.modified + `">` + s.underHead +
		`<div itemprop="articleBody">` + text(n, s.between, s.textEnd) + `</div>` + n.afterNote + s.afterText + `</div>` + s.foot + `</body></html>`
}

// bare is a page without paragraphs: text and line breaks in a table cell.
func bare(n news, s slots) string {
	body := strings.NewReplacer(`<p><strong>`, `<b>`, `</strong></p>`, `</b><br><br>`, `<p>`, ``, `</p>`, `<br><br>`).Replace(n.topNote + strings.Join(n.items[:3], "\n"))
	rest := strings.NewReplacer(`<p><strong>`, `<b>`, `</strong></p>`, `</b><br><br>`, `<p>`, ``, `</p>`, `<br><br>`).Replace(strings.Join(n.items[3:], "\n") + n.endNote)
	return head(n, false) + `<body><table><tr><td><a href="/">Post</a></td></tr></table>` + s.top +
		`<div id="c2"><h1>` + n.headline + `</h1><p>` + n.standfirst + `</p><p>By ` + n.byline + `</p><p><time datetime="` + n.published + `">3 March 2026</time></p>` + s.underHead + `<div id="t">` + body + s.between + rest + s.textEnd + `</div>` + n.afterNote + s.afterText + `</div>` + s.foot + `</body></html>`
}

// pieces is a page whose text is cut in boxes of one name with furniture between.
func pieces(n news, s slots) string {
	return head(n, true) + `<body>` + s.top + `<section id="story"><header class="css-hd"><h1>` + n.headline + `</h1><p id="article-summary" class="css-sum">` + n.standfirst + `</p></header><p class="css-by">By ` + n.byline + `</p>` + s.underHead +
		`<section class="css-body"><div class="css-col">` + n.topNote + strings.Join(n.items[:3], "\n") + `</div>` + s.between + `<div class="css-col">` + strings.Join(n.items[3:8], "\n") + `</div><div class="css-col">` + strings.Join(n.items[8:], "\n") + n.endNote + `</div>` + s.textEnd + `</section>` +
		n.afterNote + s.afterText + `</section>` + s.foot + `</body></html>`
}

// shell is a page that a script draws: all there is is its JSON-LD.
func shell(n news, s slots) string {
	var lines []string
	for _, item := range append(append([]string{n.topNote}, n.items...), n.endNote, n.afterNote) {
		item = strings.NewReplacer(`</li>`, "\n", `</tr>`, "\n", `</td>`, "\t", `</h3>`, "\n").Replace(item)
		for _, line := range strings.Split(item, "\n") {
			if line = strings.TrimSpace(html.UnescapeString(stripTags(line))); line != "" {
				lines = append(lines, line)
			}
		}
	}
	return fmt.Sprintf(`<!doctype html><html lang="en"><head><title>%s | The Rivermouth Post</title><script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"The Rivermouth Post"},
{"@type":["NewsArticle"],"headline":%q,"description":%q,"articleBody":%q,"datePublished":%q,"author":{"@type":"Person","name":%q}}]}</script></head><body><div id="root"></div>%s<noscript>Please enable JavaScript.</noscript></body></html>`,
		n.seoHeadline, n.seoHeadline, n.standfirst, strings.Join(lines, "\n"), n.published, n.ldByline, s.foot)
}

func stripTags(s string) string {
	var b strings.Builder
	in := false
	for _, r := range s {
		switch {
		case r == '<':
			in = true
		case r == '>':
			in = false
		case !in:
			b.WriteRune(r)
		}
	}
	return b.String()
}
