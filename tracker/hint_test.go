package tracker_test

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"storydiff/tracker"
)

// Feeds are what the sources of a world say of its articles.
type feeds struct {
	name   string
	recall float64 // the share of the edits that they tell of
	lies   float64 // hints an article and day that no edit belongs to
	old    bool    // they tell lies in all 30 days; else, of an article, in its first three
}

const (
	perFeed   = 50        // articles that one feed tells of
	feedEvery = 5.0 / 60  // hours between two looks at it
	bornOver  = 20 * 24.0 // hours over which the articles of a feed are published
	feedStale = 5.0 / 60  // hours that a look must be later than what a feed tells of to have shown it
)

// A told is an article as a simulation of feeds has it. Times are hours.
type told struct {
	*life
	born    float64
	hints   []hint
	last    float64
	next    float64
	hinted  float64 // when a hint was last believed
	changes int
	changed float64 // the look that saw the newest change; -1: none
	edit    int     // the first that no look has seen
}

// A hint is told at a time, of something that happened at another.
type hint struct{ at, of float64 }

// fed runs the cadence with a knob over a world whose feeds are read, feed by feed.
// A look costs the same whether a hint or the cadence asked for it; the feeds' own
// requests are not counted.
func fed(w *world, f feeds, knob float64) result {
	rnd := rand.New(rand.NewPCG(9, 9))
	var r result
	looks, edits, unseen := 0, 0, 0
	for some := range slices.Chunk(w.lives, perFeed) {
		s := feed{articles: make([]told, len(some))}
		for i := range some {
			s.articles[i] = f.tell(&some[i], bornOver*float64(i)/perFeed, rnd)
			for _, h := range s.articles[i].hints {
				s.said = append(s.said, saying{h, i})
			}
		}
		slices.SortStableFunc(s.said, func(x, y saying) int { return cmp.Compare(x.at, y.at) })
		for {
			a := s.soonest()
			for len(s.said) > 0 && s.said[0].at <= a.next {
				s.hear(s.said[0])
				s.said = s.said[1:]
				a = s.soonest()
			}
			if math.IsInf(a.next, 1) {
				break
			}
			looks++
			unseen += a.look(&r, tracker.Cadence{Knob: knob}, rnd)
			s.first = nil
		}
		for i := range s.articles {
			a := &s.articles[i]
			edits += len(a.edits)
			for _, e := range a.edits[a.edit:] { // seen by a look just after the end
				r.overall = append(r.overall, watched-e)
			}
		}
	}
	r.sum(looks, len(w.lives), edits, unseen)
	return r
}

// A feed is what one tells of its articles.
type feed struct {
	articles []told
	said     []saying // that is still to be heard, in order
	first    *told    // that is looked at first; nil: not known

	trust float64 // of what is heard at a time, and that
	at    float64
}

// A saying is a hint of an article.
type saying struct {
	hint
	of int
}

// soonest returns the article that is looked at first.
func (s *feed) soonest() *told {
	if s.first == nil {
		s.first = &s.articles[0]
		for i := range s.articles {
			if a := &s.articles[i]; a.next < s.first.next {
				s.first = a
			}
		}
	}
	return s.first
}

// believed returns how much is believed of what is heard at a time.
func (s *feed) believed(at float64) float64 {
	if at != s.at {
		s.at = at
		s.trust = tracker.Trust(func(yield func(tracker.Hint) bool) {
			for j := range s.articles {
				b := &s.articles[j]
				if b.hinted >= 0 && !yield(tracker.Hint{At: since(b.hinted), Looked: since(b.last), Changed: since(b.changed)}) {
					return
				}
			}
		}, since(at))
	}
	return s.trust
}

// hear takes a hint.
func (s *feed) hear(h saying) {
	a := &s.articles[h.of]
	if a.last < 0 || a.last >= h.hint.of+feedStale || a.next <= h.at || a.hinted >= 0 && h.at < a.hinted+feedEvery {
		return
	}
	trust := s.believed(h.at)
	if trust < 0.5 && a.hinted > a.last {
		return
	}
	if sooner, ok := tracker.Sooner(since(a.last), since(a.next), since(h.at), trust); ok {
		a.next, a.hinted = sooner.Sub(epoch).Hours(), h.at
		if a.next < s.soonest().next {
			s.first = a
		}
	}
}

// tell returns an article and what its feed will say of it.
func (f feeds) tell(l *life, born float64, rnd *rand.Rand) told {
	a := told{life: l, born: born, last: -1, next: born, hinted: -1, changed: -1}
	add := func(of float64) {
		a.hints = append(a.hints, hint{math.Ceil(of/feedEvery) * feedEvery, of})
	}
	for _, e := range l.edits {
		if rnd.Float64() < f.recall {
			add(born + e)
		}
	}
	most := 3 * 24.0
	if f.old {
		most = watched
	}
	for age := rnd.ExpFloat64() / (f.lies / 24); age < most; age += rnd.ExpFloat64() / (f.lies / 24) {
		add(born + age)
	}
	return a
}

// epoch is the beginning of a simulation.
var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// since is a time of a simulation; -1 stands for never.
func since(hours float64) time.Time {
	if hours < 0 {
		return time.Time{}
	}
	return epoch.Add(duration(hours))
}

