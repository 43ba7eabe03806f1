package trial

import (
	"fmt"
	"html"
	"strings"
)

// A Design is one story laid out as an outlet of one kind does.
type Design struct {
	Name  string
	Shell bool // the text is drawn by a script: no element of it is in the page
	Story func() News
	Page  func(News, Slots) string
}

// Designs returns all designs, some of them in several languages.
func Designs() []Design {
	return []Design{
		{"semantic", false, Ferry, semantic},
		{"telling", false, Ferry, telling},
		{"hashed", false, Ferry, hashed},
		{"microdata", false, Ferry, microdata},
		{"bare", false, Ferry, bare},
		{"pieces", false, Ferry, pieces},
		{"shell", true, Ferry, shell},
		{"wordpress", false, Ferry, wordpress},
		{"amp", false, Ferry, amp},
		{"tabled", false, Ferry, tabled},
		{"app", false, Ferry, app},
		{"sections", false, Ferry, sections},
		{"liveblog", false, Ferry, liveblog},
		{"german wordpress", false, Fähre, wordpress},
		{"german hashed", false, Fähre, hashed},
		{"french telling", false, Bac, telling},
		{"french sections", false, Bac, sections},
		{"chinese tabled", false, Dukou, tabled},
		{"chinese semantic", false, Dukou, semantic},
		{"arabic telling", false, Abbara, telling},
		{"arabic app", false, Abbara, app},
	}
}

func head(n News, ld bool) string {
	s := fmt.Sprintf(`<!doctype html><html lang="%s"><head><meta charset="utf-8"><title>%s | %s</title>
<meta property="og:title" content="%s"><meta property="og:site_name" content="%s"><meta name="description" content="%s">
<link rel="canonical" href="https://post.example/ferry">`, n.Lang, n.SEOHeadline, n.Outlet, n.SEOHeadline, n.Outlet, n.Description)
	if ld {
		s += linked(n, "NewsArticle", "")
	}
	return s + "</head>"
}

// linked is the page's JSON-LD.
func linked(n News, kind, more string) string {
	return fmt.Sprintf(`<script type="application/ld+json">{"@context":"https://schema.org","@type":%q,"headline":%q,"datePublished":%q,"dateModified":%q,"author":[{"@type":"Person","name":%q}]%s}</script>`,
		kind, n.SEOHeadline, n.Published, n.Modified, n.LDByline, more)
}

// text joins the items, with furniture after the third and the eleventh.
func text(n News, s Slots) string {
	return joined(n, s, func(item string) string { return item + "\n" })
}

func joined(n News, s Slots, each func(string) string) string {
	var b strings.Builder
	b.WriteString(n.TopNote)
	for i, item := range n.Items {
		switch i {
		case 3:
			b.WriteString(s.Between)
		case 11:
			b.WriteString(s.Later)
		}
		b.WriteString(each(item))
	}
	b.WriteString(n.EndNote + s.TextEnd)
	return b.String()
}

func semantic(n News, s Slots) string {
	return head(n, true) + `<body><header><nav><a href="/">` + n.Outlet + `</a> <a href="/sport">Sport</a></nav></header>` + s.Top +
		`<main><article><header><h1>` + n.Headline + `</h1><p class="standfirst">` + n.Standfirst + `</p><p class="byline">` + n.By + `<a rel="author" href="/lena">` + n.Byline + `</a></p>
<time datetime="` + n.Published + `">` + n.Day + `</time></header>` + s.UnderHead + text(n, s) + n.AfterNote + `</article>` + s.AfterText + `<aside>` + s.Beside + `</aside></main><footer>© ` + n.Outlet + s.Foot + `</footer></body></html>`
}

func telling(n News, s Slots) string {
	return head(n, true) + `<body class="has-sidebar ads-enabled"><div class="site-header"><a href="/">` + n.Outlet + `</a></div>` + s.Top +
		`<div class="article-wrapper"><div class="article-head"><h1 class="headline">` + n.Headline + `</h1><h2 class="dek">` + n.Standfirst + `</h2><div class="byline-block"><span class="byline">` + n.By + n.Byline + `</span>
<span class="timestamp">` + n.Day + `</span></div></div>` + s.UnderHead + `<div class="article-body">` + text(n, s) + `</div>` + n.AfterNote + s.AfterText + `</div><div class="sidebar">` + s.Beside + `</div><div class="site-footer"><a href="/about">` + n.Outlet + `</a>` + s.Foot + `</div></body></html>`
}

