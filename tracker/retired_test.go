package tracker_test

import (
	"slices"
	"testing"
	"time"

	"storydiff/tracker"
)

// An article that does not change is looked at for 30 days, then 60, 90, 180 and
// 365 days after it was first seen, and is then retired.
func TestLooksAtAnOldArticle(t *testing.T) {
	hours(t, func(s *clockwork) {
		s.town.at("/a", article("ferry", ""))
		id := s.add("/a")
		began := time.Now()
		s.look(id, tracker.OutcomeNew, "")
		s.look(id, tracker.OutcomeUnchanged, "")
		const day = 24 * time.Hour
		var late []int
		for range 200 {
			if s.article(id).State != tracker.Active {
				break
			}
			s.due(id)
			s.look(id, tracker.OutcomeUnchanged, "")
			if age := time.Since(began); age > 38*day { // the last look of the 30 days may be a week after them
				late = append(late, int((age+day/2)/day))
			}
		}
		if want := []int{60, 90, 180, 365}; !slices.Equal(late, want) {
			t.Errorf("late looks after %v days, want %v", late, want)
		}
		if a := s.article(id); a.State != tracker.Retired {
			t.Errorf("after a year without a change the article is %s", a.State)
		}
		if hosts, err := s.db.DueHosts(s.Context(), time.Now().Add(365*day)); err != nil || len(hosts) > 0 {
			t.Errorf("%v are due of what is retired, %v", hosts, err)
		}
	})
}
