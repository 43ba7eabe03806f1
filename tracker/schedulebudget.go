package tracker

import (
	"fmt"
	"time"
)

// LooksPerDay returns how many looks a day a schedule takes at articles as they
// stand at now. Each counts with the wait that was chosen at its last look, which
// is still running: that chosen now would be longer, for articles age. Those that
// fail or are missing count as if they were seen: the looks that follow each other
// soon after a failure are few.
func (s Schedule) LooksPerDay(articles []Article, now time.Time) float64 {
	s.Random = func() float64 { return 0.5 }
	sum, shortest := 0.0, s.shortest().Hours()
	for _, a := range articles {
		if a.State != Active && a.State != Gone {
			continue
		}
		from := now
		if !a.LastCheck.IsZero() && a.LastCheck.Before(now) {
			from = a.LastCheck
		}
		if at, _ := s.Next(a.untroubled(), from); !at.IsZero() {
			sum += 24 / max(hours(at.Sub(from)), shortest)
		}
	}
	return sum
}

// untroubled returns the article as it would stand had its last look shown it.
func (a Article) untroubled() Article {
	if !a.gone() {
		a.Failures, a.Misses = 0, 0
	}
	return a
}

// Within returns the schedule whose cadence takes so many looks a day at articles
// as they stand at now, or comes as near to that as its bounds let it.
func (s Schedule) Within(perDay float64, articles []Article, now time.Time) Schedule {
	for range 40 { // the looks go with the inverse of the knob, but for what does not hang on it
		asked := s.LooksPerDay(articles, now)
		next := s.Cadence.Steer(asked, perDay)
		if asked > 0.99*perDay && asked < 1.01*perDay || next == s.Cadence {
			break
		}
		s.Cadence = next
	}
	return s
}

// shortest is the shortest wait that counts: of what is pinned to shorter ones no
// more is known than that it is looked at often.
func (s Schedule) shortest() time.Duration {
	least, _ := s.Cadence.bounds()
	return min(least, minLook)
}

// A hostCap is how many looks a day a host may have, and the knob at which its
// articles ask for no more.
type hostCap struct{ perDay, knob float64 }

// HostMost returns how many looks a day a host may have at most: half of what
// fits into its gap, the time owed to it from one answer to the next request, for
// answers take time too, and edits take a second look; and no more than a budget.
// 0 stands for no gap and for no budget; of the result, for no bound.
func HostMost(gap time.Duration, budget float64) float64 {
	most := budget
	if gap > 0 {
		fits := hours(24*time.Hour) / hours(gap) / 2
		if most <= 0 || fits < most {
			most = fits
		}
	}
	return max(most, 0)
}

// Spaced returns the schedule with the looks at each host spaced out to what most
// says of it, in looks a day (0: no bound): the articles of a host that want more
// share what there is, by how they are edited. What is pinned comes first. Within
// does not undo it.
func (s Schedule) Spaced(most func(host string) float64, articles []Article, now time.Time) Schedule {
	s.caps = nil
	byHost := map[string][]Article{}
	for _, a := range articles {
		byHost[a.Host] = append(byHost[a.Host], a)
	}
	caps := map[string]hostCap{}
	for host, own := range byHost {
		perDay := most(host)
		alone := Schedule{Cadence: s.Cadence}
		if perDay <= 0 || float64(len(own))*24/s.shortest().Hours() <= perDay {
			continue
		}
		caps[host] = hostCap{perDay, alone.Within(perDay, own, now).Cadence.Knob}
	}
	s.caps = caps
	return s
}

// cadence returns that of a host, and what there is to say of it.
func (s Schedule) cadence(host string) (c Cadence, said string) {
	c = s.Cadence
	if own, ok := s.caps[host]; ok && own.knob > c.knob() {
		c.Knob = own.knob
		said = fmt.Sprintf("; %s is given no more than %.0f looks a day", host, own.perDay)
	}
	return c, said
}

// Capped returns the looks a day that a host is given and would have more of by
// the cadence alone; 0: it has as many as it wants.
func (s Schedule) Capped(host string) float64 {
	if own, ok := s.caps[host]; ok && own.knob > s.Cadence.knob() {
		return own.perDay
	}
	return 0
}
