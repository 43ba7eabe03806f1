package tracker

import "time"

// A Look is as much of a [Check] as a drawing of many shows.
type Look struct {
	At      time.Time // when it began
	Outcome Outcome
}
