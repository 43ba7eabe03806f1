package revision_test

import (
	"fmt"
	"strings"
	"testing"

	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
)

// told makes a story of a headline and paragraphs.
func told(headline string, paragraphs ...string) *extract.Story {
	s := &extract.Story{Headline: headline}
	for _, p := range paragraphs {
		s.Blocks = append(s.Blocks, extract.Block{Kind: extract.Paragraph, Text: p, End: "\n\n"})
	}
	return s
}

// originText writes origins: a block a line, before each sentence the story that put
// it there; "2<0" was back in 2 with the words of 0; "2(0,1)" came with 0 and was
// edited once.
func originText(o *revision.Origins) string {
	var b strings.Builder
	line := func(list ...revision.Origin) {
		for i, at := range list {
			if i > 0 {
				b.WriteString(" ")
			}
			fmt.Fprint(&b, at.Placed())
			if at.Back > 0 {
				fmt.Fprintf(&b, "<%d", at.Since)
			}
			if at.Edits > 0 {
				fmt.Fprintf(&b, "(%d,%d)", at.Came, at.Edits)
			}
			fmt.Fprintf(&b, " %s", strings.TrimSpace(at.Text))
		}
		b.WriteString("\n")
	}
	line(o.Headline)
	for _, block := range o.Blocks {
		line(block...)
	}
	return b.String()
}

func TestTraceOrigins(t *testing.T) {
	const (
		bridge = "The council of Harn voted on Tuesday to build a bridge. "
		cost   = "It will cost 12 million crowns and open in spring. "
		dearer = "It will cost 14 million crowns and open in spring. "
		ferry  = "Traders on the east bank had asked for a ferry."
	)
	tests := []struct {
		name    string
		stories []*extract.Story
		want    string
	}{
		{"one story", []*extract.Story{told("Bridge", bridge+cost)},
			"0 Bridge\n0 The council of Harn voted on Tuesday to build a bridge. 0 It will cost 12 million crowns and open in spring.\n"},
		{"edited", []*extract.Story{told("Bridge", bridge+cost+ferry), told("Bridge", bridge+dearer+ferry), told("Bridge now", bridge+dearer+ferry)},
			"2(0,1) Bridge now\n0 " + bridge + "1(0,1) " + dearer + "0 " + ferry + "\n"},
		{"edited twice", []*extract.Story{told("Bridge", cost), told("Bridge", dearer), told("Bridge", strings.Replace(dearer, "14", "15", 1))},
			"0 Bridge\n2(0,2) It will cost 15 million crowns and open in spring.\n"},
		{"added", []*extract.Story{told("Bridge", bridge), told("Bridge", bridge+ferry), told("Bridge", bridge+ferry, "Nobody could be reached.")},
			"0 Bridge\n0 " + bridge + "1 " + ferry + "\n2 Nobody could be reached.\n"},
		{"lengthened", []*extract.Story{told("Bridge", bridge+cost), told("Bridge", bridge+"It will cost more than the town can pay, and 12 million crowns is what the lenders ask.")},
			"0 Bridge\n0 " + bridge + "1(0,1) It will cost more than the town can pay, and 12 million crowns is what the lenders ask.\n"},
		{"written anew", []*extract.Story{told("Bridge", "Traders on the east bank of the river Aller had asked for a ferry in place of the bridge. "+cost), told("Bridge", "Traders on the hills and in the villages beyond never wanted anything but their old road back. "+cost)},
			"0 Bridge\n1 Traders on the hills and in the villages beyond never wanted anything but their old road back. 0 " + cost + "\n"},
		{"shortened", []*extract.Story{told("Bridge", bridge+cost), told("Bridge", bridge+"It will cost 12 million crowns.")},
			"0 Bridge\n0 " + bridge + "1(0,1) It will cost 12 million crowns.\n"},
		{"moved", []*extract.Story{told("Bridge", bridge+cost, ferry), told("Bridge", ferry, bridge+cost), told("Bridge", ferry, cost+bridge)},
			"0 Bridge\n0 " + ferry + "\n0 " + cost + "0 " + bridge[:len(bridge)-1] + "\n"},
		{"moved and edited", []*extract.Story{told("Bridge", bridge+cost, ferry, "The vote was close, and long debated before."), told("Bridge", dearer, bridge+ferry, "The vote was close, and long debated before.")},
			"0 Bridge\n1(0,1) It will cost 14 million crowns and open in spring.\n0 " + bridge + "0 " + ferry + "\n0 The vote was close, and long debated before.\n"},
		{"there and back", []*extract.Story{told("Calm", bridge+cost), told("Storm", bridge+dearer), told("Calm", bridge+cost), told("Calm", bridge+cost+ferry)},
			"2<0 Calm\n0 " + bridge + "2<0 " + cost + "3 " + ferry + "\n"},
		{"there and back twice", []*extract.Story{told("A", cost), told("B", dearer), told("A", cost), told("B", dearer)},
			"3<1(0,1) B\n3<1(0,1) It will cost 14 million crowns and open in spring.\n"},
		{"too short to be known again", []*extract.Story{told("A", "He declined. "+bridge), told("A", bridge), told("A", bridge+"He declined.")},
			"0 A\n0 " + bridge + "2 He declined.\n"},
		{"typography", []*extract.Story{told("A", `"Never," he said, "was a bridge so dear."`), told("A", "“Never,” he said, “was a bridge so dear.”")},
			"0 A\n0 “Never,” he said, “was a bridge so dear.”\n"},
		{"a split paragraph", []*extract.Story{told("A", bridge+ferry), told("A", strings.TrimSpace(bridge), ferry)},
			"0 A\n0 " + strings.TrimSpace(bridge) + "\n0 " + ferry + "\n"},
		{"twice the same", []*extract.Story{told("A", ferry), told("A", ferry, ferry)},
			"0 A\n0 " + ferry + "\n1 " + ferry + "\n"},
		{"empty", []*extract.Story{told(""), told("", "")}, "0 \n\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, want := originText(revision.TraceOrigins(tt.stories)), strings.Join(lines(tt.want), "\n")
			if got = strings.Join(lines(got), "\n"); got != want {
				t.Errorf("TraceOrigins:\n%s\nwant:\n%s", got, want)
			}
		})
	}
	if o := revision.TraceOrigins(nil); o == nil || len(o.Blocks) != 0 {
		t.Errorf("TraceOrigins(nil) = %v, want none", o)
	}
}

