package storagetest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/fetch"
)

func (f *fixture) wantDue(now time.Time, want ...string) {
	f.Helper()
	hosts, err := f.DueHosts(f.Context(), now)
	f.ok(err)
	f.same(fmt.Sprint("due at ", now), hosts, want)
}

// wantClaim claims on host and wants the article; 0 stands for none.
func (f *fixture) wantClaim(host, owner string, now time.Time, want int64) {
	f.Helper()
	a, ok, err := f.Claim(f.Context(), host, owner, now, ttl)
	f.ok(err)
	if ok != (want != 0) || a.ID != want {
		f.Errorf("Claim(%s, %s, %v) = article %d, %v; want %d", host, owner, now, a.ID, ok, want)
	}
}

func dueInOrder(f *fixture) {
	late, early, elsewhere := f.add("/late"), f.add("/early", "x"), f.addOn("b.example", "/b")
	paused, retired, gone := f.addOn("c.example", "/p"), f.addOn("c.example", "/r"), f.addOn("d.example", "/g")
	for _, s := range []struct {
		id    int64
		state tracker.State
		in    time.Duration
	}{
		{late.ID, tracker.Active, 2 * time.Hour}, {early.ID, tracker.Active, time.Hour}, {elsewhere.ID, tracker.Active, 3 * time.Hour},
		{paused.ID, tracker.Paused, time.Hour}, {retired.ID, tracker.Retired, time.Hour}, {gone.ID, tracker.Gone, 4 * time.Hour},
	} {
		f.ok(f.SetState(f.Context(), s.id, s.state, start.Add(s.in)))
	}
	f.wantDue(start)
	f.wantClaim("example.com", owner, start, 0)
	f.wantDue(start.Add(time.Hour), "example.com")
	f.wantDue(start.Add(9*time.Hour), "b.example", "d.example", "example.com")

	now := start.Add(9 * time.Hour)
	f.wantClaim("example.com", owner, now, early.ID)
	f.wantDue(now, "b.example", "d.example", "example.com")
	f.wantClaim("example.com", owner, now, late.ID)
	f.wantDue(now, "b.example", "d.example")
	f.wantClaim("example.com", owner, now, 0)
	f.wantClaim("c.example", owner, now, 0)
	f.wantClaim("d.example", owner, now, gone.ID)
	f.wantClaim("nowhere.example", owner, now, 0)
}

func leases(f *fixture) {
	a := f.add("/a", "x")
	got, ok, err := f.Claim(f.Context(), "example.com", owner, start, ttl)
	f.ok(err)
	f.same("claimed", ok, true)
	f.same("the article", got, a)
	f.wantClaim("example.com", other, start.Add(ttl-time.Millisecond), 0)
	f.wantClaim("example.com", other, start.Add(ttl), a.ID) // past its time it is free
	f.ok(f.Release(f.Context(), a.ID, owner))               // no longer its to end
	f.wantClaim("example.com", owner, start.Add(ttl), 0)
	f.ok(f.Release(f.Context(), a.ID, other))
	f.wantClaim("example.com", owner, start.Add(ttl), a.ID)
	f.ok(f.Release(f.Context(), a.ID, owner))
	claimAtOnce(f, a.ID)
}

// claimAtOnce lets several ask at the same time; one must win.
func claimAtOnce(f *fixture, id int64) {
	var wins atomic.Int64
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			a, ok, err := f.Claim(f.Context(), "example.com", fmt.Sprint("racer ", i), start, ttl)
			if err != nil {
				f.Error(err)
			}
			if ok && a.ID == id {
				wins.Add(1)
			}
		})
	}
	all.Wait()
	f.same("winners", wins.Load(), 1)
}

// What the dead hold is free; what others hold is not.
func freeOwners(f *fixture) {
	a, b := f.add("/a"), f.add("/b")
	for _, held := range []struct {
		id    int64
		owner string
	}{{a.ID, owner}, {b.ID, other}} {
		_, ok, err := f.ClaimArticle(f.Context(), held.id, held.owner, start, ttl)
		f.ok(err)
		f.same("claimed", ok, true)
		_, err = f.Take(f.Context(), fetch.Ask{Host: held.owner + ".example", Owner: held.owner, Hold: time.Hour})
		f.ok(err)
	}
	f.ok(f.FreeOwners(f.Context(), func(name string) bool { return name == owner }))
	for _, want := range []struct {
		id   int64
		host string
		free bool
	}{{a.ID, owner + ".example", true}, {b.ID, other + ".example", false}} {
		_, ok, err := f.ClaimArticle(f.Context(), want.id, "worker-3", start, ttl)
		f.ok(err)
		f.same("article free", ok, want.free)
		turn, err := f.Take(f.Context(), fetch.Ask{Host: want.host, Owner: "worker-3", Hold: time.Hour})
		f.ok(err)
		f.same("host free", turn.Wait <= time.Millisecond, want.free) // times are kept in milliseconds
	}
}

// The request of one who died with it may have reached the host: its gap is owed.
func gapOfTheDead(f *fixture) {
	_, err := f.Take(f.Context(), fetch.Ask{Host: "example.com", Owner: owner, Hold: time.Hour, Gap: time.Minute})
	f.ok(err)
	f.ok(f.FreeOwners(f.Context(), func(string) bool { return true }))
	turn, err := f.Take(f.Context(), fetch.Ask{Host: "example.com", Owner: other, Hold: time.Hour})
	f.ok(err)
	f.same("wait of about a minute", turn.Wait > 55*time.Second && turn.Wait <= time.Minute+time.Millisecond, true)
}

