package revision_test

import (
	"slices"
	"strings"
	"testing"

	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
)

// newsOf is a story of several subjects, so that a note can be about another.
func newsOf(lang string, paragraphs ...string) *extract.Story {
	s := &extract.Story{Headline: "Ferry hits pier", Lang: lang}
	if lang == "en" {
		paragraphs = append(paragraphs,
			"The harbour office will inspect the lamps on the north quay next week.",
			"Councillor Edith Marrow said that the next meeting was in the old library.",
			"“We had no warning at all,” said Tom Quill, who sells herring by the quay.")
	}
	for _, p := range paragraphs {
		s.Blocks = append(s.Blocks, extract.Block{Kind: extract.Paragraph, Text: p, End: "\n\n"})
	}
	return s
}

func withNotes(s *extract.Story, notes ...string) *extract.Story {
	for _, n := range notes {
		s.Blocks = append(s.Blocks, extract.Block{Kind: extract.Note, Text: n, End: "\n\n"})
	}
	return s
}

func TestNoteSpeaks(t *testing.T) {
	const (
		toll, toll2   = "At least 12 people died when the ferry hit the pier.", "At least 21 people died when the ferry hit the pier."
		name, name2   = "The captain, Ewan Sorley, was not on the bridge.", "The captain, Ewan Sorrel, was not on the bridge."
		typo, typo2   = "The goverment has sent two divers.", "The government has sent two divers."
		money, money2 = "The repair is a shameful bargain for the town.", "The repair is a poor bargain for the town."
	)
	tests := []struct {
		lang, before, after, note string
		want                      revision.Topic
	}{
		{"en", toll, toll2, "Correction: an earlier version of this article misstated the death toll as 12.", revision.SpeaksOfChange},
		{"en", toll, toll2, "Correction: An earlier version misstated the number of deaths.", revision.SpeaksOfChange},
		{"en", toll, toll2, "This article was amended on 3 March 2026. Twenty-one people died, not twelve as we said.", revision.SpeaksOfChange},
		{"en", toll, toll2, "This article has been updated.", revision.SpeaksInGeneral},
		{"en", toll, toll2, "Update, 12:21: This story has been corrected.", revision.SpeaksInGeneral},
		{"en", toll, toll2, "This article was amended following a complaint.", revision.SpeaksInGeneral},
		{"en", toll, toll2, "Correction: the place of the next meeting was wrong.", revision.SpeaksOfOther},
		{"en", toll, toll2, "Correction, 12 March: An earlier version misspelt the name of Edith Marrow.", revision.SpeaksOfOther},
		{"en", toll, toll2, "Correction: a typo was fixed.", revision.SpeaksOfOther},
		{"en", toll, toll2, "The headline was amended on Tuesday.", revision.SpeaksOfOther},
		{"en", toll, toll2, "Correction: The lamps on the quay were lit in 1905.", revision.SpeaksOfOther},
		{"en", toll, toll2, "Correction: This article gave the wrong number of lamps on the quay.", revision.SpeaksOfOther},
		{"en", name, name2, "Correction: This article misspelled the captain's name.", revision.SpeaksOfChange},
		{"en", name, name2, "(Corrects spelling of Sorrel in paragraph 3)", revision.SpeaksOfChange},
		{"en", name, name2, "Correction: the herring was sold on the quay.", revision.SpeaksOfOther},
		{"en", typo, typo2, "This article was amended to correct a spelling mistake.", revision.SpeaksOfChange},
		{"en", money, money2, "This article was amended to clarify the bargain that the repair is.", revision.SpeaksOfChange},
		{"en", money, money2, "Clarification: Tom Quill sells eels, not herring.", revision.SpeaksOfOther},
		{"de", "Bei dem Brand starben 12 Menschen. Der Rat tagt am Abend im Rathaus.", "Bei dem Brand starben 21 Menschen. Der Rat tagt am Abend im Rathaus.",
			"Korrektur: In einer früheren Version dieses Artikels war die Zahl der Toten falsch angegeben.", revision.SpeaksOfChange},
		{"de", "Bei dem Brand starben 12 Menschen. Der Rat tagt am Abend im Rathaus.", "Bei dem Brand starben 21 Menschen. Der Rat tagt am Abend im Rathaus.",
			"Korrektur: Der Rat tagt am Abend im Rathaus, nicht am Morgen.", revision.SpeaksOfOther},
		{"de", "Bei dem Brand starben 12 Menschen.", "Bei dem Brand starben 21 Menschen.", "Dieser Artikel wurde am 12. März aktualisiert.", revision.SpeaksInGeneral},
		{"fr", "L’incendie a fait 12 morts. Le conseil se réunit à la mairie.", "L’incendie a fait 21 morts. Le conseil se réunit à la mairie.",
			"Rectificatif : une première version de cet article indiquait 12 morts.", revision.SpeaksOfChange},
		{"fr", "L’incendie a fait 12 morts. Le conseil se réunit à la mairie.", "L’incendie a fait 21 morts. Le conseil se réunit à la mairie.",
			"Précision : le conseil se réunit à la mairie.", revision.SpeaksOfOther},
		{"fr", "L’incendie a fait 12 morts.", "L’incendie a fait 21 morts.", "Cet article a été modifié le 12 mars.", revision.SpeaksInGeneral},
		{"es", "El incendio dejó 12 muertos. El concejo se reúne en el ayuntamiento.", "El incendio dejó 21 muertos. El concejo se reúne en el ayuntamiento.",
			"Corrección: en una versión anterior de este artículo el número de muertos era incorrecto.", revision.SpeaksOfChange},
		{"es", "El incendio dejó 12 muertos. El concejo se reúne en el ayuntamiento.", "El incendio dejó 21 muertos. El concejo se reúne en el ayuntamiento.",
			"Corrección: el concejo se reúne en el ayuntamiento.", revision.SpeaksOfOther},
		{"th", "มีผู้เสียชีวิต 12 คน", "มีผู้เสียชีวิต 21 คน", "Correction: x y z.", revision.SpeaksInGeneral},
	}
	for _, tt := range tests {
		r := revision.Compare(newsOf(tt.lang, tt.before), withNotes(newsOf(tt.lang, tt.after), tt.note))
		if r.NoteSpeaks != tt.want || r.Disclosure != revision.Noted {
			t.Errorf("%s → %s\nwith %q: %s, speaks of %q, want %q\nreasons %v\ntraces %+v", tt.before, tt.after, tt.note, r.Disclosure, r.NoteSpeaks, tt.want, r.Reasons, r.Traces.Edits)
		}
		code := slices.ContainsFunc(r.Reasons, func(r revision.Reason) bool { return r.Code == revision.ReasonNotedOther })
		if code != (tt.want == revision.SpeaksOfOther) {
			t.Errorf("with %q the reasons are %v", tt.note, r.Reasons)
		}
	}
}

