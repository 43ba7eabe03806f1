package tracker

// An Outcome is what a check came to.
type Outcome string

// The outcomes of a check.
const (
	OutcomeNew         Outcome = "new"
	OutcomeChanged     Outcome = "changed"
	OutcomeUnchanged   Outcome = "unchanged"
	OutcomeNotModified Outcome = "not-modified"
	OutcomeRestored    Outcome = "restored"
	OutcomeGone        Outcome = "gone"
	OutcomeBlocked     Outcome = "blocked"
	OutcomeFailed      Outcome = "failed"
	OutcomeSkipped     Outcome = "skipped"
)

// Plain reports whether an outcome needs no reason.
func (o Outcome) Plain() bool {
	switch o {
	case OutcomeNew, OutcomeChanged, OutcomeUnchanged, OutcomeNotModified, OutcomeRestored:
		return true
	}
	return false
}
