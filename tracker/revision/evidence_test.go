package revision_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
)

// The evidence of a kind is the words that make it, not the sentence or the
// paragraph that they stand in.
func TestEvidencePointsAtTheWords(t *testing.T) {
	const before, after = "The ferry is the oldest on the river and nobody has counted its rivets. ", " It sails again when the ice has gone."
	tests := []struct{ kind, old, new, went, came string }{
		{"number", "At least 12 people died in the crash.", "At least 21 people died in the crash.", "12", "21"},
		{"number", "The wall is 5 miles long.", "The wall is 5 kilometres long.", "5 miles", "5 kilometres"},
		{"number", "Twenty-one boats sank.", "Thirty-one boats sank.", "Twenty-one", "Thirty-one"},
		{"date", "The council voted on Tuesday to close it.", "The council voted on Wednesday to close it.", "Tuesday", "Wednesday"},
		{"date", "He was arrested on March 4 near the quay.", "He was arrested on March 14 near the quay.", "March 4", "March 14"},
		{"date", "The law has applied since July 1, 2018, in the town.", "The law has applied since July 1, 2019, in the town.", "July 1, 2018", "July 1, 2019"},
		{"date", "The shop opens at 9 a.m. on most days of the week.", "The shop opens at 10 a.m. on most days of the week.", "9 a.m.", "10 a.m."},
		{"number", "The repairs cost £4.2 million in the end.", "The repairs cost £4.9 million in the end.", "£4.2 million", "£4.9 million"},
		{"number", "The repairs cost 4.2 million euros in the end.", "The repairs cost 4.9 million euros in the end.", "4.2 million euros", "4.9 million euros"},
		{"number", "The repairs cost 45 € in the end.", "The repairs cost 54 € in the end.", "45 €", "54 €"},
		{"number", "The repairs cost 45 € in the end.", "The repairs cost 45 £ in the end.", "45 €", "45 £"},
		{"number", "The fund holds US$45bn in the bank.", "The fund holds US$54bn in the bank.", "US$45bn", "US$54bn"},
		{"number", "They won 3-1 at home in the rain.", "They won 2-1 at home in the rain.", "3-1", "2-1"},
		{"date", "It will open by the end of June in the town.", "It will open by the end of the year in the town.", "June", "the year"},
		{"quote", "They were “saddened” by the loss of the boats.", "They were “aware” of the loss of the boats.", "saddened", "aware"},
		{"number", "It will take a year, the builders think.", "It will take two years, the builders think.", "a year", "two years"},
		{"number", "Turnout was 45% in the town.", "Turnout was 54% in the town.", "45%", "54%"},
		{"number", "Turnout was 45 per cent in the town.", "Turnout was 54 per cent in the town.", "45 per cent", "54 per cent"},
		{"number", "It fell to -12 in the hills.", "It fell to 12 in the hills.", "-12", "12"},
		{"number", "It fell to minus 12 in the hills.", "It fell to 12 in the hills.", "minus 12", "12"},
		{"date", "The vote was held last week in the hall.", "The vote was held last month in the hall.", "week", "month"},
		{"name", "The pier belongs to Marlow and the town.", "The pier belongs to Ketter and the town.", "Marlow", "Ketter"},
		{"quote", "She called it “a terrible mistake” in public.", "She called it “a minor mistake” in public.", "terrible", "minor"},
		{"quote", "The “reform” passed in the night.", "The reform passed in the night.", "“reform”", "reform"},
		{"attribution", "The harbour master said the boat was safe.", "The harbour master claimed the boat was safe.", "said", "claimed"},
		{"attribution", "The bridge is sound, according to the builders.", "The bridge is sound, according to the insurers.", "builders", "insurers"},
		{"negation", "The mayor did resign over the plan.", "The mayor did not resign over the plan.", "", "not"},
		{"negation", "The judge called the raid lawful.", "The judge called the raid unlawful.", "lawful", "unlawful"},
		{"negation", "The mayor, who has led the council for years, resigned over the plan.", "The mayor, who has led the council for years, did not resign over the plan.", "resigned", "did not resign"},
		{"negation", "The owners have paid the workers what they were owed in May.", "The owners have in all these years, the union says, never once thought of paying what they were owed in May.", "", "never once"},
		{"hedge", "The clerk took the money from the safe.", "The clerk allegedly took the money from the safe.", "", "allegedly"},
		{"hedge", "They agreed to share the cost of it.", "They agreed in principle to share the cost of it.", "", "in principle"},
		{"spelling", "The goverment wants to close the pier.", "The government wants to close the pier.", "goverment", "government"},
		{"wording", "He posted a racist video to the board.", "He posted a short video to the board.", "racist", "short"},
	}
	for _, tt := range tests {
		r := revision.Compare(story("A first paragraph that stays.", before+tt.old+after), story("A first paragraph that stays.", before+tt.new+after))
		i := slices.IndexFunc(r.Edits, func(e revision.Edit) bool { return string(e.Kind) == tt.kind })
		if i < 0 {
			t.Errorf("Compare(%q, %q) has no edit of %s: %+v", tt.old, tt.new, tt.kind, r.Edits)
			continue
		}
		if e := r.Edits[i]; e.Before != tt.went || e.After != tt.came || e.Block != 1 || e.Field != "" {
			t.Errorf("%s in %q, %q is %q → %q in block %d, want %q → %q in block 1", tt.kind, tt.old, tt.new, e.Before, e.After, e.Block, tt.went, tt.came)
		}
	}
}