func TestHeadlineNote(t *testing.T) {
	before, after := newsOf("en", "The ferry is old."), newsOf("en", "The ferry is old.")
	after.Headline = "Boat damages jetty"
	if r := revision.Compare(before, withNotes(after, "The headline was amended on Tuesday.")); r.NoteSpeaks != revision.SpeaksOfChange {
		t.Errorf("speaks of %q, %v", r.NoteSpeaks, r.Reasons)
	}
}

// A note that speaks of one edit and passes over another says so.
func TestNoteSpeaksOfPart(t *testing.T) {
	before := newsOf("en", "At least 12 people died when the ferry hit the pier.", "The captain, Ewan Sorley, was not on the bridge.")
	after := newsOf("en", "At least 21 people died when the ferry hit the pier.", "The captain, Ewan Sorley, was on the bridge.")
	r := revision.Compare(before, withNotes(after, "Correction: an earlier version gave the number of deaths as 12."))
	last := r.Reasons[len(r.Reasons)-1]
	if r.NoteSpeaks != revision.SpeaksOfPart || last.Code != revision.ReasonNoted || !strings.Contains(last.Text, "it does not mention that “not” went from the second paragraph") {
		t.Errorf("speaks of %q: %+v", r.NoteSpeaks, last)
	}
}

// A note about something else leaves the edit about as heavy as silence does.
func TestOtherNoteWeighsLikeSilence(t *testing.T) {
	before := newsOf("en", "At least 12 people died when the ferry hit the pier.")
	after := func() *extract.Story { return newsOf("en", "At least 21 people died when the ferry hit the pier.") }
	silent := revision.Compare(before, after()).Significance
	other := revision.Compare(before, withNotes(after(), "Correction: the herring was sold on the quay.")).Significance
	same := revision.Compare(before, withNotes(after(), "Correction: we gave the number of deaths as 12.")).Significance
	if other < silent || same >= other-10 {
		t.Errorf("silent %d, with a note on something else %d, on the edit %d", silent, other, same)
	}
}

// A note alone is a correction and nothing else.
func TestNoteAlone(t *testing.T) {
	r := revision.Compare(newsOf("en", "The ferry is old."), withNotes(newsOf("en", "The ferry is old."), "Correction: the herring was sold on the quay."))
	if !slices.Equal(r.Kinds, []revision.Kind{revision.Correction}) || r.Disclosure != revision.Noted || r.NoteSpeaks != "" {
		t.Errorf("kinds %v, %s, speaks of %q", r.Kinds, r.Disclosure, r.NoteSpeaks)
	}
	if len(r.Traces.Notes) != 1 || len(r.Traces.Edits) != 0 {
		t.Errorf("traces are %+v", r.Traces)
	}
}

// What is new in an altered note is what it speaks of.
func TestAlteredNoteSpeaks(t *testing.T) {
	const was = "Correction: we gave the number of deaths as 12."
	before := withNotes(newsOf("en", "At least 12 people died when the ferry hit the pier."), was)
	after := withNotes(newsOf("en", "At least 21 people died when the ferry hit the pier."), was+" The herring is sold by the north quay.")
	if r := revision.Compare(before, after); r.NoteSpeaks != revision.SpeaksOfOther {
		t.Errorf("speaks of %q, want other; %v", r.NoteSpeaks, r.Reasons)
	}
}

