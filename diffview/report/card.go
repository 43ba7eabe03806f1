package report

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"storydiff/diffview"
	"storydiff/tracker"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

// cardSuffix ends the address of the picture of a change.
const cardSuffix = ".png"

// cardRevision is raised with every change of how cards look, so that visitors
// do not keep the old ones.
const cardRevision = 2

// A card is what the picture of a change shows. Its texts are such as the font
// of cards can write: what it has no letters for is left out.
type card struct {
	Outlet     string
	Headline   string
	When       string // "between 10:05 and 10:20 UTC, 1 March 2026"
	Sentence   []worddiff.Span
	Missing    bool // words were left out
	Disclosure revision.Disclosure
	Kinds      string
	Level      revision.Level
	Score      int
}

// card serves the picture of a change, for those who link to it.
func (s *site) card(w http.ResponseWriter, r *http.Request, id int64, a, b int) error {
	c, err := s.changeBetween(r.Context(), id, a, b)
	if err != nil {
		return err
	}
	picture := newCard(c)
	key := picture.key()
	tag := `"` + hex.EncodeToString(key[:12]) + `"`
	h := w.Header()
	h.Set("ETag", tag)
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache")
	}
	if holds(r.Header.Values("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	body, err := s.cards.picture(r.Context(), key, picture)
	if err != nil {
		h.Del("ETag")
		return fmt.Errorf("drawing the card of article %d, versions %d to %d: %w", id, a, b, err)
	}
	h.Set("Content-Type", "image/png")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		w.Write(body) // an error means that the visitor has gone
	}
	return nil
}

// changeBetween returns what lies between two versions, a before b: the change
// that was kept where there is one, which spares comparing them.
func (s *site) changeBetween(ctx context.Context, id int64, a, b int) (tracker.Change, error) {
	if a >= b {
		return tracker.Change{}, errNoPage
	}
	if _, err := s.src.Article(ctx, id); err != nil {
		return tracker.Change{}, fmt.Errorf("reading article %d: %w", id, err)
	}
	if b == a+1 {
		all, err := s.changesOf(ctx, id)
		if err != nil {
			return tracker.Change{}, err
		}
		for _, c := range all {
			if c.From == a && c.To == b && !c.Ours {
				return c, nil
			}
		}
	}
	c, err := s.comparison(ctx, id, a, b)
	if err == nil && len(c.change.Excerpt) == 0 {
		c.change.Excerpt = c.rev.Excerpt
	}
	return c.change, err
}

func newCard(c tracker.Change) card {
	out := card{
		When:       diffview.NewInterval(c.SeenAfter, c.SeenBy, diffview.InWords).String(),
		Disclosure: c.Disclosure,
		Level:      revision.LevelOf(c.Significance),
		Score:      c.Significance,
	}
	fit := func(text string, limit int) string {
		text, ok := writable(cutEnd(text, limit))
		out.Missing = out.Missing || !ok
		return strings.TrimSpace(text)
	}
	var kinds []string
	for _, k := range c.Kinds {
		kinds = append(kinds, spaced(string(k)))
	}
	out.Outlet, out.Headline, out.Kinds = fit(c.Outlet, 200), fit(c.NewHeadline, 300), fit(strings.Join(kinds, ", "), 300)
	for _, span := range cardSentence(c.Excerpt) {
		text, ok := writable(span.Text)
		if !ok {
			out.Sentence, out.Missing = nil, true
			break
		}
		out.Sentence = append(out.Sentence, worddiff.Span{Op: span.Op, Text: text})
	}
	if saysHeadline(c) && len(out.Sentence) > 0 {
		out.Headline = "" // the marked sentence is it
	}
	return out
}

// saysHeadline reports whether the most telling sentence of a change is its headline.
func saysHeadline(c tracker.Change) bool {
	var after strings.Builder
	for _, span := range c.Excerpt {
		after.WriteString(span.New())
	}
	return worddiff.Fingerprint(after.String()) == worddiff.Fingerprint(c.NewHeadline)
}

// The most of a kept and of a changed run of words that a card shows, in runes:
// what was struck must leave room for what came in its place.
const (
	cardKept    = 90
	cardChanged = 130
)

// cardSentence cuts the most telling sentence down to what a card has room for:
// a card shows its beginning, so what stands far before a change goes first.
func cardSentence(spans []worddiff.Span) []worddiff.Span {
	var out []worddiff.Span
	for i, s := range spans[:min(len(spans), spanLimit)] {
		switch {
		case s.Op != worddiff.Equal:
			s.Text = cutEnd(s.Text, cardChanged)
		case i == 0 && len(spans) > 1:
			s.Text = cutStart(s.Text, cardKept)
		case len(s.Text) > 3*cardKept && i < len(spans)-1:
			s.Text = cutEnd(s.Text, cardKept) + " " + cutStart(s.Text, cardKept)
		}
		out = append(out, s)
	}
	return out
}

// writable returns text as the font of cards can write it, on one line; ok is
// false where it lacks a letter for it. Signs that it lacks become a box.
func writable(text string) (out string, ok bool) {
	text = norm.NFC.String(shown(text))
	text = strings.NewReplacer("⟨", "<", "⟩", ">", "\n", " ", "\t", " ", "‧", "").Replace(text)
	ok = true
	out = strings.Map(func(r rune) rune {
		switch {
		case hasGlyph(r):
			return r
		case isLetter(r):
			ok = false
			return -1
		case isSpace(r):
			return ' '
		}
		return '□'
	}, text)
	if !ok {
		return "", false
	}
	return out, true
}

func (c card) key() [32]byte { return sha256.Sum256(fmt.Appendf(nil, "%d %#v", cardRevision, c)) }

// The bounds of drawing: so many cards at a time, and so many kept, of some 30
// kilobytes each.
const (
	cardsAtOnce = 2
	cardsKept   = 200
)

// cards draws pictures, a few at a time, and keeps those drawn last.
type cards struct {
	slots chan struct{}
	mu    sync.Mutex
	kept  map[[32]byte][]byte
	order [][32]byte // of kept, the oldest first
}

func newCards() *cards {
	return &cards{slots: make(chan struct{}, cardsAtOnce), kept: map[[32]byte][]byte{}}
}

// picture returns a card as PNG. It waits its turn, and ctx.Err() ends that.
func (cs *cards) picture(ctx context.Context, key [32]byte, c card) ([]byte, error) {
	if body := cs.get(key); body != nil {
		return body, nil
	}
	select {
	case cs.slots <- struct{}{}:
		defer func() { <-cs.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if body := cs.get(key); body != nil { // another visitor wanted it too
		return body, nil
	}
	body, err := drawCard(c)
	if err != nil {
		return nil, err
	}
	cs.put(key, body)
	return body, nil
}

func (cs *cards) get(key [32]byte) []byte {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	return cs.kept[key]
}

func (cs *cards) put(key [32]byte, body []byte) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if len(cs.order) == cardsKept {
		delete(cs.kept, cs.order[0])
		cs.order = append(cs.order[:0], cs.order[1:]...)
	}
	cs.kept[key], cs.order = body, append(cs.order, key)
}
