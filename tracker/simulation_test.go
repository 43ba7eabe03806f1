package tracker_test

import (
	"flag"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"storydiff/tracker"
)

var simulated = flag.Int("simulated", 1500, "how many articles live in each simulated world")

// watched is how long an article is looked at, in hours.
const watched = 30 * 24.0

// A world is articles and when they are edited, in hours of their age. How much
// an article is edited is drawn from a gamma distribution of shape 0.5, so that
// two fifths are ever edited; its edits thin out with age, and some bring another
// within about half an hour.
type world struct {
	name  string
	decay float64 // hours; the model of the policy has 2
	burst float64 // the chance that an edit is followed by another
	lives []life
}

type life struct {
	much  float64   // edits in a whole life, without those that follow others
	edits []float64 // ages, sorted
}

func newWorld(name string, decay, burst float64, n int, seed uint64) *world {
	rnd := rand.New(rand.NewPCG(seed, 1))
	w := &world{name: name, decay: decay, burst: burst}
	scale := 0.68 / (1 - 1/math.Sqrt(13)) / 0.5 // 0.68 edits in the first day where edits decay as the model says
	for range n {
		normal := rnd.NormFloat64()
		l := life{much: normal * normal / 2 * scale} // a gamma of shape 0.5 is half the square of a normal
		for range poisson(rnd, l.much) {
			left := 1 - rnd.Float64() // the share of the edits still to come
			age := decay * (1/(left*left) - 1)
			l.edits = append(l.edits, age)
			for rnd.Float64() < burst {
				age += rnd.ExpFloat64() * 0.5
				l.edits = append(l.edits, age)
			}
		}
		slices.Sort(l.edits)
		l.edits = slices.DeleteFunc(l.edits, func(age float64) bool { return age > watched })
		w.lives = append(w.lives, l)
	}
	return w
}

func poisson(rnd *rand.Rand, mean float64) (n int) {
	for sum := rnd.ExpFloat64(); sum < mean; sum += rnd.ExpFloat64() {
		n++
	}
	return n
}

// A seen is what a policy knows when it is asked for the next look, and what
// only an oracle knows.
type seen struct {
	age, quiet float64 // hours; quiet is since the newest change that was seen, or since publication
	changes    int
	world      *world
	life       *life
}

// A policy says how many hours to wait, given a knob that all waits go with.
type policy struct {
	name string
	wait func(s seen, knob float64) float64
}

func duration(hours float64) time.Duration { return time.Duration(hours * float64(time.Hour)) }

var policies = []policy{
	{"fixed interval", func(_ seen, knob float64) float64 { return knob }},
	{"ladder", func(s seen, knob float64) float64 { // NewsDiffs', by the time since the last update
		switch {
		case s.quiet < 3:
			return knob * 0.25
		case s.quiet < 24:
			return knob * 0.5
		case s.quiet < 7*24:
			return knob * 2
		}
		return knob * 24
	}},
	{"adaptive", func(s seen, knob float64) float64 {
		p := tracker.Pace{Age: duration(s.age), Changes: s.changes, Quiet: duration(s.quiet)}
		return tracker.Cadence{Knob: knob}.Wait(p).Hours()
	}},
	{"oracle", func(s seen, knob float64) float64 { // it knows how much each article is edited, not when
		rate := s.life.much * math.Pow(1+s.age/s.world.decay, -1.5) / (2 * s.world.decay) / (1 - s.world.burst)
		return min(max(knob/math.Sqrt(rate), 5.0/60), 7*24)
	}},
}

// A result is what came of a policy in a world.
type result struct {
	looks   float64   // an article
	delay   float64   // mean, in hours, from an edit to the look that saw it
	prompt  float64   // share of the edits seen within an hour
	unseen  float64   // share of the edits overwritten before a look
	p50     float64   // of the delay
	overall []float64 // the delays, sorted
}

