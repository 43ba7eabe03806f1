// Package discover finds articles to track: it reads feeds, news sitemaps and
// the front pages of sections, and polls those that somebody named as sources.
//
// [Read] turns the bytes of such a document into links and knows neither network
// nor store. A [Finder] makes of a site's address the source that serves it best.
// A [Poller] looks at sources when they are due and has new articles taken up;
// what it keeps is behind [Store], what it fetches behind [Getter].
//
// Begin with read.go for what is read, and with poll.go for what comes of it.
package discover

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
)

// A Kind is what a source is read as.
type Kind string

// The kinds of source.
const (
	KindFeed    Kind = "feed"    // RSS, Atom or JSON Feed
	KindSitemap Kind = "sitemap" // addresses with times, or a plain list of addresses
	KindIndex   Kind = "index"   // of sitemaps
	KindFront   Kind = "front"   // a page of links, such as that of a section
	KindOutline Kind = "opml"    // names further sources, and no articles
)

// Bounds of what is read. What lies beyond is left out and counted, or refused.
const (
	maxBody    = 16 << 20 // bytes of a sitemap, a list or an outline, unpacked
	maxFeed    = 5 << 20  // bytes of a feed
	maxPage    = 3 << 20  // bytes of a page: its tree takes thirty times as much
	maxDepth   = 100      // elements within one another, in XML and JSON
	maxItems   = 5_000    // links of a feed or a page
	maxEntries = 50_000   // of a sitemap, as its protocol allows
	maxTitle   = 500      // bytes of a title
	maxHref    = 8_000    // bytes of an address
)

// A Link is a place to which a source leads.
type Link struct {
	URL       string    // http or https, without credentials, fragment and tracking parameters
	Identity  string    // see [tracker.Identity]
	Title     string    // what the source calls it; may be empty
	Published time.Time // as the source states it; zero: it does not
	Updated   time.Time // likewise
}

// date is when a link was published, or failing that when it was updated.
func (l *Link) date() time.Time {
	if !l.Published.IsZero() {
		return l.Published
	}
	return l.Updated
}

// A Map is a sitemap that an index names.
type Map struct {
	URL     string
	Updated time.Time
}

// An Offer is a source that a page, a robots.txt or an outline names.
type Offer struct {
	URL   string
	Title string
}

// A Reading is what a document shows.
type Reading struct {
	Kind  Kind
	Title string
	Links []Link
	Maps  []Map   // of an index
	Feeds []Offer // that a page names as its own, or an outline lists
	Left  int     // links, maps or feeds beyond the bounds
}

// A Trouble is why a source could not be read.
type Trouble struct {
	Reason string        // a code: that of a fetch.Error, "http-503", "not-a-source", "malformed", "too-large", "too-deep", "no-links"
	Detail string        // a sentence for a person
	Wait   time.Duration // how long the host asked to be left alone; 0: it did not
}

func (t *Trouble) Error() string { return t.Detail }

// troubled returns a *Trouble whose detail is made of format and args.
func troubled(reason, format string, args ...any) *Trouble {
	return &Trouble{Reason: reason, Detail: fmt.Sprintf(format, args...)}
}

// link returns the link that href is in the document. ok is false for what leads
// to no other page of the web: scripts, data, mail, the document itself; and with
// own for what leads to another site.
func (d *document) link(base *url.URL, href string, own bool) (l Link, ok bool) {
	u, ok := resolve(base, href)
	if !ok || own && u.Host != d.base.Host && fetch.HostOf(u.String()) != d.site {
		return Link{}, false
	}
	l, ok = linkOf(u)
	return l, ok && l.Identity != d.self
}

func linkOf(u *url.URL) (Link, bool) {
	address := u.String()
	identity, err := tracker.Identity(address)
	return Link{URL: address, Identity: identity}, err == nil
}

// address is resolve for where an address is wanted.
func address(base *url.URL, href string) (string, bool) {
	u, ok := resolve(base, href)
	if !ok {
		return "", false
	}
	return u.String(), true
}

// resolve returns where href leads in a document at base, without credentials and
// what says nothing of where it leads.
func resolve(base *url.URL, href string) (*url.URL, bool) {
	href = strings.TrimSpace(href)
	if strings.ContainsFunc(href, unicode.IsControl) {
		href = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) {
				return -1
			}
			return r
		}, href)
	}
	if href == "" || len(href) > maxHref || href[0] == '#' {
		return nil, false
	}
	u, err := base.Parse(href)
	if err != nil || u.Opaque != "" || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, false
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n > 65535 {
			return nil, false
		}
	}
	u.User = nil
	u.Fragment, u.RawFragment = "", ""
	u.RawQuery = withoutTracking(u.RawQuery)
	u.ForceQuery = false
	return u, len(u.String()) <= maxHref
}

func withoutTracking(query string) string {
	if query == "" {
		return ""
	}
	var kept []string
	for pair := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if pair != "" && !extract.Tracking(name) {
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, "&")
}

// title returns a text in one line and not too long.
func title(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
	if len(s) > maxTitle {
		s = strings.ToValidUTF8(s[:maxTitle], "")
	}
	return s
}

// plausible returns a time that a source states, in UTC; one that no publisher
// can mean is none.
func plausible(t time.Time) time.Time {
	if t.Year() < 1990 || t.Year() > 2200 {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Second)
}
