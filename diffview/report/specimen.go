package report

import (
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"storydiff/diffview"
	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

// A specimenPage is the data of templates/specimen.html: every element of the
// pages once, filled with a made-up story, for whoever works on the style.
type specimenPage struct {
	Colours  []string // names of the style sheet's colours
	Entries  []entry
	Late     lateNotes
	Facts    []fact
	Evidence changePage // its Evidence and Lang
	Reasons  []revision.Reason
	Views    []link
	Wide     bool
	Diff     template.HTML // by diffview, which escapes
	Captured side
	Times    []interval
	Options  []option
	specimenRooms
}

// specimen shows every element on one page; the marked text in the view that is
// asked for, since its IDs stand once on a page.
func (s *site) specimen(w http.ResponseWriter, r *http.Request) error {
	how, err := parseDrawing(r.URL.RawQuery)
	if err != nil {
		return err
	}
	p, err := newSpecimen(how.view)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "specimen", page{Title: "Specimen", NoIndex: true, Main: p})
}

// specimenTime is when the specimen's story was first seen.
func specimenTime() time.Time { return time.Date(2026, time.March, 1, 10, 5, 0, 0, time.UTC) }

func newSpecimen(view diffview.View) (specimenPage, error) {
	before, after := specimenStories()
	d := &diffview.Diff{Revision: revision.Compare(before, after)}
	d.Old.Modified, d.New.Modified = before.Modified, after.Modified
	p := specimenPage{
		Colours: []string{"ink", "soft", "link", "accent", "ins", "del", "moved", "major", "notable", "alarm", "edge", "rule", "panel"},
		Entries: specimenEntries(d.Revision),
		Late: lateNotes{
			Late: &lateSaid{"#", "version 4", "2 days"},
			Owns: []lateSaid{{"#", "the change from version 1 to 2", "at least 3 hours"}},
		},
		Facts: []fact{
			{Label: "First seen", At: newMoment(specimenTime())}, {Label: "Looks", Text: "31"},
			{Label: "Blocked", Text: "a consent wall stood in place of the article", Alarm: true},
		},
		Evidence: changePage{Evidence: evidenceOf(d, "en"), Lang: "en"},
		Reasons:  d.Revision.Reasons,
		Views: []link{
			{Href: "/specimen", Text: "Inline", Current: view == inline},
			{Href: "/specimen?view=side-by-side", Text: "Side by side", Current: view == sideBySide},
		},
		Wide: view == sideBySide,
		Captured: side{
			Version: link{Href: "#", Text: "version 2"},
			Facts:   []fact{{Label: "Captured", At: newMoment(specimenTime())}, {Label: "Words", Text: "212"}, {Label: "SHA-256 of the text", Text: strings.Repeat("5f2a90c1", 8), Hash: true}},
			Answer:  []fact{{Label: "Status", Text: "200 HTTP/2.0"}},
			Headers: []headerLine{{"Content-Type", "text/html; charset=utf-8"}, {"Etag", `"5f2a"`}},
			Omitted: "2 further lines",
		},
		Times: []interval{
			newInterval(specimenTime(), specimenTime().Add(15*time.Minute)),
			newInterval(specimenTime(), specimenTime().Add(20*time.Hour)),
			newInterval(time.Time{}, specimenTime()),
		},
		Options: []option{{"", "any kind", true}, {"number", "number", false}, {"quote", "quote", false}},
	}
	drawn, err := diffview.Fragment(d, diffview.Options{View: view, Context: 1, Lang: "en"})
	if err != nil {
		return p, fmt.Errorf("drawing the specimen: %w", err)
	}
	p.Diff = drawn
	p.specimenRooms = newSpecimenRooms(p.Entries)
	return p, nil
}

