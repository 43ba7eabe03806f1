package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"storydiff/diffview"
	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
)

// address examines one address, from its name to what would be done with it.
func (d *doctor) address(ctx context.Context, address string) error {
	story, err := newArticle(address, nil, "")
	if err != nil {
		d.say("address", ill, err.Error(), "")
		return nil
	}
	d.lookUp(ctx, story.URL)
	page, err := d.fetch(ctx, story.URL)
	if page == nil || err != nil {
		return err
	}
	d.date(page)
	read := d.explain(page)
	return d.schedule(ctx, &story, read)
}

// lookUpTime bounds how long a name is looked up.
const lookUpTime = 10 * time.Second

// lookUp says what addresses the host has.
func (d *doctor) lookUp(ctx context.Context, address string) {
	u, err := url.Parse(address)
	if err != nil {
		return // it was understood a moment ago
	}
	host := u.Hostname()
	if net.ParseIP(host) != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lookUpTime)
	defer cancel()
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		d.say("name", ill, fmt.Sprintf("%s cannot be looked up: %v", host, cause(err)), "is the name right, and is there a network?")
		return
	}
	const shown = 4
	var all []string
	for _, ip := range found[:min(len(found), shown)] {
		all = append(all, ip.Unmap().String())
	}
	d.say("name", well, fmt.Sprintf("%s is %s", host, strings.Join(all, ", ")), "")
}

// fetch gets the page as a check does, and says how that went; nil: there is none.
func (d *doctor) fetch(ctx context.Context, address string) (*fetch.Page, error) {
	log, err := d.app.logger(slog.LevelWarn)
	if err != nil {
		return nil, err
	}
	var ledger fetch.Ledger
	if d.db != nil {
		ledger = d.db
		if err := freeDead(ctx, d.db); err != nil {
			return nil, err
		}
	}
	page, err := d.net.client(ledger, log).Get(ctx, fetch.Request{URL: address})
	if failure, ok := errors.AsType[*fetch.Error](err); ok && ctx.Err() == nil {
		d.say("page", ill, failure.Detail, fetchAdvice(failure.Reason))
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	took := page.Ended.Sub(page.Began).Round(time.Millisecond)
	if !d.net.ignoreRobots {
		d.say("robots.txt", well, "it lets this address be fetched", "")
	}
	switch n := len(page.Hops); {
	case n == 0:
	case lasting(page.Hops):
		d.say("redirects", doubt, fmt.Sprintf("%s leads to %s for good", address, page.Final), "track that address")
	default:
		d.say("redirects", well, fmt.Sprintf("%s leads to %s over %s", address, page.Final, diffview.Count(n, "redirect")), "")
	}
	if page.Status != http.StatusOK {
		d.say("page", ill, fmt.Sprintf("the server answered %d %s, so a check takes it for no article", page.Status, http.StatusText(page.Status)), "does a browser show it without a login?")
		return nil, nil
	}
	d.say("page", well, fmt.Sprintf("%s came over %s in %v", bytesText(int64(len(page.Body))), page.Proto, took), "")
	return page, nil
}

// lasting reports whether all redirects are permanent ones.
func lasting(hops []fetch.Hop) bool {
	for _, h := range hops {
		if h.Status != http.StatusMovedPermanently && h.Status != http.StatusPermanentRedirect {
			return false
		}
	}
	return true
}

// fetchAdvice says what can be done about a page that did not come.
func fetchAdvice(reason string) string {
	switch reason {
	case "robots":
		return "its publisher does not want it fetched; ask them, or use --ignore-robots where you may"
	case "rate-limited":
		return "wait until then"
	case "dns":
		return "is the name right, and is there a network?"
	case "network", "timeout":
		return "does a browser on this machine reach it?"
	case "tls":
		return "is the clock right, and are the certificates of this machine up to date?"
	case "too-large":
		return "--max-body lets it be larger"
	}
	return ""
}

// clockSkew is how far the clock and that of a server may be apart: changes are
// told to the minute.
const clockSkew = 2 * time.Minute

// date holds our clock against the server's. An answer of a cache is as old as it
// says, and may be older; that of a server is of now.
func (d *doctor) date(page *fetch.Page) {
	sent, err := http.ParseTime(page.Header.Get("Date"))
	if err != nil {
		return
	}
	if age, err := strconv.Atoi(page.Header.Get("Age")); err == nil && age > 0 && age < 1<<24 {
		sent = sent.Add(time.Duration(age) * time.Second)
	}
	switch ahead := page.Ended.Sub(sent); {
	case ahead < -clockSkew:
		d.say("clock", ill, fmt.Sprintf("it is behind that of the server by %v", (-ahead).Round(time.Second)), "set it: the times of all that is seen are taken from it")
	case ahead > clockSkew:
		d.say("clock", doubt, fmt.Sprintf("it is ahead of the answer by %v", ahead.Round(time.Second)), "set it, unless the answer came out of a cache")
	default:
		d.say("clock", well, "it agrees with that of the server", "")
	}
}

// explain says what is read of the page; nil: no article.
func (d *doctor) explain(page *fetch.Page) *extract.Story {
	in := (&tracker.Capture{Page: *page}).Input()
	in.Rules = d.read.rules
	e, err := extract.Explain(in)
	refusal, refused := errors.AsType[*extract.Refusal](err)
	switch {
	case err == nil && e.Refusal != nil:
		refusal, refused = e.Refusal, true
	case err != nil && !refused:
		d.say("article", ill, err.Error(), "")
		return nil
	}
	if refused {
		d.say("article", ill, fmt.Sprintf("the page is not read as one (%s): %s", refusal.Reason, refusal.Detail), "storydiff explain URL shows what is read as what")
		return nil
	}
	words := len(strings.Fields(e.Story.Body()))
	d.say("article", well, fmt.Sprintf("“%s”, %s in %s", e.Story.Headline, diffview.Count(words, "word"), diffview.Count(len(e.Story.Blocks), "block")), "")
	return e.Story
}

// schedule says when the article is or would be looked at.
func (d *doctor) schedule(ctx context.Context, n *storage.NewArticle, read *extract.Story) error {
	if d.db != nil {
		found, err := d.db.ArticleByIdentity(ctx, n.Identity)
		switch {
		case err == nil && found.RemovedAt.IsZero():
			rows := looksToCome([]tracker.Article{found}, tracker.Schedule{}, 1)
			if len(rows) == 0 {
				d.say("schedule", doubt, fmt.Sprintf("it is article %d, and %s, so nobody looks at it", found.ID, found.State), "storydiff resume takes it up again")
				return nil
			}
			d.say("schedule", well, fmt.Sprintf("it is article %d, to be looked at from %s on: %s", found.ID, when(rows[0].At), rows[0].Why), "")
			return nil
		case err != nil && !errors.Is(err, tracker.ErrNotFound):
			return err
		}
	}
	if read == nil {
		return nil
	}
	now := time.Now()
	would := tracker.Article{State: tracker.Active, AddedAt: now, Published: read.Published, Versions: 1, LastCheck: now, LastOutcome: tracker.OutcomeNew}
	at, why := tracker.Schedule{}.Next(would, now)
	d.say("schedule", well, fmt.Sprintf("it is not tracked; once it is, it is looked at again after about %v: %s", at.Sub(now).Round(time.Minute), why), "storydiff add URL tracks it")
	return nil
}
