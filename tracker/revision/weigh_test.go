package revision_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

// Where a silent edit of the text stands, and what level it has.
func TestLevels(t *testing.T) {
	tests := []struct {
		name, before, after string
		lead, tail          revision.Level
	}{
		{"death toll", "At least 12 people died in the crash.", "At least 21 people died in the crash.", revision.Major, revision.Notable},
		{"days held", "She was held for 2 days at the port.", "She was held for 9 days at the port.", revision.Major, revision.Notable},
		{"day of arrest", "He was arrested on March 4 near the quay.", "He was arrested on March 14 near the quay.", revision.Notable, revision.Notable},
		{"accusing word", "He posted a racist video to the board.", "He posted a short video to the board.", revision.Notable, revision.Notable},
		{"who and what", "The report, published by the ministry, cleared the officer.", "The report, published by a lobby group, blamed the officer.", revision.Notable, revision.Notable},
		{"a person's work", "She made a fine stroganoff and raised three sons.", "She was a brilliant scientist and raised three sons.", revision.Notable, revision.Notable},
		{"one word of politics", "The seats are filled democratically each spring.", "The seats are filled competitively each spring.", revision.Notable, revision.Notable},
		{"rule", "It ended the party's rule of the town.", "It ended the party's dominance of the town.", revision.Notable, revision.Notable},
		{"in principle", "The two sides agreed to a truce at dawn.", "The two sides agreed in principle to a truce at dawn.", revision.Notable, revision.Notable},
		{"ministry", "The Propaganda Ministry closed the paper.", "The Propaganda Department closed the paper.", revision.Notable, revision.Notable},
		{"negation", "The mayor did resign over the plan.", "The mayor did not resign over the plan.", revision.Major, revision.Notable},
		{"quote unquoted", "The “reform” passed in the night.", "The reform passed in the night.", revision.Notable, revision.Notable},
		{"quoted words", "She called it “a terrible mistake” in public.", "She called it “a minor mistake” in public.", revision.Notable, revision.Notable},
		{"comma", "The pier which is old was closed.", "The pier, which is old, was closed.", revision.Minor, revision.Minor},
		{"typo", "The goverment wants to close the pier.", "The government wants to close the pier.", revision.Minor, revision.Minor},
		{"function word", "They went in the hall.", "They went to the hall.", revision.Minor, revision.Minor},
		{"counter", "1,204 views", "1,377 views", revision.Minor, revision.Minor},
		{"relative time", "8 hours ago", "9 hours ago", revision.Minor, revision.Minor},
		{"line of time", "Updated 15:10", "Updated 16:40", revision.Minor, revision.Minor},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := compare(tt.before, tt.after)
			if got := revision.LevelOf(r.Significance); !reaches(got, tt.lead) {
				t.Errorf("in the lead it is %s (%d), want at least %s\n%v", got, r.Significance, tt.lead, r.Reasons)
			}
			before, after := story(), story()
			before.Blocks = append(before.Blocks, extract.Block{Kind: extract.Paragraph, Text: tt.before, End: "\n\n"})
			after.Blocks = append(after.Blocks, extract.Block{Kind: extract.Paragraph, Text: tt.after, End: "\n\n"})
			r = revision.Compare(before, after)
			if got := revision.LevelOf(r.Significance); !reaches(got, tt.tail) {
				t.Errorf("in the tail it is %s (%d), want at least %s\n%v", got, r.Significance, tt.tail, r.Reasons)
			}
		})
	}
}

// reaches reports whether a level is the one wanted, or above it; minor edits
// have to be minor.
func reaches(got, want revision.Level) bool {
	return got == want || want != revision.Minor && got == revision.Major
}

func TestOtherLevels(t *testing.T) {
	edit := func(f func(s *extract.Story)) *revision.Revision {
		after := story("The council voted to close the ferry.")
		f(after)
		return revision.Compare(story("The council voted to close the ferry."), after)
	}
	tests := []struct {
		name string
		r    *revision.Revision
		want revision.Level
	}{
		{"headline swapped", edit(func(s *extract.Story) { s.Headline = "Harbour town says goodbye to its boat" }), revision.Notable},
		{"headline typo", edit(func(s *extract.Story) { s.Headline = "Council colses Eastbank ferry" }), revision.Minor},
		{"byline", edit(func(s *extract.Story) { s.Byline = "Jonas Reuter" }), revision.Notable},
		{"paragraph removed with a note", edit(func(s *extract.Story) {
			s.Blocks = slices.Delete(s.Blocks, 1, 2)
			s.Blocks = append(s.Blocks, extract.Block{Kind: extract.Note, Text: "Correction: a passage was removed.", End: "\n\n"})
		}), revision.Notable},
		{"note taken away", revision.Compare(withNote(), story("The council voted to close the ferry.")), revision.Notable},
		{"date now stated", func() *revision.Revision {
			before := story("The council voted.")
			before.Published = time.Time{}
			return revision.Compare(before, story("The council voted."))
		}(), revision.Minor},
	}
	for _, tt := range tests {
		if got := revision.LevelOf(tt.r.Significance); got != tt.want {
			t.Errorf("%s: %s (%d), want %s\n%v", tt.name, got, tt.r.Significance, tt.want, tt.r.Reasons)
		}
	}
}

