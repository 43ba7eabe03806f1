package storagetest

import (
	"bytes"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"storydiff/tracker/fetch"
)

// take asks for a host and wants it, or wants to be told to wait for at most
// that long.
func (f *fixture) take(host, owner string, free bool, atMost time.Duration) {
	f.Helper()
	wait, err := f.Take(f.Context(), host, owner, time.Minute)
	f.ok(err)
	if free != (wait == 0) || wait < 0 || wait > atMost {
		f.Errorf("Take(%s, %s): wait %v; want free %v, at most %v", host, owner, wait, free, atMost)
	}
}

func ledgerOne(f *fixture) {
	f.take("a.example", owner, true, 0)
	f.take("a.example", other, false, time.Minute)
	f.take("a.example", owner, false, time.Minute) // one request, also of one owner
	f.take("b.example", other, true, 0)
	f.ok(f.Free(f.Context(), "a.example", other, time.Time{})) // not its to give
	f.take("a.example", other, false, time.Minute)
	f.ok(f.Free(f.Context(), "a.example", owner, time.Time{}))

	var wins atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			wait, err := f.Take(f.Context(), "a.example", other, time.Minute)
			if err != nil {
				f.Error(err)
			}
			if wait == 0 {
				wins.Add(1)
			}
		})
	}
	all.Wait()
	f.same("requests at once", wins.Load(), 1)
}

func ledgerGap(f *fixture) {
	f.take("a.example", owner, true, 0)
	next := time.Now().Add(time.Hour)
	f.ok(f.Free(f.Context(), "a.example", owner, next))
	wait, err := f.Take(f.Context(), "a.example", owner, time.Minute)
	f.ok(err)
	if ends := time.Now().Add(wait); ends.Before(next) {
		f.Errorf("wait %v ends %v too soon", wait, next.Sub(ends))
	}
	f.take("a.example", other, false, time.Hour+time.Millisecond)

	f.take("b.example", owner, true, 0)
	f.ok(f.Free(f.Context(), "b.example", owner, time.Now()))
	if wait, err = f.Take(f.Context(), "b.example", other, time.Minute); err != nil || wait > time.Millisecond {
		f.Errorf("Take after a gap of nothing: %v, %v", wait, err)
	}
}

// A host whose taker died is free after hold; should it be alive after all, the
// gap after its request holds for the next.
func ledgerDeath(f *fixture) {
	wait, err := f.Take(f.Context(), "a.example", owner, -time.Second)
	f.ok(err)
	f.same("wait", wait, time.Duration(0))
	f.take("a.example", other, true, 0)
	f.ok(f.Free(f.Context(), "a.example", owner, time.Now().Add(time.Hour)))
	f.ok(f.Free(f.Context(), "a.example", other, time.Now()))
	wait, err = f.Take(f.Context(), "a.example", other, time.Minute)
	f.ok(err)
	if wait < 59*time.Minute {
		f.Errorf("wait %v, want the hour of the slower request", wait)
	}
}

func ledgerDefer(f *fixture) {
	until := time.Now().Add(time.Hour)
	f.ok(f.Defer(f.Context(), "a.example", until))
	f.ok(f.Defer(f.Context(), "a.example", until.Add(-time.Minute))) // takes nothing back
	_, err := f.Take(f.Context(), "a.example", owner, time.Minute)
	e, ok := errors.AsType[*fetch.Error](err)
	if !ok {
		f.Fatalf("Take while a Retry-After runs: %v, want a *fetch.Error", err)
	}
	f.same("reason", e.Reason, "rate-limited")
	if !bytes.Contains([]byte(e.Detail), []byte("a.example")) {
		f.Errorf("%q does not name the host", e.Detail)
	}
	if ends := time.Now().Add(e.Wait); ends.Before(until) || ends.After(until.Add(time.Second)) {
		f.Errorf("the wait of %v does not end at %v", e.Wait, until)
	}
	f.take("b.example", owner, true, 0)

	f.take("c.example", owner, true, 0)
	f.ok(f.Defer(f.Context(), "c.example", time.Now().Add(-time.Hour)))
	f.ok(f.Free(f.Context(), "c.example", owner, time.Time{}))
	f.take("c.example", owner, true, 0)
}

func ledgerRobots(f *fixture) {
	got, err := f.Robots(f.Context(), "https://a.example:443")
	f.ok(err)
	f.same("nothing kept", got, fetch.RobotsFile{})
	for _, want := range []fetch.RobotsFile{
		{Origin: "https://a.example:443", Fetched: start, Status: 200, Body: []byte("User-agent: *\nDisallow: /\x00\xff")},
		{Origin: "https://a.example:443", Fetched: start.Add(time.Hour), Status: 0},
		{Origin: "http://a.example:80", Fetched: start, Status: 404, Body: []byte("no")},
	} {
		f.ok(f.KeepRobots(f.Context(), want))
		got, err := f.Robots(f.Context(), want.Origin)
		f.ok(err)
		f.same("robots.txt", got, want)
	}
	f.ok(f.KeepRobots(f.Context(), fetch.RobotsFile{Origin: "https://b.example:443", Fetched: start, Status: 200, Body: make([]byte, 1<<20)}))
	got, err = f.Robots(f.Context(), "https://b.example:443")
	f.ok(err)
	f.same("what is kept of a long one", len(got.Body), 512<<10)
}
