package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"
)

// How a robots.txt is kept and asked for.
const (
	robotsAge       = 24 * time.Hour      // how long one holds (RFC 9309 section 2.4)
	robotsGrace     = 30 * 24 * time.Hour // unreadable for so long it counts as absent (section 2.3.1.4)
	robotsRedirects = 5                   // that are followed (section 2.3.1.2)
)

// rules returns the robots.txt of u's origin, from the ledger or from the host.
// Its error is an *Error where nothing of that origin may be asked for.
func (c *Client) rules(ctx context.Context, u *url.URL, b *budget) (*Robots, error) {
	if c.opts.IgnoreRobots {
		return nil, nil
	}
	origin := originOf(u)
	kept, err := c.keptRobots(ctx, origin)
	if err != nil || kept.holds(time.Now()) {
		return c.read.rules(kept), err
	}
	// One asks for all who want to know, which may be every article of the host.
	leave, err := c.readers.enter(ctx, origin)
	if err != nil {
		return nil, err
	}
	defer leave()
	kept, err = c.keptRobots(ctx, origin)
	if err != nil || kept.holds(time.Now()) {
		return c.read.rules(kept), err
	}
	part, stop := b.half()
	defer stop()
	return c.renew(ctx, u, kept, part)
}

func (c *Client) keptRobots(ctx context.Context, origin string) (RobotsFile, error) {
	kept, err := c.opts.Ledger.Robots(ctx, origin)
	if err != nil {
		return RobotsFile{}, fmt.Errorf("looking up the robots.txt of %s: %w", show(origin), err)
	}
	return kept, nil
}

// renew asks for a robots.txt and keeps it. Where it cannot be read, an older
// one stands in, and where there is none either, nothing is allowed.
func (c *Client) renew(ctx context.Context, u *url.URL, kept RobotsFile, b *budget) (*Robots, error) {
	f, err := c.fetchRobots(ctx, u, b)
	if err == nil {
		f.Origin, f.Fetched = originOf(u), time.Now().UTC()
		rules := c.read.rules(f)
		if asked := rules.askedDelay(productOf(c.opts.UserAgent)); asked > maxCrawlDelay {
			// Once a day: that is how often the file is read.
			c.opts.Log.WarnContext(ctx, "Crawl-delay obeyed in part", "origin", f.Origin, "asked", asked, "obeyed", maxCrawlDelay)
		}
		return rules, c.keepRobots(ctx, f)
	}
	if ctx.Err() != nil || refusedReason(errorReason(err)) {
		return nil, err
	}
	if kept.usable() {
		c.opts.Log.WarnContext(ctx, "robots.txt not renewed", "origin", kept.Origin, "fetched", kept.Fetched, "err", err)
		return c.read.rules(kept), nil
	}
	if errorReason(err) != "robots" {
		return nil, err
	}
	return c.unreadable(ctx, u, kept, err)
}

// unreadable notes since when a robots.txt cannot be read, and after robotsGrace
// takes it for absent.
func (c *Client) unreadable(ctx context.Context, u *url.URL, kept RobotsFile, why error) (*Robots, error) {
	now := time.Now().UTC()
	if kept.Fetched.IsZero() {
		if err := c.keepRobots(ctx, RobotsFile{Origin: originOf(u), Fetched: now}); err != nil {
			return nil, err
		}
	} else if now.Sub(kept.Fetched) > robotsGrace {
		return nil, nil
	}
	return nil, why
}

func (c *Client) keepRobots(ctx context.Context, f RobotsFile) error {
	if err := c.opts.Ledger.KeepRobots(ctx, f); err != nil {
		return fmt.Errorf("keeping the robots.txt of %s: %w", show(f.Origin), err)
	}
	return nil
}

// fetchRobots asks for the robots.txt of u's origin. A RobotsFile says what may
// be fetched; the error is an *Error: with the reason "robots" where the file
// could not be read, with another where the host itself could not be asked.
func (c *Client) fetchRobots(ctx context.Context, u *url.URL, b *budget) (RobotsFile, error) {
	at := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	for hops := 0; ; hops++ {
		a, err := c.exchange(ctx, c.robotsQuestion(at), b)
		if err != nil {
			return RobotsFile{}, robotsTrouble(u, hops, err)
		}
		if a.status == 429 || a.status >= 500 {
			return RobotsFile{}, robotsStatus(u, a)
		}
		if !redirects(a.status, a.header) {
			return readRobots(u, a)
		}
		next, err := target(at, a.header.Get("Location"))
		if err != nil || hops == robotsRedirects {
			return RobotsFile{Status: a.status}, nil // as if there were none (section 2.3.1.2)
		}
		at = next
	}
}

