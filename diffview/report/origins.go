package report

import (
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"sync"

	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
)

// The bounds of the work on where the sentences of a text came from.
const (
	originVersions = 200     // how many versions are looked at, the newest
	originBytes    = 4 << 20 // of their texts in all; one is looked at however long it is
	originsKept    = 8 << 20 // bytes of what is remembered
)

// traced is where the sentences of an article's newest text came from.
type traced struct {
	origins *revision.Origins
	story   *extract.Story // the newest text as it is compared
	first   int            // number of the oldest version that was looked at
}

// size is about how many bytes it takes to remember it.
func (t *traced) size() int {
	n := len(t.story.Headline) + len(t.story.Standfirst) + len(t.story.Byline)
	for i := range t.story.Blocks {
		n += len(t.story.Blocks[i].Text) + len(t.story.Blocks[i].Path) + 200 + 80*len(t.origins.Blocks[i])
	}
	return n
}

// A tracedKey is a hash of all that a traced is made from.
type tracedKey [sha256.Size]byte

// keyOf tells the newest versions of an article, up to [originVersions] of them,
// from those it had, or had as another reading of the same captures.
func keyOf(heads []tracker.Version) (k tracedKey) {
	h := sha256.New()
	for _, v := range heads {
		var numbers [16]byte
		binary.BigEndian.PutUint64(numbers[:8], uint64(v.ArticleID))
		binary.BigEndian.PutUint64(numbers[8:], uint64(v.N))
		h.Write(numbers[:])
		h.Write(v.SHA256[:])
		h.Write(v.Key[:])
	}
	h.Sum(k[:0])
	return k
}

// An originCache remembers what was traced last, within [originsKept].
type originCache struct {
	mu     sync.Mutex
	bytes  int
	recent list.List // of remembered; what was asked for last is in front
	byKey  map[tracedKey]*list.Element

	busy chan struct{} // held by who traces: one at a time, so that nobody can have many texts compared at once
}

type remembered struct {
	key   tracedKey
	bytes int
	what  *traced
}

func newOriginCache() *originCache {
	return &originCache{byKey: map[tracedKey]*list.Element{}, busy: make(chan struct{}, 1)}
}

func (c *originCache) get(k tracedKey) *traced {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.byKey[k]
	if e == nil {
		return nil
	}
	c.recent.MoveToFront(e)
	return e.Value.(remembered).what
}

func (c *originCache) put(k tracedKey, t *traced) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := t.size()
	if n > originsKept || c.byKey[k] != nil {
		return
	}
	c.byKey[k] = c.recent.PushFront(remembered{k, n, t})
	for c.bytes += n; c.bytes > originsKept; {
		last := c.recent.Back()
		old := c.recent.Remove(last).(remembered)
		delete(c.byKey, old.key)
		c.bytes -= old.bytes
	}
}

// origins returns where the sentences of an article's newest text came from;
// heads are its newest versions, of which there is one at least.
func (s *site) origins(ctx context.Context, heads []tracker.Version) (*traced, error) {
	key := keyOf(heads)
	if t := s.traced.get(key); t != nil {
		return t, nil
	}
	select {
	case s.traced.busy <- struct{}{}:
		defer func() { <-s.traced.busy }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if t := s.traced.get(key); t != nil { // somebody else was waiting for it too
		return t, nil
	}
	t, err := s.trace(ctx, heads)
	if err != nil {
		return nil, err
	}
	s.traced.put(key, t)
	return t, nil
}

func (s *site) trace(ctx context.Context, heads []tracker.Version) (*traced, error) {
	var stories []*extract.Story
	t := &traced{}
	n := 0
	for i := len(heads) - 1; i >= 0 && len(stories) < originVersions; i-- {
		v, err := s.src.Version(ctx, heads[i].ArticleID, heads[i].N)
		if err != nil {
			return nil, fmt.Errorf("reading version %d of article %d: %w", heads[i].N, heads[i].ArticleID, err)
		}
		story := v.Steady()
		if n += len(story.Body()); n > originBytes && len(stories) > 0 {
			break
		}
		stories = append(stories, story)
		t.first = v.N
	}
	slices.Reverse(stories)
	t.story = stories[len(stories)-1]
	t.origins = revision.TraceOrigins(stories)
	return t, nil
}
