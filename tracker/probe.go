package tracker

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
)

const (
	probeEvery  = 7 * 24 * time.Hour // how often a host is asked for what it does not have
	probeLength = 8 << 10            // bytes of its answer that are kept

	// A page that stands for a missing article has less than a fifth of its text,
	// and nine in ten of the runs of words that the answer to a made-up address
	// has: one may name the address.
	missingShare = 5
	probeAlike   = 0.9
)

// A Probe is what a host answered to an address that nobody ever published.
type Probe struct {
	Host string    // with its port
	At   time.Time // when it was asked
	Text string    // what was read as an article of the answer, shortened; empty: it was none, as it should be
}

// A Prober keeps probes.
type Prober interface {
	// Probe returns what a host answered; a zero Probe where it was never asked.
	Probe(ctx context.Context, host string) (Probe, error)
	// KeepProbe keeps p for its host in place of what was kept before.
	KeepProbe(ctx context.Context, p Probe) error
}

// notFound reports whether a page that reads like an article is the one that its
// site shows where it has nothing, though it answers 200 and says so in no words
// we know. It has another headline than the newest version and next to no text;
// then its host is asked, once a week, for an address made up on the spot, and
// what it answers must read the same.
func (w *Watcher) notFound(ctx context.Context, c *Capture, newest *Version, story *extract.Story) (verdict, bool, error) {
	words := storyWords(story)
	if missingShare*len(words) >= len(storyWords(&newest.Story)) || extract.Folded(story.Headline) == extract.Folded(newest.Story.Headline) {
		return verdict{}, false, nil
	}
	p, err := w.probe(ctx, c.Final)
	if err != nil || p.Text == "" || shared(words, wordsOf(p.Text)) < probeAlike {
		return verdict{}, false, err
	}
	return missed("soft-404", fmt.Sprintf("%s shows what its site answers to any address that it does not have: %.200q", c.Final, story.Headline)), true, nil
}

// probe returns what the host of an address answers to one that it does not have,
// as it was kept or, where that is a week old, as it answers now. That it could not
// be asked is kept too.
func (w *Watcher) probe(ctx context.Context, address string) (Probe, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return Probe{}, nil
	}
	p, err := w.Store.Probe(ctx, u.Host)
	if err != nil || !p.At.IsZero() && time.Since(p.At) < probeEvery {
		return p, err
	}
	made := url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/" + strings.ToLower(rand.Text())}
	w.Log.DebugContext(ctx, "asking for what is not there", "url", made.String())
	page, err := w.Fetch.Get(ctx, fetch.Request{URL: made.String()})
	if err != nil && ctx.Err() != nil {
		return Probe{}, ctx.Err()
	}
	if _, refused := errors.AsType[*fetch.Error](err); err != nil && !refused {
		return Probe{}, fmt.Errorf("asking %s for what it does not have: %w", u.Host, err)
	}
	p = Probe{Host: u.Host, At: time.Now()}
	if err == nil && page.Status/100 == 2 {
		c := Capture{Page: *page}
		c.rules = w.Rules
		if story, err := read(&c); err == nil {
			text := story.Headline + "\n" + story.Standfirst + "\n" + story.Body()
			p.Text = strings.ToValidUTF8(text[:min(len(text), probeLength)], "")
		}
	}
	return p, w.Store.KeepProbe(context.WithoutCancel(ctx), p)
}
