package discover_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"storydiff/tracker/discover"
)

// A memory keeps one source, and every link as taken up: for days of polls, which
// a file takes minutes for.
type memory struct {
	discover.Store
	source discover.Source
	seen   map[string]discover.Seen
}

func (m *memory) SeenLinks(context.Context, int64) (map[string]discover.Seen, error) {
	return m.seen, nil
}

func (m *memory) RecordPoll(_ context.Context, p *discover.Poll) error {
	m.source = p.Source
	for _, l := range p.New {
		m.seen[l.Identity] = discover.Seen{ShownAt: p.At}
	}
	return nil
}

// How often a source is polled goes by how often it has news.
func TestPace(t *testing.T) {
	for _, tt := range []struct {
		name        string
		perDay      float64 // articles
		every       time.Duration
		fresh       string
		least, most float64 // polls a day, once it is known
	}{
		{"an agency", 900, 0, "", 280, 290},
		{"a paper", 60, 0, "", 100, 140},
		{"a weekly", 1.0 / 7, 0, "", 0.9, 1.2},
		{"a paper that says every hour", 900, 0, "max-age=86400", 23, 25},
		{"pinned", 900, 2 * time.Hour, "max-age=86400", 11.5, 12.5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPress()
				if tt.fresh != "" {
					p.headers.Set("Cache-Control", "public, "+tt.fresh)
				}
				m := &memory{seen: map[string]discover.Seen{}, source: discover.Source{URL: site + "/feed", Every: tt.every}}
				poller := &discover.Poller{Store: m, Fetch: p, Log: slog.New(slog.DiscardHandler)}
				const day = 24 * time.Hour
				began, polls := time.Now(), 0
				for time.Since(began) < 10*day {
					n := int(time.Since(began).Hours() / 24 * tt.perDay)
					var list []string
					for i := max(0, n-40); i < n; i++ {
						list = append(list, fmt.Sprintf("/%d T", i))
					}
					p.docs[m.source.URL] = items(list...)
					if _, err := poller.Poll(t.Context(), withKind(m.source)); err != nil {
						t.Fatal(err)
					}
					if time.Since(began) > 5*day {
						polls++
					}
					time.Sleep(time.Until(m.source.NextPoll))
				}
				if perDay := float64(polls) / 5; perDay < tt.least || perDay > tt.most {
					t.Errorf("%.1f polls a day, want %v to %v", perDay, tt.least, tt.most)
				}
			})
		})
	}
}

// withKind spares a source the question what is known of its host.
func withKind(s discover.Source) discover.Source {
	s.Kind = discover.KindFeed
	return s
}
