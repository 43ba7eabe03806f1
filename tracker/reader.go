package tracker

import (
	"context"
	"errors"
	"fmt"

	"storydiff/tracker/extract"
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
	if v.Extractor == extract.Revision && v.Story.RulesFingerprint() == d.Rules.Fingerprint(address) {
		return v, nil
	}
	c, err := d.Source.Capture(ctx, v.CaptureID)
	if errors.Is(err, ErrNotFound) {
		return v, nil
	}
	if err != nil {
		return v, fmt.Errorf("reading version %d again: %w", v.N, err)
	}
	c.rules = d.Rules
	story, err := read(&c)
	if err != nil {
		return v, nil
	}
	return *v.readAs(&c, story), nil
}

// Both returns two versions of the article at address as they were read, where
// that was alike, and else as both are read today.
func (d Reader) Both(ctx context.Context, address string, before, after Version) (_, _ Version, err error) {
	if before.readLike(after) {
		return before, after, nil
	}
	if before, err = d.Current(ctx, address, before); err != nil {
		return before, after, err
	}
	after, err = d.Current(ctx, address, after)
	return before, after, err
}

// readLike reports whether one extractor with the same rules read both versions.
func (v Version) readLike(o Version) bool {
	return v.Extractor == o.Extractor && v.Story.RulesFingerprint() == o.Story.RulesFingerprint()
}

// readAs is a version whose capture was read anew.
func (v Version) readAs(c *Capture, story *extract.Story) *Version {
	again := version(c, story, v.N)
	again.CapturedAt, again.RevertsTo = v.CapturedAt, v.RevertsTo
	return again
}

// read reads the story of a capture. A fault of the extractor fails this
// article and no other.
func read(c *Capture) (story *extract.Story, err error) {
	defer func() {
		if p := recover(); p != nil {
			story, err = nil, &extract.Refusal{Reason: "internal", Detail: internalFault(p).Detail}
		}
	}()
	return extract.Read(extract.Input{Body: c.Body, ContentType: c.ContentType(), URL: c.Final, Header: c.Header, Rules: c.rules})
}