func withNote() *extract.Story {
	s := story("The council voted to close the ferry.")
	s.Blocks = append(s.Blocks, extract.Block{Kind: extract.Note, Text: "Correction: the year was wrong.", End: "\n\n"})
	return s
}

// The same edit weighs most when silent and least when noted.
func TestSilenceWeighs(t *testing.T) {
	before := story("The ferry ran for 31 years.")
	silent, stamped, noted := story("The ferry ran for 13 years."), story("The ferry ran for 13 years."), story("The ferry ran for 13 years.")
	stamped.Modified = stamped.Modified.Add(time.Hour)
	noted.Blocks = append(noted.Blocks, extract.Block{Kind: extract.Note, Text: "Correction: the number was wrong.", End: "\n\n"})
	s, m, n := revision.Compare(before, silent), revision.Compare(before, stamped), revision.Compare(before, noted)
	if !(s.Significance > m.Significance && s.Significance > n.Significance) {
		t.Errorf("silent %d, stamped %d, noted %d: want the first above the others", s.Significance, m.Significance, n.Significance)
	}
}

func TestReasonsNameTheWords(t *testing.T) {
	r := compare("Council voted to close the ferry after 31 years of service.", "Council voted to close the ferry after 13 years of service.")
	want := "A number in the first paragraph changed: 31 became 13."
	if len(r.Reasons) == 0 || r.Reasons[0].Code != "number" || r.Reasons[0].Text != want {
		t.Errorf("reasons are %v, want first %q", r.Reasons, want)
	}
	if want := "31 → 13 in the first paragraph"; r.Summary != want {
		t.Errorf("summary is %q, want %q", r.Summary, want)
	}
	if r.WordsAdded != 1 || r.WordsRemoved != 1 {
		t.Errorf("%d words added, %d removed, want one each", r.WordsAdded, r.WordsRemoved)
	}
	if got := marked(r.Excerpt); got != "Council voted to close the ferry after [-31-]{+13+} years of service." {
		t.Errorf("excerpt is %q", got)
	}
}

// What came or went whole is called what it is: a reader who is told of ten
// paragraphs looks for ten.
func TestBlocksThatWent(t *testing.T) {
	blocks := func(kinds ...extract.BlockKind) (list []extract.Block) {
		for i, kind := range kinds {
			list = append(list, extract.Block{Kind: kind, Text: strings.Repeat(string(rune('a'+i)), 4) + " was in the old text and is not in the new.", End: "\n\n"})
		}
		return list
	}
	const p, h, li, row = extract.Paragraph, extract.Heading, extract.List, extract.Table
	tests := []struct {
		went            []extract.BlockKind
		summary, reason string
	}{
		{[]extract.BlockKind{p}, "a paragraph removed", "The fifth paragraph of the old text was removed: “aaaa was"},
		{[]extract.BlockKind{li}, "an item of a list removed", "An item of a list of the old text was removed: “aaaa was"},
		{[]extract.BlockKind{row}, "a row of a table removed", "A row of a table of the old text was removed: “aaaa was"},
		{[]extract.BlockKind{h}, "a heading removed", "A heading of the old text was removed: “aaaa was"},
		{[]extract.BlockKind{li, li, li}, "3 lines removed", "An item of a list of the old text was removed: “aaaa was"},
		{[]extract.BlockKind{p, p, p}, "3 paragraphs removed", "The fifth paragraph of the old text was removed: “aaaa was"},
		{[]extract.BlockKind{p, h}, "a paragraph and another line removed", "The fifth paragraph of the old text was removed: “aaaa was"},
		{[]extract.BlockKind{p, p, h, li, row}, "2 paragraphs and 3 other lines removed", "The fifth paragraph of the old text was removed: “aaaa was"},
	}
	for _, tt := range tests {
		before, after := story("The ferry ran for 31 years."), story("The ferry ran for 31 years.")
		before.Blocks[0].End = "\n\n"
		before.Blocks = append(before.Blocks, blocks(tt.went...)...)
		r := revision.Compare(before, after)
		if r.Summary != tt.summary || len(r.Reasons) == 0 || !strings.HasPrefix(r.Reasons[0].Text, tt.reason) {
			t.Errorf("%q went: %q, %+v; want %q, %q", tt.went, r.Summary, r.Reasons, tt.summary, tt.reason)
		}
	}
}

