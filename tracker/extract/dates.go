package extract

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// dateLayouts are the forms in which pages write their dates for machines. One
// without a zone is taken for UTC.
const dateLayouts = `2006-01-02T15:04:05.999999999Z07:00
2006-01-02T15:04:05.999999999Z0700
2006-01-02T15:04:05.999999999Z07
2006-01-02T15:04Z07:00
2006-01-02T15:04Z0700
2006-01-02T15:04:05.999999999
2006-01-02T15:04
2006-01-02 15:04:05.999999999 Z07:00
2006-01-02 15:04:05.999999999 Z0700
2006-01-02 15:04:05.999999999Z07:00
2006-01-02 15:04:05 MST
2006-01-02 15:04:05.999999999
2006-01-02 15:04
2006-01-02
2006/01/02 15:04:05
2006/01/02
20060102T150405Z0700
20060102T15:04:05Z0700
Mon, 02 Jan 2006 15:04:05 Z0700
Mon, 2 Jan 2006 15:04:05 MST
Mon, 2 Jan 2006 15:04 MST
Mon Jan 2 15:04:05 MST 2006
January 2, 2006 15:04:05
January 2, 2006 3:04 PM
January 2, 2006
Jan 2, 2006 3:04 PM
Jan 2, 2006
2 January 2006
2 Jan 2006
02.01.2006 15:04
02.01.2006`

// parseDate reads a date that a page states for machines; zero where it is none
// between the years 1600 and 2200.
func parseDate(s string) time.Time {
	s = squeeze(clipped(s, 80))
	if !strings.ContainsAny(s, "0123456789") {
		return time.Time{}
	}
	if zone := strings.Index(s, "["); zone > 0 {
		s = s[:zone] // 2024-03-03T09:00:00Z[UTC]
	}
	if seconds, err := strconv.ParseInt(s, 10, 64); err == nil && len(s) >= 10 && len(s) <= 13 {
		if len(s) == 13 {
			seconds /= 1000
		}
		return plausible(time.Unix(seconds, 0))
	}
	for layout := range strings.SplitSeq(dateLayouts, "\n") {
		if t, err := time.Parse(layout, s); err == nil {
			return plausible(t)
		}
	}
	return time.Time{}
}

func plausible(t time.Time) time.Time {
	t = t.UTC()
	if t.Year() < 1600 || t.Year() > 2200 {
		return time.Time{}
	}
	return t
}

// A dated is a date and where it was read.
type dated struct {
	at     time.Time
	source string
}

// readDates returns when the article was published and when it was changed.
func (p *page) readDates() (published, modified dated) {
	if p.ld != nil {
		published = dated{at: parseDate(p.ld.published), source: "json-ld"}
		modified = dated{at: parseDate(p.ld.modified), source: "json-ld"}
	}
	published = p.metaDate(published, "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "parsely-pub-date",
		"sailthru.date", "pubdate", "publishdate", "publish-date", "publish_date", "cxenseparse:recs:publishtime", "dc.date.issued", "dcterms.created", "dc.date", "date")
	modified = p.metaDate(modified, "article:modified_time", "og:updated_time", "og:article:modified_time", "datemodified", "lastmod", "last-modified",
		"dcterms.modified", "dc.date.modified", "cxenseparse:recs:modifiedtime", "revision_date", "utime")
	if published.at.IsZero() || modified.at.IsZero() {
		p.visibleDates(&published, &modified)
	}
	return published, modified
}

func (p *page) metaDate(have dated, keys ...string) dated {
	if !have.at.IsZero() {
		return have
	}
	for _, key := range keys {
		if t := parseDate(p.meta[key]); !t.IsZero() {
			return dated{at: t, source: key}
		}
	}
	return dated{}
}

// visibleDates fills in what is missing from itemprop and time elements of the
// article, those of teasers and comments left out.
func (p *page) visibleDates(published, modified *dated) {
	p.each(p.frame, func(n *html.Node, e *element) bool {
		if e.fate == closed && !p.holdsArticle(n) || p.otherArticle(n) {
			return false
		}
		if e.gone && attr(n, "itemprop") == "" && n.DataAtom != atom.Time {
			return false
		}
		stated, source := statedDate(n)
		switch {
		case stated.IsZero() || source == "time" && (p.headline == nil || p.afterText(n)):
		case isModified(n, p):
			if modified.at.IsZero() {
				*modified = dated{at: stated, source: source}
			}
		case published.at.IsZero() && (source == "itemprop" || p.nearHead(n) && !p.floats(n)):
			*published = dated{at: stated, source: source}
		}
		return true
	})
}

// floats reports whether readers see of a time how long ago it was, and nothing
// says that it is that of publication: it may be of a change, or of a teaser.
func (p *page) floats(n *html.Node) bool {
	line := p.text(n)
	if day, _, _ := wordedDate(line); dateLine(line) != stamped || !day.IsZero() || hasAttr(n, "pubdate") {
		return false
	}
	return above(n, func(c *html.Node) bool {
		e := p.elements[c]
		return e != nil && e.chars <= 120 && e.named("published", "publish", "publication", "pubdate", "publishdate", "datepublished", "publishedat",
			"postdate", "entrydate", "articledate", "storydate")
	}) == nil
}

// statedDate returns the date that an element states for machines.
func statedDate(n *html.Node) (time.Time, string) {
	prop := attr(n, "itemprop")
	value := attr(n, "datetime")
	if value == "" {
		value = attr(n, "content")
	}
	switch {
	case hasWord(prop, "datepublished") || hasWord(prop, "datemodified") || hasWord(prop, "datecreated"):
		return parseDate(value), "itemprop"
	case n.DataAtom == atom.Time:
		return parseDate(value), "time"
	}
	return time.Time{}, ""
}

// isModified reports whether a date is that of a change: by its itemprop, its
// name, or the word before it.
func isModified(n *html.Node, p *page) bool {
	if prop := attr(n, "itemprop"); prop != "" {
		return hasWord(prop, "datemodified")
	}
	for up, levels := n, 0; up != nil && levels < 3; up, levels = up.Parent, levels+1 {
		e := p.elements[up]
		if e == nil || e.chars > 120 {
			break
		}
		if e.named("updated", "modified", "lastupdated", "lastmodified", "updatedat", "dateupdated", "update") {
			return true
		}
		text := strings.ToLower(p.text(up))
		for _, word := range modifiedWords {
			if strings.HasPrefix(text, word) || strings.HasPrefix(text, "last "+word) {
				return true
			}
		}
	}
	return false
}

// nearHead reports whether an element stands beside the headline or at the
// beginning of the text: a date further down is one of the story's own.
func (p *page) nearHead(n *html.Node) bool {
	if p.headline == nil {
		return false
	}
	if !within(n, p.container) {
		return true
	}
	above, number := 0, p.elements[n].number
	p.each(p.container, func(c *html.Node, e *element) bool {
		if e.gone || e.number >= number || p.consumed[c] {
			return false
		}
		for t := c.FirstChild; t != nil && (t.Type != html.ElementNode || p.elements[t] == nil || p.elements[t].number < number); t = t.NextSibling {
			if t.Type == html.TextNode {
				above += visibleChars(t.Data)
			}
		}
		return true
	})
	return above < 200
}
