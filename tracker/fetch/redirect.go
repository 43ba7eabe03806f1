package fetch

import (
	"context"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"time"

	"golang.org/x/net/publicsuffix"
)

// follow gets u and what it redirects to.
//
// Each hop is a fetch of its own as far as its host is concerned: its address is
// checked, its robots.txt asked, its turn waited for. Cookies live as long as
// the chain, for sites that set one and send the visitor round again.
func (c *Client) follow(ctx context.Context, u *url.URL, r Request) (*Page, error) {
	jar, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	if err != nil {
		return nil, err
	}
	page := &Page{URL: u.String()}
	b := &budget{c.opts.Timeout, r.Pressing}
	been := make(map[string]bool) // addresses with the cookies sent there
	for {
		header := cookieHeader(jar, u)
		state := u.String() + "\n" + header.Get("Cookie")
		if been[state] {
			return nil, fail("redirect-loop", nil, "%s redirects in a circle, back to %s", show(page.URL), show(u.String()))
		}
		been[state] = true
		addValidators(header, u, r)
		if r.NoCache {
			header.Set("Cache-Control", "no-cache")
		}
		a, err := c.visit(ctx, u, header, b)
		if err != nil {
			return nil, err
		}
		if page.Began.IsZero() {
			page.Began = a.began
		}
		if !redirects(a.status, a.header) {
			return page.finish(ctx, u, a)
		}
		jar.SetCookies(u, (&http.Response{Header: a.header}).Cookies())
		if u, err = c.hop(page, u, a); err != nil {
			return nil, err
		}
	}
}

// hop records a redirect and returns where it leads.
func (c *Client) hop(page *Page, u *url.URL, a *answer) (*url.URL, error) {
	next, err := target(u, a.header.Get("Location"))
	if err != nil {
		return nil, err
	}
	if len(page.Hops) == c.opts.MaxRedirects {
		return nil, fail("redirect-loop", nil, "%s redirects more than %d times, at last to %s", show(page.URL), c.opts.MaxRedirects, show(next.String()))
	}
	page.Hops = append(page.Hops, Hop{URL: u.String(), Status: a.status, Location: next.String()})
	return next, nil
}

// visit asks for u if its robots.txt allows it.
func (c *Client) visit(ctx context.Context, u *url.URL, header http.Header, b *budget) (*answer, error) {
	if err := c.guard.checkAddress(u); err != nil {
		return nil, err
	}
	if err := c.introduced(u); err != nil {
		return nil, err
	}
	rules, err := c.rules(ctx, u, b)
	if err != nil {
		return nil, err
	}
	product := productOf(c.opts.UserAgent)
	if !rules.Allowed(product, u.RequestURI()) {
		return nil, fail("robots", nil, "the robots.txt of %s does not let %s fetch %s; --ignore-robots does", show(u.Host), show(product), show(u.String()))
	}
	gap := max(c.opts.HostDelay, rules.CrawlDelay(product))
	return c.exchange(ctx, question{
		url:    u,
		header: header,
		limits: limits{wire: c.opts.MaxWire, body: c.opts.MaxBody},
		gap:    func(*answer) time.Duration { return gap },
	}, b)
}

// finish fills in the final answer. A body that is not whole is an error where
// the answer was to be the page; of any other answer the status is what counts.
func (p *Page) finish(ctx context.Context, u *url.URL, a *answer) (*Page, error) {
	if a.broken != nil && (a.status/100 == 2 || ctx.Err() != nil) {
		return nil, a.broken
	}
	p.Final, p.Status, p.Proto, p.Header = u.String(), a.status, a.proto, a.header
	p.Wire, p.Body, p.Ended = a.wire, a.body, a.ended
	return p, nil
}

// redirects reports whether an answer sends the client elsewhere. Without a
// Location it does not, and 304 and 305 never do.
func redirects(status int, h http.Header) bool {
	switch status {
	case http.StatusMultipleChoices, http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return h.Get("Location") != ""
	}
	return false
}

// target returns where a Location seen at u points.
func target(u *url.URL, location string) (*url.URL, error) {
	if len(location) > maxAddress {
		return nil, fail("bad-address", nil, "%s redirects to an address longer than %d bytes", show(u.String()), maxAddress)
	}
	next, err := u.Parse(location)
	if err != nil {
		return nil, fail("bad-address", nil, "%s redirects to %s, which is no address", show(u.String()), showRaw(location))
	}
	next, err = cleanAddress(next)
	if e, ok := errors.AsType[*Error](err); ok {
		return nil, fail(e.Reason, nil, "%s redirects to what cannot be fetched: %s", show(u.String()), e.Detail)
	}
	return next, nil
}

// cookieHeader returns a header with the cookies for u, empty where there are
// none.
func cookieHeader(jar http.CookieJar, u *url.URL) http.Header {
	req := http.Request{Header: make(http.Header)}
	for _, cookie := range jar.Cookies(u) {
		req.AddCookie(cookie)
	}
	return req.Header
}

// addValidators makes a request for u conditional if u is what was asked for, of
// which the validators are: where a redirect leads today could truthfully say
// "not modified" of itself.
func addValidators(h http.Header, u *url.URL, r Request) {
	if of, err := parseAddress(r.URL); err != nil || of.String() != u.String() {
		return
	}
	if r.ETag != "" {
		h.Set("If-None-Match", r.ETag)
	}
	if r.LastModified != "" {
		h.Set("If-Modified-Since", r.LastModified)
	}
}
