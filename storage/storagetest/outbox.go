package storagetest

import (
	"strings"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/alert"
	"storydiff/tracker/revision"
)

// tell records a change that is told of by notices, which are due at once.
func (f *fixture) tell(articleID int64, notices ...tracker.Notice) *tracker.Record {
	f.Helper()
	a := f.claim(articleID)
	c := f.keep(articleID, "<html>"+f.now.String())
	r := &tracker.Record{
		Article: a,
		Check:   tracker.Check{At: f.now, Outcome: tracker.OutcomeChanged, Status: 200, CaptureID: c.ID},
		Version: version(c, story(f.now.String(), "text")),
		Change:  change(f.now, 30, revision.Headline),
		Notices: notices,
	}
	for i := range r.Notices {
		if r.Notices[i].Due.IsZero() {
			r.Notices[i].Due = f.now
		}
	}
	f.ok(f.Record(f.Context(), owner, r))
	f.now = f.now.Add(time.Minute)
	return r
}

// taken takes what is next at a channel and returns the payloads.
func (f *fixture) taken(channel string) (ids []int64, payloads string) {
	f.Helper()
	got, err := f.TakeNotices(f.Context(), channel, owner, f.now, ttl)
	f.ok(err)
	var words []string
	for _, n := range got {
		ids, words = append(ids, n.ID), append(words, string(n.Payload))
	}
	return ids, strings.Join(words, " ")
}

// dueAt returns the channels to which something is to be sent.
func (f *fixture) dueAt(now time.Time) string {
	f.Helper()
	due, err := f.DueChannels(f.Context(), now)
	f.ok(err)
	var names []string
	for _, d := range due {
		names = append(names, d.Channel)
	}
	return strings.Join(names, " ")
}

func (f *fixture) channel(name string) alert.ChannelState {
	f.Helper()
	all, err := f.Channels(f.Context())
	f.ok(err)
	for _, s := range all {
		if s.Name == name {
			return s
		}
	}
	f.Fatalf("no channel %s", name)
	return alert.ChannelState{}
}

func note(channel, payload string) tracker.Notice {
	return tracker.Notice{Channel: channel, Payload: []byte(payload)}
}

func notices(f *fixture) {
	a := f.add("/a")
	f.publish(a.ID, story("One", "text"), nil)
	late := note("desk", "later")
	late.Due = f.now.Add(time.Hour)
	f.tell(a.ID, note("desk", "first"), note("bot", "for the bot"), late)
	second := f.tell(a.ID, note("desk", "second"))

	f.same("channels due", f.dueAt(f.now), "bot desk")
	got, err := f.TakeNotices(f.Context(), "desk", owner, f.now, ttl)
	f.ok(err)
	if len(got) != 1 || string(got[0].Payload) != "first" || got[0].Article != a.ID || got[0].Version != 2 || got[0].Created.IsZero() {
		f.Fatalf("taken %+v, want the first notice, of version 2", got)
	}
	first := got[0].ID
	ids, payloads := f.taken("desk")
	f.same("what is taken next", payloads, "second")
	f.same("channels due while desk's are out", f.dueAt(f.now), "bot")
	f.ok(f.GiveBackNotices(f.Context(), other, ids, f.now))
	f.same("given back by another", f.dueAt(f.now), "bot")
	f.ok(f.GiveBackNotices(f.Context(), owner, ids, f.now))
	f.same("given back", f.dueAt(f.now), "bot desk")
	f.same("out for too long", f.dueAt(f.now.Add(ttl)), "bot desk")

	f.ok(f.SentNotices(f.Context(), "desk", []int64{first}, f.now))
	f.ok(f.DropNotices(f.Context(), ids))
	state := f.channel("desk")
	if state.Pending != 1 || state.Sent != 1 || !state.SentAt.Equal(f.now) || state.GivenUp != 0 || !state.Next.Equal(late.Due) {
		f.Errorf("desk %+v, want one sent and one pending at %v", state, late.Due)
	}
	f.same("before it is due", f.dueAt(late.Due.Add(-time.Second)), "bot")
	f.same("when it is due, the one that took a message first", f.dueAt(late.Due), "desk bot")

	// What is told of an article goes with it.
	f.ok(f.Remove(f.Context(), a.ID, true))
	f.same("after a purge", f.dueAt(late.Due), "")
	if second.Change.To != 3 {
		f.Errorf("the second change made version %d, want 3", second.Change.To)
	}

	// What was not recorded is not told.
	b := f.add("/b")
	f.publish(b.ID, story("One", "text"), nil)
	r := &tracker.Record{Article: f.claim(b.ID), Check: tracker.Check{At: f.now, Outcome: tracker.OutcomeUnchanged}, Notices: []tracker.Notice{note("desk", "of no change")}}
	if err := f.Record(f.Context(), owner, r); err == nil {
		f.Error("a notice of a change was recorded without one")
	}
	if err := f.Record(f.Context(), other, r); err == nil {
		f.Error("a notice was recorded without the lease")
	}
	f.same("after what was not recorded", f.dueAt(f.now.Add(time.Hour)), "")
}

