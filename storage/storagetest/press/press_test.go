package press_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"storydiff/storage/storagetest/press"
	"storydiff/tracker"
)

// TestPress makes a small press: it has what its recipe says, and is made once.
func TestPress(t *testing.T) {
	if underRace {
		t.Skip("one thing at a time: nothing for the race detector")
	}
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir) // of the system's folder of temporary files
	recipe := press.Recipe{Articles: 60, Versions: 400}
	db := recipe.Open(t)
	counts, err := db.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if articles := counts.Active + counts.Paused + counts.Gone + counts.Retired; articles != 60 || counts.Versions != 400 || counts.Changes != 340 || counts.Checks < 500 {
		t.Errorf("%+v, want 60 articles, 400 versions, 340 changes and their looks", counts)
	}
	if counts.Paused == 0 || counts.Gone == 0 || counts.Retired == 0 {
		t.Errorf("%+v, want some of every state", counts)
	}
	changes, err := db.Changes(t.Context(), tracker.ChangeFilter{})
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	var last time.Time
	for i, c := range changes {
		for _, k := range c.Kinds {
			kinds[string(k)]++
		}
		kinds[string(c.Disclosure)]++
		if i > 0 && c.SeenBy.After(last) {
			t.Errorf("change %d was seen at %v, after the next one at %v", c.ID, c.SeenBy, last)
		}
		last = c.SeenBy
	}
	for _, want := range []string{"headline", "number", "quote", "wording", "correction", "paragraph-added", "paragraph-removed", "silent", "stamped", "noted"} {
		if kinds[want] == 0 {
			t.Errorf("no change is of kind or disclosure %s: %v", want, kinds)
		}
	}
	if err := recipe.Edit(t.Context(), db, 1, recipe.Newest().Add(time.Minute), 1); err != nil {
		t.Error(err)
	}
	made, _ := filepath.Glob(filepath.Join(dir, "storydiff-press-*.db"))
	if len(made) != 1 {
		t.Fatalf("%v were kept, want one database", made)
	}
	before, err := os.Stat(made[0])
	if err != nil {
		t.Fatal(err)
	}
	again, err := recipe.Open(t).Counts(t.Context())
	if after, statErr := os.Stat(made[0]); err != nil || statErr != nil || !os.SameFile(before, after) || again != counts {
		t.Errorf("opened again: %+v, %v, %v; want the same press as it was made", again, err, statErr)
	}
}

// TestFlips asks for the flips of all articles at once: they are the changes of
// headlines that have a neighbour within the time that a test allows.
func TestFlips(t *testing.T) {
	if underRace {
		t.Skip("one thing at a time: nothing for the race detector")
	}
	db := press.Recipe{Articles: 60, Versions: 400}.Open(t)
	articles, err := db.Articles(t.Context(), tracker.ArticleFilter{})
	if err != nil {
		t.Fatal(err)
	}
	var ids, want, got []int64
	lone := 0
	for _, a := range articles {
		ids = append(ids, a.ID)
		all, err := db.Changes(t.Context(), tracker.ChangeFilter{ArticleID: a.ID, Kind: "headline"})
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(all)
		for i, c := range all {
			if i > 0 && c.SeenBy.Sub(all[i-1].SeenBy) <= tracker.MayTest || i+1 < len(all) && all[i+1].SeenBy.Sub(c.SeenBy) <= tracker.MayTest {
				want = append(want, c.ID)
			} else {
				lone++
			}
		}
	}
	flips, err := db.Flips(t.Context(), ids)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range flips {
		got = append(got, c.ID)
	}
	if len(want) == 0 || lone == 0 || !slices.Equal(got, want) {
		t.Errorf("flips %v, want %v; %d stand alone", got, want, lone)
	}
}

// TestTagged pages through the changes of the articles with each tag: they are those
// among all changes, however far back a page begins.
func TestTagged(t *testing.T) {
	if underRace {
		t.Skip("one thing at a time: nothing for the race detector")
	}
	db := press.Recipe{Articles: 60, Versions: 400}.Open(t)
	articles, err := db.Articles(t.Context(), tracker.ArticleFilter{})
	if err != nil {
		t.Fatal(err)
	}
	tagged := map[string]map[int64]bool{"none has it": {}}
	for _, a := range articles {
		for _, tag := range a.Tags {
			if tagged[tag] == nil {
				tagged[tag] = map[int64]bool{}
			}
			tagged[tag][a.ID] = true
		}
	}
	all, err := db.Changes(t.Context(), tracker.ChangeFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for tag, ids := range tagged {
		var want, got []int64
		for _, c := range all {
			if ids[c.ArticleID] {
				want = append(want, c.ID)
			}
		}
		for f := (tracker.ChangeFilter{Tag: tag, Limit: 1}); ; {
			page, err := db.Changes(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range page {
				got = append(got, c.ID)
			}
			if len(page) < f.Limit {
				break
			}
			f.Before = page[len(page)-1].ID
		}
		if !slices.Equal(got, want) {
			t.Errorf("tag %s: changes %v, want %v", tag, got, want)
		}
	}
}
