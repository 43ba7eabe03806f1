package revision_test

import (
	"strings"
	"testing"
	"time"

	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
)

// Reasons are sentences: the words in them can be told from the words around.
func TestReasonsAreSentences(t *testing.T) {
	for _, tt := range []struct{ before, after, code, want string }{
		{"The shop is on the ring road by the mill.", "The shop is on the northern bypass by the mill.", "wording",
			"The wording in the first paragraph changed: “ring road” became “northern bypass”."},
		{"The shop, Finch claimed, was never open.", "The shop, Finch admitted, was never open.", "attribution",
			"Who says it, or how, changed in the first paragraph: claimed became admitted."},
		{"“It is a disgrace,” said Mr Boyle.", "It is a disgrace, said Mr Boyle.", "quote",
			"Quotation marks were taken off words in the first paragraph: “It is a disgrace,”."},
		{"The firm calls it a free gift to the town.", "The firm calls it a “free gift” to the town.", "quote",
			"Quotation marks were put around words in the first paragraph: “free gift”."},
	} {
		r := compare(tt.before, tt.after)
		if got := reasonOf(r, tt.code); got != tt.want {
			t.Errorf("%s → %s\nreasons %v\nwant %q", tt.before, tt.after, r.Reasons, tt.want)
		}
	}
}

// A modified time that went back has moved, but not on.
func TestModifiedTimeWentBack(t *testing.T) {
	after := story("The ferry ran for 13 years.")
	after.Modified = after.Modified.Add(-time.Hour)
	r := revision.Compare(story("The ferry ran for 31 years."), after)
	if got, want := reasonOf(r, revision.ReasonSilent), "No note says so, and the modified time did not move on."; got != want {
		t.Errorf("reason is %q, want %q", got, want)
	}
}

// A sentence ends once.
func TestReasonsEndOnce(t *testing.T) {
	after := story("The ferry ran for 31 years.")
	after.Standfirst = "The last boat leaves in July."
	r := revision.Compare(story("The ferry ran for 31 years."), after)
	if got, want := reasonOf(r, "standfirst"), "The standfirst changed: “The last boat leaves in June.” became “The last boat leaves in July.”"; got != want {
		t.Errorf("reason is %q, want %q", got, want)
	}
}

// A time of update that the old page did not state has not moved on, and one that
// the new page does not state was there.
func TestModifiedTimeCameAndWent(t *testing.T) {
	with, without := story("The ferry ran for 31 years."), story("The ferry ran for 13 years.")
	without.Modified = time.Time{}
	if got, want := reasonOf(revision.Compare(with, without), revision.ReasonSilent), "No note says so, and the page no longer states a modified time."; got != want {
		t.Errorf("reason is %q, want %q", got, want)
	}
	if got, want := reasonOf(revision.Compare(without, with), revision.ReasonStamped), "No note says so; only a time of update is new on the page (2026-03-02T09:00:00Z)."; got != want {
		t.Errorf("reason is %q, want %q", got, want)
	}
}

// What a text file does not have, no page is said to lack.
func TestNoDatesAtAll(t *testing.T) {
	before, after := story("The ferry ran for 31 years."), story("The ferry ran for 13 years.")
	for _, s := range []*extract.Story{before, after} {
		s.Published, s.Modified = time.Time{}, time.Time{}
	}
	if got, want := reasonOf(revision.Compare(before, after), revision.ReasonSilent), "No note says so, and there is no modified time to go by."; got != want {
		t.Errorf("reason is %q, want %q", got, want)
	}
	after.Published = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	if got, want := reasonOf(revision.Compare(before, after), revision.ReasonSilent), "No note says so, and the page states no modified time."; got != want {
		t.Errorf("reason of a page is %q, want %q", got, want)
	}
}

// A charged word that stayed in another form neither came nor went.
func TestChargedWordInAnotherForm(t *testing.T) {
	r := compare("The mayor resigned over the plan.", "The mayor did not resign over the plan.")
	if got := reasonOf(r, revision.ReasonCharged); got != "" {
		t.Errorf("reason is %q, want none", got)
	}
}

// A name that changed in the headline is shown there, also where the text spells
// it.
func TestNameInTheHeadline(t *testing.T) {
	before, after := story("Mayor Brenner spoke on Monday."), story("Mayor Brenner spoke on Monday.")
	before.Headline, after.Headline = "Brenner resigns over ferry closure", "Halvorsen resigns over ferry closure"
	r := revision.Compare(before, after)
	if got, want := reasonOf(r, "name"), "A name in the headline changed: Brenner became Halvorsen."; got != want {
		t.Errorf("reason is %q, want %q", got, want)
	}
}

// A note quoted in the midst of a sentence does not end it.
func TestNoteInASentence(t *testing.T) {
	before := newsOf("en", "At least 12 people died when the ferry hit the pier.", "Lotte Avery paints the boats.")
	after := newsOf("en", "At least 21 people died when the ferry hit the pier.", "Lotte Avery paints the boats.")
	r := revision.Compare(before, withNotes(after, "Correction: an earlier version misspelt the name of Lotte Avery."))
	if got := reasonOf(r, revision.ReasonNotedOther); !strings.HasSuffix(got, "of Lotte Avery”, not of what changed.") {
		t.Errorf("reason is %q of %v", got, r.Reasons)
	}
}

func reasonOf(r *revision.Revision, code string) string {
	for _, reason := range r.Reasons {
		if reason.Code == code {
			return reason.Text
		}
	}
	return ""
}

// A sentence that moved is not called a paragraph.
func TestSummaryOfAMovedSentence(t *testing.T) {
	moved := "The wall was built by the navy in the last war and has not been mended since."
	r := compare("The council met on Monday evening to talk. "+moved+" A storm in January broke the outer steps of it.",
		moved+" The council met on Monday evening to talk. A storm in January broke the outer steps of it.")
	if want := "a passage moved"; r.Summary != want {
		t.Errorf("summary is %q, want %q", r.Summary, want)
	}
}

// What became what is told from where it differs, however far behind that is.
func TestReasonsShowWhatDiffers(t *testing.T) {
	const note = "Correction: an earlier version of this story said that the boat had carried more people than it may by its licence of 1988. It was "
	before, after := story("The ferry ran for 31 years."), story("The ferry ran for 31 years.")
	before.Blocks = append(before.Blocks, extract.Block{Kind: extract.Note, Text: note + "168, not 186."})
	after.Blocks = append(after.Blocks, extract.Block{Kind: extract.Note, Text: note + "168."})
	r := revision.Compare(before, after)
	if got, want := reasonOf(r, "correction"), "A correction or note was altered: “…its licence of 1988. It was 168, not 186.” became “…its licence of 1988. It was 168.”"; got != want {
		t.Errorf("reasons %v\nwant %q", r.Reasons, want)
	}
}