func lines(text string) []string {
	list := strings.Split(text, "\n")
	for i := range list {
		list[i] = strings.Join(strings.Fields(list[i]), " ")
	}
	return list
}

// Whatever is done to a text, its origins give it back, and name stories there are.
func TestOriginsGiveTheTextBack(t *testing.T) {
	words := strings.Fields("The council voted. It cost 12 million. Nobody knew! “Never,” she said. Rain fell")
	var stories []*extract.Story
	seed := uint32(1)
	next := func(n int) int {
		seed = seed*1664525 + 1013904223
		return int(seed>>8) % n
	}
	for range 40 {
		var paragraphs []string
		for range 1 + next(4) {
			var p []string
			for range next(12) {
				p = append(p, words[next(len(words))])
			}
			paragraphs = append(paragraphs, strings.Join(p, " "))
		}
		stories = append(stories, told(words[next(3)], paragraphs...))
		o := revision.TraceOrigins(stories)
		for i, block := range stories[len(stories)-1].Blocks {
			text := ""
			for _, at := range o.Blocks[i] {
				text += at.Text
				if at.Came < 0 || at.Came > at.Since || at.Placed() >= len(stories) || at.Edits > at.Since-at.Came || at.Back > 0 && at.Back <= at.Since {
					t.Fatalf("of %d stories: %+v", len(stories), at)
				}
			}
			if text != block.Text {
				t.Fatalf("block %d: the sentences are %q, want %q", i, text, block.Text)
			}
		}
	}
}

// A day's live story: 200 versions of 800 words, of which a few sentences change.
func BenchmarkTraceOrigins(b *testing.B) {
	var stories []*extract.Story
	var paragraphs []string
	for i := range 20 {
		paragraphs = append(paragraphs, strings.Repeat(fmt.Sprintf("The council of ward %d voted on Tuesday to delay the new bridge. ", i), 4))
	}
	for i := range 200 {
		paragraphs[i%20] = strings.Replace(paragraphs[i%20], "Tuesday", fmt.Sprintf("day %d", i), 1)
		stories = append(stories, told("Bridge", paragraphs...))
	}
	b.ReportAllocs()
	for b.Loop() {
		revision.TraceOrigins(stories)
	}
}
