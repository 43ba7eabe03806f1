package discover

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
)

const (
	maxTries   = 3  // feeds that a page names, sitemaps that a robots.txt does: how many are tried
	enoughNews = 5  // links that make a front page worth reading in place of a sitemap of all pages
	maxOffers  = 20 // that are told of
)

// usualPaths are where sites keep a feed that they do not name, the most usual
// first. Each costs a request.
var usualPaths = [...]string{"/feed", "/rss.xml", "/feed.xml", "/atom.xml", "/rss"}

// A Finder finds the source that serves a site or a section best.
type Finder struct {
	Fetch Getter
	// Known returns the addresses on a host that proved to be articles, and those
	// that proved to be none; see Store.
	Known func(ctx context.Context, host string) (articles, others []string, err error)
}

// Found is a source that was found, as it was read.
type Found struct {
	URL     string // to be polled
	Page    *fetch.Page
	Reading *Reading
	Others  []Offer // that are there as well, twenty at most
	How     string  // a sentence: what was found and what was taken; empty: the address is the source itself
}

// Find reads the document at an address. Where that is a page, it looks for the
// feed or news sitemap that the page or its site names, and at the usual paths
// for a feed, if the page is the front of a site; failing that the page itself is
// the source. It makes at most a dozen requests to the host, each in its turn.
//
// The error is a *[Trouble] where there is nothing to be read, or that of ctx or
// of Known.
func (f *Finder) Find(ctx context.Context, address string) (*Found, error) {
	page, err := get(ctx, f.Fetch, fetch.Request{URL: address})
	if err != nil {
		return nil, err
	}
	in := Input{Body: page.Body, ContentType: page.Header.Get("Content-Type"), URL: page.Final}
	if in.Articles, in.Others, err = f.Known(ctx, fetch.HostOf(page.Final)); err != nil {
		return nil, fmt.Errorf("looking up what is known of %s: %w", address, err)
	}
	r, err := Read(in)
	if err != nil {
		return nil, err
	}
	here := &Found{URL: settled(page), Page: page, Reading: r}
	switch r.Kind {
	case KindOutline:
		_, err := read(in)
		return nil, err
	case KindFront:
		return f.behind(ctx, here)
	}
	return here, nil
}

// settled returns the address to poll from now on: where redirects led that are
// for good, else what was asked for.
func settled(page *fetch.Page) string {
	for _, hop := range page.Hops {
		if hop.Status != http.StatusMovedPermanently && hop.Status != http.StatusPermanentRedirect {
			return page.URL
		}
	}
	return page.Final
}

// behind looks for what is better than the page itself.
func (f *Finder) behind(ctx context.Context, page *Found) (*Found, error) {
	at, err := url.Parse(page.Page.Final)
	if err != nil {
		return nil, troubled("malformed", "%s is no address", page.URL)
	}
	named := slices.DeleteFunc(slices.Clone(page.Reading.Feeds), ofComments)
	root := strings.Trim(at.Path, "/") == ""
	own, others := named, []Offer(nil)
	if !root {
		own, others = ofSection(at, named)
	}
	q := &quest{Finder: f, page: page, offers: named}
	found, err := q.try(ctx, own, fmt.Sprintf("%s names %s", page.URL, counted(len(named), "feed")))
	if found != nil || err != nil {
		return found, err
	}
	if root {
		if found, err := q.elsewhere(ctx, at); found != nil || err != nil {
			return found, err
		}
	}
	if len(page.Reading.Links) == 0 {
		return nil, troubled("no-links", "%s names no feed that can be read, and shows no links to articles of its site", page.URL)
	}
	page.Others = others[:min(len(others), maxOffers)]
	page.How = fmt.Sprintf("%s names no feed of its own: the page itself is read, which shows %s", page.URL, counted(len(page.Reading.Links), "article"))
	if len(others) > 0 {
		page.How += fmt.Sprintf("; the feed %s of its site can be added, too", others[0].URL)
	}
	return page, nil
}

// ofComments reports whether a feed is one of readers' comments.
func ofComments(o Offer) bool {
	said := strings.ToLower(o.URL + " " + o.Title)
	return strings.Contains(said, "comment") || strings.Contains(said, "kommentar")
}

