package report

import (
	"fmt"
	"net/http"

	"storydiff/tracker"
)

// withheld returns why the text of versions is kept back from a visitor, in a
// sentence; empty: it is not. It is where [Options.Withhold] has it so and the
// publisher of one of them asks for no copies, but not from who may change things,
// nor in a private report: neither is the public.
func (s *site) withheld(r *http.Request, versions ...*tracker.Version) string {
	if !s.withhold || s.gate.private || s.gate.mayWrite(r) {
		return ""
	}
	for _, v := range versions {
		if asks := v.Story.Sources["reserved"]; asks != "" {
			return fmt.Sprintf("The publisher asks with version %d that its text not be copied (%s), so it is kept back here. What changed is quoted with each change.", v.N, brief(asks))
		}
	}
	return ""
}

// keepBack refuses the text of a version that is kept back from a visitor.
func (s *site) keepBack(r *http.Request, v *tracker.Version) error {
	if why := s.withheld(r, v); why != "" {
		return refusal{http.StatusForbidden, errorPage{"Kept back", why}, 0}
	}
	return nil
}
