package revision_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
)

// filler are paragraphs that every test story shares.
var filler = []string{
	"Rivermouth lies where the Aune meets the sea, and its harbour has been dredged every spring for as long as anyone remembers.",
	"Ida Brenner has led the council for six years. Her deputy, Tomas Lind, runs the port committee.",
	"The ferry to Eastbank carries school children in the morning and shipyard workers at night.",
}

// story makes a story whose first paragraphs are given and whose others are filler.
func story(lead ...string) *extract.Story {
	s := &extract.Story{
		Headline:   "Council closes Eastbank ferry",
		Standfirst: "The last boat leaves in June.",
		Byline:     "Lena Okafor",
		Lang:       "en",
		Published:  time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC),
		Modified:   time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
	}
	for _, text := range append(slices.Clone(lead), filler...) {
		s.Blocks = append(s.Blocks, extract.Block{Kind: extract.Paragraph, Text: text, End: "\n\n"})
	}
	return s
}

// compare compares two stories that differ in their first paragraph.
func compare(before, after string) *revision.Revision {
	return revision.Compare(story(before), story(after))
}

func join(kinds []revision.Kind) string {
	var out []string
	for _, k := range kinds {
		out = append(out, string(k))
	}
	return strings.Join(out, " ")
}

// Each pair is the smallest edit of its kind; want is every kind it may have.
func TestKindsOfMinimalPairs(t *testing.T) {
	tests := []struct{ name, before, after, want string }{
		{"number", "At least 12 people died in the crash.", "At least 21 people died in the crash.", "number"},
		{"duration", "She was held for 2 days at the port.", "She was held for 9 days at the port.", "number"},
		{"thousands", "Some 140,000 people crossed the river.", "Some 150,000 people crossed the river.", "number"},
		{"decimals", "Prices rose 2.5 points in the city.", "Prices rose 2.7 points in the city.", "number"},
		{"percent", "Turnout was 45% across the town.", "Turnout was 54% across the town.", "number"},
		{"money", "The bridge cost $5 a head to build.", "The bridge cost €5 a head to build.", "number"},
		{"scale", "The bridge cost 5 million to build.", "The bridge cost 5 billion to build.", "number"},
		{"number words", "The storm sank three boats at night.", "The storm sank seven boats at night.", "number"},
		{"word to digits of another", "The storm sank twelve boats.", "The storm sank 21 boats.", "number"},
		{"numbers swapped", "The fire hurt 12 men and 5 women.", "The fire hurt 5 men and 12 women.", "number"},
		{"weekday", "The council voted on Tuesday to close it.", "The council voted on Wednesday to close it.", "date"},
		{"day", "He was arrested on March 4 near the quay.", "He was arrested on March 14 near the quay.", "date"},
		{"month", "The work will end in June at the latest.", "The work will end in August at the latest.", "date"},
		{"clock", "The boat left at 14:20 from the pier.", "The boat left at 14:50 from the pier.", "date"},
		{"year", "The pier was built in 1988 by the town.", "The pier was built in 1998 by the town.", "date"},
		{"day word", "The vote is due today in the hall.", "The vote is due tomorrow in the hall.", "date"},
		{"quote word", "She called it “a terrible mistake” in public.", "She called it “a minor mistake” in public.", "quote"},
		{"unquoted", "The \"reform\" passed in the night.", "The reform passed in the night.", "quote"},
		{"single unquoted", "The ‘reform’ passed in the night.", "The reform passed in the night.", "quote"},
		{"straight single unquoted", "The 'reform' passed in the night.", "The reform passed in the night.", "quote"},
		{"quoted", "The reform passed in the night.", "The “reform” passed in the night.", "quote"},
		{"number in a quote", "He said: “We lost 12 boats that night.”", "He said: “We lost 13 boats that night.”", "number quote"},
		{"negated", "The mayor did resign over the plan.", "The mayor did not resign over the plan.", "negation"},
		{"contraction", "She was told and did know of it.", "She was told and didn't know of it.", "negation"},
		{"never", "He has met the owners of the yard.", "He has never met the owners of the yard.", "negation"},
		{"prefix", "The judge found the raid lawful in part.", "The judge found the raid unlawful in part.", "negation"},
		{"hedged", "They agreed to share the cost of it.", "They agreed in principle to share the cost of it.", "hedge"},
		{"allegedly", "The clerk took the money from the safe.", "The clerk allegedly took the money from the safe.", "hedge"},
		{"modal", "The bridge will open late in the year.", "The bridge may open late in the year.", "hedge"},
		{"verb of saying", "The harbour master said the boat was safe.", "The harbour master claimed the boat was safe.", "attribution"},
		{"source", "The pier is sound.", "The pier is sound, according to its builders.", "attribution"},
		{"speaker", "The decision was wrong, Brenner said at night.", "The decision was wrong, Lind said at night.", "name attribution"},
		{"name", "The pier belongs to Marlow and the town.", "The pier belongs to Ketter and the town.", "name"},
		{"transposed", "The council votde to close the pier.", "The council voted to close the pier.", "spelling"},
		{"letter", "The goverment wants to close the pier.", "The government wants to close the pier.", "spelling"},
		{"casing", "The Council wants to close the pier.", "The council wants to close the pier.", "spelling"},
		{"accent", "They met in a cafe by the river.", "They met in a café by the river.", "spelling"},
		{"doubled", "They met in the the hall by the river.", "They met in the hall by the river.", "spelling"},
		{"joined", "They have alot of work to do.", "They have a lot of work to do.", "spelling"},
		{"comma", "The pier which is old was closed.", "The pier, which is old, was closed.", "spelling"},
		{"grouping", "Some 140000 people crossed the river.", "Some 140,000 people crossed the river.", "spelling"},
		{"same in words", "The storm sank 12 boats.", "The storm sank twelve boats.", "spelling"},
		{"written out", "The clerk didn't know of it.", "The clerk did not know of it.", "spelling"},
		{"known words", "The agency is now in breach of the law.", "The agency is not in breach of the law.", "negation"},
		{"known short words", "The dead were buried on the hill.", "The deal were buried on the hill.", "wording"},
		{"wording", "He posted a racist video to the board.", "He posted a short video to the board.", "wording"},
		{"function words", "They went in the hall.", "They went to the hall.", "wording"},
		{"sentence added", "The pier is old. It leaks.", "The pier is old. Nobody has painted it in years. It leaks.", "wording"},
		{"question", "The council knew of it.", "The council knew of it?", "wording"},
		{"han number", "共有三人受伤，市长说。", "共有五人受伤，市长说。", "number"},
		{"han weekday", "市议会周二投票决定关闭渡轮。", "市议会周三投票决定关闭渡轮。", "date"},
		{"arabic digits", "قال 12 شخصا", "قال 21 شخصا", "number"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := compare(tt.before, tt.after)
			if got := join(r.Kinds); got != tt.want {
				t.Errorf("Compare(%q, %q) has kinds %q, want %q\nedits: %+v", tt.before, tt.after, got, tt.want, r.Edits)
			}
		})
	}
}

