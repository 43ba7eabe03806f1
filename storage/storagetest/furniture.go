package storagetest

import (
	"fmt"
	"time"

	"storydiff/tracker"
)

// Both captures of a check are spoken for by it, and its version knows them.
func secondLook(f *fixture) {
	a := f.add("/a")
	f.publish(a.ID, story("One", "It cost 12."), nil)
	f.now = f.now.Add(15 * time.Minute)
	first, second := f.keep(a.ID, "<p>It cost 14.<p>a"), f.keep(a.ID, "<p>It cost 14.<p>b")
	s := story("One", "It cost 14.", "Boots, half price.")
	r := &tracker.Record{
		Article: f.claim(a.ID),
		Check:   tracker.Check{At: f.now, Outcome: tracker.OutcomeChanged, Status: 200, CaptureID: first.ID, SecondID: second.ID},
		Version: version(first, s), Change: change(f.now, 70),
	}
	r.Version.SecondID, r.Version.Doubt = second.ID, []int{1}
	f.ok(f.Record(f.Context(), owner, r))
	f.wantPending(a.ID)
	checks, err := f.Checks(f.Context(), a.ID, 1)
	f.ok(err)
	f.same("the check", checks[0], r.Check)
	v, _, err := f.Latest(f.Context(), a.ID)
	f.ok(err)
	f.same("the version", v, *r.Version)

	stranger := f.add("/b")
	other := f.keep(stranger.ID, "of another")
	r = &tracker.Record{Article: f.claim(a.ID), Check: tracker.Check{At: f.now, Outcome: tracker.OutcomeUnchanged, SecondID: other.ID}}
	f.wantErr(f.Record(f.Context(), owner, r), tracker.ErrNotFound, "capture")
	f.wantPending(stranger.ID, other)
}

// A later look says which blocks of a version are furniture.
func confirmations(f *fixture) {
	a := f.add("/a")
	one := f.publish(a.ID, story("One", "It cost 12.", "Boots, half price.", "More."), nil).Version
	look := func(c *tracker.Confirmation) {
		f.now = f.now.Add(time.Hour)
		r := &tracker.Record{Article: f.claim(a.ID), Confirm: c, Check: tracker.Check{At: f.now, Outcome: tracker.OutcomeUnchanged, CaptureID: f.keep(a.ID, f.now.String()).ID}}
		if c != nil {
			c.CaptureID = r.Check.CaptureID
		}
		f.ok(f.Record(f.Context(), owner, r))
	}
	want := func(what string) {
		f.Helper()
		v, err := f.Version(f.Context(), a.ID, 1)
		f.ok(err)
		f.same(what, v, *one)
	}
	want("before any look")
	look(nil)
	want("after a look that said nothing")
	c := &tracker.Confirmation{N: 1, Loose: []int{1}, Doubt: []int{2}, Key: [32]byte{7}}
	look(c)
	one.SecondID, one.Loose, one.Doubt, one.Key = c.CaptureID, []int{1}, []int{2}, [32]byte{7}
	want("after the first that did")
	n, err := f.VersionByKey(f.Context(), a.ID, [32]byte{7})
	f.ok(err)
	f.same("found by what is left", n, 1)
	look(&tracker.Confirmation{N: 1, Loose: []int{1, 2}, Key: [32]byte{8}})
	one.Loose, one.Doubt, one.Key = []int{1, 2}, nil, [32]byte{8}
	want("after the second, which is no second capture")
}

