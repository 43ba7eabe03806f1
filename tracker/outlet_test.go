package tracker_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/revision"
)

func TestWeekOf(t *testing.T) {
	for text, want := range map[string]string{
		"2026-03-16T00:00:00Z":      "2026-03-16T00:00:00Z", // a Monday
		"2026-03-15T23:59:59Z":      "2026-03-09T00:00:00Z",
		"2026-03-16T00:30:00+01:00": "2026-03-09T00:00:00Z", // Sunday, in UTC
		"1970-01-01T00:00:00Z":      "1969-12-29T00:00:00Z",
		"1900-01-01T00:00:00Z":      "1969-12-29T00:00:00Z",
	} {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		if got := tracker.WeekOf(at).Start().Format(time.RFC3339); got != want {
			t.Errorf("WeekOf(%s) begins at %s, want %s", text, got, want)
		}
	}
}

// monday begins the last of the weeks that the tests count.
var monday = time.Date(2026, 3, 16, 0, 0, 0, 0, time.UTC)

// lived is an article that was published hours after monday, first seen an hour
// later, and observed in the last week.
func lived(published int, edits ...tracker.Edit) *tracker.Life {
	at := monday.Add(time.Duration(published) * time.Hour)
	l := &tracker.Life{Published: at, FirstSeen: at.Add(time.Hour), SeenWeek: tracker.WeekOf(monday), Edits: edits}
	for i := range l.Edits {
		l.Edits[i].To = i + 2
	}
	return l
}

// edit is a change that was seen hours after monday, within half an hour.
func edit(d revision.Disclosure, hours int) tracker.Edit {
	by := monday.Add(time.Duration(hours) * time.Hour)
	return tracker.Edit{SeenAfter: by.Add(-30 * time.Minute), SeenBy: by, Disclosure: d}
}

// tallied says what was counted of lives in the week of monday and the one before.
func tallied(lives ...*tracker.Life) string {
	f := tracker.Figures("example.com", lives, tracker.WeekOf(monday)-1, monday.Add(48*time.Hour))
	var parts []string
	say := func(name string, numbers ...any) {
		text := fmt.Sprint(numbers...)
		if strings.Trim(text, "0 s") != "" {
			parts = append(parts, name+" "+text)
		}
	}
	say("articles", f.Articles)
	say("new", f.New)
	say("unread", f.Unread)
	say("edited", f.Edited)
	say("changes", f.Changes)
	say("silent", f.Silent)
	say("stamped", f.Stamped)
	say("noted", f.Noted)
	say("flips", f.Flips)
	median := func(name string, m tracker.Median) {
		if m.N > 0 {
			say(name, fmt.Sprintf("%v..%v of %d", m.AtLeast, m.AtMost, m.N))
		}
	}
	say("first edits", f.FirstEdits)
	median("first edit", f.FirstEdit)
	median("first look", f.FirstLook)
	median("window", f.Window)
	median("late", f.Late)
	say("gone", f.Gone)
	say("back", f.Back)
	say("spells", f.Blocked)
	say("blocked", f.BlockedOf)
	if f.BlockedFor > 0 {
		say("for", f.BlockedFor)
	}
	for i, w := range f.Weeks {
		if w.Changes() > 0 || w.Edited > 0 {
			say(fmt.Sprintf("week%d", i), w.Silent, w.Stamped, w.Noted, w.Edited)
		}
	}
	return strings.Join(parts, "; ")
}

