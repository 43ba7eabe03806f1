package tracker

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"
)

// leaseFor is how long an article stays with one worker; a worker that died is
// replaced after it. A fetch with its waiting for the host fits in many times.
const leaseFor = 5 * time.Minute

// A Schedule says when to look at an article again. Its zero value looks about 40
// times at an article in its first 30 days.
type Schedule struct {
	Cadence Cadence
	Random  func() float64 // at least 0 and below 1; nil: at random

	caps map[string]hostCap // of the hosts that want more looks than they may have; see Spaced
}

// Next returns when to look at an article again, given how it stands after the
// check that ended at now, and why then. The time is zero where its days are
// over: it is to be retired.
//
// Its own cron line comes first. An article that is gone is looked at monthly,
// the first time after a day where nothing but one 410 says so; one that is
// missing after 10 min, 1 h, 6 h, 24 h, 7 d; a failure backs off from 5 min to
// 6 h, a blocked one from 1 h to a day. Otherwise the cadence decides, give or
// take a tenth, so that what was added together does not stay together; and 30
// days after its text last changed it is looked at 60, 90, 180 and 365 days after
// that, for what is taken away quietly.
func (s Schedule) Next(a Article, now time.Time) (at time.Time, why string) {
	if a.Cron != "" {
		if own, err := ParseCron(a.Cron); err == nil {
			return own.Next(now.UTC()), "its own times, " + a.Cron
		}
	}
	if wait, why := afterTrouble(a); wait > 0 {
		return now.Add(wait), why
	}
	if settled := a.settledAt(); now.Sub(settled) >= watchedFor {
		return lateLook(settled, now)
	}
	p := a.pace(now)
	cadence, capped := s.cadence(a.Host)
	random := s.Random
	if random == nil {
		random = rand.Float64
	}
	wait := time.Duration(float64(cadence.Wait(p)) * (0.9 + 0.2*random()))
	least, most := cadence.bounds()
	return now.Add(min(max(wait, least), most)), p.String() + capped
}

// Why says why the next look at an article is planned for when it is, as the
// schedule would plan it after its last one.
func (s Schedule) Why(a Article) string {
	if a.LastCheck.IsZero() {
		return "never looked at"
	}
	_, why := s.Next(a, a.LastCheck)
	return why
}

// watchedFor is how long an article is looked at by the cadence after its text
// last changed. Of the changes of a week, 81 % are made in the first day.
const watchedFor = 30 * 24 * time.Hour

// lateLooks are when an article is looked at after that, counted from the same
// moment.
var lateLooks = []time.Duration{60 * 24 * time.Hour, 90 * 24 * time.Hour, 180 * 24 * time.Hour, 365 * 24 * time.Hour}

func lateLook(settled, now time.Time) (at time.Time, why string) {
	i := slices.IndexFunc(lateLooks, func(d time.Duration) bool { return settled.Add(d).After(now) })
	if i < 0 {
		return time.Time{}, "it has not changed for a year"
	}
	return settled.Add(lateLooks[i]), fmt.Sprintf("unchanged for 30 days, so looked at %d days after it last changed", lateLooks[i]/(24*time.Hour))
}

// settledAt is when the article's text last changed, or was first taken up.
func (a Article) settledAt() time.Time {
	if a.LastChange.After(a.AddedAt) {
		return a.LastChange
	}
	return a.AddedAt
}

// pace returns what is known of how an article is edited. Its age counts from
// when it was published, where its page says so and that was before it was taken
// up.
func (a Article) pace(now time.Time) Pace {
	born := a.AddedAt
	if !a.Published.IsZero() && a.Published.Before(born) {
		born = a.Published
	}
	p := Pace{Age: now.Sub(born), FirstSeen: a.AddedAt.Sub(born), Changes: max(a.Versions-1, 0)}
	if p.Changes > 0 {
		p.Quiet = now.Sub(a.LastChange)
	}
	return p
}

// String says what the pace of an article is, for a person.
func (p Pace) String() string {
	said := "published " + roughly(p.Age) + " ago, "
	switch p.Changes {
	case 0:
		return said + "no change seen"
	case 1:
		return said + "one change seen, " + roughly(p.Quiet) + " ago"
	}
	return fmt.Sprintf("%s%d changes seen, the last %s ago", said, p.Changes, roughly(p.Quiet))
}

// roughly says how long something is in its largest unit.
func roughly(d time.Duration) string {
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		switch n := d / unit.length; {
		case n == 1 && unit.name == "hour":
			return "an hour"
		case n == 1:
			return "a " + unit.name
		case n > 1:
			return fmt.Sprintf("%d %ss", n, unit.name)
		}
	}
	return "moments"
}

// afterTrouble returns how long to leave an article alone that could not be seen
// at the last look, and why; 0 where it was seen.
func afterTrouble(a Article) (time.Duration, string) {
	row := fmt.Sprintf("%d looks in a row", a.Failures)
	if a.Failures == 1 {
		row = "one look"
	}
	switch {
	case a.gone() && a.Failures > 0:
		return backOff(time.Hour, goneAgain, a.Failures), "gone, and not to be seen at " + row
	case a.gone() && a.LastReason == httpReason(http.StatusGone) && a.LastCheck.Equal(a.GoneFrom):
		return 24 * time.Hour, "gone, to be confirmed after a day"
	case a.gone():
		return goneAgain, "gone, looked for monthly"
	case a.Failures > 0 && a.LastOutcome == OutcomeBlocked:
		return backOff(time.Hour, 24*time.Hour, a.Failures), "blocked at " + row + ", backing off"
	case a.Misses > 0:
		return missing[min(a.Misses, len(missing))-1], "missing, to be confirmed"
	case a.Failures > 0:
		return backOff(5*time.Minute, 6*time.Hour, a.Failures), "failed at " + row + ", backing off"
	}
	return 0, ""
}

// goneAgain is how long after a look an article that is gone is looked for again.
const goneAgain = 30 * 24 * time.Hour

// missing is how long to wait after the first, second … look that found nothing.
var missing = [...]time.Duration{10 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour, 7 * 24 * time.Hour}

// backOff doubles first for each failure after the first, up to limit.
func backOff(first, limit time.Duration, failures int) time.Duration {
	d := first
	for ; failures > 1 && d < limit; failures-- {
		d *= 2
	}
	return min(d, limit)
}
