package storagetest

import (
	"fmt"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/fetch"
)

// watching returns the gaps of an article as "from-until cause" in minutes since
// the start of the suite.
func (f *fixture) gaps(id int64) string {
	f.Helper()
	w, err := f.Watching(f.Context(), id, f.now)
	f.ok(err)
	text := ""
	for _, g := range w.Gaps(f.now) {
		until := ""
		if !g.Until.IsZero() {
			until = fmt.Sprint(g.Until.Sub(start).Minutes())
		}
		text += fmt.Sprintf("%v-%s %s %s;", g.From.Sub(start).Minutes(), until, g.Cause, g.Reason)
	}
	return text
}

// pass moves the clock.
func (f *fixture) pass(minutes int) { f.now = f.now.Add(time.Duration(minutes) * time.Minute) }

func daemonRuns(f *fixture) {
	ctx := f.Context()
	first := tracker.DaemonRun{PID: 12, Began: f.now, Listen: "127.0.0.1:8080", Budget: 400}
	f.ok(f.BeginRun(ctx, &first))
	f.pass(1)
	f.ok(f.Beat(ctx, first.ID, f.now))
	first.Alive = f.now
	runs, err := f.Runs(ctx, start.Add(time.Hour))
	f.ok(err)
	f.same("the run before", runs, []tracker.DaemonRun{first})
	f.pass(1)
	f.ok(f.EndRun(ctx, first.ID, f.now))
	first.Alive, first.Ended = f.now, f.now
	second := tracker.DaemonRun{PID: 13, Began: f.now.Add(time.Minute), Moved: -90 * time.Second}
	f.ok(f.BeginRun(ctx, &second))
	runs, err = f.Runs(ctx, f.now)
	f.ok(err)
	f.same("runs", runs, []tracker.DaemonRun{first, second})
	runs, err = f.Runs(ctx, f.now.Add(time.Second))
	f.ok(err)
	f.same("runs, of which the first was over", runs, []tracker.DaemonRun{first, second})
}

func gapsOfLooks(f *fixture) {
	run := tracker.DaemonRun{PID: 12, Began: f.now}
	f.ok(f.BeginRun(f.Context(), &run))
	a := f.add("/a")
	f.same("of what was just added", f.gaps(a.ID), "")
	f.publish(a.ID, story("One", "text"), nil) // planned for 15
	f.pass(15)
	f.look(a.ID, tracker.OutcomeUnchanged, nil)
	f.ok(f.EndRun(f.Context(), run.ID, f.now)) // at 15
	f.pass(60)
	f.same("while no daemon runs", f.gaps(a.ID), "30- no-daemon ;")
	run = tracker.DaemonRun{PID: 13, Began: f.now}
	f.ok(f.BeginRun(f.Context(), &run)) // at 75
	f.look(a.ID, tracker.OutcomeUnchanged, nil)
	f.same("after no daemon ran", f.gaps(a.ID), "30-75 no-daemon ;")
	for range 3 { // at 90, 105, 120
		f.pass(15)
		f.look(a.ID, tracker.OutcomeFailed, nil)
	}
	f.pass(15)
	f.ok(f.Beat(f.Context(), run.ID, f.now))
	f.look(a.ID, tracker.OutcomeGone, nil)
	f.same("after the host was down", f.gaps(a.ID), "30-75 no-daemon ;90-135 unreachable http-503;")
	b := f.add("/b")
	f.same("of an article that was not there", f.gaps(b.ID), "")
	_, err := f.Watching(f.Context(), 99, f.now)
	f.wantErr(err, tracker.ErrNotFound, "99")
}

func gapsOfRests(f *fixture) {
	f.now = time.Now().UTC().Truncate(time.Minute) // the store's own clock says when a pause began
	run := tracker.DaemonRun{PID: 12, Began: f.now.Add(-time.Hour)}
	f.ok(f.BeginRun(f.Context(), &run))
	a := f.add("/a")
	f.publish(a.ID, story("One", "text"), nil)
	f.ok(f.SetState(f.Context(), a.ID, tracker.Paused, time.Time{}))
	f.ok(f.SetState(f.Context(), a.ID, tracker.Paused, time.Time{}))
	f.pass(120)
	f.ok(f.Beat(f.Context(), run.ID, f.now))
	w, err := f.Watching(f.Context(), a.ID, f.now)
	f.ok(err)
	if len(w.Rests) != 1 || w.Rests[0].Cause != tracker.GapPaused || !w.Rests[0].Until.IsZero() {
		f.Errorf("rests %+v, want one pause that lasts", w.Rests)
	}
	if g := w.Gaps(f.now); len(g) != 1 || g[0].Cause != tracker.GapPaused || !g[0].Until.IsZero() {
		f.Errorf("gaps %+v, want one that lasts, since it is paused", g)
	}
	f.ok(f.SetState(f.Context(), a.ID, tracker.Active, f.now))
	f.ok(f.Remove(f.Context(), a.ID, false))
	f.add("/a")
	w, err = f.Watching(f.Context(), a.ID, f.now)
	f.ok(err)
	if len(w.Rests) != 2 || w.Rests[0].Until.IsZero() || w.Rests[1].Until.IsZero() {
		f.Errorf("rests %+v, want a pause and a removal, both over", w.Rests)
	}
	f.ok(f.SetState(f.Context(), a.ID, tracker.Retired, time.Time{}))
	f.same("of an article that is retired", f.gaps(a.ID), "")
}

