package tracker_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"storydiff/tracker"
)

// A site that answers 200 with a page of its own to whatever it does not have is
// asked for a made-up address, once a week, and known by what it answers.
func TestSoftMissingByProbe(t *testing.T) {
	const nothing = `<!doctype html><html lang="en"><head><title>A heron was here</title></head><body><article><h1>A heron was here</h1><p>It stood on this very spot, looked to the left and to the right, and flew off with what you had in mind.</p></article></body></html>`
	short := `<!doctype html><html lang="en"><head><title>Ferry vote put off</title></head><body><article><h1>Ferry vote put off</h1><p>The vote on the ferry was put off on Tuesday for want of chairs, and the story that stood here was wrong.</p></article></body></html>`
	for _, tt := range []struct {
		name    string
		page    string
		unknown http.HandlerFunc
		reason  string
		probes  int
	}{
		{"the page for all that is missing", nothing, shows(nothing), "soft-404", 1},
		{"a story made short", short, shows(nothing), "", 1},
		{"a site that answers 404", short, nil, "", 1},
		{"a page that moves on", nothing, to(http.StatusFound, "/"), "", 1},
	} {
		hours(t, func(s *clockwork) {
			s.Log(tt.name)
			var probes atomic.Int32
			s.town.unknown = func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/robots.txt" && r.URL.Path != "/" {
					probes.Add(1)
				}
				if tt.unknown == nil || r.URL.Path == "/robots.txt" {
					http.NotFound(w, r)
					return
				}
				tt.unknown(w, r)
			}
			ids := []int64{}
			for _, path := range []string{"/a", "/b"} {
				s.town.at(path, shows(ferryPage(10, "", "")))
				ids = append(ids, s.add(path))
				s.look(ids[len(ids)-1], tracker.OutcomeNew, "")
			}
			if probes.Load() != 0 {
				t.Errorf("%d addresses were made up for whole stories", probes.Load())
			}
			for i, path := range []string{"/a", "/b"} {
				s.town.at(path, shows(tt.page))
				if tt.reason == "" {
					s.look(ids[i], tracker.OutcomeChanged, "")
					continue
				}
				r := s.look(ids[i], tracker.OutcomeFailed, tt.reason)
				if !strings.Contains(r.Check.Detail, "A heron was here") {
					t.Errorf("detail %q", r.Check.Detail)
				}
			}
			if got := int(probes.Load()); got != tt.probes {
				t.Errorf("%d addresses were made up, want %d", got, tt.probes)
			}
			if tt.reason != "" {
				time.Sleep(8 * 24 * time.Hour)
				s.look(ids[0], tracker.OutcomeFailed, tt.reason)
				if got := int(probes.Load()); got != tt.probes+1 {
					t.Errorf("after a week %d addresses were made up, want %d", got, tt.probes+1)
				}
			}
		})
	}
}
