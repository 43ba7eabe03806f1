package report

import (
	"time"

	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
	"storydiff/tracker/search"
)

// specimenRooms are the elements that pages other than changes are made of.
type specimenRooms struct {
	Folded  folded
	Search  searchPage // its Form and Hits
	Axis    *axis
	Desk    *articleDesk
	People  changeNotes
	Blame   blamePage // its Text, Lang and Marks
	Sorts   []link
	Outlets []outletRow
	Outlet  outletPage
}

func newSpecimenRooms(entries []entry) specimenRooms {
	figures := specimenFigures()
	weeks := specimenLooks()
	rooms := specimenRooms{
		Folded: folded{Said: "1 minor change", Entries: entries[2:3]},
		Search: specimenSearch(),
		Axis:   newAxis(specimenHistory(), specimenTime().Add(40*24*time.Hour)),
		Desk:   &articleDesk{Article: "/specimen", Pause: true, Look: true, Watched: true, Tags: []tagOn{{"bridge", "bridge"}, {"council", "council"}}},
		People: changeNotes{Add: "/specimen", Labels: tracker.AnnotationLabels(), Notes: []note{
			{Label: "error fixed", Text: "The town’s own papers had said 14 million since January.", By: "Ida", At: newMoment(specimenTime()), Change: link{Href: "/specimen", Text: "version 1 to 2"}, Delete: "/specimen"},
		}},
		Blame:  specimenBlame(),
		Sorts:  []link{{"/specimen", "Articles", true}, {"/specimen", "Share edited", false}},
		Outlet: newOutletPage(figures, weeks),
	}
	few := figures
	few.Outlet, few.Articles, few.Edited, few.Weeks = "morning.example", 7, 2, few.Weeks[len(few.Weeks)-2:]
	for _, f := range []tracker.OutletFigures{figures, few} {
		rooms.Outlets = append(rooms.Outlets, newOutletRow(&outletCounts{f, total(weeks)}, period{code: usualPeriod}))
	}
	return rooms
}

// specimenSearch finds words that stand and words that were removed.
func specimenSearch() searchPage {
	words := question{}
	words.Words.Text = "twelve million"
	went := tracker.Turn{From: 2, To: 3, After: specimenTime(), By: specimenTime().Add(15 * time.Minute)}
	hits := []tracker.SearchHit{
		{ArticleID: 1, Outlet: "herald.example", Title: "Divided council approves costly bridge", Lang: "en", Versions: 5, Version: 2, Part: "paragraph",
			Stands:  []tracker.Stand{{First: 1, Last: 2, Went: went}},
			Excerpt: []search.Piece{{Text: "The bridge will cost "}, {Text: "twelve million", Found: true}, {Text: " and is to open in the spring of 2028."}}},
		{ArticleID: 2, Outlet: "morning.example", Title: "What the bridge costs each of us", Lang: "en", Versions: 1, Version: 1, Part: "headline",
			Stands:  []tracker.Stand{{First: 1, Last: 1, Open: true}},
			Excerpt: []search.Piece{{Text: "Twelve", Found: true}, {Text: " hundred each: what the "}, {Text: "million", Found: true}, {Text: "s come to"}}},
	}
	p := searchPage{Form: newSearchForm(words)}
	for i := range hits {
		p.Hits = append(p.Hits, newHit(words, &hits[i]))
	}
	return p
}

// specimenHistory is a life of forty days with all that an axis draws.
func specimenHistory() history {
	at := func(hours int) time.Time { return specimenTime().Add(time.Duration(hours) * time.Hour) }
	h := history{changes: map[int]*tracker.Change{}, spells: lifeSpells{
		absent:  []timeSpell{{at(300), at(420)}},
		blocked: []timeSpell{{at(60), at(90)}},
		unseen:  []timeSpell{{at(600), at(800)}},
	}}
	for i, hours := range []int{0, 1, 5, 20, 40, 41, 42, 43, 44, 200} {
		n := i + 1
		h.versions = append(h.versions, tracker.Version{ArticleID: 1, N: n, CapturedAt: at(hours)})
		if n > 1 {
			h.changes[n] = &tracker.Change{ArticleID: 1, From: i, To: n, SeenAfter: at(hours).Add(-20 * time.Minute), SeenBy: at(hours), Significance: []int{78, 40, 4}[n%3], Ours: n == 10}
		}
	}
	for hours := 0; hours < 600; hours += 1 + hours/8 {
		outcome := tracker.OutcomeUnchanged
		if hours >= 60 && hours < 90 || hours >= 300 && hours < 420 {
			outcome = tracker.OutcomeBlocked
		}
		h.looks = append(h.looks, tracker.Look{At: at(hours), Outcome: outcome})
	}
	return h
}

