package revision_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
)

func TestIsNote(t *testing.T) {
	notes := []string{
		"Correction: The ferry carried 140,000 passengers.",
		"CORRECTION — The ferry carried 140,000 passengers.",
		"Correction",
		"Correction (3 March): The ferry carried 140,000 passengers.",
		"Correction, March 3, 2026: The ferry carried 140,000 passengers.",
		"Corrections and clarifications: two names were misspelt.",
		"Update, 14:20: The council has now voted.",
		"UPDATE 3 March 2026 – The council has now voted.",
		"Updated at 3 p.m.: The council has now voted.",
		"Editor's note: This headline has been changed.",
		"Editor’s Note: This headline has been changed.",
		"[Editor's note: a quotation was removed]",
		"Clarification: the bridge is not yet funded.",
		"• This article was amended on 3 March 2026. The ferry is older than we said.",
		"This story has been updated to include comment from the council.",
		"This March 3 story has been corrected to fix the name of the ferry.",
		"The headline was amended on Tuesday.",
		"An earlier version of this article misstated the age of the ferry.",
		"A previous version of this story gave the wrong year.",
		"Earlier versions of this article misspelt a name.",
		"Due to an editing error, an earlier version gave another date.",
		"A correction was made on March 3, 2026: the year was wrong.",
		"(Corrects spelling of the mayor's name in paragraph 3)",
		"For the record: the ferry has two engines.",
		"Korrektur: In der Überschrift stand ein falsches Jahr.",
		"Anmerkung der Redaktion: Wir haben den Namen geändert.",
		"In einer früheren Version dieses Artikels stand ein falsches Jahr.",
		"Dieser Artikel wurde am 12. März aktualisiert.",
		"Rectificatif : le pont date de 1988.",
		"Précision. Le pont date de 1988.",
		"Cet article a été modifié le 3 mars.",
		"Corrección: el puente es de 1988.",
		"Fe de errores: el puente es de 1988.",
		"Rectificatie: de brug is van 1988.",
		"Errata: a ponte é de 1988.",
		"更正：渡轮于六月停运。",
		"【訂正】フェリーは6月に終了します。",
		"تصحيح: العبارة تتوقف في يونيو",
	}
	for _, text := range notes {
		if !revision.IsNote(text, extract.Paragraph) {
			t.Errorf("IsNote(%q) = false, want true", text)
		}
	}
	prose := []string{
		"",
		"A market correction wiped out a year of gains.",
		"Correction of the river's course took ten years.",
		"Corrections officers at the jail walked out on Tuesday.",
		"The Department of Corrections: a history of neglect.",
		"Department of Corrections officials said the jail was full.",
		"Update your browser before you vote, the council said.",
		"Updated figures show that the town grew.",
		"Updated 15:10",
		"Last updated: 3 March 2026, 15:10 GMT",
		"The report was amended by the committee on Tuesday.",
		"The law was amended in 1988.",
		"An earlier version of the bill would have banned cars.",
		"An earlier version of the phone broke.",
		"This is a developing story and will be updated.",
		"Clarification was sought from the ministry.",
		"He said: “Correction: I was there.”",
		"Her editor's note fell on the floor.",
		"For the record, she has never lost.",
		"We changed the oil and drove on.",
	}
	for _, text := range prose {
		if revision.IsNote(text, extract.Paragraph) {
			t.Errorf("IsNote(%q) = true, want false", text)
		}
	}
	if !revision.IsNote("The ferry is older than we said.", extract.Note) {
		t.Error("a block that the page marks as a note is none")
	}
}

