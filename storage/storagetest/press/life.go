package press

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// The shape of a press.
const (
	outlets     = 100
	tags        = 30
	span        = 2 * 365 * 24 * time.Hour
	retireAfter = 60 * 24 * time.Hour
)

// A life is when an article was taken up and seen in new versions.
type life struct {
	id     int64 // once it is added
	number int   // from 0, in the order in which articles were taken up
	added  time.Time
	seen   []time.Time // each version, first seen
	gone   bool        // its publisher took it away in the end
	paused bool        // its user did
}

// lives returns the lives of a press in the order of their beginnings. Most
// articles have few versions; one in 200 has twenty times as many as others, as
// live blogs do.
func (p Recipe) lives() []life {
	all := make([]life, p.Articles)
	for i, n := range p.counts() {
		dice := rand.New(rand.NewPCG(1, uint64(i)))
		at := p.Newest().Add(-span + time.Duration(float64(span)*float64(i)/float64(p.Articles)))
		l := life{number: i, added: at, gone: i%50 == 49, paused: i%100 == 17}
		// The pauses between versions grow, and all have to fit.
		gaps, sum := make([]float64, n), 0.0
		for k := range gaps {
			gaps[k] = (0.2 + dice.ExpFloat64()) * (1 + float64(k)/4)
			sum += gaps[k]
		}
		whole := min(p.Newest().Sub(at), time.Duration(sum*float64(40*time.Minute)))
		for _, gap := range gaps {
			at = at.Add(time.Duration(gap / sum * 0.98 * float64(whole))).Truncate(time.Millisecond)
			l.seen = append(l.seen, at)
		}
		all[i] = l
	}
	return all
}

// counts returns how many versions each article has.
func (p Recipe) counts() []int {
	dice := rand.New(rand.NewPCG(2, 2))
	weights, sum := make([]float64, p.Articles), 0.0
	for i := range weights {
		weights[i] = dice.ExpFloat64()
		if i%200 == 100 {
			weights[i] = 20 * (0.5 + weights[i])
		}
		sum += weights[i]
	}
	counts, left := make([]int, p.Articles), max(0, p.Versions-p.Articles)
	over := left
	for i, w := range weights {
		more := int(math.Floor(float64(over) * w / sum))
		counts[i] = 1 + more
		left -= more
	}
	for i := range left {
		counts[i%p.Articles]++
	}
	return counts
}

// A moment is a version of an article in the order of the press.
type moment struct {
	life *life
	n    int // of the version, from 1
}

func (m moment) at() time.Time { return m.life.seen[m.n-1] }

// moments returns all versions in the order in which they were seen.
func moments(lives []life) []moment {
	var all []moment
	for i := range lives {
		for n := range lives[i].seen {
			all = append(all, moment{&lives[i], n + 1})
		}
	}
	slices.SortStableFunc(all, func(a, b moment) int {
		return cmp.Or(a.at().Compare(b.at()), cmp.Compare(a.life.number, b.life.number))
	})
	return all
}

// outlet is whose an article is: a few outlets have most.
func (l *life) outlet() string {
	u := rand.New(rand.NewPCG(3, uint64(l.number))).Float64()
	return fmt.Sprintf("outlet%02d.example", int(outlets*u*u))
}

func (l *life) url() string {
	return fmt.Sprintf("https://www.%s/news/%d/%d", l.outlet(), l.added.Year(), l.number)
}

func (l *life) tags() []string {
	dice := rand.New(rand.NewPCG(4, uint64(l.number)))
	var all []string
	for range dice.IntN(3) {
		all = append(all, fmt.Sprintf("tag%02d", dice.IntN(tags)))
	}
	return all
}