// Of a live blog whole posts are counted; of an old post the paragraphs in it.
func TestPostsThatCame(t *testing.T) {
	live := func(posts ...string) *extract.Story {
		s := &extract.Story{Headline: "Storm: live", Signals: extract.Signals{Live: true}}
		for _, post := range posts {
			for _, kind := range []extract.BlockKind{extract.Heading, extract.Paragraph} {
				s.Blocks = append(s.Blocks, extract.Block{Kind: kind, Post: post, Text: "The " + string(kind) + " of " + strings.Repeat(post+" ", 9) + "is here.", End: "\n\n"})
			}
		}
		return s
	}
	longer := live("ferry", "bridge")
	longer.Blocks = append(longer.Blocks, extract.Block{Kind: extract.Paragraph, Post: "bridge", Text: "A crane is on its way to it from the next town.", End: "\n\n"})
	for _, tt := range []struct {
		before, after *extract.Story
		want          string
	}{
		{live("ferry"), live("bridge", "ferry"), "a post added"},
		{live("ferry"), live("crane", "bridge", "ferry"), "2 posts added"},
		{live("crane", "bridge", "ferry"), live("crane", "ferry"), "a post removed"},
		{live("ferry", "bridge"), longer, "a paragraph added"},
	} {
		if r := revision.Compare(tt.before, tt.after); r.Summary != tt.want {
			t.Errorf("summary %q, want %q", r.Summary, tt.want)
		}
	}
}

// The word above a note is not what the publisher owns up with.
func TestNoteUnderItsLabel(t *testing.T) {
	after := story("The ferry ran for 31 years.")
	after.Blocks[0].End = "\n\n"
	after.Blocks = append(after.Blocks, extract.Block{Kind: extract.Note, Text: "Corrections", End: "\n\n"},
		extract.Block{Kind: extract.Note, Text: "We said that the boat was built in 1947. It was built in 1974.", End: "\n\n"})
	r := revision.Compare(story("The ferry ran for 31 years."), after)
	if want := "We said that the boat was built in 1947."; !strings.HasPrefix(r.Proof, want) || !strings.Contains(r.Reasons[0].Text, want) {
		t.Errorf("proof %q, reasons %+v; want %q", r.Proof, r.Reasons, want)
	}
}

func TestSummaryOfSeveral(t *testing.T) {
	after := story("The ferry ran for 13 years.")
	after.Headline = "Eastbank boat stops for good"
	after.Blocks = append(after.Blocks, extract.Block{Kind: extract.Note, Text: "Correction: the number was wrong.", End: "\n\n"})
	r := revision.Compare(story("The ferry ran for 31 years."), after)
	for _, part := range []string{"31 → 13 in the first paragraph", "headline changed", "correction added"} {
		if !strings.Contains(r.Summary, part) {
			t.Errorf("summary is %q, want %q in it", r.Summary, part)
		}
	}
}

func TestExcerptIsShort(t *testing.T) {
	long := strings.Repeat("and the boat went on and on ", 60)
	r := compare("Early "+long+"for 31 years "+long, "Early "+long+"for 13 years "+long)
	words := 0
	for _, s := range r.Excerpt {
		words += worddiff.Words(s.Text)
	}
	if words > 66 || !strings.Contains(marked(r.Excerpt), "for [-31-]{+13+} years") {
		t.Errorf("excerpt of %d words: %q", words, marked(r.Excerpt))
	}
}

func TestExcerptOfAddedParagraphIsShort(t *testing.T) {
	after := story("The pier is old.", strings.Repeat("and the boat went on and on ", 60))
	r := revision.Compare(story("The pier is old."), after)
	words := 0
	for _, s := range r.Excerpt {
		words += worddiff.Words(s.Text)
	}
	if words == 0 || words > 66 {
		t.Errorf("excerpt of %d words: %q", words, marked(r.Excerpt))
	}
}

func marked(spans []worddiff.Span) string {
	var b strings.Builder
	for _, s := range spans {
		switch s.Op {
		case worddiff.Equal:
			b.WriteString(s.Text)
		case worddiff.Delete:
			b.WriteString("[-" + s.Text + "-]")
		default:
			b.WriteString("{+" + s.Text + "+}")
		}
	}
	return regexp.MustCompile(`\s+`).ReplaceAllString(b.String(), " ")
}