func TestFigures(t *testing.T) {
	const week = 7 * 24
	undated := lived(0, edit(revision.Silent, 5))
	undated.Published = time.Time{}
	ahead := lived(0)
	ahead.Published = ahead.FirstSeen.Add(time.Minute)
	old := lived(-3 * week)
	old.SeenWeek -= 2
	flips := lived(0, edit(revision.Silent, 2), edit(revision.Silent, 3), edit(revision.Stamped, 4))
	flips.Edits[1].Flip = true
	noted := lived(-week, edit(revision.Silent, -20), edit(revision.Noted, 1))
	noted.Late = []tracker.Lateness{{SeenBy: monday.Add(time.Hour), AtLeast: 20 * time.Hour, AtMost: 21 * time.Hour}}
	unknown := lived(-week)
	unknown.Late = []tracker.Lateness{{SeenBy: monday, AtLeast: time.Hour}, {SeenBy: monday.Add(-3 * week * time.Hour), AtLeast: time.Hour, AtMost: time.Hour}}
	gone := lived(-4 * week)
	gone.Gone = []tracker.LifeSpell{{At: monday, Until: monday.Add(time.Hour)}, {At: monday.Add(2 * time.Hour)}}
	back := lived(-4 * week)
	back.Gone = []tracker.LifeSpell{{At: monday, Until: monday.Add(time.Hour)}}
	blocked := lived(-4 * week)
	blocked.Blocked = []tracker.LifeSpell{{At: monday.Add(-3 * week * time.Hour)}, {At: monday, Until: monday.Add(time.Hour)}, {At: monday.Add(46 * time.Hour)}}
	tests := []struct {
		name  string
		lives []*tracker.Life
		want  string
	}{
		{"nothing", nil, ""},
		{"never read", []*tracker.Life{{}}, "unread 1"},
		{"unchanged", []*tracker.Life{lived(0)}, "articles 1; new 1; first look 1h0m0s..1h0m0s of 1"},
		{"not observed in this time", []*tracker.Life{old}, ""},
		{"no time of publication", []*tracker.Life{undated}, "articles 1; new 1; edited 1; changes 1; silent 1; first edits 1; window 30m0s..30m0s of 1; week1 1 0 0 1"},
		{"published after it was seen", []*tracker.Life{ahead}, "articles 1; new 1"},
		{"edited before this time", []*tracker.Life{lived(-4*week, edit(revision.Silent, -3*week))}, "articles 1"},
		{"edited first in this time", []*tracker.Life{lived(-4*week, edit(revision.Stamped, -3))}, "articles 1; edited 1; changes 1; stamped 1; first edits 1; first edit 668h30m0s..669h0m0s of 1; window 30m0s..30m0s of 1; week0 0 1 0 1"},
		{"two weeks", []*tracker.Life{noted}, "articles 1; new 1; edited 1; changes 2; silent 1; noted 1; first edits 1; first edit 147h30m0s..148h0m0s of 1; first look 1h0m0s..1h0m0s of 1; window 30m0s..30m0s of 2; late 20h0m0s..21h0m0s of 1; week0 1 0 0 1; week1 0 0 1 1"},
		{"a headline under test", []*tracker.Life{flips}, "articles 1; new 1; edited 1; changes 2; silent 1; stamped 1; flips 1; first edits 1; first edit 1h30m0s..2h0m0s of 1; first look 1h0m0s..1h0m0s of 1; window 30m0s..30m0s of 2; week1 1 1 0 1"},
		{"late, and nobody knows how much", []*tracker.Life{unknown}, "articles 1; new 1; first look 1h0m0s..1h0m0s of 1; late 1h0m0s..0s of 1"},
		{"late, and the middle lies between what is known and not", []*tracker.Life{unknown, noted}, "articles 2; new 2; edited 1; changes 2; silent 1; noted 1; first edits 1; first edit 147h30m0s..148h0m0s of 1; first look 1h0m0s..1h0m0s of 2; window 30m0s..30m0s of 2; late 10h30m0s..0s of 2; week0 1 0 0 1; week1 0 0 1 1"},
		{"taken away", []*tracker.Life{gone, back}, "articles 2; gone 2; back 1"},
		{"blocked", []*tracker.Life{blocked}, "articles 1; spells 2; blocked 1; for 3h0m0s"},
		{"medians", []*tracker.Life{lived(0, edit(revision.Silent, 2)), lived(0, edit(revision.Silent, 4)), lived(0, edit(revision.Silent, 40)), lived(0, edit(revision.Silent, 6))},
			"articles 4; new 4; edited 4; changes 4; silent 4; first edits 4; first edit 4h30m0s..5h0m0s of 4; first look 1h0m0s..1h0m0s of 4; window 30m0s..30m0s of 4; week1 4 0 0 4"},
	}
	for _, tt := range tests {
		if got := tallied(tt.lives...); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestCompareShares(t *testing.T) {
	for _, tt := range []struct{ n, of, m, out, want int }{
		{10, 20, 5, 20, 1}, {5, 20, 10, 40, 0}, {0, 100, 1, 1000, -1},
		{19, 19, 0, 20, -1}, {0, 20, 3, 3, 1}, {1, 3, 2, 3, -1}, {0, 0, 0, 0, 0},
	} {
		if got := tracker.CompareShares(tt.n, tt.of, tt.m, tt.out); got != tt.want {
			t.Errorf("CompareShares(%d of %d, %d of %d) = %d, want %d", tt.n, tt.of, tt.m, tt.out, got, tt.want)
		}
	}
}
