package trial

import (
	"fmt"
	"strings"
)

// wordpress is a blog of the usual kind, with its blocks and widgets.
func wordpress(n News, s Slots) string {
	body := strings.NewReplacer(`<h2>`, `<h2 class="wp-block-heading">`, `<figure>`, `<figure class="wp-block-image size-large">`, `<figcaption>`, `<figcaption class="wp-element-caption">`,
		`<blockquote><p>`, `<blockquote class="wp-block-quote"><p>`, `<ul><li>`, `<ul class="wp-block-list"><li>`, `<table>`, `<table class="has-fixed-layout">`, `<div class="caption">`, `<div class="wp-caption-text">`).Replace(text(n, s))
	return head(n, true) + `<body class="post-template-default single single-post postid-4711 single-format-standard logged-out"><a class="skip-link screen-reader-text" href="#content">Skip</a><div id="page" class="site">
<header id="masthead" class="site-header"><p class="site-title"><a href="/" rel="home">` + n.Outlet + `</a></p></header>` + s.Top + `<div id="content" class="site-content"><div id="primary" class="content-area"><main id="main" class="site-main">
<article id="post-4711" class="post-4711 post type-post status-publish format-standard has-post-thumbnail hentry category-town tag-ferry"><header class="entry-header"><h1 class="entry-title">` + n.Headline + `</h1>
<div class="entry-meta"><span class="posted-on"><a href="/ferry" rel="bookmark"><time class="entry-date published updated" datetime="` + n.Published + `">` + n.Day + `</time></a></span> <span class="byline">` + n.By + `<span class="author vcard"><a class="url fn n" href="/author/lena">` + n.Byline + `</a></span></span></div></header>` + s.UnderHead +
		`<div class="entry-content"><p class="has-large-font-size intro">` + n.Standfirst + `</p>` + body + `</div>` + n.AfterNote + `<footer class="entry-footer"><span class="cat-links"><a href="/town" rel="category tag">Town</a></span></footer></article>` + s.AfterText + `</main></div>
<aside id="secondary" class="widget-area"><section class="widget">` + s.Beside + `</section></aside></div><footer id="colophon" class="site-footer">` + s.Foot + `</footer></div></body></html>`
}

// amp is a page for phones, of elements that HTML does not know.
func amp(n News, s Slots) string {
	body := strings.NewReplacer(`<img src="/pier.jpg">`, `<amp-img src="/pier.jpg" width="9" height="6" layout="responsive"></amp-img>`).Replace(text(n, s))
	return strings.Replace(head(n, true), "<html ", "<html amp ", 1) + `<body><amp-sidebar id="side" layout="nodisplay"><ul><li><a href="/">` + n.Outlet + `</a></li></ul></amp-sidebar><header class="amp-header"><a href="/">` + n.Outlet + `</a></header>` + s.Top +
		`<div class="amp-article"><h1 class="amp-title">` + n.Headline + `</h1><p class="amp-dek">` + n.Standfirst + `</p><div class="amp-byline">` + n.By + n.Byline + `</div><time datetime="` + n.Published + `">` + n.Day + `</time>` + s.UnderHead +
		`<amp-ad width="300" height="250" type="x"></amp-ad><div class="amp-content">` + body + `</div>` + n.AfterNote + s.AfterText + `</div>` + s.Beside + `<amp-analytics></amp-analytics><footer class="amp-footer">` + s.Foot + `</footer></body></html>`
}

// tabled is a page laid out in tables, as twenty years ago.
func tabled(n News, s Slots) string {
	return fmt.Sprintf(`<html lang="%s"><head><title>%s - %s</title></head><body bgcolor="#ffffff"><center><table width="760" border="0" cellspacing="0"><tr><td colspan="2"><a href="/">%s</a> | <a href="/town">Town</a>%s</td></tr>
<tr><td width="160" valign="top"><a href="/a">Archive</a><br><a href="/b">Letters</a><br>%s</td><td width="600" valign="top"><font size="5"><h1>%s</h1></font><p><b>%s</b></p><p><font size="2">%s%s</font></p><p><font size="1">%s</font></p>%s<table border="0" width="100%%"><tr><td class="text">%s</td></tr></table>%s%s</td></tr>
<tr><td colspan="2"><hr><font size="1">%s</font></td></tr></table></center></body></html>`,
		n.Lang, n.SEOHeadline, n.Outlet, n.Outlet, s.Top, s.Beside, n.Headline, n.Standfirst, n.By, n.Byline, n.Day, s.UnderHead, text(n, s), n.AfterNote, s.AfterText, n.Outlet+s.Foot)
}

