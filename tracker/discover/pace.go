package discover

import (
	"math"
	"time"
)

// Bounds of how often a source is polled by itself.
const (
	MinPoll = 5 * time.Minute
	MaxPoll = 24 * time.Hour
)

// memory is how long what came at a time still counts for how often new things
// come: a day, so that a night does not undo what a day taught.
const memory = 24 * time.Hour

// maxFresh is the most by which a server's Cache-Control puts a poll off: some
// state a year.
const maxFresh = time.Hour

// guess is how many new things an hour are expected of a source that states no
// dates.
const guess = 1.0

// learn takes into account that n new things came since the source was last read.
func (s *Source) learn(n int, now time.Time) {
	gone := now.Sub(s.LastRead)
	if s.LastRead.IsZero() || gone <= 0 {
		return
	}
	keep := math.Exp(-gone.Hours() / memory.Hours())
	s.Rate = s.Rate*keep + float64(n)/gone.Hours()*(1-keep)
}

// firstRate returns how many things an hour a source gave of late, by its own
// dates.
func firstRate(links []Link, now time.Time) float64 {
	day, dated := 0, 0
	var first time.Time
	for i := range links {
		at := links[i].date()
		if at.IsZero() || at.After(now) {
			continue
		}
		dated++
		if now.Sub(at) < memory {
			day++
		}
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	switch {
	case dated == 0:
		return guess
	case day > 0:
		return float64(day) / max(1, min(memory.Hours(), now.Sub(first).Hours()))
	}
	return float64(dated) / max(memory.Hours(), now.Sub(first).Hours())
}

// wait returns how long to leave the source alone: half of the time in which a
// new thing comes, within MinPoll and MaxPoll, or as its user said; doubled for
// each failure in a row, up to a day or what the user said. random, from 0 to 1,
// moves it by a tenth either way, so that what was added together does not stay
// together.
func (s *Source) wait(random float64) time.Duration {
	d := s.Every
	if d == 0 {
		hours := MaxPoll.Hours()
		if s.Rate > 0 {
			hours = min(hours, 1/(2*s.Rate))
		}
		d = max(MinPoll, time.Duration(hours*float64(time.Hour)))
	}
	most := max(d, MaxPoll)
	for range min(s.Failures, 40) {
		d = min(2*d, most)
	}
	if s.Every > 0 {
		return d
	}
	return time.Duration(float64(d) * (0.9 + 0.2*random))
}
