package tracker_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.uber.org/goleak"

	"storydiff/storage"
	"storydiff/tracker"
)

func TestRunChecksWhatIsDueAndStops(t *testing.T) {
	s := newWatch(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s.w.Tell = func(r tracker.Result) {
		s.told = append(s.told, r)
		cancel()
	}
	ticks, err := tracker.ParseCron("@every 1h")
	if err != nil {
		t.Fatal(err)
	}
	before := goleak.IgnoreCurrent()
	if err := s.w.Run(ctx, ticks); err != nil {
		t.Fatal(err)
	}
	s.site.CloseClientConnections()
	goleak.VerifyNone(t, before)
	if len(s.told) != 1 || s.told[0].Check.Outcome != tracker.OutcomeNew {
		t.Errorf("told %v, want one new", s.told)
	}
	if next := s.told[0].Article.NextCheck; time.Until(next) < 10*time.Minute {
		t.Errorf("next look at %v, want it a quarter of an hour away", next)
	}
}

// A brokenStore has lost its disk.
type brokenStore struct{ *storage.DB }

var errDisk = errors.New("the disk is gone")

func (brokenStore) Keep(context.Context, *tracker.Capture) error { return errDisk }

func TestRunStopsWhereTheStoreFails(t *testing.T) {
	s := newWatch(t)
	s.w.Store = brokenStore{s.db}
	ticks, err := tracker.ParseCron("@every 1h")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.w.Run(t.Context(), ticks); !errors.Is(err, errDisk) {
		t.Errorf("Run = %v, want the store's error", err)
	}
}
