package revision

import (
	"slices"
	"time"

	"storydiff/tracker/extract"
	"storydiff/tracker/worddiff"
)

// fields compares the fields of the two stories.
func (c *comparison) fields() {
	b, a := c.before, c.after
	c.field("headline", Headline, b.Headline, a.Headline)
	c.field("standfirst", Standfirst, b.Standfirst, a.Standfirst)
	c.field("byline", Byline, b.Byline, a.Byline)
	c.published(b.Published, a.Published)
}

// field compares one text field: its own kind, and the finer ones beside it.
func (c *comparison) field(name string, kind Kind, before, after string) {
	if worddiff.Fingerprint(before) == worddiff.Fingerprint(after) {
		return
	}
	spans := fieldSpans(before, after)
	c.rev.Fields = append(c.rev.Fields, Field{name, spans})
	at := place{field: name, lead: name != "byline"}
	var finer []edit
	worded := false // words changed beside what the finer kinds explain
	if before != "" && after != "" {
		for _, p := range passages(spans) {
			p.old.credit, p.new.credit = kind == Byline, kind == Byline
			edits := c.classify(p, extract.Paragraph)
			worded = worded || slices.ContainsFunc(edits, func(e edit) bool { return e.Kind == Wording })
			finer = append(finer, withoutWording(edits)...)
		}
		if kind == Byline {
			// A byline is names: that they changed is what its own kind weighs.
			finer = slices.DeleteFunc(finer, func(e edit) bool { return e.Kind == Attribution })
			for i := range finer {
				finer[i].points = min(finer[i].points, pointsNameFamiliar)
			}
		}
	}
	own := edit{Edit: Edit{Kind: kind, Before: before, After: after}, points: fieldPoints(kind), nature: natureOf(before, after)}
	if len(finer) > 0 && onlySlight(finer) && !worded {
		own.points, own.slight = pointsFieldSlight, true
	}
	for _, e := range append([]edit{own}, finer...) {
		e.Field, e.Block, e.place, e.spans = name, -1, at, spans
		e.Before, e.After = clip(e.Before, maxEvidence), clip(e.After, maxEvidence)
		c.edits = append(c.edits, e)
	}
}

// fieldSpans returns the spans between two forms of a field.
func fieldSpans(before, after string) []worddiff.Span {
	switch {
	case before == "":
		return []worddiff.Span{{Op: worddiff.Insert, Text: after}}
	case after == "":
		return []worddiff.Span{{Op: worddiff.Delete, Text: before}}
	}
	var spans []worddiff.Span
	for _, row := range worddiff.Diff([]string{before}, []string{after}) {
		spans = append(spans, row.Spans...)
	}
	return spans
}

// published compares the dates of publication. One that a page did not state
// before, or no longer does, is hardly an edit; one that is another is, the more
// where the day is another.
func (c *comparison) published(before, after time.Time) {
	b, a := timeText(before), timeText(after)
	if b == a {
		return
	}
	spans := []worddiff.Span{}
	if b != "" {
		spans = append(spans, worddiff.Span{Op: worddiff.Delete, Text: b})
	}
	if a != "" {
		spans = append(spans, worddiff.Span{Op: worddiff.Insert, Text: a})
	}
	c.rev.Fields = append(c.rev.Fields, Field{"published", spans})
	e := edit{Edit: Edit{Kind: Date, Field: "published", Block: -1, Before: b, After: a}, spans: spans,
		place: place{field: "published"}, points: pointsPublished, nature: natureOf(b, a)}
	switch {
	case b == "" || a == "":
		e.points, e.slight = pointsSlight, true
	case b[:len(time.DateOnly)] == a[:len(time.DateOnly)]:
		e.points, e.slight = pointsSameDay, true
	}
	c.edits = append(c.edits, e)
}

func natureOf(before, after string) nature {
	switch {
	case before == "":
		return added
	case after == "":
		return removed
	}
	return changed
}
