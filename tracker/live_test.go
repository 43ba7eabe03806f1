package tracker_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/extract"
)

// liveStory is a live blog whose posts are named by letters, each an hour after
// the next; a capital is a post that does not say when it was made.
func liveStory(posts string) *extract.Story {
	s := &extract.Story{Headline: "Live", Sources: map[string]string{"live": "json-ld"}}
	s.Blocks = append(s.Blocks, extract.Block{Kind: extract.Paragraph, Text: "What we know.", End: "\n\n"})
	for _, r := range posts {
		name := string(r)
		if r >= 'a' {
			at := time.Date(2026, 3, 3, 23, 0, 0, 0, time.UTC).Add(-time.Duration(r-'a') * time.Hour)
			s.Blocks = append(s.Blocks, extract.Block{Kind: extract.Heading, Text: at.Format("2006-01-02 15:04 UTC"), End: "\n\n", Post: name})
		}
		s.Blocks = append(s.Blocks, extract.Block{Kind: extract.Paragraph, Text: "Post " + name, End: "\n\n", Post: name})
	}
	s.Blocks[len(s.Blocks)-1].End = "\n"
	return s
}

func TestPagedOut(t *testing.T) {
	for _, tt := range []struct {
		name, before, after string
		want                string // the posts left of before
	}{
		{"nothing happened", "cde", "cde", "cde"},
		{"a post came", "cde", "bcde", "cde"},
		{"a post came and one dropped off", "cde", "bcd", "cd"},
		{"two came and two dropped off", "cdef", "abcd", "cd"},
		{"the newest stand below", "edc", "dcb", "dc"},
		{"a post went while none came", "cde", "cd", "cde"},
		{"a post went from the middle while one came", "cde", "bce", "cde"},
		{"one went from the middle and one dropped off", "cdef", "bce", "cde"},
		{"an older post took the place of one", "bcd", "bce", "bcd"},
		{"the newest went and another came", "bcd", "acd", "bcd"},
		{"all turned over", "fgh", "abc", ""},
		{"all turned over, but no time says so", "FGH", "ABC", "FGH"},
		{"without times", "CDE", "BCD", "CD"},
		{"without times, one went from the middle", "CDEF", "BCEF", "CDEF"},
		{"all have other names now", "FGH", "abc", "FGH"},
		{"a pinned post stays on top", "ccde", "cbd", "ccd"},
	} {
		before, after := liveStory(tt.before), liveStory(tt.after)
		kept, n := tracker.PagedOut(before, after)
		got := ""
		for _, b := range kept.Blocks {
			if name, is := strings.CutPrefix(b.Text, "Post "); is {
				got += name
			}
		}
		if got != tt.want || n != len(tt.before)-len(tt.want) {
			t.Errorf("%s: of %s, with %s now, %s are left (%d dropped off), want %s", tt.name, tt.before, tt.after, got, n, tt.want)
		}
		if kept.Blocks[0].Text != "What we know." || kept.Blocks[len(kept.Blocks)-1].End != "\n" {
			t.Errorf("%s: what is left begins with %q and ends in %q", tt.name, kept.Blocks[0].Text, kept.Blocks[len(kept.Blocks)-1].End)
		}
		if len(before.Blocks) != len(liveStory(tt.before).Blocks) {
			t.Errorf("%s: the story itself was changed", tt.name)
		}
	}
	before, after := liveStory("c"), liveStory("c")
	for i := range after.Blocks {
		after.Blocks[i].Post = strings.Replace(after.Blocks[i].Post, "c", "renamed", 1)
	}
	if _, n := tracker.PagedOut(before, after); n != 0 {
		t.Errorf("of a post that has another name now, %d dropped off", n)
	}
	before, after = liveStory("cde"), liveStory("bcd")
	before.Sources = nil
	if kept, n := tracker.PagedOut(before, after); kept != before || n != 0 {
		t.Errorf("of a story that is no live blog, %d posts dropped off", n)
	}
}

// A rule that comes or goes is no edit of the newspaper's: both sides are read by
// it.
func TestNewRuleIsNoChange(t *testing.T) {
	s := newWatch(t)
	s.desk.edit(func(d *desk) { d.paras = append(d.paras, `Boats are weighed.</p><p class="poll">Should it be free?`) })
	s.want(tracker.OutcomeNew, "", 1)
	rules, err := extract.ParseRules("poll.rules", strings.NewReader("outlet 127.0.0.1\ndrop .poll\n"))
	if err != nil {
		t.Fatal(err)
	}
	s.w.Rules = rules
	s.want(tracker.OutcomeUnchanged, "", 1)
	s.desk.edit(func(d *desk) { d.paras[3] = strings.Replace(d.paras[3], "free", "dear", 1) })
	s.want(tracker.OutcomeUnchanged, "", 1)
	s.desk.edit(func(d *desk) { d.paras[0] = strings.Replace(d.paras[0], "31", "13", 1) })
	s.want(tracker.OutcomeChanged, "", 2)
	v, err := s.db.Version(t.Context(), 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	if want := rules.Fingerprint(s.site.URL); v.Story.RulesFingerprint() != want || want == "" {
		t.Errorf("version 2 was read by rules %q, want %q", v.Story.RulesFingerprint(), want)
	}
	if slices.ContainsFunc(v.Story.Blocks, func(b extract.Block) bool { return strings.Contains(b.Text, "Should it") }) {
		t.Errorf("version 2 holds what the rule drops: %s", fmt.Sprint(v.Story.Blocks))
	}
}
