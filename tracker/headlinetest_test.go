package tracker_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/revision"
)

// flips reads the changes of a story from its headlines in order, each behind
// the minutes that passed since the one before; a "+" behind a headline says
// that a number of the text changed too, a "=" that the headline stayed.
func flips(text string) []tracker.Change {
	var changes []tracker.Change
	at, was := noon, ""
	for i, entry := range strings.Fields(text) {
		minutes, headline, _ := strings.Cut(entry, ":")
		var m int
		fmt.Sscan(minutes, &m)
		at = at.Add(time.Duration(m) * time.Minute)
		name := strings.Trim(headline, "+=")
		if i > 0 {
			c := tracker.Change{From: i, To: i + 1, SeenAfter: at.Add(-time.Minute), SeenBy: at, OldHeadline: was, NewHeadline: name}
			if !strings.HasSuffix(headline, "=") {
				c.Kinds = append(c.Kinds, revision.Headline)
				c.Traces.Edits = append(c.Traces.Edits, revision.Trace{Kind: revision.Headline, Field: "headline"})
			}
			if strings.ContainsAny(headline, "+=") {
				c.Kinds = append(c.Kinds, revision.Number)
				c.Traces.Edits = append(c.Traces.Edits, revision.Trace{Kind: revision.Number})
			}
			changes = append(changes, c)
		}
		was = name
	}
	return changes
}

func TestHeadlineTests(t *testing.T) {
	tests := []struct{ name, life, want string }{
		{"none", "0:A", ""},
		{"another headline", "0:A 10:B", ""},
		{"ever another", "0:A 10:B 10:C 10:D 10:E 10:F", ""},
		{"there and back", "0:A 10:B 60:A", "1..3: A B, 2 flips"},
		{"there and back in six hours", "0:A 10:B 360:A", "1..3: A B, 2 flips"},
		{"there and back in more", "0:A 10:B 361:A", ""},
		{"back with another edit", "0:A 10:B 60:A+", ""},
		{"there with another edit", "0:A 10:B+ 60:A", ""},
		{"another edit between", "0:A 10:B 5:B= 60:A", "1..4: A B, 2 flips"},
		{"two returns with other edits", "0:A 10:B+ 60:A+ 60:B+", "1..4: A B, 3 flips"},
		{"two returns in a day", "0:A 10:B 720:A 720:B", "1..4: A B, 3 flips"},
		{"two returns in more", "0:A 10:B 720:A 721:B", ""},
		{"a day from one to the next", "0:A 10:B 60:A 1440:B", "1..4: A B, 3 flips"},
		{"more from one to the next", "0:A 10:B 60:A 1441:B", "1..3: A B, 2 flips"},
		{"three headlines", "0:A 10:B 60:C 60:A 60:B", "1..5: A B C, 4 flips"},
		{"four headlines", "0:A 10:B 10:C 10:D 10:A 10:D", "1..6: A B C D, 5 flips"},
		{"five headlines", "0:A 10:B 10:C 10:D 10:E 10:A 10:B", ""},
		{"written anew, then tested", "0:X 10:A 10:B 10:A 10:B", "2..5: A B, 3 flips"},
		{"tested, then written anew", "0:A 10:B 10:A 10:B 10:X 10:Y", "1..4: A B, 3 flips"},
		{"two tests", "0:A 10:B 10:A 5000:C 10:D 10:C", "1..3: A B, 2 flips; 4..6: C D, 2 flips"},
		{"one return without words", "0:A 10:A= 10:A=", ""},
	}
	for _, tt := range tests {
		var got []string
		for _, test := range tracker.HeadlineTests(flips(tt.life)) {
			line := fmt.Sprintf("%d..%d:", test.From, test.To)
			for _, h := range test.Headlines {
				line += " " + h.Text
			}
			got = append(got, fmt.Sprintf("%s, %d flips", line, len(test.Flips)))
		}
		if line := strings.Join(got, "; "); line != tt.want {
			t.Errorf("%s (%s): %q, want %q", tt.name, tt.life, line, tt.want)
		}
	}
}

// Looks count for the headline that their version bore, a version that differs
// in its text alone among them, and the shares add up.
func TestHeadlineTestShares(t *testing.T) {
	test := tracker.HeadlineTests(flips("0:A 10:B 5:B= 10:A 10:C 10:A"))[0]
	for _, tt := range []struct {
		looks map[int]int
		want  string
	}{
		{map[int]int{1: 2, 2: 1, 3: 1, 4: 2, 6: 2, 5: 2}, "A 6 60 %, B 2 20 %, C 2 20 %"},
		{map[int]int{1: 1, 2: 1, 5: 1}, "A 1 34 %, B 1 33 %, C 1 33 %"},
		{map[int]int{1: 5, 2: 1, 5: 1, 7: 100, 99: 3}, "A 5 72 %, B 1 14 %, C 1 14 %"},
		{map[int]int{3: 1}, "A 0 0 %, B 1 100 %, C 0 0 %"},
		{nil, "A 0 0 %, B 0 0 %, C 0 0 %"},
	} {
		counted := test
		counted.Headlines = append([]tracker.TestedHeadline(nil), test.Headlines...)
		counted.Count(tt.looks)
		var got []string
		for _, h := range counted.Headlines {
			got = append(got, fmt.Sprintf("%s %d %d %%", h.Text, h.Looks, h.Share))
		}
		if line := strings.Join(got, ", "); line != tt.want {
			t.Errorf("with looks %v: %s, want %s", tt.looks, line, tt.want)
		}
	}
}

func TestHeadlineTestTimes(t *testing.T) {
	life := flips("0:A 10:B 60:A 10:X")
	test := tracker.HeadlineTests(life)[0]
	at := func(m int) time.Time { return noon.Add(time.Duration(m) * time.Minute) }
	if !test.Began.Equal(at(10)) || !test.Ended.Equal(at(70)) || !test.LooksFrom.Equal(at(10-360)) || !test.LooksUntil.Equal(at(70+360)) {
		t.Errorf("began %v, ended %v, looks from %v until %v", test.Began, test.Ended, test.LooksFrom, test.LooksUntil)
	}
	if !test.Has(&life[1]) || test.Has(&life[2]) {
		t.Error("has the wrong flips")
	}
}
