package diffview

import (
	"strings"

	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

// fieldsOf returns the changed fields as they are drawn: of the links each that
// changed as a field of its own, and none of those that did not.
func fieldsOf(r *revision.Revision) []revision.Field {
	var out []revision.Field
	for _, f := range r.Fields {
		if f.Field != "links" {
			out = append(out, f)
			continue
		}
		for _, line := range changedLines(f.Spans) {
			out = append(out, revision.Field{Field: "link", Spans: line})
		}
	}
	return out
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
