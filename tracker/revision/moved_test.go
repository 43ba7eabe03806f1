package revision_test

import (
	"strings"
	"testing"

	"storydiff/tracker/revision"
)

const (
	closing = "The council voted on Tuesday to close the ferry to Eastbank after many years of service."
	boats   = "The ferry carried 140,000 passengers last year, a third fewer than the year before, according to harbour records."
	march   = "Opponents have gathered signatures and plan to march to the town hall on Saturday morning."
)

// What stands elsewhere is moved, no word of it counts as come or gone, and what
// changed inside it is told.
func TestMoved(t *testing.T) {
	const sat = "He sat."
	tests := []struct {
		name          string
		before, after []string
		want          string
		words         int // added, and as many removed
	}{
		{"paragraph", []string{closing, boats, march}, []string{closing, march, boats}, "paragraph-moved", 0},
		{"paragraph with a change", []string{closing, boats, march}, []string{closing, strings.Replace(march, "Saturday", "Sunday", 1), boats}, "date paragraph-moved", 1},
		{"sentence", []string{closing, boats, march + " " + sat}, []string{closing + " " + march, boats, sat}, "paragraph-moved", 0},
		{"sentence with a change", []string{closing, boats, march + " " + sat}, []string{closing + " " + strings.Replace(march, "Saturday", "Sunday", 1), boats, sat}, "date paragraph-moved", 1},
		{"three words within a paragraph", []string{closing + " He was charged. " + march, boats}, []string{closing + " " + march + " He was charged.", boats}, "paragraph-moved", 0},
		{"three words between paragraphs", []string{"Bail was denied. " + closing, boats}, []string{closing, boats + " Bail was denied."}, "paragraph-moved", 0},
	}
	for _, tt := range tests {
		r := revision.Compare(story(tt.before...), story(tt.after...))
		if got := join(r.Kinds); got != tt.want || r.WordsAdded != tt.words || r.WordsRemoved != tt.words {
			t.Errorf("%s: kinds %q, +%d -%d words, want %q, %d words\n%+v", tt.name, got, r.WordsAdded, r.WordsRemoved, tt.want, tt.words, r.Edits)
		}
		if tt.words == 0 && revision.LevelOf(r.Significance) != revision.Minor {
			t.Errorf("%s: significance %d, want minor", tt.name, r.Significance)
		}
	}
}
