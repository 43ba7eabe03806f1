package storage

import (
	"context"
	"slices"

	"storydiff/tracker"
)

const (
	// hitsPerPage is how many articles a page of hits has, unless it is said.
	hitsPerPage = 20
	// costLimit bounds what a question can cost, however it is put, in passages that
	// are read one after the other: about 20 ms.
	costLimit = 20_000
	// firstRead is how many passages are read in the first go, and mostRead in one.
	firstRead, mostRead = 256, 4_096
	// oneTurn is what it costs to look up when something came or went.
	oneTurn = 20
	// mostWeighed is how many hits are looked at closely at a time.
	mostWeighed = 64
)

// Search returns the articles in which all that is looked for stood in one version
// at least, those that were taken up last first, or of the newest [bestOf] of them
// the best first; those that were removed are among them, as history is. However
// common the words are, it looks at no more than costs about 20 ms, and says where
// to go on. A [search.Refusal] says why a question cannot be answered.
func (db *DB) Search(ctx context.Context, q tracker.SearchQuery) (tracker.SearchResult, error) {
	return db.searchWithin(ctx, q, costLimit)
}

// searchWithin is Search at about so much cost.
func (db *DB) searchWithin(ctx context.Context, q tracker.SearchQuery, limit int) (tracker.SearchResult, error) {
	if q.Limit <= 0 {
		q.Limit = hitsPerPage
	}
	s := &searching{db: db, q: q, most: q.Limit, limit: limit}
	if q.Best {
		s.most, s.limit = bestOf, limit/2 // the rest is for reading them
	}
	err := s.run(ctx)
	if err == nil {
		s.result.Hits, err = db.describe(ctx, s.hits, q)
	}
	if err != nil {
		return tracker.SearchResult{}, failed(err, "searching")
	}
	if q.Best {
		s.rank()
	}
	return s.result, nil
}

// A searching is a question on its way through the index, from the articles that
// were taken up last to the first ones.
type searching struct {
	db     *DB
	q      tracker.SearchQuery
	terms  []*expression // all stand in the same version; the rarest is first
	not    []*expression // what must never have stood
	most   int           // hits to be found
	cost   int
	limit  int // of cost, after which no more is looked at
	hits   []*hit
	result tracker.SearchResult
}

func (s *searching) run(ctx context.Context) (err error) {
	if s.result.Unread, err = s.db.Unsearched(ctx); err != nil {
		return err
	}
	if ok, err := s.prepare(ctx); err != nil || !ok {
		return err
	}
	next := s.q.Before
	if next == 0 {
		next = s.terms[0].newest[0]>>passageBits + 1
	}
	for rows := firstRead; next > 0; rows = min(2*rows, mostRead) {
		var c candidates
		if c, next, err = s.window(ctx, next, rows); err != nil {
			return err
		}
		if done, err := s.settle(ctx, c); err != nil || done {
			return err
		}
		if s.cost >= s.limit && next > 0 {
			s.stop(next)
			return nil
		}
	}
	return nil
}

// window returns the next articles that have the rarest term, the newest of those
// below one, and the article below which it goes on; 0: nowhere.
func (s *searching) window(ctx context.Context, below int64, rows int) (c candidates, next int64, err error) {
	e := s.terms[0]
	high, _ := passagesOf(below)
	c, e.read, err = s.articlesIn(ctx, e, 0, high-1, rows)
	if e.read == rows {
		next = c[len(c)-1]
	}
	return c, next, err
}

// stop has the page end below an article, before all was looked through.
func (s *searching) stop(next int64) { s.result.Next, s.result.Short = next, len(s.hits) < s.most }

// settle makes hits of candidates; done says that there are enough, or that they
// have cost enough.
func (s *searching) settle(ctx context.Context, c candidates) (done bool, err error) {
	for i, e := range slices.Concat(s.terms[1:], s.not) {
		if len(c) == 0 {
			return false, nil
		}
		found, err := s.has(ctx, e, c)
		if err != nil {
			return false, err
		}
		c = c.only(found, i < len(s.terms)-1)
	}
	for len(c) > 0 {
		n := min(len(c), mostWeighed)
		if !s.filters() {
			n = min(n, s.most-len(s.hits)+1) // the one too many tells that there are more
		}
		hits, err := s.weigh(ctx, c[:n])
		if err != nil {
			return false, err
		}
		for _, h := range hits {
			if len(s.hits) == s.most {
				s.result.Next = s.hits[s.most-1].article
				return true, nil
			}
			s.hits = append(s.hits, h)
		}
		if s.cost >= s.limit && n < len(c) {
			s.stop(c[n-1])
			return true, nil
		}
		c = c[n:]
	}
	return false, nil
}

// filters reports whether not all that has the words is a hit.
func (s *searching) filters() bool {
	return s.q.Removed || !s.q.Since.IsZero() || !s.q.Until.IsZero()
}

// weigh returns those of the candidates that are hits.
func (s *searching) weigh(ctx context.Context, c candidates) ([]*hit, error) {
	var hits []*hit
	for i, e := range s.terms {
		also, err := s.standsIn(ctx, e, c)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			for _, id := range c {
				hits = append(hits, &hit{article: id, stands: also[id]})
			}
			continue
		}
		for _, h := range hits {
			h.stands = both(h.stands, also[h.article])
		}
	}
	hits = slices.DeleteFunc(hits, func(h *hit) bool {
		return len(h.stands) == 0 || s.q.Removed && h.stands[len(h.stands)-1].last == 0
	})
	if len(hits) == 0 || !s.filters() {
		return hits, nil
	}
	if err := s.db.addTurns(ctx, hits); err != nil {
		return nil, err
	}
	for _, h := range hits {
		s.cost += oneTurn * len(h.turns)
	}
	return slices.DeleteFunc(hits, func(h *hit) bool { return !s.wanted(h) }), nil
}

// wanted holds the times of a hit against those asked for.
func (s *searching) wanted(h *hit) bool {
	within := func(t tracker.Turn) bool {
		return !t.By.IsZero() && !t.By.Before(s.q.Since) && (s.q.Until.IsZero() || t.By.Before(s.q.Until))
	}
	if s.q.Removed {
		went := h.turns[h.stands[len(h.stands)-1].last+1]
		return !went.Ours && within(went)
	}
	return slices.ContainsFunc(h.stands, func(v stand) bool {
		return within(h.turns[v.first]) || v.last > 0 && within(h.turns[v.last+1])
	})
}
