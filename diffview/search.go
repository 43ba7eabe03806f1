package diffview

import (
	"fmt"
	"strings"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/search"
)

// A SearchJSON is the row of an article in which something was found.
type SearchJSON struct {
	Article  int64          `json:"article"`
	URL      string         `json:"url"`
	Outlet   string         `json:"outlet"`
	Headline string         `json:"headline,omitempty"` // the newest
	Versions int            `json:"versions"`
	Removed  bool           `json:"removed"` // it does not stand in the newest version
	Stands   []StandJSON    `json:"stands"`
	Version  int            `json:"version"` // the newest in which it stands; the excerpt is of it
	Part     string         `json:"part,omitempty"`
	Excerpt  []search.Piece `json:"excerpt"`
	Match    []string       `json:"match,omitempty"` // why it is among the best: "headline", "phrase", "paragraph"
}

// A StandJSON is versions in a row in which it stood. Those that begin with the
// first version came with no change, and those that last went with none.
type StandJSON struct {
	First     int       `json:"first"`
	Last      int       `json:"last"`
	CameAfter time.Time `json:"came_after,omitzero"`
	CameBy    time.Time `json:"came_by,omitzero"`
	WentIn    int       `json:"went_in,omitempty"` // the version that has it no more
	WentAfter time.Time `json:"went_after,omitzero"`
	WentBy    time.Time `json:"went_by,omitzero"`
	Ours      bool      `json:"extractor_made,omitempty"` // it went by no publisher's doing
}

// SearchRow returns the row of a hit.
func SearchRow(h tracker.SearchHit) SearchJSON {
	row := SearchJSON{
		Article:  h.ArticleID,
		URL:      h.URL,
		Outlet:   h.Outlet,
		Headline: h.Title,
		Versions: h.Versions,
		Removed:  h.Removed(),
		Version:  h.Version,
		Part:     h.Part,
		Excerpt:  orEmpty(h.Excerpt),
		Match:    matches(h.Match, "headline", "phrase", "paragraph"),
	}
	for _, s := range h.Stands {
		row.Stands = append(row.Stands, StandJSON{
			First: s.First, Last: s.Last, CameAfter: stamp(s.Came.After), CameBy: stamp(s.Came.By),
			WentIn: s.Went.To, WentAfter: stamp(s.Went.After), WentBy: stamp(s.Went.By), Ours: s.Went.Ours,
		})
	}
	return row
}

// matches returns those of three words that are true of a match.
func matches(m tracker.Match, headline, phrase, paragraph string) (out []string) {
	for _, w := range []struct {
		is   bool
		word string
	}{{m.Headline, headline}, {m.Phrase, phrase}, {m.Paragraph, paragraph}} {
		if w.is {
			out = append(out, w.word)
		}
	}
	return out
}

// MatchText says why a hit is among the best, the weightiest reason first; none:
// for no such reason.
func MatchText(m tracker.Match) []string {
	if m.Headline || m.Phrase {
		m.Paragraph = false // which goes without saying
	}
	return matches(m, "in the headline", "as a phrase", "in one paragraph")
}

// StandsText says in which versions it stood that was looked for: "Stood in
// versions 1–3, removed in version 4". The turn is the change by which it went, or
// came last; its From is 0 where there is none.
func StandsText(h *tracker.SearchHit) (said string, turn tracker.Turn) {
	last := h.Stands[len(h.Stands)-1]
	before := rangesText(h.Stands[:len(h.Stands)-1])
	switch {
	case !last.Open && last.Went.Ours:
		return fmt.Sprintf("Stood in %s; version %d was read without it, which was no edit", rangesText(h.Stands), last.Went.To), last.Went
	case !last.Open:
		return fmt.Sprintf("Stood in %s, removed in version %d", rangesText(h.Stands), last.Last+1), last.Went
	case before != "":
		return fmt.Sprintf("Stood in %s, and again since version %d", before, last.First), last.Came
	case last.First > 1:
		return fmt.Sprintf("Stands since version %d of %d", last.First, h.Versions), last.Came
	case h.Versions == 1:
		return "Stands in its only version", last.Came
	case h.Versions == 2:
		return "Stands in both versions", last.Came
	}
	return fmt.Sprintf("Stands in all %s versions", Number(h.Versions)), last.Came
}

// mostRanges is how many ranges of versions are named.
const mostRanges = 6

// rangesText names versions: "versions 1–3, 5 and 8".
func rangesText(stands []tracker.Stand) string {
	var names []string
	many := false
	for i, s := range stands {
		if i == mostRanges {
			names = append(names, fmt.Sprintf("%d more times", len(stands)-i))
			break
		}
		name := fmt.Sprint(s.First)
		if s.Last > s.First {
			name += fmt.Sprintf("–%d", s.Last)
			many = true
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return ""
	}
	noun := "version "
	if many || len(names) > 1 {
		noun = "versions "
	}
	last := len(names) - 1
	if last == 0 {
		return noun + names[0]
	}
	return noun + strings.Join(names[:last], ", ") + " and " + names[last]
}
