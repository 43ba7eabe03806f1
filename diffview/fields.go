package diffview

import (
	"slices"
	"strings"
	"time"

	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

// fieldsOf returns the changed fields as they are drawn: of the links each that
// changed as a field of its own, and none of those that did not; behind them the
// modified time, where the two sides state different ones.
func fieldsOf(d *Diff) []revision.Field {
	var out []revision.Field
	for _, f := range d.Revision.Fields {
		if f.Field != "links" {
			out = append(out, f)
			continue
		}
		for _, line := range changedLines(f.Spans) {
			out = append(out, revision.Field{Field: "link", Spans: line})
		}
	}
	before, after := secondText(d.Old.Modified), secondText(d.New.Modified)
	if before != after && !d.Revision.Same() {
		spans := []worddiff.Span{{Op: worddiff.Delete, Text: before}, {Op: worddiff.Insert, Text: after}}
		spans = slices.DeleteFunc(spans, func(s worddiff.Span) bool { return s.Text == "" })
		out = append(out, revision.Field{Field: "modified", Spans: spans})
	}
	return out
}

// secondText returns a time to the second; empty where it is not known.
func secondText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2 January 2006, 15:04:05 UTC")
}

// changedLines cuts spans into lines, without the line breaks, and returns those
// in which something came or went.
func changedLines(spans []worddiff.Span) [][]worddiff.Span {
	var lines [][]worddiff.Span
	var line []worddiff.Span
	changed := false
	end := func() {
		if changed {
			lines = append(lines, line)
		}
		line, changed = nil, false
	}
	for _, s := range spans {
		if s.Quiet {
			s = worddiff.Span{Op: worddiff.Equal, Text: s.Text}
		}
		for text := range strings.Lines(s.Text) {
			s.Text = strings.TrimSuffix(text, "\n")
			if s.Text != "" {
				line = append(line, s)
				changed = changed || s.Op != worddiff.Equal
			}
			if s.Text != text {
				end()
			}
		}
	}
	end()
	return lines
}