// look takes a look, and returns how many edits were overwritten before it.
func (a *told) look(r *result, c tracker.Cadence, rnd *rand.Rand) (unseen int) {
	age := a.next - a.born
	first := a.edit
	for a.edit < len(a.edits) && a.edits[a.edit] <= age {
		r.overall = append(r.overall, age-a.edits[a.edit])
		a.edit++
	}
	a.last = a.next
	p := tracker.Pace{Age: duration(age)}
	if a.edit > first {
		a.changes, a.changed = a.changes+1, a.next
		unseen = a.edit - first - 1
	}
	if p.Changes = a.changes; a.changes > 0 {
		p.Quiet = duration(a.next - a.changed)
	}
	if a.next += c.Wait(p).Hours() * (0.9 + 0.2*rnd.Float64()); a.next >= a.born+watched {
		a.next = math.Inf(1)
	}
	return unseen
}

// What feeds tell of edits makes them seen sooner at equal numbers of looks where it
// is so, and where it is not so, hardly later than without.
func TestHintsSimulated(t *testing.T) {
	if underRace {
		t.Skip("it does one thing at a time, a million times over")
	}
	w := newWorld("as the model says", 2, 0.2, *simulated/2, 21)
	none := tuned(40, func(knob float64) result { return fed(w, feeds{}, knob) })
	t.Logf("%-42s %5.1f looks, delay %5.2f h, p50 %5.2f h, within an hour %3.0f %%, unseen %4.1f %%", "no hints", none.looks, none.delay, none.p50, 100*none.prompt, 100*none.unseen)
	for _, tt := range []struct {
		feeds
		most float64 // of the delay without hints
	}{
		{feeds{"of 60 % of the edits", 0.6, 0, false}, 0.6},
		{feeds{"of 60 %, and one lie an article", 0.6, 1.0 / 30, true}, 0.75},
		{feeds{"of 60 %, and a lie a day", 0.6, 1, true}, 1.1},
		{feeds{"of 60 %, and 12 lies a day at first", 0.6, 12, false}, 1.1},
		{feeds{"of 60 %, and 24 lies a day", 0.6, 24, true}, 1.1},
		{feeds{"of no edit, one lie a day", 0, 1, true}, 1.1},
		{feeds{"of no edit, 24 lies a day", 0, 24, true}, 1.1},
		{feeds{"of no edit, a lie each 5 minutes", 0, 288, false}, 1.1},
	} {
		r := tuned(40, func(knob float64) result { return fed(w, tt.feeds, knob) })
		t.Logf("%-42s %5.1f looks, delay %5.2f h, p50 %5.2f h, within an hour %3.0f %%, unseen %4.1f %%", "hints "+tt.name, r.looks, r.delay, r.p50, 100*r.prompt, 100*r.unseen)
		if math.Abs(r.looks-40) > 0.03*40 {
			t.Errorf("hints %s: %.1f looks, want 40", tt.name, r.looks)
		}
		if r.delay > tt.most*none.delay {
			t.Errorf("hints %s: the delay is %.2f of that without, want at most %.2f", tt.name, r.delay/none.delay, tt.most)
		}
	}
}

// A source of which nothing is known, or that is right half of the time, is believed
// at once, and one that was never right hardly.
func TestTrust(t *testing.T) {
	now := since(1000)
	hints := func(right, wrong int, but ...tracker.Hint) func(func(tracker.Hint) bool) {
		all := but
		for i := range right + wrong {
			h := tracker.Hint{At: now.Add(-2 * time.Hour), Looked: now.Add(-time.Hour)}
			if i < right {
				h.Changed = h.Looked
			}
			all = append(all, h)
		}
		return slices.Values(all)
	}
	for _, tt := range []struct {
		what  string
		hints func(func(tracker.Hint) bool)
		want  float64
	}{
		{"nothing known", hints(0, 0), 0.5},
		{"always right", hints(8, 0), 0.9},
		{"never right", hints(0, 8), 0.1},
		{"long ago", hints(8, 0, tracker.Hint{At: now.Add(-8 * 24 * time.Hour), Looked: now}), 0.9},
		{"not looked at since", hints(8, 0, tracker.Hint{At: now.Add(-time.Hour), Looked: now.Add(-2 * time.Hour)}), 0.9},
		{"changed before", hints(0, 7, tracker.Hint{At: now.Add(-time.Hour), Looked: now, Changed: now.Add(-2 * time.Hour)}), 0.1},
		{"no hint", hints(0, 8, tracker.Hint{Looked: now, Changed: now}), 0.1},
	} {
		if got := tracker.Trust(tt.hints, now); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("%s: %v, want %v", tt.what, got, tt.want)
		}
	}
	last, next := now.Add(-2*time.Hour), now.Add(8*time.Hour)
	for _, tt := range []struct {
		trust float64
		last  time.Time
		want  time.Duration // from now; 0: now
		ok    bool
	}{
		{0.9, last, 0, true}, {0.5, last, 0, true}, {0.45, last, 0, true}, {0.25, last, 3 * time.Hour, true},
		{0.1, last, 6 * time.Hour, true}, {0, last, 8 * time.Hour, false}, {0.1, time.Time{}, 0, true},
	} {
		if at, ok := tracker.Sooner(tt.last, next, now, tt.trust); ok != tt.ok || at.Sub(now).Round(time.Second) != tt.want {
			t.Errorf("trust %v: looked at in %v, %v; want %v, %v", tt.trust, at.Sub(now), ok, tt.want, tt.ok)
		}
	}
}
