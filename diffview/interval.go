package diffview

import "time"

// A Notation is how an interval is written.
type Notation uint8

// The notations.
const (
	InWords  Notation = iota // 10:05 and 10:20 UTC, 1 March 2026
	InDigits                 // 2026-03-01 10:05 and 10:20 UTC, which stand in columns and sort
)

// An Interval is when something happened, as far as two looks can tell: after
// the one and by the other. It is in UTC.
type Interval struct {
	From string // empty: not known, or the same second as To
	To   string
	At   bool // both are the same second
}

// NewInterval says as much as is needed to tell from and to apart, and the date
// once where it is the same. A from that is zero, or after to, is not known.
func NewInterval(from, to time.Time, n Notation) Interval {
	from, to = from.UTC().Truncate(time.Second), to.UTC().Truncate(time.Second)
	clock := "15:04"
	if from.Before(to) && to.Sub(from) < 2*time.Minute {
		clock = "15:04:05"
	}
	known := !from.IsZero() && from.Before(to)
	oneDay := known && from.Format(time.DateOnly) == to.Format(time.DateOnly)
	oneYear := known && from.Year() == to.Year()
	first, last := clock+" UTC, 2 January 2006", clock+" UTC, 2 January 2006"
	switch {
	case n == InDigits && oneDay:
		first, last = "2006-01-02 "+clock, clock+" UTC"
	case n == InDigits:
		first, last = "2006-01-02 "+clock+" UTC", "2006-01-02 "+clock+" UTC"
	case oneDay:
		first = clock
	case oneYear:
		first = clock + " UTC, 2 January"
	}
	i := Interval{To: to.Format(last), At: from.Equal(to)}
	if known {
		i.From = from.Format(first)
	}
	return i
}

// String returns the interval in a sentence: "between 10:05 and 10:20 UTC, 1
// March 2026", "at …" or, where it is not known since when, "by …".
func (i Interval) String() string {
	switch {
	case i.From != "":
		return "between " + i.From + " and " + i.To
	case i.At:
		return "at " + i.To
	}
	return "by " + i.To
}

// Spell returns the interval as how long something was so: "10:05 until 10:20
// UTC, 1 March 2026".
func (i Interval) Spell() string {
	if i.From == "" {
		return i.To
	}
	return i.From + " until " + i.To
}
