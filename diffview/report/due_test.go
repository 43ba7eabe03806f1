package report_test

import (
	"strings"
	"testing"
	"time"
)

// A look that should have been long ago is said to be overdue: nobody watches.
func TestOverdueLook(t *testing.T) {
	src := sample()
	for due, want := range map[time.Duration]bool{-time.Hour: true, time.Hour: false} {
		src.articles[0].NextCheck = clock(3, 12, 0).Add(due)
		_, body := get(t, handler(t, src), "/articles/1")
		if got := strings.Contains(body, "nobody seems to be watching"); got != want {
			t.Errorf("a look due in %v is said to be overdue: %v, want %v", due, got, want)
		}
	}
}
