package tracker_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/fetch"
)

// A turnstile counts the looks at a desk's story, says how each asked, and turns
// the page at each as a test likes.
type turnstile struct {
	mu    sync.Mutex
	looks []http.Header
	turn  func(look int, d *desk)                         // before a look is answered; nil: nothing
	stop  func(look int, w http.ResponseWriter) (ok bool) // answers in the desk's place where it returns false; nil: the desk answers
	desk  *desk
}

func (s *turnstile) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/robots.txt" {
		s.desk.ServeHTTP(w, r)
		return
	}
	s.mu.Lock()
	s.looks = append(s.looks, r.Header.Clone())
	n := len(s.looks)
	s.mu.Unlock()
	if s.turn != nil {
		s.desk.edit(func(d *desk) { s.turn(n, d) })
	}
	if s.stop == nil || s.stop(n, w) {
		s.desk.ServeHTTP(w, r)
	}
}

// count returns how many looks there were since it was asked last.
func (s *turnstile) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.looks)
	s.looks = nil
	return n
}

// turned puts a turnstile before the desk of a watch.
func turned(s *watch) *turnstile {
	t := &turnstile{desk: s.desk}
	s.site.Config.Handler = t
	return t
}

func (s *watch) wantLooks(t *turnstile, want int, when string) {
	s.t.Helper()
	if n := t.count(); n != want {
		s.t.Errorf("%s: %d requests for the page, want %d", when, n, want)
	}
}

// A change of the text costs one request more, and nothing else does.
func TestSecondLookIsTakenForAChangeAlone(t *testing.T) {
	s := newWatch(t)
	stile := turned(s)
	s.desk.edit(func(d *desk) { d.etag = `"one"` })
	s.want(tracker.OutcomeNew, "", 1)
	s.wantLooks(stile, 1, "a first version")
	s.want(tracker.OutcomeNotModified, "", 1)
	s.wantLooks(stile, 1, "not modified")
	s.desk.edit(func(d *desk) { d.etag = `"two"` })
	s.want(tracker.OutcomeUnchanged, "", 1)
	s.wantLooks(stile, 1, "unchanged")
	s.desk.edit(func(d *desk) { d.etag, d.paras[0] = `"three"`, strings.Replace(d.paras[0], "31", "13", 1) })
	if r := s.want(tracker.OutcomeChanged, "", 2); r.Check.SecondID == 0 || r.Check.Detail != "" {
		t.Errorf("second capture %d, detail %q, want one and none", r.Check.SecondID, r.Check.Detail)
	}
	if asked := stile.looks; len(asked) == 2 && asked[1].Get("If-None-Match") != "" {
		t.Errorf("the second look asked with %q, want no condition", asked[1].Get("If-None-Match"))
	}
	s.wantLooks(stile, 2, "changed")
	s.desk.edit(func(d *desk) { d.etag, d.headline = `"four"`, "Council keeps the ferry" })
	s.want(tracker.OutcomeChanged, "", 3)
	s.wantLooks(stile, 1, "another headline, which counts whatever a second look shows")
	s.desk.edit(func(d *desk) { d.etag, d.status = "", http.StatusInternalServerError })
	s.want(tracker.OutcomeFailed, "http-500", 0)
	s.wantLooks(stile, 1, "failed")
	v, err := s.db.Version(t.Context(), 1, 2)
	if err != nil || v.SecondID == 0 || len(v.Doubt) > 0 {
		t.Errorf("version 2 has the second capture %d, doubts %v, %v", v.SecondID, v.Doubt, err)
	}
}

// A line that is another at every view is called no edit, is learned, and then
// costs no second look.
func TestFurnitureIsLearned(t *testing.T) {
	s := newWatch(t)
	stile := turned(s)
	adverts := []string{"Boots that like puddles are half price.", "A winter berth costs 14 a week.", "Learn the accordion in eleven lessons."}
	plain := s.desk.paras
	look := 0
	stile.turn = func(_ int, d *desk) {
		d.paras = append(append(plain[:2:2], adverts[look%3]), plain[2:]...)
		look++
	}
	s.want(tracker.OutcomeNew, "", 1)
	stile.count()
	for range 6 {
		s.want(tracker.OutcomeUnchanged, "", 1)
	}
	if n := stile.count(); n > 9 {
		t.Errorf("6 checks took %d requests, want no more than 9", n)
	}
	s.want(tracker.OutcomeUnchanged, "", 1)
	s.wantLooks(stile, 1, "after it was learned")
	plain = append([]string{strings.Replace(plain[0], "31", "13", 1)}, plain[1:]...)
	r := s.want(tracker.OutcomeChanged, "", 2)
	if r.Change.WordsAdded != 1 || r.Change.WordsRemoved != 1 {
		t.Errorf("-%d +%d words, want the figure alone", r.Change.WordsRemoved, r.Change.WordsAdded)
	}
	for n := 1; n <= 2; n++ {
		v, err := s.db.Version(t.Context(), 1, n)
		if err != nil || strings.Contains(v.Steady().Body(), "Boots") || strings.Contains(v.Steady().Body(), "berth") || strings.Contains(v.Steady().Body(), "accordion") {
			t.Errorf("version %d is compared as %q, %v", n, v.Steady().Body(), err)
		}
	}
}