func TestTypographyIsNoChange(t *testing.T) {
	for _, tt := range [][2]string{
		{"The pier is old.", "The  pier is old."},
		{"The pier is old.", "The pier is old."},
	} {
		if r := compare(tt[0], tt[1]); !r.Same() || r.Significance != 0 || len(r.Edits) != 0 || r.Summary != "" {
			t.Errorf("Compare(%q, %q) = %v, %d, want the same", tt[0], tt[1], r.Kinds, r.Significance)
		}
	}
}

func TestKindsInOtherLanguages(t *testing.T) {
	tests := []struct{ lang, before, after, want string }{
		{"de", "Der Minister hat von dem Plan gewusst.", "Der Minister hat von dem Plan nicht gewusst.", "negation"},
		{"de", "Der Rat trifft sich am Montag im Hafen.", "Der Rat trifft sich am Freitag im Hafen.", "date"},
		{"de-AT", "Der Mann hat das Geld genommen.", "Der Mann hat mutmaßlich das Geld genommen.", "hedge"},
		{"de", "Er nannte es «eine Lüge» im Rat.", "Er nannte es «eine Ausrede» im Rat.", "quote"},
		{"de", "Er nannte es „eine Lüge“ im Rat.", "Er nannte es „eine Ausrede“ im Rat.", "quote"},
		{"de", "Er nannte es »eine Lüge« im Rat.", "Er nannte es eine Lüge im Rat.", "quote"},
		{"ja", "市長は「反対だ」と述べた。", "市長は「賛成だ」と述べた。", "quote"},
		{"fr", "Le conseil vote lundi dans la salle.", "Le conseil vote mardi dans la salle.", "date"},
		{"es", "El alcalde dijo que el puente es seguro.", "El alcalde negó que el puente es seguro.", "attribution"},
		{"", "Der Minister hat von dem Plan gewusst und er war nicht dabei.", "Der Minister hat von dem Plan nie gewusst und er war nicht dabei.", "negation"},
		{"fi", "Silta on no vanha ja hieno paikka.", "Silta on vanha ja hieno paikka.", "wording"},
	}
	for _, tt := range tests {
		before := &extract.Story{Lang: tt.lang, Blocks: []extract.Block{{Kind: extract.Paragraph, Text: tt.before, End: "\n"}}}
		after := &extract.Story{Lang: tt.lang, Blocks: []extract.Block{{Kind: extract.Paragraph, Text: tt.after, End: "\n"}}}
		if got := join(revision.Compare(before, after).Kinds); got != tt.want {
			t.Errorf("%s: Compare(%q, %q) has kinds %q, want %q", tt.lang, tt.before, tt.after, got, tt.want)
		}
	}
}

