package main

import (
	"errors"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"storydiff/storage"
	"storydiff/tracker"
)

// pastDB makes a database of an article that was looked at five hours ago by a
// daemon that was killed soon after, and an hour ago by the next, whose looks
// failed since.
func pastDB(t *testing.T) (path string, now time.Time) {
	t.Helper()
	path, now = filepath.Join(t.TempDir(), "past.db"), time.Now().UTC()
	db, err := storage.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ago := func(minutes int) time.Time { return now.Add(-time.Duration(minutes) * time.Minute) }
	a, _, err := db.Add(t.Context(), storage.NewArticle{URL: "https://news.example/a", Identity: "news.example/a", Outlet: "news.example", Host: "news.example", At: ago(300)})
	must(err)
	first := tracker.DaemonRun{PID: 1 << 30, Began: ago(300), Listen: "127.0.0.1:1", Budget: 100}
	must(db.BeginRun(t.Context(), &first))
	look := func(minutes, next int, outcome tracker.Outcome, reason string) {
		t.Helper()
		held, _, err := db.ClaimArticle(t.Context(), a.ID, "test", ago(minutes), time.Minute)
		must(err)
		held.NextCheck = ago(next)
		if !outcome.Plain() {
			held.Failures++
		}
		must(db.Record(t.Context(), "test", &tracker.Record{Article: held, Check: tracker.Check{At: ago(minutes), Outcome: outcome, Reason: reason, Detail: reason}}))
	}
	look(300, 285, tracker.OutcomeUnchanged, "")
	must(db.Beat(t.Context(), first.ID, ago(290)))
	second := tracker.DaemonRun{PID: 1 << 30, Began: ago(60)}
	must(db.BeginRun(t.Context(), &second))
	look(60, 45, tracker.OutcomeUnchanged, "")
	look(45, 30, tracker.OutcomeFailed, "dns")
	look(30, -30, tracker.OutcomeFailed, "dns")
	must(db.EndRun(t.Context(), second.ID, ago(10)))
	must(db.Close())
	return path, now
}

func TestHistoryTellsGaps(t *testing.T) {
	path, now := pastDB(t)
	out, said, code := storydiff(t, "history", "1", "--db", path)
	for _, want := range []string{
		`(?m)^gap  .* until .* UTC  nobody looked: no daemon ran$`,
		`(?m)^gap  since ` + now.Add(-45*time.Minute).Format("2006-01-02 15:04 UTC") + `  no look saw it: its host could not be reached \(dns\)$`,
	} {
		if !regexp.MustCompile(want).MatchString(out) || code != 0 {
			t.Errorf("history lacks %s (exit %d):\n%s%s", want, code, out, said)
		}
	}
	out, _, _ = storydiff(t, "history", "1", "--json", "--db", path)
	want := `"event":"gap","at":"` + now.Add(-285*time.Minute).Format("2006-01-02T15:04") + `:..(?:\.\d+)?Z","until":"` + now.Add(-60*time.Minute).Format("2006-01-02T15:04") +
		`:..(?:\.\d+)?Z","last_seen":"[^"]+","reason":"no-daemon","detail":"nobody looked: no daemon ran"}\n`
	if !regexp.MustCompile(want).MatchString(out) {
		t.Errorf("history --json lacks %s:\n%s", want, out)
	}
}

func TestStatusTellsDowntimes(t *testing.T) {
	path, now := pastDB(t)
	out, said, code := storydiff(t, "status", "--db", path)
	for _, want := range []string{
		`(?m)^daemon: none runs since ` + now.Add(-10*time.Minute).Format("2006-01-02 15:04 UTC"),
		`(?m)^gaps of the last 30 days$`,
		`(?m)^  .* until .* UTC  nobody looked: no daemon ran$`,
		`(?m)^  failed, dns: 2 looks of 1 article, the last at .*: dns$`,
		`(?m)^  news.example  until .*: 1 article could not be seen \(dns\)$`,
	} {
		if !regexp.MustCompile(want).MatchString(out) || code != 0 {
			t.Errorf("status lacks %s (exit %d):\n%s%s", want, code, out, said)
		}
	}
	out, _, _ = storydiff(t, "status", "--json", "--db", path)
	if want := `{"type":"gap","at":"[^"]+Z","until":"[^"]+Z","reason":"no-daemon","detail":"nobody looked: no daemon ran"}\n`; !regexp.MustCompile(want).MatchString(out) {
		t.Errorf("status --json lacks %s:\n%s", want, out)
	}
}

// The doctor finds a clock that went back behind what a daemon saw.
func TestDoctorFindsAClockThatWentBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ahead.db")
	db, err := storage.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	run := tracker.DaemonRun{PID: 1 << 30, Began: time.Now().Add(48 * time.Hour)}
	if err := errors.Join(db.BeginRun(t.Context(), &run), db.Close()); err != nil {
		t.Fatal(err)
	}
	out, _, code := storydiff(t, "doctor", "--db", path, "--listen", "127.0.0.1:0")
	if code != 1 || !regexp.MustCompile(`(?m)^fail  clock: it shows .* UTC, and the last daemon ran until .* UTC: set it`).MatchString(out) {
		t.Errorf("doctor ends with %d:\n%s", code, out)
	}
}