// What an edit shows stands in the block or field that it names, in both texts.
func TestLabelledEvidence(t *testing.T) {
	for _, p := range readPairs(t) {
		before, after := p.stories(t)
		r := revision.Compare(before, after)
		for _, e := range r.Edits {
			var old, now string
			switch {
			case e.Field != "":
				for _, f := range r.Fields {
					if f.Field == e.Field {
						old, now = sides(f.Spans)
					}
				}
			case e.Block >= 0:
				old, now = sides(r.Blocks[e.Block].Spans)
			}
			if e.Kind == revision.ParagraphMoved {
				continue // it stands in two blocks
			}
			if !shows(old, e.Before) || !shows(now, e.After) {
				t.Errorf("%s: %s shows %q → %q, which is not in %q → %q", p.at, e.Kind, e.Before, e.After, old, now)
			}
		}
	}
}

// shows reports whether a text holds evidence, which may be in pieces parted or
// cut short by an ellipsis.
func shows(text, evidence string) bool {
	text = strings.Join(strings.Fields(text), " ")
	for piece := range strings.SplitSeq(strings.Join(strings.Fields(evidence), " "), "…") {
		at := strings.Index(text, strings.TrimSpace(piece))
		if at < 0 {
			return false
		}
		text = text[at:]
	}
	return true
}

// An edit of each kind, on a story that has room for all of them.
func editsOfEveryKind() (base *extract.Story, edits map[revision.Kind]func(s *extract.Story)) {
	texts := []string{
		"At least 12 people died in the crash near the pier.",
		"The mayor did resign over the plan for the bridge.",
		"The ferry carried children in the morning and workers at night.",
		"She called it “a terrible mistake” in the hall.",
		"The goverment wants to close the pier and sell it.",
		"They agreed to share the cost of the new harbour wall.",
		"The harbour master said the boat was safe to use.",
		"The old pier belongs to Marlow and to the town.",
		"Nobody has painted the boats since the winter of the long frost.",
		"The bakery by the station gives away its bread at the end of the day.",
	}
	base = story(texts...)
	base.Blocks = append(base.Blocks, extract.Block{Kind: extract.Caption, Text: "The ferry in the harbour.", End: "\n\n"})
	replace := func(old, now string) func(s *extract.Story) {
		return func(s *extract.Story) {
			for i := range s.Blocks {
				s.Blocks[i].Text = strings.Replace(s.Blocks[i].Text, old, now, 1)
			}
		}
	}
	remove := func(s *extract.Story, opening string) extract.Block {
		i := slices.IndexFunc(s.Blocks, func(b extract.Block) bool { return strings.HasPrefix(b.Text, opening) })
		b := s.Blocks[i]
		s.Blocks = slices.Delete(s.Blocks, i, i+1)
		return b
	}
	return base, map[revision.Kind]func(s *extract.Story){
		revision.Headline:    func(s *extract.Story) { s.Headline = "Town loses its boat" },
		revision.Standfirst:  func(s *extract.Story) { s.Standfirst = "Nobody knows who will pay." },
		revision.Byline:      func(s *extract.Story) { s.Byline = "Jonas Reuter" },
		revision.Caption:     replace("in the harbour.", "at the quay."),
		revision.Number:      replace("12 people", "21 people"),
		revision.Date:        replace("in the morning", "at noon"),
		revision.Name:        replace("Marlow", "Ketter"),
		revision.Quote:       replace("a terrible", "a minor"),
		revision.Attribution: replace("master said", "master claimed"),
		revision.Negation:    replace("did resign", "did not resign"),
		revision.Hedge:       replace("agreed to", "agreed in principle to"),
		revision.Spelling:    replace("goverment", "government"),
		revision.Wording:     replace("Rivermouth lies", "Rivermouth hides"),
		revision.ParagraphAdded: func(s *extract.Story) {
			s.Blocks = append(s.Blocks, extract.Block{Kind: extract.Paragraph, Text: "A second ferry was promised and never came to the town.", End: "\n\n"})
		},
		revision.ParagraphRemoved: func(s *extract.Story) { remove(s, "The bakery by") },
		revision.ParagraphMoved: func(s *extract.Story) {
			s.Blocks = slices.Insert(s.Blocks, 2, remove(s, "Nobody has painted"))
		},
	}
}

// An edit of any kind beside any others never makes a change weigh less.
func TestEveryKindAddsWeight(t *testing.T) {
	base, edits := editsOfEveryKind()
	var kinds []revision.Kind
	for _, k := range revision.Kinds() {
		switch {
		case edits[k] != nil:
			kinds = append(kinds, k)
		case k != revision.Correction && k != revision.Link: // a note discloses, which weighs the other way
			t.Errorf("no edit of kind %s", k)
		}
	}
	score := func(set map[revision.Kind]bool) *revision.Revision {
		after := *base
		after.Blocks = slices.Clone(base.Blocks)
		for _, k := range kinds {
			if set[k] {
				edits[k](&after)
			}
		}
		return revision.Compare(base, &after)
	}
	r := rand.New(rand.NewPCG(5, 6))
	for range 60 {
		set := map[revision.Kind]bool{}
		for _, k := range kinds {
			set[k] = r.IntN(4) == 0
		}
		less := score(set)
		for _, k := range kinds {
			if set[k] {
				continue
			}
			set[k] = true
			more := score(set)
			set[k] = false
			if more.Significance < less.Significance {
				t.Errorf("kinds %v weigh %d, with %s %d\n%v\n%v", less.Kinds, less.Significance, k, more.Significance, less.Reasons, more.Reasons)
			}
			if !slices.Contains(more.Kinds, k) {
				t.Errorf("an edit of %s beside %v gives kinds %v", k, less.Kinds, more.Kinds)
			}
		}
	}
}
