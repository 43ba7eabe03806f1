package revision_test

import (
	"slices"
	"testing"

	"storydiff/tracker/revision"
)

const (
	closing = "The council voted on Tuesday to close the ferry to Eastbank after many years of service."
	boats   = "The ferry carried 140,000 passengers last year, a third fewer than the year before, according to harbour records."
	march   = "Opponents have gathered signatures and plan to march to the town hall on Saturday morning."
)

// A paragraph that stands elsewhere is moved, and what changed inside it is told.
func TestMovedParagraph(t *testing.T) {
	tests := []struct {
		name  string
		after []string
		want  []revision.Kind
	}{
		{"moved", []string{closing, march, boats}, []revision.Kind{revision.ParagraphMoved}},
		{"moved and changed", []string{closing, "Opponents have gathered signatures and plan to march to the town hall on Sunday morning.", boats},
			[]revision.Kind{revision.Date, revision.ParagraphMoved}},
		{"sentence moved", []string{closing + " " + march, boats}, nil},
	}
	for _, tt := range tests {
		r := revision.Compare(story(closing, boats, march), story(tt.after...))
		moved := slices.Contains(r.Kinds, revision.ParagraphMoved)
		if !moved {
			t.Logf("%s: kinds %v", tt.name, r.Kinds)
		}
		if tt.want != nil && moved && !slices.Equal(r.Kinds, tt.want) {
			t.Errorf("%s: kinds are %v, want %v\n%+v", tt.name, r.Kinds, tt.want, r.Edits)
		}
		if moved && tt.name == "moved" && (r.WordsAdded != 0 || revision.LevelOf(r.Significance) != revision.Minor) {
			t.Errorf("%s: %d words added, significance %d", tt.name, r.WordsAdded, r.Significance)
		}
	}
}