func run(w *world, p policy, knob float64) result {
	rnd := rand.New(rand.NewPCG(7, 7))
	var r result
	looks, edits, unseen := 0, 0, 0
	for i := range w.lives {
		l := &w.lives[i]
		s := seen{world: w, life: l}
		changed, next := 0.0, 0
		for age := 0.0; age < watched; {
			looks++
			first := next
			for next < len(l.edits) && l.edits[next] <= age {
				r.overall = append(r.overall, age-l.edits[next])
				next++
			}
			if next > first {
				s.changes++
				changed = age
				unseen += next - first - 1
			}
			s.age, s.quiet = age, age-changed
			age += p.wait(s, knob) * (0.9 + 0.2*rnd.Float64())
		}
		edits += len(l.edits)
		for ; next < len(l.edits); next++ { // seen by a look just after the end
			r.overall = append(r.overall, watched-l.edits[next])
		}
	}
	r.sum(looks, len(w.lives), edits, unseen)
	return r
}

// sum works out a result of its delays, and of how many there were of what else.
func (r *result) sum(looks, articles, edits, unseen int) {
	slices.Sort(r.overall)
	for _, d := range r.overall {
		r.delay += d / float64(edits)
		if d <= 1 {
			r.prompt += 1 / float64(edits)
		}
	}
	r.p50 = r.overall[len(r.overall)/2]
	r.looks = float64(looks) / float64(articles)
	r.unseen = float64(unseen) / float64(edits)
}

// tuned runs something with the knob that gives a number of looks an article.
func tuned(looks float64, run func(knob float64) result) result {
	low, high := 1e-4, 1e4
	var r result
	for range 40 {
		knob := math.Sqrt(low * high)
		r = run(knob)
		switch {
		case math.Abs(r.looks-looks) < 0.005*looks:
			return r
		case r.looks > looks:
			low = knob
		default:
			high = knob
		}
	}
	return r
}

// At equal numbers of looks the policy is held against a fixed interval, a
// ladder by age, and an oracle that knows how much each article is edited: in
// worlds that are as the policy thinks, and in worlds that are not.
func TestSimulation(t *testing.T) {
	type bounds struct{ fixed, ladder, oracle float64 }
	fitted, misfit := bounds{0.25, 0.65, 1.4}, bounds{0.8, math.Inf(1), 2}
	for _, tt := range []struct {
		world *world
		looks float64
		want  bounds
	}{
		{newWorld("as the model says", 2, 0, *simulated, 11), 20, fitted},
		{newWorld("as the model says", 2, 0, *simulated, 12), 40, fitted},
		{newWorld("as the model says", 2, 0, *simulated, 13), 171, fitted},
		{newWorld("in bursts", 2, 0.4, *simulated, 14), 40, fitted},
		{newWorld("over within hours", 0.5, 0.2, *simulated, 15), 40, misfit},
		{newWorld("slower", 8, 0.2, *simulated, 16), 40, misfit},
		{newWorld("over days", 48, 0.2, *simulated, 17), 40, misfit},
	} {
		t.Logf("edits %s, %.0f looks an article:", tt.world.name, tt.looks)
		delay := map[string]float64{}
		for _, p := range policies {
			r := tuned(tt.looks, func(knob float64) result { return run(tt.world, p, knob) })
			delay[p.name] = r.delay
			t.Logf("  %-15s %6.1f looks, delay %5.2f h, p50 %5.2f h, within an hour %3.0f %%, unseen %4.1f %%", p.name, r.looks, r.delay, r.p50, 100*r.prompt, 100*r.unseen)
			if math.Abs(r.looks-tt.looks) > 0.03*tt.looks {
				t.Errorf("%s: %.1f looks, want %.0f", p.name, r.looks, tt.looks)
			}
		}
		for other, most := range map[string]float64{"fixed interval": tt.want.fixed, "ladder": tt.want.ladder, "oracle": tt.want.oracle} {
			if got := delay["adaptive"] / delay[other]; got > most {
				t.Errorf("edits %s, %.0f looks: the delay is %.2f of that of %s, want at most %.2f", tt.world.name, tt.looks, got, other, most)
			}
		}
	}
}