// What articles teach is known to their neighbours, and not to themselves.
func lessons(f *fixture) {
	var ids []int64
	for i := range 3 {
		a := f.add(fmt.Sprint("/", i))
		ids = append(ids, a.ID)
		c := f.keep(a.ID, "page")
		r := &tracker.Record{
			Article: f.claim(a.ID), Check: tracker.Check{At: f.now, Outcome: tracker.OutcomeNew, CaptureID: c.ID}, Version: version(c, story("One", "text")),
			Taught: []tracker.Lesson{{Key: -5, Text: "Get our newsletter", Path: "div.box > h3"}, {Key: int64(100 + i), Text: "a line of its own"}},
		}
		f.ok(f.Record(f.Context(), owner, r))
		r.Article, r.Version.N = f.claim(a.ID), 0
		r.Check.Outcome, r.Check.CaptureID = tracker.OutcomeUnchanged, 0
		r.Version = nil // taught again, it counts once
		f.ok(f.Record(f.Context(), owner, r))
	}
	f.wantKnown(ids[0], map[int64]tracker.Known{-5: {Others: 2}, 101: {Others: 1}, 102: {Others: 1}})
	f.wantFurniture("example.com", "neighbours 3 Get our newsletter div.box > h3")
	f.wantFurniture("elsewhere.example")
	f.ok(f.Remove(f.Context(), ids[1], true))
	f.wantKnown(ids[0], map[int64]tracker.Known{-5: {Others: 1}, 102: {Others: 1}})
	f.wantFurniture("example.com", "neighbours 2 Get our newsletter div.box > h3")
}

// What looks do not agree on counts from the second check on.
func unsteadyLines(f *fixture) {
	a, b := f.add("/a"), f.add("/b")
	see := func(id int64, seen ...tracker.Sighting) {
		f.now = f.now.Add(time.Hour)
		f.ok(f.Record(f.Context(), owner, &tracker.Record{Article: f.claim(id), Unsteady: seen, Check: tracker.Check{At: f.now, Outcome: tracker.OutcomeUnchanged}}))
	}
	line := tracker.Sighting{Kind: tracker.Rotates, Path: "div > p", Text: "Boots, half price.", Key: 1}
	place := tracker.Sighting{Kind: tracker.InPlace, Path: "div > p", Text: "Boots, half price.", Key: 2}
	steady := tracker.Sighting{Kind: tracker.InPlace, Path: "main > p", Text: "Boots, half price.", Key: 3}
	see(a.ID, line, place, steady)
	f.wantKnown(a.ID, nil)
	f.wantFurniture("example.com")
	steady.Steady = true
	see(a.ID, line, place, steady)
	f.wantKnown(a.ID, map[int64]tracker.Known{1: {Own: true}, 2: {Own: true}})
	f.wantKnown(b.ID, map[int64]tracker.Known{1: {Outlet: 1}, 2: {Outlet: 1}})
	f.wantFurniture("example.com", "place 1 Boots, half price. div > p", "rotates 1 Boots, half price. div > p")

	// Of what never comes back no more is kept than need be.
	for i := range 10 {
		var many []tracker.Sighting
		for k := range 50 {
			many = append(many, tracker.Sighting{Kind: tracker.Ticks, Text: "x", Key: int64(1000 + i*50 + k)})
		}
		see(b.ID, many...)
	}
	var last []tracker.Sighting
	for k := range 500 {
		last = append(last, tracker.Sighting{Kind: tracker.Ticks, Text: "x", Key: int64(1000 + k)})
	}
	see(b.ID, last...)
	known, err := f.Learned(f.Context(), b.ID, keysFrom(1000, 500))
	f.ok(err)
	if len(known) != 200 {
		f.Errorf("%d of the lines that were unsteady once were kept, want 200", len(known))
	}
}

func keysFrom(first, n int64) (keys []int64) {
	for k := range n {
		keys = append(keys, first+k)
	}
	return keys
}

func (f *fixture) wantKnown(id int64, want map[int64]tracker.Known) {
	f.Helper()
	got, err := f.Learned(f.Context(), id, []int64{-5, 1, 2, 3, 100, 101, 102, 999})
	f.ok(err)
	for key, known := range got {
		if known == (tracker.Known{}) {
			f.Errorf("key %d: nothing is known, and that is said", key)
		}
	}
	f.same("known", got, want)
}

func (f *fixture) wantFurniture(outlet string, want ...string) {
	f.Helper()
	all, err := f.Furniture(f.Context(), outlet)
	f.ok(err)
	var got []string
	for _, one := range all {
		got = append(got, fmt.Sprintf("%s %d %s %s", one.Why, one.Articles, one.Text, one.Path))
		if one.Since.Before(start) || one.Since.After(f.now.Add(time.Second)) {
			f.Errorf("%s since %v", one.Text, one.Since)
		}
	}
	f.same("furniture of "+outlet, got, want)
}