// A change of fields and blocks: each edit of a story, and its kinds.
func TestKindsOfFieldsAndBlocks(t *testing.T) {
	const lead = "The council voted to close the ferry."
	note := extract.Block{Kind: extract.Note, Text: "Correction: the ferry closes in June, not in May.", End: "\n\n"}
	tests := []struct {
		name string
		edit func(s *extract.Story)
		want string
	}{
		{"headline", func(s *extract.Story) { s.Headline = "Eastbank boat to stop for good" }, "headline"},
		{"headline with a number", func(s *extract.Story) { s.Headline = "Council closes Eastbank ferry after 31 years" }, "headline number"},
		{"headline taken away", func(s *extract.Story) { s.Headline = "" }, "headline"},
		{"standfirst", func(s *extract.Story) { s.Standfirst = "The last boat leaves in May." }, "standfirst date"},
		{"byline", func(s *extract.Story) { s.Byline = "Post staff" }, "byline name"},
		{"published", func(s *extract.Story) { s.Published = s.Published.AddDate(0, 0, 3) }, "date"},
		{"modified alone", func(s *extract.Story) { s.Modified = s.Modified.Add(time.Hour) }, ""},
		{"paragraph added", func(s *extract.Story) {
			s.Blocks = slices.Insert(s.Blocks, 2, extract.Block{Kind: extract.Paragraph, Text: "“No,” said 12 sailors on Friday, and none of them smiled.", End: "\n\n"})
		}, "paragraph-added"},
		{"paragraph removed", func(s *extract.Story) { s.Blocks = slices.Delete(s.Blocks, 2, 3) }, "paragraph-removed"},
		{"note added", func(s *extract.Story) { s.Blocks = append(s.Blocks, note) }, "correction"},
		{"caption added", func(s *extract.Story) {
			s.Blocks = append(s.Blocks, extract.Block{Kind: extract.Caption, Text: "The ferry at dawn.", End: "\n\n"})
		}, "caption"},
		{"block kind alone", func(s *extract.Story) { s.Blocks[1].Kind = extract.Heading }, ""},
		{"paragraphs broken otherwise", func(s *extract.Story) { s.Blocks[1].End = "\n" }, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			after := story(lead)
			tt.edit(after)
			r := revision.Compare(story(lead), after)
			if got := join(r.Kinds); got != tt.want {
				t.Errorf("kinds are %q, want %q\nedits: %+v", got, tt.want, r.Edits)
			}
		})
	}
}

func TestKindsOfCaption(t *testing.T) {
	with := func(text string) *extract.Story {
		s := story("The council voted to close the ferry.")
		s.Blocks = append(s.Blocks, extract.Block{Kind: extract.Caption, Text: text, End: "\n\n"})
		return s
	}
	r := revision.Compare(with("The ferry in 1988, before its 12 seats were removed. Photo: Lena Okafor"), with("The ferry in 1988, before its 21 seats were removed. Photo: Lena Okafor"))
	if got := join(r.Kinds); got != "caption number" {
		t.Errorf("kinds are %q, want caption and number", got)
	}
}
