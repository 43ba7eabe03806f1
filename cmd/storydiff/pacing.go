package main

import (
	"time"

	"github.com/spf13/pflag"

	"storydiff/tracker"
)

// maxBudget is the most looks a day that may be asked for.
const maxBudget = 100_000_000

// pacing holds the flags that say how often articles are looked at.
type pacing struct {
	budget, hostBudget float64
	least, most        limit
}

func (p *pacing) register(flags *pflag.FlagSet) {
	p.least, p.most = limit{duration(5 * time.Minute)}, limit{duration(7 * 24 * time.Hour)}
	flags.Float64Var(&p.budget, "budget", 0, "looks a day to be shared out among all articles; 0: about 40 at an article in its first 30 days")
	flags.Float64Var(&p.hostBudget, "host-budget", 0, "looks a day at one host at most; 0: half as many as --host-delay lets through")
	flags.Var(&p.least, "min-every", "least time between two looks by the schedule")
	flags.Var(&p.most, "max-every", "most time between two looks by the schedule, while an article is young")
}

// check refuses what cannot be.
func (p *pacing) check() error {
	for _, b := range []struct {
		flag  string
		value float64
	}{{"--budget", p.budget}, {"--host-budget", p.hostBudget}} {
		if !(b.value >= 0 && b.value <= maxBudget) {
			return misusef("%s %v: give a number of looks a day, at most %d", b.flag, b.value, maxBudget)
		}
	}
	if time.Duration(p.least.duration) < time.Second {
		return misusef("--min-every %v: the least is 1s", p.least.duration.String())
	}
	if p.least.duration > p.most.duration {
		return misusef("--min-every %v is more than --max-every %v", p.least.duration.String(), p.most.duration.String())
	}
	return nil
}

// cadence is what the looks begin with.
func (p *pacing) cadence() tracker.Cadence {
	return tracker.Cadence{Least: time.Duration(p.least.duration), Most: time.Duration(p.most.duration)}
}

// schedule is how articles are looked at by a daemon with these flags, which owes
// each host a gap.
func (p *pacing) schedule(gap time.Duration, articles []tracker.Article, now time.Time) tracker.Schedule {
	most := func(string) float64 { return tracker.HostMost(gap, p.hostBudget) }
	s := tracker.Schedule{Cadence: p.cadence()}.Spaced(most, articles, now)
	if p.budget > 0 {
		s = s.Within(p.budget, articles, now)
	}
	return s
}
