package tracker

import (
	"cmp"
	"math"
	"time"
)

// The model of how news is edited that [Cadence] works by. Its shape is fitted
// to 88 million news addresses fetched again after a day and a week (GDELT,
// 2018: of the week's changes, 81 % were made in the first day) and to 292,000
// articles looked at every quarter of an hour for a day (Flanders, 2019–21: 0.68
// edits an article, 35 % edited at all).
const (
	newsAge    = 2.0  // hours: the age at which edits have slowed to a third
	priorShape = 0.5  // of the gamma prior over how much an article is edited: few are, some much
	priorScale = 0.53 // its inverse scale, in edits over an article's life
	burstRate  = 1.0  // edits an hour just after one was seen
	burstDecay = 0.5  // hours in which that falls to a third
)

// Bounds of the time between two looks where no others are set.
const (
	minLook = 5 * time.Minute
	maxLook = 7 * 24 * time.Hour
)

// usualKnob is the knob of a [Cadence] that is steered by nothing: about 40
// looks at an article in its first 30 days.
const usualKnob = 0.30

// A Pace is what is known of how an article is edited.
type Pace struct {
	Age       time.Duration // since it was published
	FirstSeen time.Duration // its age at the first look
	Changes   int           // looks that found a change
	Quiet     time.Duration // since the newest change was seen; nothing where there is none
}

// Rate returns how many edits an hour are to be expected of an article: the mean
// of a gamma prior given the changes that were seen since its first look, spread
// over its life as news is, and a burst after each change, since an edit is
// often followed by another.
func (p Pace) Rate() float64 {
	age, first := hours(p.Age), hours(min(p.FirstSeen, p.Age))
	rate := (priorShape + float64(p.Changes)) / (priorScale + editedBy(age) - editedBy(first)) * editsAt(age)
	if p.Changes > 0 {
		rate += burstRate * math.Exp(-hours(p.Quiet)/burstDecay)
	}
	return rate
}

// editedBy returns the share of an article's edits that are made by an age in
// hours.
func editedBy(age float64) float64 { return 1 - 1/math.Sqrt(1+age/newsAge) }

// editsAt returns the share an hour at an age in hours: the slope of editedBy.
func editsAt(age float64) float64 { return math.Pow(1+age/newsAge, -1.5) / (2 * newsAge) }

// hours returns a length of time in hours; one below zero, as after a clock was
// set back, counts as none.
func hours(d time.Duration) float64 { return max(d, 0).Hours() }

// A Cadence shares out looks among articles. Where all edits weigh the same and
// all looks cost the same, the least delay for the looks there are is had by
// leaving an article alone for a time that goes with the inverse of the square
// root of its rate of edits.
type Cadence struct {
	// Knob is that time, in hours, for an article of one edit an hour; the
	// number of looks goes with its inverse. 0: about 40 looks at an article in
	// its first 30 days.
	Knob float64

	Least time.Duration // between two looks; 0: 5 minutes
	Most  time.Duration // likewise; 0: 7 days
}

// Wait returns how long to leave an article alone, from Least to Most.
func (c Cadence) Wait(p Pace) time.Duration {
	least, most := c.bounds()
	wait := c.knob() / math.Sqrt(p.Rate()) * float64(time.Hour)
	if !(wait < float64(most)) { // also where it is no number
		return most
	}
	return max(time.Duration(wait), least)
}

func (c Cadence) bounds() (least, most time.Duration) {
	least, most = cmp.Or(c.Least, minLook), cmp.Or(c.Most, maxLook)
	return least, max(least, most)
}

func (c Cadence) knob() float64 {
	if c.Knob <= 0 {
		return usualKnob
	}
	return c.Knob
}

// Steer returns the cadence that comes nearer to a budget: asked is how many
// looks an hour the cadence asks for now, budget how many there may be. One step
// turns the knob by no more than a factor of two.
func (c Cadence) Steer(asked, budget float64) Cadence {
	c.Knob = c.knob()
	if asked > 0 && budget > 0 {
		c.Knob = min(max(c.Knob*min(max(asked/budget, 0.5), 2), leastKnob), mostKnob)
	}
	return c
}

// The bounds of the knob: a look every five minutes at what is hardly ever
// edited, and one a week at what is edited every hour.
const (
	leastKnob = 0.001
	mostKnob  = 168
)