// robotsQuestion asks for a robots.txt. What the file says of a delay holds for
// the request after it.
func (c *Client) robotsQuestion(at *url.URL) question {
	return question{
		url:    at,
		limits: limits{wire: MaxRobots, body: MaxRobots},
		gap: func(a *answer) time.Duration {
			if a == nil || a.status/100 != 2 {
				return c.opts.HostDelay
			}
			return max(c.opts.HostDelay, ParseRobots(a.body).CrawlDelay(productOf(c.opts.UserAgent)))
		},
	}
}

// readRobots takes a final answer that is no trouble. One that is too long is
// cut; one that broke off is not used, for its end may forbid what is wanted.
func readRobots(u *url.URL, a *answer) (RobotsFile, error) {
	if a.status/100 != 2 {
		return RobotsFile{Status: a.status}, nil
	}
	switch errorReason(a.broken) {
	case "", "too-large":
		return RobotsFile{Status: a.status, Body: a.body}, nil
	case "timeout":
		return RobotsFile{}, a.broken
	}
	return RobotsFile{}, robotsUnread(u, a.broken)
}

// robotsTrouble tells trouble with the host, which the page would meet as well
// and which is returned as it is, from trouble with its robots.txt alone.
func robotsTrouble(u *url.URL, hops int, err error) error {
	switch errorReason(err) {
	case "private-address", "bad-port", "": // and trouble with the ledger
		return err
	case "rate-limited", "dns", "network", "tls", "timeout":
		if hops == 0 {
			return err
		}
	}
	return robotsUnread(u, err)
}

// robotsStatus is the error of a robots.txt that the server will not give now.
func robotsStatus(u *url.URL, a *answer) error {
	if a.retry > 0 {
		return rateLimited(hostOf(u), a.retry, "as it asked (Retry-After)")
	}
	return fail("robots", nil, "the robots.txt of %s could not be read (it answered %d), so nothing there is fetched; --ignore-robots does without it", show(u.Host), a.status)
}

func robotsUnread(u *url.URL, err error) error {
	return fail("robots", err, "the robots.txt of %s could not be read, so nothing there is fetched: %s", show(u.Host), err)
}

// errorReason returns the reason of an *Error, and nothing of another error.
func errorReason(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Reason
	}
	return ""
}

// usable reports whether f says what may be fetched, however old it is.
func (f RobotsFile) usable() bool {
	return f.Status >= 200 && f.Status < 500 && f.Status != 429
}

// holds reports whether f says so still. One from the future does not: the clock
// was changed.
func (f RobotsFile) holds(now time.Time) bool {
	age := now.Sub(f.Fetched)
	return f.usable() && age >= 0 && age < robotsAge
}

// rules reads f. An answer that was not 2xx forbids nothing (RFC 9309 section
// 2.3.1.3).
func (f RobotsFile) rules() *Robots {
	if f.Status/100 != 2 {
		return nil
	}
	return ParseRobots(f.Body)
}

// maxRead is how many files are remembered as read, before all are forgotten.
const maxRead = 256

// ReadRobotsFiles are robots.txt files as they were read last, so that a long
// one is not read anew for every page. The zero value is ready.
type readRobotsFiles struct {
	mu       sync.Mutex
	byOrigin map[string]readRobotsFile
}

type readRobotsFile struct {
	fetched time.Time
	rules   *Robots
}

// rules is f.rules, read once.
func (r *readRobotsFiles) rules(f RobotsFile) *Robots {
	if f.Origin == "" {
		return f.rules()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if known, ok := r.byOrigin[f.Origin]; ok && known.fetched.Equal(f.Fetched) {
		return known.rules
	}
	if r.byOrigin == nil || len(r.byOrigin) >= maxRead {
		r.byOrigin = make(map[string]readRobotsFile)
	}
	rules := f.rules()
	r.byOrigin[f.Origin] = readRobotsFile{f.Fetched, rules}
	return rules
}