// A figure that ticks in a paragraph is learned too; the paragraph stays, and an
// edit of its words is one.
func TestTickingFigureIsLearned(t *testing.T) {
	s := newWatch(t)
	stile := turned(s)
	figure, words := 120, "people have put their names under a letter that asks the council to keep the ferry"
	stile.turn = func(_ int, d *desk) {
		figure += 7
		d.paras[1] = fmt.Sprintf("Some %d %s, the porter said.", figure, words)
	}
	s.want(tracker.OutcomeNew, "", 1)
	s.want(tracker.OutcomeUnchanged, "", 1)
	s.want(tracker.OutcomeUnchanged, "", 1)
	stile.count()
	s.want(tracker.OutcomeUnchanged, "", 1)
	s.wantLooks(stile, 1, "after it was learned")
	words = "people have put their names under a letter that asks the council to burn the ferry"
	s.want(tracker.OutcomeChanged, "", 2)
	v, err := s.db.Version(t.Context(), 1, 2)
	if err != nil || !strings.Contains(v.Steady().Body(), "burn the ferry") {
		t.Errorf("version 2 is compared as %q, %v", v.Steady().Body(), err)
	}
}

// An edit that falls between the two looks is found by the next check.
func TestEditBetweenTheLooks(t *testing.T) {
	s := newWatch(t)
	stile := turned(s)
	s.want(tracker.OutcomeNew, "", 1)
	stile.count()
	s.desk.edit(func(d *desk) { d.paras[0] = strings.Replace(d.paras[0], "31", "13", 1) })
	const late = "Nobody at the quay had heard of it on Wednesday morning, the porter told a reporter."
	stile.turn = func(look int, d *desk) {
		if look == 2 {
			d.paras = append(d.paras, late)
		}
	}
	if r := s.want(tracker.OutcomeChanged, "", 2); r.Change.WordsAdded != 1 {
		t.Errorf("+%d words, want the figure alone", r.Change.WordsAdded)
	}
	stile.turn = nil
	s.want(tracker.OutcomeChanged, "", 3)
	v, err := s.db.Version(t.Context(), 1, 3)
	if err != nil || !strings.Contains(v.Story.Body(), late) {
		t.Errorf("version 3 = %q, %v, want the late paragraph", v.Story.Body(), err)
	}
}

// Where the second look comes to nothing the claim stands on the first, and says so.
func TestSecondLookThatFails(t *testing.T) {
	for name, stop := range map[string]func(int, http.ResponseWriter) bool{
		"error": func(look int, w http.ResponseWriter) bool {
			if look == 2 {
				http.Error(w, "out of order", http.StatusServiceUnavailable)
			}
			return look != 2
		},
		"304": func(look int, w http.ResponseWriter) bool {
			if look == 2 {
				w.WriteHeader(http.StatusNotModified)
			}
			return look != 2
		},
		"cut": func(look int, w http.ResponseWriter) bool {
			if look == 2 {
				w.Header().Set("Content-Length", "5000")
				fmt.Fprint(w, "<p>")
			}
			return look != 2
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newWatch(t)
			stile := turned(s)
			s.want(tracker.OutcomeNew, "", 1)
			stile.count()
			s.desk.edit(func(d *desk) { d.paras[0] = strings.Replace(d.paras[0], "31", "13", 1) })
			stile.stop = stop
			r := s.want(tracker.OutcomeChanged, "", 2)
			if !strings.Contains(r.Check.Detail, "one look alone showed the change") {
				t.Errorf("detail %q does not say that one look alone showed it", r.Check.Detail)
			}
			if v, err := s.db.Version(t.Context(), 1, 2); err != nil || v.SecondID != 0 {
				t.Errorf("version 2 has the second capture %d, %v, want none", v.SecondID, err)
			}
			if pending, err := s.db.Pending(t.Context(), 1); err != nil || len(pending) > 0 {
				t.Errorf("%d captures are pending, %v", len(pending), err)
			}
			stile.stop = nil
			s.want(tracker.OutcomeUnchanged, "", 2)
		})
	}
}

// A dyingStore dies at a Keep, before it or after it.
type dyingStore struct {
	*storage.DB
	keeps, die int
	after      bool
}

func (s *dyingStore) Keep(ctx context.Context, c *tracker.Capture) error {
	s.keeps++
	if s.keeps == s.die && !s.after {
		return errCrash
	}
	err := s.DB.Keep(ctx, c)
	if s.keeps == s.die {
		return errCrash
	}
	return err
}