func hashed(n News, s Slots) string {
	return head(n, true) + `<body><div id="root"><div class="css-1a9x"><a href="/">` + n.Outlet + `</a></div>` + s.Top +
		`<div class="css-77kq"><div class="css-0pd2"><h1 class="css-h1k3">` + n.Headline + `</h1><h2 class="css-9z8y">` + n.Standfirst + `</h2><div class="css-b1y2">` + n.By + n.Byline + `</div></div>` + s.UnderHead +
		`<div class="css-5ttx">` + unnamed(text(n, s)) + `</div>` + n.AfterNote + s.AfterText + `</div><div class="css-4rai">` + s.Beside + `</div>` + s.Foot + `</div></body></html>`
}

// unnamed takes the telling names off the text.
func unnamed(s string) string {
	return strings.NewReplacer(`class="caption"`, `class="css-c4pt"`, `class="key-points"`, `class="css-k3yp"`, ` class="twitter-tweet"`, ``).Replace(s)
}

func microdata(n News, s Slots) string {
	return head(n, false) + `<body><div id="menu"><a href="/">` + n.Outlet + `</a></div>` + s.Top +
		`<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">` + n.Headline + `</h1><p itemprop="description">` + n.Standfirst + `</p>
<span itemprop="author" itemscope><span itemprop="name">` + n.Byline + `</span></span><meta itemprop="datePublished" content="` + n.Published + `"><meta itemprop="dateModified" content="` + n.Modified + `">` + s.UnderHead +
		`<div itemprop="articleBody">` + text(n, s) + `</div>` + n.AfterNote + s.AfterText + `</div>` + s.Beside + s.Foot + `</body></html>`
}

// broken makes paragraphs of line breaks.
var broken = strings.NewReplacer(`<p><strong>`, `<b>`, `</strong></p>`, `</b><br><br>`, `<p>`, ``, `</p>`, `<br><br>`)

// bare is a page without paragraphs: text and line breaks.
func bare(n News, s Slots) string {
	n.TopNote, n.EndNote = broken.Replace(n.TopNote), broken.Replace(n.EndNote)
	return head(n, false) + `<body><table><tr><td><a href="/">` + n.Outlet + `</a></td></tr></table>` + s.Top +
		`<div id="c2"><h1>` + n.Headline + `</h1><p>` + n.Standfirst + `</p><p>` + n.By + n.Byline + `</p><p><time datetime="` + n.Published + `">` + n.Day + `</time></p>` + s.UnderHead + `<div id="t">` + joined(n, s, broken.Replace) + `</div>` + n.AfterNote + s.AfterText + `</div>` + s.Beside + s.Foot + `</body></html>`
}

// pieces is a page whose text is cut in boxes of one name with furniture between.
func pieces(n News, s Slots) string {
	cut := min(3, len(n.Items))
	return head(n, true) + `<body>` + s.Top + `<section id="story"><header class="css-hd"><h1>` + n.Headline + `</h1><p id="article-summary" class="css-sum">` + n.Standfirst + `</p></header><p class="css-by">` + n.By + n.Byline + `</p>` + s.UnderHead +
		`<section class="css-body"><div class="css-col">` + n.TopNote + strings.Join(n.Items[:cut], "\n") + `</div>` + s.Between + `<div class="css-col">` + strings.Join(n.Items[cut:8], "\n") + `</div>` + s.Later + `<div class="css-col">` + strings.Join(n.Items[8:], "\n") + n.EndNote + `</div>` + s.TextEnd + `</section>` +
		n.AfterNote + s.AfterText + `</section>` + s.Beside + s.Foot + `</body></html>`
}

// shell is a page that a script draws: all there is is its JSON-LD.
func shell(n News, s Slots) string {
	return fmt.Sprintf(`<!doctype html><html lang="%s"><head><title>%s | %s</title><script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":%q},
{"@type":["NewsArticle"],"headline":%q,"description":%q,"articleBody":%q,"datePublished":%q,"author":{"@type":"Person","name":%q}}]}</script></head><body><div id="root"></div>%s<noscript>Please enable JavaScript.</noscript></body></html>`,
		n.Lang, n.SEOHeadline, n.Outlet, n.Outlet, n.SEOHeadline, n.Standfirst, plain(n), n.Published, n.LDByline, s.Foot)
}

// plain returns the text in lines, as an articleBody has it.
func plain(n News) string {
	var lines []string
	for _, item := range append(append([]string{n.TopNote}, n.Items...), n.EndNote, n.AfterNote) {
		item = strings.NewReplacer(`</li>`, "\n", `</tr>`, "\n", `</td>`, "\t", `</h3>`, "\n", `</summary>`, "\n").Replace(item)
		for line := range strings.SplitSeq(item, "\n") {
			if line = strings.TrimSpace(html.UnescapeString(stripTags(line))); line != "" {
				lines = append(lines, line)
			}
		}
	}
	return strings.Join(lines, "\n")
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
