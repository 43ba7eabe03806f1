package revision

import (
	"time"

	"storydiff/tracker/extract"
)

const (
	maxProof    = 200 // bytes of a note kept as proof
	maxEvidence = 400 // bytes of words kept with an edit
)

// disclose returns whether the publisher owned up to the change, and by what.
//
// A note that is new, or says something new, makes it noted, whatever it speaks
// of: that is told by [Revision.NoteSpeaks]. Else it is stamped
// when the modified time moved on: beyond the one the old text last showed, or,
// where it showed none, beyond the time of publication; or when a line of the
// text gives a new time of update. Else it is silent.
func (c *comparison) disclose() (Disclosure, string) {
	if c.proof != "" {
		return Noted, clip(c.proof, maxProof)
	}
	was, is := c.before.Modified, c.after.Modified
	since := was
	if was.IsZero() {
		since = latest(c.before.Published, c.after.Published)
	}
	// A time without a day may be of a later day though it is earlier.
	around := c.after.Sources["modified"] == extract.ByTheClock && !is.Equal(was)
	switch {
	case !is.IsZero() && (is.After(since) || around) && !was.IsZero():
		return Stamped, timeText(was) + " → " + timeText(is)
	case !is.IsZero() && is.After(since):
		return Stamped, "no modified time → " + timeText(is)
	case c.visible != "":
		return Stamped, clip(c.visible, maxProof)
	}
	return Silent, ""
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
