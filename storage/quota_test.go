package storage_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/fetch"
)

// A quotaCase has one article with captures of every sort, each of noise.
type quotaCase struct {
	t        *testing.T
	path     string
	db       *storage.DB
	versions []int64 // captures that versions were read from
	seconds  []int64 // that confirmed one
	plain    []int64 // that nothing was read from
	pending  []int64
}

func newQuotaCase(t *testing.T) *quotaCase {
	q := &quotaCase{t: t, path: filepath.Join(t.TempDir(), "test.db")}
	addOne(t, q.path)
	q.db = open(t, q.path)
	for i := range 4 {
		v, s, p := q.keep(byte(10*i)), q.keep(byte(10*i+1)), q.keep(byte(10*i+2))
		q.record(tracker.Check{Outcome: tracker.OutcomeChanged, CaptureID: v, SecondID: s}, &tracker.Version{CaptureID: v, SecondID: s, Story: newsStory(i)})
		q.record(tracker.Check{Outcome: tracker.OutcomeBlocked, Reason: "login", CaptureID: p}, nil)
		q.versions, q.seconds, q.plain = append(q.versions, v), append(q.seconds, s), append(q.plain, p)
	}
	q.pending = append(q.pending, q.keep(200))
	return q
}

// keep keeps a capture of 50 KB, with 60 KB on the wire.
func (q *quotaCase) keep(seed byte) int64 {
	c := tracker.Capture{ArticleID: 1, Page: fetch.Page{Status: 200, Body: noise(50<<10, seed), Wire: noise(60<<10, ^seed)}}
	must(q.t, q.db.Keep(q.t.Context(), &c))
	return c.ID
}

func (q *quotaCase) record(c tracker.Check, v *tracker.Version) {
	a, ok, err := q.db.ClaimArticle(q.t.Context(), 1, "w", time.Now(), time.Minute)
	if err != nil || !ok {
		q.t.Fatal(ok, err)
	}
	must(q.t, q.db.Record(q.t.Context(), "w", &tracker.Record{Article: a, Check: c, Version: v}))
}

// have returns how many of some captures have their bytes of the wire, and how
// many their bodies.
func (q *quotaCase) have(ids []int64) (wires, bodies int) {
	q.t.Helper()
	for _, id := range ids {
		c, err := q.db.Capture(q.t.Context(), id)
		gone, dropped := errors.AsType[*tracker.DroppedError](err)
		switch {
		case dropped:
			if !errors.Is(err, tracker.ErrNotFound) || !gone.At.Equal(dropDay) || c.SHA256 == [32]byte{} || !strings.Contains(err.Error(), "2026-04-01 08:00 UTC") {
				q.t.Errorf("capture %d: %v", id, err)
			}
		case err != nil:
			q.t.Fatal(err)
		default:
			bodies++
			if c.Wire != nil {
				wires++
			} else if !c.WireDropped.Equal(dropDay) {
				q.t.Errorf("capture %d: dropped %v, want %v", id, c.WireDropped, dropDay)
			}
		}
	}
	return wires, bodies
}

var dropDay = time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC)

// used returns what the file holds.
func (q *quotaCase) used() (n int64) {
	raw, err := sql.Open("sqlite", q.path)
	must(q.t, err)
	defer raw.Close()
	must(q.t, raw.QueryRow(`SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size`).Scan(&n))
	return n
}

// The oldest bytes of the wire go first, then bodies that nothing needs; never
// what a version was read from, nor what waits to be understood.
func TestTrim(t *testing.T) {
	q := newQuotaCase(t)
	full := q.used()
	d, err := q.db.Trim(t.Context(), 2*full, dropDay)
	if err != nil || d != (storage.Dropped{}) {
		t.Errorf("far below: %+v, %v", d, err)
	}
	d, err = q.db.Trim(t.Context(), full, dropDay)
	must(t, err)
	if d.Bodies != 0 || d.Over {
		t.Errorf("a little: %+v, want bytes of the wire alone", d)
	}
	if got := q.used(); got > full*9/10 {
		t.Errorf("%d bytes are used of %d, want a tenth free", got, full)
	}

	d, err = q.db.Trim(t.Context(), full*55/100, dropDay)
	must(t, err)
	if d.Over || d.Bodies == 0 {
		t.Errorf("more: %+v, want bodies too", d)
	}

	d, err = q.db.Trim(t.Context(), full/10, dropDay)
	must(t, err)
	if !d.Over {
		t.Errorf("too much: %+v, want it over", d)
	}
	for what, want := range map[string]struct {
		ids           []int64
		wires, bodies int
	}{
		"versions": {q.versions, 0, 4}, "second looks": {q.seconds, 0, 4}, "of no account": {q.plain, 0, 0}, "pending": {q.pending, 1, 1},
	} {
		if wires, bodies := q.have(want.ids); wires != want.wires || bodies != want.bodies {
			t.Errorf("%s: %d bytes of the wire and %d bodies, want %d and %d", what, wires, bodies, want.wires, want.bodies)
		}
	}
	versions, err := q.db.Versions(t.Context(), 1)
	checks, err2 := q.db.Checks(t.Context(), 1, 0)
	if err != nil || err2 != nil || len(versions) != 4 || len(checks) != 8 {
		t.Errorf("%d versions and %d checks, %v, %v", len(versions), len(checks), err, err2)
	}
	must(t, q.db.Close())
	said, _ := verify(t, q.path)
	if len(said) > 0 {
		t.Errorf("verify: %q", said)
	}
	wantIntegrity(t, q.path)
}

// The oldest are the first.
func TestTrimOldestFirst(t *testing.T) {
	q := newQuotaCase(t)
	for i := range 300 {
		q.record(tracker.Check{Outcome: tracker.OutcomeBlocked, Reason: "login", CaptureID: q.small(i)}, nil)
	}
	full := q.used()
	_, err := q.db.Trim(t.Context(), full, dropDay)
	must(t, err)
	dropped := true
	for id := int64(1); id <= 13+300; id++ {
		c, err := q.db.Capture(t.Context(), id)
		must(t, err)
		if c.Wire == nil && !dropped {
			t.Fatalf("capture %d lost its bytes and one before it did not", id)
		}
		dropped = c.Wire == nil || id == q.pending[0]
	}
	if dropped {
		t.Error("all were dropped")
	}
}

func (q *quotaCase) small(seed int) int64 {
	c := tracker.Capture{ArticleID: 1, Page: fetch.Page{Status: 200, Body: []byte(strings.Repeat("wall ", seed)), Wire: noise(8<<10, byte(seed))}}
	must(q.t, q.db.Keep(q.t.Context(), &c))
	return c.ID
}

// A page that comes again after it was dropped is stored again, and one is never
// compressed against what is not there.
func TestTrimmedPageComesAgain(t *testing.T) {
	q := newQuotaCase(t)
	_, err := q.db.Trim(t.Context(), q.used()/10, dropDay)
	must(t, err)
	if _, bodies := q.have(q.plain); bodies != 0 {
		t.Fatal("the pages were not dropped")
	}
	again := q.keep(2)
	c, err := q.db.Capture(t.Context(), again)
	must(t, err)
	if string(c.Body) != string(noise(50<<10, 2)) {
		t.Error("it came back wrong")
	}
	if c, err = q.db.Capture(t.Context(), q.plain[0]); err != nil || string(c.Body) != string(noise(50<<10, 2)) {
		t.Errorf("the capture that had lost it: %v", err)
	}
}
