package tracker

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
)

// A CaptureSource has captures.
type CaptureSource interface {
	Capture(ctx context.Context, id int64) (Capture, error)
}

// A Reader reads kept captures as today's extractor and today's site rules do.
type Reader struct {
	Source CaptureSource
	Rules  *extract.Rules // beside those shipped; nil: none
}

// Current returns a version of the article at address as it is read today, so
// that an improvement of ours is never shown as the newspaper's edit. Where its
// capture is kept no more, or holds no article for today's extractor, what was
// read then stands, and its Extractor says so.
func (d Reader) Current(ctx context.Context, address string, v Version) (Version, error) {
	if d.readSo(address, &v) {
		return v, nil
	}
	again, _, err := d.again(ctx, v)
	return again, err
}

// readSo reports whether a version of the article at address was read as it would
// be today.
func (d Reader) readSo(address string, v *Version) bool {
	return v.Extractor == extract.Revision && v.Story.RulesFingerprint() == d.Rules.Fingerprint(address)
}

// again reads a version anew; ok is false where that cannot be done, and the
// version is then as it was. What its second look did not show is loose, as it was when the version was made.
func (d Reader) again(ctx context.Context, v Version) (_ Version, ok bool, err error) {
	c, story, err := d.story(ctx, v.CaptureID)
	if err != nil || story == nil {
		return v, false, wrapped(v, err)
	}
	again := version(c, story, v.N)
	again.CapturedAt, again.RevertsTo, again.SecondID = v.CapturedAt, v.RevertsTo, v.SecondID
	if v.SecondID > 0 {
		_, second, err := d.story(ctx, v.SecondID)
		if err != nil {
			return v, false, wrapped(v, err)
		}
		if second != nil {
			again.settleAs(&v, c, disagreeing(story, second))
		}
	}
	return *again, true, nil
}

// settleAs leaves out of a version that was read anew the blocks that its second
// look did not show, as was done when it was made: a version that two looks made
// never had them, and of one that was seen once they are known to be loose.
func (v *Version) settleAs(was *Version, c *Capture, loose []int) {
	if len(was.Loose) > 0 {
		v.Loose = loose
		v.Key = revision.Key(v.Steady())
		return
	}
	drop := setOf(loose)
	settled := version(c, without(&v.Story, func(i int) bool { return drop[i] }), v.N)
	v.Story, v.SHA256, v.Key, v.Words = settled.Story, settled.SHA256, settled.Key, settled.Words
}

func wrapped(v Version, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("reading version %d again: %w", v.N, err)
}

// story reads a capture; nil where it is kept no more, or holds no article.
func (d Reader) story(ctx context.Context, id int64) (*Capture, *extract.Story, error) {
	c, err := d.Source.Capture(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	c.rules = d.Rules
	story, err := read(&c)
	if err != nil {
		return &c, nil, nil
	}
	return &c, story, nil
}

// Both returns two versions of the article at address as they were read, where
// that was alike, and else as both are read today.
func (d Reader) Both(ctx context.Context, address string, before, after Version) (_, _ Version, err error) {
	if before.ReadLike(after) {
		return before, after, nil
	}
	if before, err = d.Current(ctx, address, before); err != nil {
		return before, after, err
	}
	after, err = d.Current(ctx, address, after)
	return before, after, err
}

// ReadLike reports whether one extractor with the same rules read both versions.
func (v Version) ReadLike(o Version) bool {
	return v.Extractor == o.Extractor && v.Story.RulesFingerprint() == o.Story.RulesFingerprint()
}

// read reads the story of a capture. A fault of the extractor fails this
// article and no other.
func read(c *Capture) (story *extract.Story, err error) {
	defer func() {
		if p := recover(); p != nil {
			c.fault = debug.Stack()
			story, err = nil, &extract.Refusal{Reason: "internal", Detail: internalFault(p).Detail}
		}
	}()
	in := c.Input()
	in.Rules = c.rules
	if c.extractor != nil {
		return c.extractor(in)
	}
	return extract.Read(in)
}