// specimenEntries are changes of each level and disclosure, one of them from the right.
func specimenEntries(r *revision.Revision) []entry {
	change := tracker.Change{
		ArticleID: 1, From: 1, To: 2, SeenAfter: specimenTime(), SeenBy: specimenTime().Add(15 * time.Minute),
		Kinds: r.Kinds, Disclosure: revision.Silent, Significance: 78, Reasons: r.Reasons, WordsAdded: 31, WordsRemoved: 12,
		Excerpt: r.Excerpt, Outlet: "herald.example", Lang: "en", RevertsTo: 1,
		OldHeadline: "Council approves new bridge", NewHeadline: "Divided council approves costly bridge",
	}
	noted, stamped, fromRight := change, change, change
	noted.Disclosure, noted.Significance, noted.OldHeadline, noted.RevertsTo = revision.Noted, 40, noted.NewHeadline, 0
	stamped.Disclosure, stamped.Significance, stamped.OldHeadline, stamped.RevertsTo = revision.Stamped, 4, stamped.NewHeadline, 0
	fromRight.Lang, fromRight.RevertsTo, fromRight.Significance = "ar", 0, 55
	fromRight.OldHeadline, fromRight.NewHeadline = "المجلس يوافق على الجسر الجديد", "المجلس يوافق على الجسر"
	fromRight.Excerpt = []worddiff.Span{{Text: "ستبلغ تكلفة الجسر "}, {Op: worddiff.Delete, Text: "12"}, {Op: worddiff.Insert, Text: "14"}, {Text: " مليونا."}}
	var out []entry
	for _, c := range []tracker.Change{change, noted, stamped, fromRight} {
		out = append(out, newEntry(c))
	}
	flip := func(minutes int, headline string) flipSaid {
		at := specimenTime().Add(time.Duration(minutes) * time.Minute)
		return flipSaid{"#", newInterval(at.Add(-5*time.Minute), at), headline, "ltr"}
	}
	out[2].Test = &testSaid{"2 changes among 2 headlines", []flipSaid{flip(30, change.NewHeadline), flip(70, change.OldHeadline)}}
	return out
}

// specimenStories are two texts between which a block of each kind changed,
// moved, came, went or stayed.
func specimenStories() (before, after *extract.Story) {
	block := func(kind extract.BlockKind, text string) extract.Block {
		return extract.Block{Kind: kind, Text: text, End: "\n\n"}
	}
	const (
		ferry   = "Traders on the east bank had asked for a ferry instead. They say that the works will cut them off from their customers for two summers."
		vote    = "The vote was 14 to 9, with two abstentions, after a sitting that lasted until midnight and was twice interrupted from the gallery."
		object  = "Residents may object until the end of June, in writing, at the town hall."
		builder = "Nobody at the builder could be reached on Tuesday evening."
		history = "The old bridge was built in 1931 and strengthened after the flood of 1962."
	)
	before = &extract.Story{
		Headline: "Council approves new bridge", Standfirst: "Councillors vote for stone and steel", Byline: "By Jonas Reet", Lang: "en",
		Published: specimenTime().Add(-2 * time.Hour), Modified: specimenTime().Add(-time.Hour),
		Blocks: []extract.Block{
			block(extract.Caption, "The old bridge at Harn. Photograph: Ida Moor"),
			block(extract.Paragraph, "The bridge will cost 12 million and is to open in the spring of 2028. Works begin in May."),
			block(extract.Heading, "A good day"),
			block(extract.Quote, "“It is a good day for Harn,” said the mayor, Petra Lind."),
			block(extract.Paragraph, ferry),
			block(extract.List, "The old bridge stays open to cyclists."),
			block(extract.List, "Lorries are sent by way of Oste."),
			block(extract.Table, "2026\t4 million\tTown"),
			block(extract.Paragraph, builder),
			block(extract.Paragraph, history),
			block(extract.Paragraph, vote),
			block(extract.Paragraph, object),
			block(extract.Paragraph, "Inspectors found cracks in two of its piers."),
		},
	}
	after = &extract.Story{
		Headline: "Divided council approves costly bridge", Standfirst: "After six years, councillors vote for stone and steel", Byline: "By Jonas Reet and Ida Moor", Lang: "en",
		Published: before.Published, Modified: specimenTime().Add(10 * time.Minute),
		Blocks: []extract.Block{
			block(extract.Caption, "The old bridge at Harn, closed to lorries. Photograph: Ida Moor"),
			block(extract.Paragraph, "The bridge will cost 14 million and is to open in the spring of 2028."),
			block(extract.Paragraph, vote),
			block(extract.Heading, "A good day for most"),
			block(extract.Quote, "“It is a good day for most of Harn,” said the mayor, Petra Lind."),
			block(extract.Paragraph, ferry),
			block(extract.List, "The old bridge stays open to cyclists."),
			block(extract.List, "Lorries are sent by way of Oste and Skarn."),
			block(extract.Table, "2026\t6 million\tTown"),
			block(extract.Paragraph, builder),
			block(extract.Paragraph, history+" Works begin in May."),
			block(extract.Paragraph, object),
			block(extract.Paragraph, "Two shops on the quay will close for the time of the works."),
			block(extract.Note, "Correction, 1 March: an earlier version of this article gave the cost of the bridge as 12 million. It is 14 million."),
		},
	}
	return before, after
}