// The clock was set back by two hours: what was due waits for it to come again.
func gapsOfClock(f *fixture) {
	run := tracker.DaemonRun{PID: 12, Began: f.now.Add(-5 * time.Hour)}
	f.ok(f.BeginRun(f.Context(), &run))
	a := f.add("/a")
	f.publish(a.ID, story("One", "text"), nil) // planned for 15
	f.ok(f.EndRun(f.Context(), run.ID, f.now))
	f.pass(-120)
	back := tracker.DaemonRun{PID: 12, Began: f.now, Moved: -2 * time.Hour}
	f.ok(f.BeginRun(f.Context(), &back))
	f.pass(135)
	f.ok(f.Beat(f.Context(), back.ID, f.now))
	f.look(a.ID, tracker.OutcomeUnchanged, nil)
	f.same("after the clock was set back", f.gaps(a.ID), "-105-15 clock ;")
}

func whatIsWrong(f *fixture) {
	ctx := f.Context()
	a, b, c := f.addOn("one.example", "/a"), f.addOn("one.example", "/b"), f.addOn("two.example", "/c")
	n, since, err := f.Overdue(ctx, f.now.Add(time.Minute))
	f.ok(err)
	f.same("overdue", []any{n, since}, []any{3, f.now})
	for range 2 {
		f.look(a.ID, tracker.OutcomeFailed, nil)
		f.pass(1)
	}
	r := &tracker.Record{Article: f.claim(b.ID), Check: tracker.Check{At: f.now, Outcome: tracker.OutcomeFailed, Reason: "dns", Detail: "There is no host."}}
	r.Article.NextCheck, r.Article.Failures = f.now.Add(time.Hour), 3
	f.ok(f.Record(ctx, owner, r))
	f.look(c.ID, tracker.OutcomeUnchanged, nil)
	f.ok(f.Free(ctx, "two.example", owner, fetch.Receipt{Ended: f.now, Status: 429, Retry: 2 * time.Hour}))

	troubles, err := f.Troubles(ctx, start)
	f.ok(err)
	f.same("troubles", fmt.Sprintf("%+v", troubles), fmt.Sprintf("[{Outcome:failed Reason:dns Looks:1 Articles:1 Last:%v URL:%s Detail:There is no host.} {Outcome:failed Reason:http-503 Looks:2 Articles:1 Last:%v URL:%s Detail:The server was busy.}]",
		f.now, b.URL, start.Add(time.Minute), a.URL))
	troubles, err = f.Troubles(ctx, f.now)
	f.ok(err)
	f.same("troubles of late", len(troubles), 1)
	looks, err := f.LooksSince(ctx, start.Add(time.Minute))
	f.ok(err)
	f.same("looks since", looks, 3)

	rests, err := f.HostRests(ctx, f.now)
	f.ok(err)
	f.same("hosts", fmt.Sprintf("%+v", rests), fmt.Sprintf("[{Host:two.example Until:%v Asked:true Articles:0 Reason:} {Host:one.example Until:%v Asked:false Articles:1 Reason:dns}]",
		f.now.Add(2*time.Hour), f.now.Add(time.Hour)))
	tables, err := f.TableSizes(ctx)
	f.ok(err)
	if len(tables) < 5 || tables[0].Bytes < tables[1].Bytes || tables[len(tables)-1].Bytes <= 0 {
		f.Errorf("the sizes of tables are %+v, want some, the largest first", tables)
	}
	states, err := f.States(ctx)
	f.ok(err)
	f.same("states", states, map[tracker.State]int{tracker.Active: 3, tracker.Paused: 0, tracker.Gone: 0, tracker.Retired: 0})
}