// An event that lasts is told of once, though each check brings it again.
func noticesOfEvents(f *fixture) {
	a := f.add("/a")
	gone := func(reason string) {
		r := &tracker.Record{
			Article: f.claim(a.ID), Check: tracker.Check{At: f.now, Outcome: tracker.OutcomeGone, Reason: reason},
			Events:  []tracker.Event{{ArticleID: a.ID, Kind: tracker.EventGone, At: f.now, Reason: reason}},
			Notices: []tracker.Notice{{Channel: "desk", Payload: []byte(reason), Event: tracker.EventGone, Due: f.now}, {Channel: "desk", Payload: []byte("x"), Event: tracker.EventBlocked, Due: f.now}},
		}
		f.ok(f.Record(f.Context(), owner, r))
		f.now = f.now.Add(time.Minute)
	}
	gone("http-404")
	gone("http-404")
	gone("http-410")
	for _, want := range []string{"http-404", "http-410", ""} {
		ids, got := f.taken("desk")
		f.same("told of", got, want)
		f.ok(f.DropNotices(f.Context(), ids))
	}
}

// A batch goes out together, and what is in no batch alone.
func batches(f *fixture) {
	a := f.add("/a")
	f.publish(a.ID, story("One", "text"), nil)
	in := func(batch, payload string) tracker.Notice {
		n := note("desk", payload)
		n.Batch = batch
		return n
	}
	f.tell(a.ID, in("b", "b1"), in("c", "c1"), note("desk", "alone"))
	f.tell(a.ID, in("b", "b2"), tracker.Notice{Channel: "bot", Payload: []byte("b3"), Batch: "b"})
	for _, want := range []string{"b1 b2", "c1", "alone", ""} {
		_, got := f.taken("desk")
		f.same("taken", got, want)
	}
	_, got := f.taken("bot")
	f.same("taken elsewhere", got, "b3")
}

// A channel that fails is left alone for a while, and what waited for it in vain
// for a day is given up.
func failingChannel(f *fixture) {
	a := f.add("/a")
	f.publish(a.ID, story("One", "text"), nil)
	f.tell(a.ID, note("desk", "first"))
	f.tell(a.ID, note("desk", "second"))
	f.tell(a.ID, note("bot", "third"))
	began := f.now
	fail := func(giveUp time.Time) int {
		f.Helper()
		ids, _ := f.taken("desk")
		n, err := f.FailNotices(f.Context(), alert.Failure{Channel: "desk", IDs: ids, At: f.now, Error: "it is down", Next: f.now.Add(time.Minute), Retry: f.now.Add(time.Minute), GiveUp: giveUp})
		f.ok(err)
		return n
	}
	f.same("given up", fail(f.now.Add(-24*time.Hour)), 0)
	f.same("due while it is left alone", f.dueAt(f.now), "bot")
	if ids, _ := f.taken("desk"); len(ids) > 0 {
		f.Error("something was taken for a channel that is left alone")
	}
	state := f.channel("desk")
	if state.Failures != 1 || state.Error != "it is down" || !state.ErrorAt.Equal(f.now) || state.Pending != 2 || !state.Next.Equal(f.now.Add(time.Minute)) {
		f.Errorf("desk %+v", state)
	}
	f.now = f.now.Add(time.Minute)
	f.same("due again, behind what did not fail", f.dueAt(f.now), "bot desk")
	f.same("given up after a minute", fail(f.now.Add(-24*time.Hour)), 0)

	f.now = began.Add(24 * time.Hour)
	f.tell(a.ID, note("desk", "new"))
	f.now = began.Add(24 * time.Hour)
	f.same("given up after a day", fail(f.now.Add(-24*time.Hour)), 2)
	f.now = f.now.Add(time.Hour)
	ids, got := f.taken("desk")
	f.same("what is left", got, "new")
	f.ok(f.SentNotices(f.Context(), "desk", ids, f.now))
	state = f.channel("desk")
	if state.GivenUp != 2 || state.Pending != 0 || state.Failures != 0 || state.Error != "it is down" {
		f.Errorf("desk %+v, want two given up and no failure since", state)
	}
}

// A notice that its receiver will not have holds up no other.
func failingNotice(f *fixture) {
	a := f.add("/a")
	f.publish(a.ID, story("One", "text"), nil)
	f.tell(a.ID, note("desk", "bad"))
	f.tell(a.ID, note("desk", "good"))
	ids, _ := f.taken("desk")
	n, err := f.FailNotices(f.Context(), alert.Failure{Channel: "desk", IDs: ids, At: f.now, Error: "refused", Next: f.now, GiveUp: f.now.Add(-24 * time.Hour)})
	f.ok(err)
	f.same("given up", n, 0)
	_, got := f.taken("desk")
	f.same("next", got, "good")
	ids, got = f.taken("desk")
	f.same("then", got, "bad")
	n, err = f.FailNotices(f.Context(), alert.Failure{Channel: "desk", IDs: ids, At: f.now, Error: "refused", Next: f.now, GiveUp: f.now})
	f.ok(err)
	f.same("given up in the end", n, 1)
	if state := f.channel("desk"); state.Failures != 0 || state.GivenUp != 1 || state.Pending != 1 {
		f.Errorf("desk %+v, want one given up, one out, and no failure of the channel", state)
	}
}

// What a dead process was sending is sent again.
func noticesOfTheDead(f *fixture) {
	a := f.add("/a")
	f.publish(a.ID, story("One", "text"), nil)
	f.tell(a.ID, note("desk", "first"))
	f.taken("desk")
	f.same("due while it is out", f.dueAt(f.now), "")
	f.ok(f.FreeOwners(f.Context(), func(name string) bool { return name == other }))
	f.same("due after another died", f.dueAt(f.now), "")
	f.ok(f.FreeOwners(f.Context(), func(name string) bool { return name == owner }))
	f.same("due after he died", f.dueAt(f.now), "desk")
}