// A further edit never lowers the weight, whatever the note speaks of.
func TestMoreEditsWeighMoreWithNotes(t *testing.T) {
	paragraphs := []string{
		"At least 12 people died when the ferry hit the pier.",
		"The captain, Ewan Sorley, was not on the bridge.",
		"The goverment has sent two divers from the county.",
		"The repair is a shameful bargain for the town, said Ida Moor.",
	}
	edits := [][2]string{{"12", "21"}, {"Sorley", "Sorrel"}, {"not on", "on"}, {"goverment", "government"}, {"two divers", "nine divers"}, {"shameful", "poor"}, {"Ida Moor", "Petra Lind"}}
	notes := []string{
		"Correction: we gave the number of deaths as 12.", "Correction: we misspelt the captain's name.", "This article has been updated.",
		"Correction: the herring was sold on the quay.", "Correction: nine divers came.", "Correction: a spelling mistake was corrected.",
	}
	apply := func(set int, note string) *extract.Story {
		texts := slices.Clone(paragraphs)
		for i, e := range edits {
			for j := range texts {
				if set&(1<<i) != 0 {
					texts[j] = strings.Replace(texts[j], e[0], e[1], 1)
				}
			}
		}
		s := newsOf("en", texts...)
		if note != "" {
			withNotes(s, note)
		}
		return s
	}
	base := apply(0, "")
	for _, note := range notes {
		score := make([]int, 1<<len(edits))
		for set := 1; set < len(score); set++ {
			score[set] = revision.Compare(base, apply(set, note)).Significance
			for i := range edits {
				if less := set &^ (1 << i); less != set && score[less] > score[set] {
					t.Errorf("with %q edits %b weigh %d, with %q → %q %d", note, less, score[less], edits[i][0], edits[i][1], score[set])
				}
			}
		}
	}
}

// What is kept of a change for later notes is little, whatever the texts.
func TestTracesAreBounded(t *testing.T) {
	words := strings.Repeat("herring quay lamp ferry county ", 400)
	before, after := newsOf("en"), newsOf("en")
	for i := range 60 {
		number := strings.Repeat("1", i%9+1)
		before.Blocks = append(before.Blocks, extract.Block{Kind: extract.Paragraph, Text: words + number + ".", End: "\n"})
		after.Blocks = append(after.Blocks, extract.Block{Kind: extract.Paragraph, Text: words + number + "7.", End: "\n"})
		withNotes(after, "Correction: "+number+" "+words)
	}
	r := revision.Compare(before, after)
	if n := len(r.Traces.Edits); n == 0 || n > 24 {
		t.Errorf("%d edits are kept", n)
	}
	for _, e := range r.Traces.Edits {
		if len(e.Words)+len(e.Numbers)+len(e.Around)+len(e.Common) > 4*24 {
			t.Errorf("of an edit is kept %+v", e)
		}
	}
	for i, n := range r.Traces.Notes {
		if i >= 8 || len(n) > 1010 {
			t.Errorf("note %d is kept with %d bytes", i, len(n))
		}
	}
}

// A note that comes later needs more to speak of an edit than one that comes
// with it.
func TestLaterNoteSpeaksOf(t *testing.T) {
	edits := func(before, after string) []revision.Trace {
		return revision.Compare(newsOf("en", before), newsOf("en", after)).Traces.Edits
	}
	toll := edits("At least 12 people died when the ferry hit the pier.", "At least 21 people died when the ferry hit the pier.")
	words := edits("The repair is a shameful bargain for the town.", "The repair is a poor bargain for the town.")
	typo := edits("The goverment has sent two divers.", "The government has sent two divers.")
	added := edits("The ferry is old.", "The ferry is old. It was built by Ida Moor in 1932 and has a steam engine.")
	for _, tt := range []struct {
		name  string
		edits []revision.Trace
		note  string
		want  bool
	}{
		{"old value and what it counts", toll, "Correction: an earlier version misstated the death toll as 12.", true},
		{"both values", toll, "Correction: It was 21, not 12.", true},
		{"what was counted", toll, "Correction: an earlier version misstated the number of people who died.", true},
		{"a value that is another thing", toll, "Correction: the lamps were lit at 12 by the harbour office.", false},
		{"in general", toll, "This article has been updated.", false},
		{"something else", toll, "Correction: the herring was sold on the quay.", false},
		{"a date", toll, "This article was amended on 12 March 2026.", false},
		{"a word and its sentence", words, "Clarification: nobody called the repair shameful.", true},
		{"a word alone", words, "Clarification: the harvest was poor.", false},
		{"a spelling", typo, "Correction: the spelling of government was corrected.", false},
		{"a paragraph added", added, "Update: Ida Moor has said that the engine is new.", false},
	} {
		note := revision.ReadNote(tt.note, "en")
		if got := slices.ContainsFunc(tt.edits, note.SpeaksOf); got != tt.want {
			t.Errorf("%s: %q speaks of %+v: %v, want %v", tt.name, tt.note, tt.edits, got, tt.want)
		}
	}
	if revision.ReadNote("Correction: It was 21, not 12.", "xx").SpeaksOf(toll[0]) {
		t.Error("a note in a language without a lexicon speaks of an edit")
	}
}
