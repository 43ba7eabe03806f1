package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A fate is what becomes of an element and all within.
type fate int8

const (
	open   fate = iota // read
	soft               // furniture that may hold a correction
	closed             // furniture
	gone               // nobody sees it
)

// unseen reports whether a reader never sees the element.
func unseen(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Head, atom.Svg, atom.Iframe, atom.Object,
		atom.Embed, atom.Canvas, atom.Audio, atom.Video, atom.Map, atom.Select, atom.Textarea, atom.Datalist,
		atom.Input, atom.Progress, atom.Meter, atom.Noembed, atom.Noframes, atom.Link, atom.Meta, atom.Title:
		return true
	case atom.Dialog:
		return !hasAttr(n, "open")
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return a.Val != "until-found"
		case "aria-hidden":
			if strings.EqualFold(a.Val, "true") {
				return true
			}
		case "style":
			if hidingStyle(a.Val) {
				return true
			}
		case "class":
			if hidingClass(a.Val) {
				return true
			}
		}
	}
	return false
}

func hidingStyle(style string) bool {
	if isASCII([]byte(style)) && !mayHide(style) {
		return false
	}
	style = strings.ToLower(strings.Join(strings.Fields(clipped(style, 2000)), ""))
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden")
}

// mayHide reports whether a style in ASCII has what "display: none" and "visibility:
// hidden" have in common, as most styles have not.
func mayHide(style string) bool {
	return strings.ContainsAny(style, "nN") && strings.ContainsAny(style, "dD") && strings.ContainsAny(style, "yY") && strings.Contains(style, ":")
}

func hidingClass(class string) bool {
	for word := range strings.FieldsSeq(clipped(class, 1000)) {
		switch strings.ToLower(word) {
		case "hidden", "hide", "is-hidden", "u-hidden", "d-none", "sr-only", "visually-hidden", "visuallyhidden",
			"screen-reader-text", "screen-reader-only", "screenreader", "a11y-hidden", "vh", "off-screen", "offscreen", "noprint-hidden":
			return true
		}
	}
	return false
}

// fateByTag returns what an element's tag and role make of it.
func fateByTag(n *html.Node) fate {
	switch n.DataAtom {
	case atom.Nav, atom.Menu, atom.Button, atom.Form, atom.Fieldset, atom.Dialog:
		return closed
	case atom.Aside, atom.Footer:
		return soft
	}
	switch n.Data {
	case "amp-ad", "amp-embed", "amp-sticky-ad":
		return closed
	}
	switch attr(n, "role") {
	case "navigation", "banner", "search", "menu", "menubar", "toolbar", "dialog", "alertdialog", "tablist", "form", "button":
		return closed
	case "complementary", "contentinfo":
		return soft
	}
	return open
}

// fateByName returns what the words of an element's class and id make of it,
// and whether they say that it is a note. A word that names a part of the
// article wins over one that names furniture.
func fateByName(words []string) (f fate, note bool) {
	for _, word := range words {
		if noteName(word) {
			note = true
		}
		if partName(word) {
			return open, note
		}
		f = max(f, furnitureName(word))
	}
	if note {
		f = open
	}
	return f, note
}

// noteName reports whether a word of a class or id names corrections.
func noteName(word string) bool {
	switch word {
	case "correction", "corrections", "clarification", "clarifications", "corrigendum", "erratum", "errata",
		"editornote", "editorsnote", "editornotes", "editorsnotes", "editorialnote", "updatenote", "correctionnote",
		"korrektur", "berichtigung", "richtigstellung", "rectificatif", "rectificacion", "rettifica", "rectificatie", "rattelse", "oikaisu":
		return true
	}
	return false
}

// partName reports whether a word names a part of an article that often stands
// in an aside, or an embedded post.
func partName(word string) bool {
	switch word {
	case "pullquote", "pullquotes", "blockquote", "keypoint", "keypoints", "takeaways", "keytakeaways", "factbox", "infobox",
		"tweet", "twittertweet", "instagrammedia", "bluesky", "mastodon", "embeddedpost", "socialembed", "embedsocial", "footnote", "footnotes", "factfile", "timeline",
		"articlebody", "storybody", "articletext", "storytext", "articlecontent", "entrycontent", "postcontent", "storycontent", "bodytext", "bodycontent":
		return true
	}
	return false
}

// furnitureName returns what a word of a class or id makes of its element.
func furnitureName(word string) fate {
	switch word {
	case "ad", "ads", "advert", "adverts", "advertisement", "advertisements", "advertising", "advertorial", "adslot", "adunit", "adbox", "adcontainer",
		"adwrapper", "dfp", "gpt", "sponsor", "sponsored", "sponsors", "promo", "promos", "promoted", "promotion", "promobox",
		"related", "relatedcontent", "relatedarticles", "relatedstories", "relatedlinks", "recommend", "recommended", "recommendation", "recommendations", "recirc", "recirculation",
		"newsletter", "newsletters", "signup", "share", "shares", "sharing", "sharebar", "sharebox", "sharetools", "sharebuttons", "sociallinks", "socialshare", "socialbar", "socials", "addtoany",
		"mostread", "mostpopular", "mostviewed", "mostshared", "trending", "popular", "toplist", "topstories",
		"comments", "commentlist", "commentform", "commentsection", "disqus", "respond", "livefyre", "coral",
		"teaser", "teasers", "teaserlist", "cookie", "cookies", "cookiebanner", "consent", "gdpr", "cmp", "onetrust", "didomi",
		"breadcrumb", "breadcrumbs", "player", "videoplayer", "audioplayer", "outbrain", "taboola", "zergnet", "revcontent", "ticker", "newsticker",
		"upnext", "readmore", "readnext", "readalso", "alsoread", "seealso", "morestories", "morenews", "morefrom", "moreon",
		"menu", "navbar", "navigation", "pagination", "pager", "modal", "popup", "popover", "tooltip", "overlay", "lightbox", "drawer",
		"meter", "metering", "regwall", "subscribe", "subscribebox", "donate", "donation", "membership", "membershipcta", "cta", "appbanner",
		"counter", "counters", "sharecount", "commentcount", "viewcount", "readers", "livereaders", "livecount", "follow", "followbutton", "toolbar", "actionbar", "articletools", "tools",
		"skiplink", "backtotop", "printonly", "taglist", "authorbio", "userbio", "authorbox", "authorcard", "aboutauthor", "prevnext", "postnavigation",
		"masthead", "siteheader", "sitefooter", "globalnav", "topbar", "statusbar", "noprint":
		return closed
	case "aside", "sidebar", "footer", "rail", "rightrail", "byline", "bylines", "timestamp", "pubdate", "publishdate", "meta", "metadata",
		"articlemeta", "entrymeta", "postmeta", "storymeta", "tags", "readtime", "readingtime", "time":
		return soft
	}
	return open
}