// specimenBlame is a text with sentences of each age, of each kind of block, one
// with words that were away.
func specimenBlame() blamePage {
	before, after := specimenStories()
	later := *after
	later.Blocks = append([]extract.Block(nil), after.Blocks...)
	later.Blocks[5].Text += " The old bridge is pulled down in the same year."
	last := later
	last.Blocks = append([]extract.Block(nil), later.Blocks...)
	last.Blocks[1].Text = before.Blocks[1].Text + " A levy of two in the hundred pays for it."
	stories := []*extract.Story{before, after, &later, &last}
	heads := make([]tracker.Version, len(stories))
	for i, story := range stories {
		heads[i] = tracker.Version{ArticleID: 1, N: i + 1, CapturedAt: specimenTime().Add(time.Duration(i) * 20 * time.Hour), Story: *story}
	}
	return newBlamePage(tracker.Article{ID: 1}, heads, nil, &traced{revision.TraceOrigins(stories), &last, 1})
}

// specimenWeeks are the numbers of the weeks of an outlet, silent, stamped, noted,
// edited and observed; nobody looked in the one of which the last is 0.
var specimenWeeks = [][5]int{
	{3, 2, 1, 5, 18}, {6, 1, 0, 7, 22}, {2, 3, 2, 6, 19}, {0, 0, 0, 0, 0}, {9, 4, 1, 12, 31}, {4, 2, 0, 6, 25}, {1, 0, 0, 1, 17}, {7, 3, 3, 11, 28},
}

func specimenFigures() tracker.OutletFigures {
	from := tracker.WeekOf(specimenTime())
	f := tracker.OutletFigures{
		Outlet: "herald.example", From: from, Articles: 86, New: 71, Edited: 40,
		FirstEdit: tracker.Median{N: 31, AtLeast: 2 * time.Hour, AtMost: 3 * time.Hour}, FirstEdits: 33,
		FirstLook: tracker.Median{N: 70, AtLeast: 12 * time.Minute, AtMost: 12 * time.Minute},
		Window:    tracker.Median{N: 54, AtLeast: 15 * time.Minute, AtMost: 15 * time.Minute},
		Late:      tracker.Median{N: 3, AtLeast: 40 * time.Hour, AtMost: 44 * time.Hour},
		Gone:      2, Back: 1, Blocked: 2, BlockedOf: 2, BlockedFor: 9 * time.Hour, Flips: 4,
	}
	for i, w := range specimenWeeks {
		f.Weeks = append(f.Weeks, tracker.WeekFigures{Week: from + tracker.Week(i), Silent: w[0], Stamped: w[1], Noted: w[2], Edited: w[3]})
		f.Silent, f.Stamped, f.Noted = f.Silent+w[0], f.Stamped+w[1], f.Noted+w[2]
	}
	f.Changes = f.Silent + f.Stamped + f.Noted
	return f
}

func specimenLooks() []tracker.WeekOfLooks {
	var weeks []tracker.WeekOfLooks
	for i, w := range specimenWeeks {
		if observed := w[4]; observed > 0 {
			week := tracker.WeekOf(specimenTime()) + tracker.Week(i)
			weeks = append(weeks, tracker.WeekOfLooks{Week: week, Articles: observed, Looks: tracker.Looks{N: 40 * observed, Spread: observed, Last: week.Start().Add(100 * time.Hour)}})
		}
	}
	return weeks
}