// What became of requests is known of each host.
func hosts(f *fixture) {
	all, err := f.Hosts(f.Context())
	f.ok(err)
	f.same("hosts never asked", len(all), 0)
	at := time.Now().UTC().Truncate(time.Millisecond)
	receipts := []fetch.Receipt{
		{Ended: at, Took: 1500 * time.Microsecond, Gap: time.Second, Status: 200, Bytes: 1000},
		{Ended: at.Add(time.Second), Took: time.Minute, Reason: "timeout"},
		{Ended: at.Add(2 * time.Second), Reason: "dns"},
		{Ended: at.Add(3 * time.Second), Took: time.Millisecond, Gap: time.Minute, Status: 503, Bytes: 20, Retry: time.Hour},
		{Ended: at.Add(4 * time.Second), Took: time.Second, Gap: time.Minute, Status: 429, Bytes: 1},
	}
	var want fetch.HostState
	for _, r := range receipts {
		f.ok(f.Free(f.Context(), "example.org", owner, r))
		want.Free("example.org", owner, r)
	}
	f.ok(f.Free(f.Context(), "a.example", owner, fetch.Receipt{}))
	all, err = f.Hosts(f.Context())
	f.ok(err)
	f.same("how many hosts", len(all), 2)
	f.same("the host in the order of names", all[0].Host, "a.example")
	got := all[1]
	f.same("what is known", fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want))
	f.same("requests, errors, bytes", []int64{got.Requests, got.Errors, got.Bytes}, []int64{4, 4, 1021})
	f.same("left alone until", got.LeftAlone(at), at.Add(3*time.Second+time.Hour))
	f.same("why", got.Why, "it answered 429 Too Many Requests, 2 times in a row")
	f.same("slow-down", got.Slowdown, 4.0)
}

func claimOne(f *fixture) {
	a := f.add("/a")
	f.ok(f.SetState(f.Context(), a.ID, tracker.Paused, start.Add(time.Hour)))
	f.claim(a.ID) // neither due nor active
	_, ok, err := f.ClaimArticle(f.Context(), a.ID, other, start, ttl)
	f.ok(err)
	f.same("claimed by another", ok, false)
	_, ok, err = f.ClaimArticle(f.Context(), a.ID, owner, start.Add(time.Minute), ttl)
	f.ok(err)
	f.same("claimed again by the same", ok, true)
	_, ok, err = f.ClaimArticle(f.Context(), a.ID, other, start.Add(ttl), ttl)
	f.ok(err)
	f.same("claimed while the longer lease runs", ok, false)
	_, ok, err = f.ClaimArticle(f.Context(), a.ID, other, start.Add(ttl+time.Minute), ttl)
	f.ok(err)
	f.same("claimed after it", ok, true)
}

func recordNeedsLease(f *fixture) {
	a := f.add("/a")
	record := func(owner string) error {
		c := f.keep(a.ID, "<p>text")
		return f.Record(f.Context(), owner, &tracker.Record{
			Article: a,
			Check:   tracker.Check{At: f.now, Outcome: tracker.OutcomeNew, CaptureID: c.ID},
			Version: version(c, story("One", "text")),
			Aliases: []string{"example.com/b"},
		})
	}
	f.wantErr(record(owner), tracker.ErrLeaseLost, "article 1")
	f.wantErr(record(""), tracker.ErrLeaseLost, "article 1")

	f.wantClaim("example.com", owner, start, a.ID)
	f.wantClaim("example.com", other, start.Add(ttl), a.ID)
	f.wantErr(record(owner), tracker.ErrLeaseLost, "article 1")
	f.wantNothing(a)

	f.ok(record(other))
	f.wantErr(record(other), tracker.ErrLeaseLost, "article 1") // Record ended it
	n, err := f.Counts(f.Context())
	f.ok(err)
	f.same("what was stored", []int{n.Versions, n.Checks}, []int{1, 1})

	// A lease past its time that nobody else took is still good.
	f.wantClaim("example.com", owner, start.Add(ttl), a.ID)
	f.now = start.Add(3 * ttl)
	f.ok(f.Record(f.Context(), owner, &tracker.Record{Article: a, Check: tracker.Check{At: f.now, Outcome: tracker.OutcomeUnchanged}}))
}

// wantNothing wants no trace of a record of a.
func (f *fixture) wantNothing(a tracker.Article) {
	f.Helper()
	n, err := f.Counts(f.Context())
	f.ok(err)
	f.same("what was stored", []int{n.Versions, n.Changes, n.Checks}, []int{0, 0, 0})
	got, err := f.Article(f.Context(), a.ID)
	f.ok(err)
	f.same("the article", got, a)
	_, err = f.ArticleByIdentity(f.Context(), "example.com/b")
	f.wantErr(err, tracker.ErrNotFound, "example.com/b")
	events, err := f.Events(f.Context(), a.ID)
	f.ok(err)
	f.same("events", len(events), 0)
}

func removalEndsLease(f *fixture) {
	a, b := f.add("/a"), f.add("/b")
	for _, purge := range []bool{false, true} {
		f.claim(a.ID)
		f.ok(f.Remove(f.Context(), a.ID, purge))
		err := f.Record(f.Context(), owner, &tracker.Record{Article: a, Check: tracker.Check{At: f.now, Outcome: tracker.OutcomeUnchanged}})
		f.wantErr(err, tracker.ErrLeaseLost, "article")
		a = b
	}
	n, err := f.Counts(f.Context())
	f.ok(err)
	f.same("checks", n.Checks, 0)
}
