package discover

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/fetch"
)

// maxParts is how many sitemaps of an index are read at a poll: those that moved
// on, the newest first, then those that were not read for longest. At a gap of
// five seconds ten take a minute of the host's time.
const maxParts = 10

// parts reads sitemaps of an index and puts their links together. maps is what
// the index names now; nil: it did not change. Trouble with one sitemap leaves
// the others alone; where all fail, it is trouble with the index.
func (p *Poller) parts(ctx context.Context, s *Source, got *sight, maps []Map, now time.Time) error {
	known, err := p.Store.SourceParts(ctx, s.ID)
	if err != nil {
		return fmt.Errorf("looking up the sitemaps of %s: %w", s.URL, err)
	}
	due := s.dueParts(known, maps, now)
	all := &Reading{Kind: KindIndex}
	if got.reading != nil {
		all.Title, all.Left = got.reading.Title, got.reading.Left
	}
	seen := map[string]bool{}
	var trouble *Trouble
	read, failures := 0, 0
	for _, part := range due {
		r, err := p.part(ctx, &part, now)
		if t, ok := errors.AsType[*Trouble](err); ok && ctx.Err() == nil {
			trouble, failures = t, failures+1
			if t.Wait > 0 {
				break
			}
			continue
		}
		if err != nil {
			return err
		}
		read++
		got.parts = append(got.parts, part)
		for _, l := range r.Links {
			if !seen[l.Identity] {
				seen[l.Identity] = true
				all.add(l, maxEntries)
			}
		}
	}
	switch {
	case read == 0 && trouble != nil:
		return trouble
	case failures > 0:
		got.remark = fmt.Sprintf("%d of its sitemaps could not be read: %s", failures, trouble.Detail)
	}
	if got.reading != nil || len(all.Links) > 0 {
		got.reading = all
	}
	return nil
}

// part reads one sitemap of an index. One that did not change has no links.
func (p *Poller) part(ctx context.Context, part *Part, now time.Time) (*Reading, error) {
	page, err := get(ctx, p.Fetch, fetch.Request{URL: part.URL, ETag: part.ETag, LastModified: part.LastModified})
	if err != nil {
		return nil, err
	}
	part.ReadAt = now
	if page.NotModified() {
		return &Reading{}, nil
	}
	r, err := Read(Input{Body: page.Body, ContentType: page.Header.Get("Content-Type"), URL: page.Final, NoPage: true})
	if err != nil {
		return nil, err
	}
	if r.Kind != KindSitemap && r.Kind != KindFeed {
		return nil, troubled("not-a-source", "%s, which an index names, is no sitemap", part.URL)
	}
	part.ETag, part.LastModified = page.Header.Get("ETag"), page.Header.Get("Last-Modified")
	return r, nil
}

// dueParts chooses the sitemaps to be read. maps is what the index names; nil:
// what it named before. One whose time did not move on since it was read is left
// alone, and so is one of old times, unless the source is to give old articles.
func (s *Source) dueParts(known []Part, maps []Map, now time.Time) []Part {
	before := map[string]Part{}
	var named []Map
	for _, part := range known {
		before[part.URL] = part
		named = append(named, Map{URL: part.URL, Updated: part.Updated})
	}
	if maps == nil {
		maps = named
	}
	var due []Part
	for _, m := range maps {
		part := before[m.URL]
		if s.owes(now) {
			part.ReadAt, part.ETag, part.LastModified = time.Time{}, "", ""
		}
		same := !part.ReadAt.IsZero() && !m.Updated.IsZero() && !m.Updated.After(part.Updated)
		old := !s.All && !m.Updated.IsZero() && now.Sub(m.Updated) > oldAfter
		if same || old {
			continue
		}
		part.URL, part.Updated = m.URL, m.Updated
		due = append(due, part)
	}
	slices.SortStableFunc(due, func(a, b Part) int {
		return cmp.Or(b.Updated.Compare(a.Updated), a.ReadAt.Compare(b.ReadAt))
	})
	return due[:min(len(due), maxParts)]
}

func isNotFound(err error) bool { return errors.Is(err, tracker.ErrNotFound) }
