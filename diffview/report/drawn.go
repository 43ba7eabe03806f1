package report

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"html/template"
	"maps"
	"slices"

	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

// What is kept of what was drawn and compared, in bytes.
const (
	entriesLimit  = 16 << 20
	comparedLimit = 16 << 20
)

// A content is the SHA-256 of all that something is made of.
type content [sha256.Size]byte

// drawn returns the entry of a change that is part of no test of headlines, drawn:
// it is the same for ever for the same change.
func (s *site) drawn(c *tracker.Change) (entry, error) {
	key := contentOfChange(c)
	if e, ok := s.entriesDrawn.get(key); ok {
		return e, nil
	}
	e := newEntry(*c)
	buf := takeBuffer()
	defer giveBuffer(buf)
	if err := templates()["changes"].ExecuteTemplate(buf, "entry", e); err != nil {
		return e, fmt.Errorf("drawing change %d: %w", c.ID, err)
	}
	e.Drawn = template.HTML(buf.String()) // by our own template, which escapes
	s.entriesDrawn.put(key, e, 2*len(e.Drawn)+1024)
	return e, nil
}

// compared returns what lies between two stories.
func (s *site) compared(before, after *extract.Story) *revision.Revision {
	var sum summer
	sum.story(before)
	sum.story(after)
	key := sum.content()
	if rev, ok := s.revisions.get(key); ok {
		return rev
	}
	rev := revision.Compare(before, after)
	s.revisions.put(key, rev, 3*len(sum)+4096)
	return rev
}

// A summer collects all that a content is the hash of, each part so that it cannot
// be taken for another.
type summer []byte

func (b summer) content() content { return sha256.Sum256(b) }

func (b *summer) text(s string) {
	*b = binary.AppendUvarint(*b, uint64(len(s)))
	*b = append(*b, s...)
}

func (b *summer) number(n int64) { *b = binary.AppendVarint(*b, n) }

func (b *summer) spans(list []worddiff.Span) {
	b.number(int64(len(list)))
	for _, s := range list {
		b.text(fmt.Sprint(s.Op, s.Quiet, s.Moved))
		b.text(s.Text)
		b.text(s.Was)
	}
}

func contentOfChange(c *tracker.Change) content {
	b := make(summer, 0, 2048)
	for _, n := range []int64{c.ID, c.ArticleID, int64(c.From), int64(c.To), c.SeenAfter.UnixMilli(), c.SeenBy.UnixMilli(), int64(c.Significance),
		int64(c.WordsAdded), int64(c.WordsRemoved), int64(c.RevertsTo)} {
		b.number(n)
	}
	for _, s := range []string{string(c.Disclosure), c.URL, c.Outlet, c.OldHeadline, c.NewHeadline, c.Lang, c.Summary, c.Proof} {
		b.text(s)
	}
	b.number(int64(len(c.Kinds)))
	for _, k := range c.Kinds {
		b.text(string(k))
	}
	b.number(int64(len(c.Reasons)))
	for _, r := range c.Reasons {
		b.text(r.Code)
		b.number(int64(r.Points))
		b.text(r.Text)
	}
	b.spans(c.Excerpt)
	b.number(int64(len(c.Annotations)))
	for _, n := range c.Annotations {
		b.number(n.ID)
		b.text(n.Label)
		b.text(n.Text)
	}
	return b.content()
}

func (b *summer) story(s *extract.Story) {
	for _, text := range []string{s.Headline, s.Standfirst, s.Byline, s.Lang, s.Site, s.Canonical} {
		b.text(text)
	}
	b.number(s.Published.Unix())
	b.number(s.Modified.Unix())
	b.number(int64(len(s.Sources)))
	for _, field := range slices.Sorted(maps.Keys(s.Sources)) {
		b.text(field)
		b.text(s.Sources[field])
	}
	b.number(int64(len(s.Blocks)))
	for _, block := range s.Blocks {
		for _, text := range []string{string(block.Kind), block.Text, block.End, string(block.Place), block.Path, block.Post} {
			b.text(text)
		}
		b.number(int64(len(block.Links)))
		for _, link := range block.Links {
			b.text(link.Text)
			b.text(link.URL)
		}
	}
}
