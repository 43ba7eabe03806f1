package tracker_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"storydiff/storage"
	"storydiff/tracker"
)

// A countingStore counts how often versions are read.
type countingStore struct {
	*storage.DB
	latest, versions *atomic.Int64
}

func newCountingStore(db *storage.DB) countingStore {
	return countingStore{db, new(atomic.Int64), new(atomic.Int64)}
}

func (s countingStore) Latest(ctx context.Context, id int64) (tracker.Version, tracker.Check, error) {
	s.latest.Add(1)
	return s.DB.Latest(ctx, id)
}

func (s countingStore) Version(ctx context.Context, id int64, n int) (tracker.Version, error) {
	s.versions.Add(1)
	return s.DB.Version(ctx, id, n)
}

// A look that leans on what was learned judges the article's changes by it once,
// and not at each look again.
func TestChangesAreJudgedOnceByWhatWasLearned(t *testing.T) {
	s := newWatch(t)
	stile := turned(s)
	store := newCountingStore(s.db)
	s.w.Store = store
	adverts := []string{"Boots that like puddles are half price.", "A winter berth costs 14 a week.", "Learn the accordion in eleven lessons."}
	plain, look := s.desk.paras, 0
	stile.turn = func(_ int, d *desk) {
		d.paras = append(append(plain[:2:2], adverts[look%3]), plain[2:]...)
		look++
	}
	s.want(tracker.OutcomeNew, "", 1)
	for n := range 4 {
		plain = append([]string{strings.Replace(plain[0], fmt.Sprint(31+n), fmt.Sprint(32+n), 1)}, plain[1:]...)
		s.want(tracker.OutcomeChanged, "", n+2)
	}
	for range 6 {
		s.want(tracker.OutcomeUnchanged, "", 5)
	}
	if n := store.versions.Load(); n == 0 {
		t.Error("the changes were never judged by what was learned")
	}
	store.versions.Store(0)
	for range 6 {
		s.want(tracker.OutcomeUnchanged, "", 5)
	}
	if n := store.versions.Load(); n != 0 {
		t.Errorf("6 looks that taught nothing read %d versions, want none", n)
	}
}

// What is learned of a line later withdraws the change that it made, also in an
// article whose changes were judged before.
func TestLearnedLaterIsWithdrawnLater(t *testing.T) {
	s := newWatch(t)
	stile := turned(s)
	adverts := []string{"Boots that like puddles are half price.", "A winter berth costs 14 a week."}
	plain, look, box := s.desk.paras, 0, ""
	stile.turn = func(_ int, d *desk) {
		d.paras = append(append(plain[:2:2], adverts[look%2]), plain[2:]...)
		if box != "" {
			d.paras = append(d.paras, "</p><div class=x9><p>"+box+"</p></div><p>")
		}
		look++
	}
	s.want(tracker.OutcomeNew, "", 1)
	for range 8 {
		s.want(tracker.OutcomeUnchanged, "", 1)
	}
	for n, says := range []string{"Vote for the picture of the year until Friday, and win a day on the pilot boat.", "The Post goes to print on Sundays too from May, for all who subscribe."} {
		box = says
		s.want(tracker.OutcomeChanged, "", n+2)
		s.publishers(1)
		s.neighbours(n, says)
		for range 3 {
			s.want(tracker.OutcomeUnchanged, "", n+2)
		}
		s.publishers(0)
	}
}

// publishers fails the test where the article has another number of changes that
// are its publisher's.
func (s *watch) publishers(want int) {
	s.t.Helper()
	changes, err := s.db.Changes(s.t.Context(), tracker.ChangeFilter{ArticleID: 1})
	if err != nil || len(changes) != want {
		s.t.Fatalf("the article has the changes %+v, %v, want %d", changes, err, want)
	}
}

// neighbours takes up three more articles of the outlet with a box in each.
func (s *watch) neighbours(round int, box string) {
	s.t.Helper()
	for n, what := range []string{"pier", "market", "clock"} {
		at := newTown(s.t)
		at.at("/a", shows(fmt.Sprintf(`<!doctype html><html lang="en"><title>The %[1]s</title><article><h1>Council and the %[1]s</h1><p>The %[1]s will be closed after 31 years, for reasons that the %[1]s keeper gave on Tuesday.</p>
<p>Twelve people work at the %[1]s, and each has been offered another post, though not at a %[1]s.</p><p>What becomes of the %[1]s is to be known by the end of the decade, its office said.</p></p><div class=x9><p>%[2]s</p></div></article></html>`, fmt.Sprint(what, round), box)))
		a, _, err := s.db.Add(s.t.Context(), storage.NewArticle{URL: at.URL + "/a", Identity: fmt.Sprint("neighbour/", round, "/", n), Outlet: "127.0.0.1", Host: "127.0.0.1", At: time.Now()})
		if err != nil {
			s.t.Fatal(err)
		}
		if err := s.w.Look(s.t.Context(), []tracker.Article{a}, true); err != nil {
			s.t.Fatal(err)
		}
	}
}

// The newest version is read once for a look, whatever has to be known of it.
func TestNewestVersionIsReadOnce(t *testing.T) {
	hours(t, func(s *clockwork) {
		store := newCountingStore(s.w.Store.(*storage.DB))
		s.w.Store = store
		paid := `<meta property="article:content_tier" content="locked"><script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>`
		s.town.at("/old", to(http.StatusFound, "/new"))
		s.town.at("/new", article("ferry", paid))
		id := s.add("/old")
		s.look(id, tracker.OutcomeNew, "")
		for _, look := range []struct {
			what    string
			outcome tracker.Outcome
		}{{"ferry", tracker.OutcomeUnchanged}, {"ferry boat", tracker.OutcomeChanged}} {
			s.town.at("/new", article(look.what, paid))
			store.latest.Store(0)
			s.look(id, look.outcome, "")
			if n := store.latest.Load(); n != 1 {
				s.Errorf("%s: the newest version was read %d times, want once", look.outcome, n)
			}
		}
	})
}

// A look that shows what is known, and known for sure, reads no text of before.
func TestNothingNewIsSeenAtSight(t *testing.T) {
	s := newWatch(t)
	store := newCountingStore(s.db)
	s.w.Store = store
	s.want(tracker.OutcomeNew, "", 1)
	s.want(tracker.OutcomeUnchanged, "", 1) // which leaves no doubt
	store.latest.Store(0)
	for range 3 {
		s.want(tracker.OutcomeUnchanged, "", 1)
	}
	if n := store.latest.Load(); n != 0 {
		t.Errorf("3 looks that showed nothing new read the newest version %d times, want never", n)
	}
	s.desk.edit(func(d *desk) { d.paras = append([]string{"The ferry had been late."}, d.paras...) })
	s.want(tracker.OutcomeChanged, "", 2)
	if n := store.latest.Load(); n != 1 {
		t.Errorf("a look that showed an edit read the newest version %d times, want once", n)
	}
}
