package tracker_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"storydiff/tracker"
)

// drawn is a page whose text stands in its data alone, for a script to draw.
func drawn(text ...string) string {
	return fmt.Sprintf(`<!doctype html><html lang="en"><head><title>Council closes the ferry</title>%s</head><body><div id="root"></div></body></html>`, dataOf(text...))
}

func dataOf(text ...string) string {
	body, err := json.Marshal(strings.Join(text, "\n"))
	if err != nil {
		panic(err)
	}
	return `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Council closes the ferry","datePublished":"2026-03-03T09:12:00Z","author":{"@type":"Person","name":"Lena Okafor"},"description":"Twelve people lose their boat, and the town its way across.","articleBody":` + string(body) + `}</script>`
}

// A site that draws a story now with a script and now without has edited nothing;
// an edit in either is seen.
func TestDataInPlaceOfText(t *testing.T) {
	var text []string
	for _, block := range ferryStory().Blocks {
		text = append(text, block.Text)
	}
	const heading = "Eleven against nine"
	page := func(text ...string) string {
		return `<!doctype html><html lang="en"><head><title>Council closes the ferry</title>` + dataOf(text...) + `</head><body><article><h1>Council closes the ferry</h1><p class="byline">By Lena Okafor</p>
<figure><img src="/f.jpg"><figcaption>The ferry on its last Sunday, with the band on deck.</figcaption></figure><p>` +
			strings.Join(text[:4], "</p><p>") + `</p><h2>` + heading + `</h2><p>See <a href="/tides">the tides</a>.</p><p>` + strings.Join(text[4:], "</p><p>") + `</p></article></body></html>`
	}
	stated := append(append(append([]string(nil), text[:4]...), "See the tides."), text[4:]...)
	edited := append([]string(nil), stated...)
	edited[2] = strings.Replace(edited[2], "1988", "1987", 1)
	noted := append(append([]string(nil), stated...), "Correction: the bridge was first proposed in 1988, not 1987.")
	withHeading := append(append(append([]string(nil), text[:4]...), heading, "See the tides."), text[4:]...)
	for _, tt := range []struct {
		name    string
		after   string
		outcome tracker.Outcome
	}{
		{"the same in the data", drawn(stated...), tracker.OutcomeUnchanged},
		{"the same with its subheading", drawn(withHeading...), tracker.OutcomeUnchanged},
		{"the same in one paragraph", drawn(strings.Join(stated, " ")), tracker.OutcomeUnchanged},
		{"edited", drawn(edited...), tracker.OutcomeChanged},
		{"corrected", drawn(noted...), tracker.OutcomeChanged},
		{"shorter", drawn(stated[:8]...), tracker.OutcomeChanged},
	} {
		for _, back := range []bool{false, true} {
			hours(t, func(s *clockwork) {
				s.Log(tt.name, back)
				before, after := page(text...), tt.after
				if back {
					before, after = after, before
				}
				s.town.at("/a", shows(before))
				id := s.add("/a")
				s.look(id, tracker.OutcomeNew, "")
				s.town.at("/a", shows(after))
				s.look(id, tt.outcome, "")
				if tt.outcome == tracker.OutcomeUnchanged {
					s.town.at("/a", shows(before))
					s.look(id, tracker.OutcomeUnchanged, "")
				}
			})
		}
	}
}

// Where a story was first read of its data, what its readers see of it since is
// compared with what they saw last.
func TestCaptionOfAStoryReadOfItsData(t *testing.T) {
	var text []string
	for _, block := range ferryStory().Blocks {
		text = append(text, block.Text)
	}
	page := func(caption string) string {
		return `<!doctype html><html lang="en"><head><title>Council closes the ferry</title>` + dataOf(text...) + `</head><body><article><h1>Council closes the ferry</h1><p class="byline">By Lena Okafor</p>
<figure><img src="/f.jpg"><figcaption>` + caption + `</figcaption></figure><p>` + strings.Join(text, "</p><p>") + `</p></article></body></html>`
	}
	hours(t, func(s *clockwork) {
		s.town.at("/a", shows(drawn(text...)))
		id := s.add("/a")
		s.look(id, tracker.OutcomeNew, "")
		for _, step := range []struct {
			page    string
			outcome tracker.Outcome
		}{
			{page("The ferry in 2025."), tracker.OutcomeUnchanged}, {page("The ferry in 2025."), tracker.OutcomeUnchanged}, {page("The ferry in 2024."), tracker.OutcomeChanged},
			{page("The ferry in 2024."), tracker.OutcomeUnchanged}, {drawn(text...), tracker.OutcomeUnchanged},
		} {
			s.town.at("/a", shows(step.page))
			r := s.look(id, step.outcome, "")
			if r.Change != nil && (r.Change.WordsAdded != 1 || r.Change.WordsRemoved != 1) {
				t.Errorf("the change is %s, +%d -%d words", r.Change.Summary, r.Change.WordsAdded, r.Change.WordsRemoved)
			}
		}
	})
}

// A line that shows a new time of update beside an edit stamps it.
func TestStampedByTheClock(t *testing.T) {
	page := func(figure, updated string) string {
		return `<!doctype html><html lang="en"><head><title>Council closes the ferry</title><script type="application/ld+json">{"@type":"NewsArticle","headline":"Council closes the ferry","datePublished":"2026-03-03T09:12:00Z"}</script></head><body><article><h1>Council closes the ferry</h1><p class="when">Updated ` + updated + `</p>
<p>The council voted on Tuesday to close the ferry after ` + figure + ` years, and gave no reason for it.</p><p>Mayor Ida Brenner said that the twelve people who work there would be offered other posts in the town.</p></article></body></html>`
	}
	hours(t, func(s *clockwork) {
		s.town.at("/a", shows(page("31", "10:15")))
		id := s.add("/a")
		s.look(id, tracker.OutcomeNew, "")
		for _, step := range []struct {
			figure, updated string
			want            string
		}{
			{"32", "11:40", "stamped"}, {"33", "11:40", "silent"}, {"33", "12:00", ""}, {"34", "12:00", "silent"}, {"35", "09:30", "stamped"},
		} {
			s.town.at("/a", shows(page(step.figure, step.updated)))
			if step.want == "" {
				s.look(id, tracker.OutcomeUnchanged, "")
				continue
			}
			r := s.look(id, tracker.OutcomeChanged, "")
			if got := string(r.Change.Disclosure); got != step.want {
				t.Errorf("%s years, updated %s: %s (%s), want %s", step.figure, step.updated, got, r.Change.Proof, step.want)
			}
		}
	})
}