func TestDisclosure(t *testing.T) {
	const (
		was  = "The ferry ran for 31 years on the river."
		is   = "The ferry ran for 13 years on the river."
		note = "Correction: an earlier version gave the wrong number of years."
	)
	add := func(kind extract.BlockKind, text string) func(*extract.Story) {
		return func(s *extract.Story) {
			s.Blocks = append(s.Blocks, extract.Block{Kind: kind, Text: text, End: "\n\n"})
		}
	}
	later := func(d time.Duration) func(*extract.Story) {
		return func(s *extract.Story) { s.Modified = s.Modified.Add(d) }
	}
	unstated := func(s *extract.Story) { s.Modified = time.Time{} }
	both := func(fs ...func(*extract.Story)) func(*extract.Story) {
		return func(s *extract.Story) {
			for _, f := range fs {
				f(s)
			}
		}
	}
	none := func(*extract.Story) {}
	tests := []struct {
		name          string
		before, after func(*extract.Story)
		want          revision.Disclosure
		proof         string
	}{
		{"nothing", none, none, revision.Silent, ""},
		{"modified moved on", none, later(time.Hour), revision.Stamped, "2026-03-02T09:00:00Z → 2026-03-02T10:00:00Z"},
		{"modified went back", none, later(-time.Minute), revision.Silent, ""},
		{"no modified time at all", unstated, unstated, revision.Silent, ""},
		{"modified time no longer stated", none, unstated, revision.Silent, ""},
		{"modified time now stated", unstated, none, revision.Stamped, "no modified time → 2026-03-02T09:00:00Z"},
		{"modified time now stated, that of publication", unstated, later(-time.Hour), revision.Silent, ""},
		{"note", none, add(extract.Note, note), revision.Noted, note},
		{"note by its words", none, add(extract.Paragraph, note), revision.Noted, note},
		{"note in another block", none, add(extract.List, "Update, 14:20: the figure was wrong."), revision.Noted, "Update, 14:20: the figure was wrong."},
		{"note and time", none, both(add(extract.Note, note), later(time.Hour)), revision.Noted, note},
		{"note there before", add(extract.Note, note), add(extract.Note, note), revision.Silent, ""},
		{"note there before as a paragraph", add(extract.Paragraph, note), add(extract.Note, note), revision.Silent, ""},
		{"note altered", add(extract.Note, note), add(extract.Note, note+" The headline was wrong too."), revision.Noted, note + " The headline was wrong too."},
		{"note cut", add(extract.Note, note+" The headline was wrong too."), add(extract.Note, note), revision.Silent, ""},
		{"note misspelt", add(extract.Note, strings.Replace(note, "number", "nubmer", 1)), add(extract.Note, note), revision.Silent, ""},
		{"note taken away", add(extract.Note, note), none, revision.Silent, ""},
		{"prose on corrections", none, add(extract.Paragraph, "A market correction followed, said the Department of Corrections."), revision.Silent, ""},
		{"line of time", add(extract.Paragraph, "Updated 15:10"), add(extract.Paragraph, "Updated 16:40"), revision.Stamped, "Updated 16:40"},
		{"note within a paragraph", add(extract.Paragraph, "The boat is old."), add(extract.Paragraph, "The boat is old. "+note), revision.Noted, note},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before, after := story(was), story(is)
			tt.before(before)
			tt.after(after)
			r := revision.Compare(before, after)
			if r.Disclosure != tt.want || r.Proof != tt.proof {
				t.Errorf("disclosure is %s, %q, want %s, %q\nedits: %+v", r.Disclosure, r.Proof, tt.want, tt.proof, r.Edits)
			}
			if !slices.Contains(r.Kinds, revision.Number) {
				t.Errorf("kinds are %v, want number among them", r.Kinds)
			}
			if got := slices.Contains(r.Kinds, revision.Correction); got != (strings.HasPrefix(tt.name, "note") && !strings.HasPrefix(tt.name, "note there")) {
				t.Errorf("kinds are %v", r.Kinds)
			}
		})
	}
}

func TestProofIsShort(t *testing.T) {
	after := story("The pier is old.")
	after.Blocks = append(after.Blocks, extract.Block{Kind: extract.Note, Text: "Correction: " + strings.Repeat("more words ", 100), End: "\n"})
	r := revision.Compare(story("The pier is old."), after)
	if n := len(r.Proof); n == 0 || n > 210 || !strings.HasPrefix(r.Proof, "Correction: more") {
		t.Errorf("proof is %d bytes: %q", n, r.Proof)
	}
}