// Killed at any moment around the two looks, nothing that was seen is lost and
// no capture waits for ever.
func TestCrashAroundTheLooks(t *testing.T) {
	for _, tt := range []struct {
		name  string
		die   int
		after bool
		looks int // requests of the check after the crash
	}{
		{"before the first is kept", 1, false, 2},
		{"when the first is kept", 1, true, 2}, // the second look, and the check's own
		{"before the second is kept", 2, false, 2},
		{"when the second is kept", 2, true, 1}, // the check's own
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newWatch(t)
			stile := turned(s)
			s.want(tracker.OutcomeNew, "", 1)
			s.desk.edit(func(d *desk) { d.paras[0] = strings.Replace(d.paras[0], "31", "13", 1) })
			s.w.Store = &dyingStore{DB: s.db, die: tt.die, after: tt.after}
			a, err := s.db.Article(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.w.Look(t.Context(), []tracker.Article{a}, true); !errors.Is(err, errCrash) {
				t.Fatalf("Look = %v, want the crash", err)
			}
			if err := s.db.Release(t.Context(), 1, "test"); err != nil {
				t.Fatal(err)
			}
			stile.count()
			s.w.Store = s.db
			s.look()
			s.wantLooks(stile, tt.looks, "after the crash")
			v, err := s.db.Version(t.Context(), 1, 2)
			if err != nil || v.SecondID == 0 || !strings.Contains(v.Story.Body(), "13 years") {
				t.Errorf("version 2 = %q with the second capture %d, %v", v.Story.Body(), v.SecondID, err)
			}
			if pending, err := s.db.Pending(t.Context(), 1); err != nil || len(pending) > 0 {
				t.Errorf("%d captures are pending, %v", len(pending), err)
			}
		})
	}
}

// What was captured long before a stop gets no second look: an edit made since
// would be held against it.
func TestOldCaptureStandsAlone(t *testing.T) {
	s := newWatch(t)
	s.want(tracker.OutcomeNew, "", 1)
	s.desk.edit(func(d *desk) { d.paras[0] = strings.Replace(d.paras[0], "31", "13", 1) })
	page := fetch.Page{URL: s.site.URL + "/news/ferry", Final: s.site.URL + "/news/ferry", Status: 200, Header: http.Header{"Content-Type": {"text/html"}}}
	page.Body = []byte(`<!doctype html><html lang="en"><title>Council closes the ferry</title><article><h1>Council closes the ferry</h1><p>` +
		strings.Join(s.desk.paras, "</p><p>") + `</p></article></html>`)
	page.Began = time.Now()
	page.Ended = page.Began
	if err := s.db.Keep(t.Context(), &tracker.Capture{ArticleID: 1, Page: page}); err != nil {
		t.Fatal(err)
	}
	s.desk.edit(func(d *desk) { d.paras[0] = strings.Replace(d.paras[0], "13", "30", 1) })
	s.w.Clock = func() time.Time { return time.Now().Add(time.Hour) }
	s.want(tracker.OutcomeChanged, "", 3)
	v, err := s.db.Version(t.Context(), 1, 2)
	if err != nil || !strings.Contains(v.Story.Body(), "13 years") {
		t.Errorf("version 2 = %q, %v, want what was captured", v.Story.Body(), err)
	}
}

// A grabbingStore lets another worker take the article once a first look is kept.
type grabbingStore struct{ *storage.DB }

func (s grabbingStore) ClaimArticle(ctx context.Context, id int64, owner string, now time.Time, ttl time.Duration) (tracker.Article, bool, error) {
	if pending, err := s.DB.Pending(ctx, id); err != nil || len(pending) > 0 {
		return tracker.Article{}, false, err
	}
	return s.DB.ClaimArticle(ctx, id, owner, now, ttl)
}

func TestNoSecondLookAtWhatAnotherHolds(t *testing.T) {
	s := newWatch(t)
	stile := turned(s)
	s.want(tracker.OutcomeNew, "", 1)
	s.desk.edit(func(d *desk) { d.paras[0] = strings.Replace(d.paras[0], "31", "13", 1) })
	s.w.Store = grabbingStore{s.db}
	stile.count()
	told := len(s.told)
	a, err := s.db.Article(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.w.Look(t.Context(), []tracker.Article{a}, true); err != nil {
		t.Fatal(err)
	}
	s.wantLooks(stile, 1, "while another holds it")
	if len(s.told) != told {
		t.Errorf("told %v, want nothing", s.told[told:])
	}
	s.w.Store = s.db
	if err := s.db.Release(t.Context(), 1, "test"); err != nil {
		t.Fatal(err)
	}
	s.want(tracker.OutcomeUnchanged, "", 2) // the capture was caught up with first
}