// app is an application of one page, drawn on the server: a div for everything,
// and the text once more in its JSON-LD.
func app(n News, s Slots) string {
	paragraphs := strings.NewReplacer(`<p>`, `<div class="sc-a1b2c3 kXyZ">`, `</p>`, `</div>`, `<h2>`, `<div class="sc-h2h2 bQrT" role="heading" aria-level="2">`, `</h2>`, `</div>`)
	return head(n, false) + `<body><div id="__next"><div class="sc-hd00 aBcD"><a href="/">` + n.Outlet + `</a></div>` + s.Top +
		`<div class="sc-layout eFgH"><div class="sc-main iJkL"><div class="sc-ttl mNoP"><h1>` + n.Headline + `</h1></div><div class="sc-dek qRsT">` + n.Standfirst + `</div><div class="sc-aut uVwX">` + n.By + n.Byline + `</div>` + s.UnderHead +
		`<div class="sc-body yZaB">` + unnamed(joined(n, s, paragraphs.Replace)) + `</div>` + n.AfterNote + s.AfterText + `</div><div class="sc-rail cDeF">` + s.Beside + `</div></div>` + s.Foot + `</div>` +
		linked(n, "NewsArticle", fmt.Sprintf(`,"articleBody":%q`, plain(n))) + `<script id="__NEXT_DATA__" type="application/json">{"props":{}}</script></body></html>`
}

// sections has a section around every paragraph.
func sections(n News, s Slots) string {
	wrapped := joined(n, s, func(item string) string {
		return `<section class="article-section" data-component="text-block"><div class="inner">` + item + `</div></section>`
	})
	return head(n, true) + `<body><div class="page-header"><a href="/">` + n.Outlet + `</a></div>` + s.Top + `<main id="main-content"><article class="article-page"><section class="article-section headline-block"><h1 id="main-heading">` + n.Headline + `</h1></section>
<section class="article-section"><p><b>` + n.Standfirst + `</b></p></section><section class="article-section byline-block"><div class="contributor">` + n.By + n.Byline + `</div><time datetime="` + n.Published + `">` + n.Day + `</time></section>` + s.UnderHead +
		wrapped + n.AfterNote + `</article>` + s.AfterText + `<div class="column">` + s.Beside + `</div></main><footer>` + s.Foot + `</footer></body></html>`
}

// liveblog is a page of posts with their times, the newest first.
func liveblog(n News, s Slots) string {
	const posts = 4
	var b strings.Builder
	b.WriteString(n.TopNote)
	size := (len(n.Items) + posts - 1) / posts
	for k := range posts {
		b.WriteString(fmt.Sprintf(`<div class="live-post" id="post-%d"><div class="live-post-time"><time datetime="2026-03-03T%02d:15:00Z">%02d:15</time></div><h3 class="live-post-title">%s</h3>`, posts-k, 9-k, 9-k, n.Headline+" "+fmt.Sprint(posts-k)))
		b.WriteString(strings.Join(n.Items[min(k*size, len(n.Items)):min((k+1)*size, len(n.Items))], "\n") + `</div>`)
		if k == 0 {
			b.WriteString(s.Between)
		}
		if k == 2 {
			b.WriteString(s.Later)
		}
	}
	b.WriteString(n.EndNote + s.TextEnd)
	return strings.Replace(head(n, true), `"NewsArticle"`, `"LiveBlogPosting"`, 1) + `<body><div class="site-header"><a href="/">` + n.Outlet + `</a></div>` + s.Top + `<article class="live"><h1>` + n.Headline + `</h1><p class="standfirst">` + n.Standfirst + `</p><p class="byline">` + n.By + n.Byline + `</p>` + s.UnderHead +
		`<div class="live-posts">` + b.String() + `</div>` + n.AfterNote + `</article>` + s.AfterText + `<aside class="sidebar">` + s.Beside + `</aside><footer>` + s.Foot + `</footer></body></html>`
}
