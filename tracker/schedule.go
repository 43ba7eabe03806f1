package tracker

import (
	"net/http"
	"time"
)

// leaseFor is how long an article stays with one worker; a worker that died is
// replaced after it. A fetch with its waiting for the host fits in many times.
const leaseFor = 5 * time.Minute

// Next returns when to look at an article again, given how it stands after the
// check that ended at now.
//
// Its own cron line comes first. An article that is gone is looked at monthly,
// the first time after a day where nothing but one 410 says so; one that is
// missing after 10 min, 1 h, 6 h, 24 h, 7 d; a failure backs off from 5 min to
// 6 h, a blocked one from 1 h to a day. Otherwise the time since its text last
// changed decides.
func Next(a Article, now time.Time) time.Time {
	if a.Cron != "" {
		if s, err := ParseCron(a.Cron); err == nil {
			return s.Next(now.UTC())
		}
	}
	return now.Add(wait(a, now))
}

func wait(a Article, now time.Time) time.Duration {
	switch {
	case a.gone() && a.Failures > 0:
		return backOff(time.Hour, goneAgain, a.Failures)
	case a.gone() && a.LastReason == httpReason(http.StatusGone) && a.LastCheck.Equal(a.GoneFrom):
		return 24 * time.Hour
	case a.gone():
		return goneAgain
	case a.Failures > 0 && a.LastOutcome == OutcomeBlocked:
		return backOff(time.Hour, 24*time.Hour, a.Failures)
	case a.Misses > 0:
		return missing[min(a.Misses, len(missing))-1]
	case a.Failures > 0:
		return backOff(5*time.Minute, 6*time.Hour, a.Failures)
	}
	since := a.LastChange
	if since.IsZero() {
		since = a.AddedAt
	}
	return ladder(now.Sub(since))
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

// ladder returns the wait for an article whose text last changed age ago: news
// changes most in its first hours.
func ladder(age time.Duration) time.Duration {
	const day = 24 * time.Hour
	switch {
	case age < 3*time.Hour:
		return 15 * time.Minute
	case age < day:
		return time.Hour
	case age < 7*day:
		return 3 * time.Hour
	case age < 30*day:
		return day
	}
	return 7 * day
}