// ofSection parts the feeds that a section's page names into those that speak of
// the section and those that do not.
func ofSection(at *url.URL, feeds []Offer) (own, others []Offer) {
	last := path.Base(strings.TrimRight(at.Path, "/"))
	name := extract.Folded(strings.TrimSuffix(last, path.Ext(last)))
	for _, o := range feeds {
		if name != "" && strings.Contains(extract.Folded(o.URL+" "+o.Title), name) {
			own = append(own, o)
		} else {
			others = append(others, o)
		}
	}
	return own, others
}

// A quest is the search behind one page.
type quest struct {
	*Finder
	page   *Found
	offers []Offer // found so far
}

// elsewhere looks where a site's front page does not say: in its robots.txt and
// at the usual paths.
func (q *quest) elsewhere(ctx context.Context, at *url.URL) (*Found, error) {
	maps, err := q.robots(ctx, at)
	if err != nil {
		return nil, err
	}
	var news, rest []Offer
	for _, o := range maps {
		if strings.Contains(strings.ToLower(o.URL), "news") {
			news = append(news, o)
		} else {
			rest = append(rest, o)
		}
	}
	q.offers = append(q.offers, maps...)
	found, err := q.try(ctx, news, fmt.Sprintf("%s names no feed, and the robots.txt of its site %s", q.page.URL, counted(len(maps), "sitemap")))
	if found != nil || err != nil {
		return found, err
	}
	for _, usualPath := range usualPaths {
		usual := Offer{URL: at.ResolveReference(&url.URL{Path: usualPath}).String()}
		if slices.ContainsFunc(q.offers, func(o Offer) bool { return o.URL == usual.URL }) {
			continue
		}
		found, err := q.try(ctx, []Offer{usual}, fmt.Sprintf("%s names no feed that can be read, and one was found where many sites have it", q.page.URL))
		if found != nil || err != nil {
			return found, err
		}
	}
	if len(q.page.Reading.Links) >= enoughNews {
		return nil, nil
	}
	return q.try(ctx, rest, fmt.Sprintf("%s names no feed, and the robots.txt of its site %s", q.page.URL, counted(len(maps), "sitemap")))
}

// robots returns the sitemaps that a robots.txt names.
func (q *quest) robots(ctx context.Context, at *url.URL) ([]Offer, error) {
	file := at.ResolveReference(&url.URL{Path: "/robots.txt"})
	page, err := get(ctx, q.Fetch, fetch.Request{URL: file.String()})
	if _, ok := errors.AsType[*Trouble](err); ok && ctx.Err() == nil {
		return nil, nil // most sites that have none say 404
	}
	if err != nil {
		return nil, err
	}
	var maps []Offer
	text := extract.Decode(page.Body[:min(len(page.Body), fetch.MaxRobots)], page.Header.Get("Content-Type"))
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(line, ":")
		if !strings.EqualFold(strings.TrimSpace(name), "sitemap") || len(maps) == maxOffers {
			continue
		}
		if to, ok := address(file, value); ok && fetch.HostOf(to) == fetch.HostOf(q.page.Page.Final) {
			maps = append(maps, Offer{URL: to})
		}
	}
	return maps, nil
}

// try reads offers until one can be read and shows something. nil: none does.
func (q *quest) try(ctx context.Context, offers []Offer, how string) (*Found, error) {
	for _, o := range offers[:min(len(offers), maxTries)] {
		page, err := get(ctx, q.Fetch, fetch.Request{URL: o.URL})
		var r *Reading
		if err == nil {
			r, err = Read(Input{Body: page.Body, ContentType: page.Header.Get("Content-Type"), URL: page.Final, NoPage: true})
		}
		if _, ok := errors.AsType[*Trouble](err); ok && ctx.Err() == nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		if r.Kind == KindOutline || len(r.Links)+len(r.Maps) == 0 {
			continue
		}
		found := &Found{URL: settled(page), Page: page, Reading: r}
		for _, other := range q.offers {
			if other.URL != o.URL && len(found.Others) < maxOffers {
				found.Others = append(found.Others, other)
			}
		}
		found.How = fmt.Sprintf("%s: the %s %s was taken", how, r.Kind, found.URL)
		if n := len(found.Others); n > 0 {
			found.How += fmt.Sprintf("; also there: %s", listed(found.Others))
		}
		return found, nil
	}
	return nil, nil
}

// listed names the first few of offers.
func listed(offers []Offer) string {
	const few = 3
	var names []string
	for _, o := range offers[:min(len(offers), few)] {
		names = append(names, o.URL)
	}
	said := strings.Join(names, ", ")
	if more := len(offers) - few; more > 0 {
		said += fmt.Sprintf(" and %d more", more)
	}
	return said
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
