package report

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"storydiff/tracker"
)

// A book keeps what is counted of outlets between requests: the source is asked
// for the lives alone that something happened to since it was asked last. Its
// zero value is empty. An entry is some 100 bytes an article and 100 a change.
type book struct {
	mu       sync.Mutex
	mark     int64
	outletOf map[int64]string // by article
	leaves   map[string]*leaf // by outlet
}

// A leaf is the lives of one outlet, and what was counted of them.
type leaf struct {
	lives   map[int64]*tracker.Life
	first   tracker.Week // in which the first of them was first seen
	counted map[span]figures
}

// A span is a number of weeks.
type span struct{ from, to tracker.Week }

// figures are what was counted, and when.
type figures struct {
	tracker.OutletFigures
	at time.Time
}

// figuresFresh is how long figures hold that grow by themselves, as spells do
// that last.
const figuresFresh = time.Minute

// outlet returns the figures of one outlet from a week on; where that is 0, from
// when its first article was first seen. ok is false where there is no article of
// the outlet.
func (b *book) outlet(ctx context.Context, src Source, name string, from tracker.Week, now time.Time) (f tracker.OutletFigures, ok bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.refresh(ctx, src); err != nil {
		return f, false, err
	}
	l := b.leaves[name]
	if l == nil {
		return f, false, nil
	}
	if from == 0 {
		from = min(l.first, tracker.WeekOf(now))
	}
	return l.count(name, from, now), true, nil
}

// outlets returns the figures of all outlets from a week on, by name; where that
// is 0, from when the first article of any was first seen.
func (b *book) outlets(ctx context.Context, src Source, from tracker.Week, now time.Time) ([]tracker.OutletFigures, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.refresh(ctx, src); err != nil {
		return nil, err
	}
	if from == 0 {
		from = tracker.WeekOf(now)
		for _, l := range b.leaves {
			from = min(from, l.first)
		}
	}
	out := make([]tracker.OutletFigures, 0, len(b.leaves))
	for name, l := range b.leaves {
		out = append(out, l.count(name, from, now))
	}
	slices.SortFunc(out, func(a, b tracker.OutletFigures) int { return strings.Compare(a.Outlet, b.Outlet) })
	return out, nil
}

// refresh takes up what happened since the source was asked last.
func (b *book) refresh(ctx context.Context, src Source) error {
	news, err := src.Lives(ctx, b.mark)
	if err != nil {
		return fmt.Errorf("counting what outlets did: %w", err)
	}
	if b.leaves == nil {
		b.leaves, b.outletOf = map[string]*leaf{}, map[int64]string{}
	}
	for _, id := range news.Dropped {
		b.drop(id)
	}
	for i := range news.Altered {
		b.take(&news.Altered[i])
	}
	b.mark = news.Mark
	return nil
}

func (b *book) drop(id int64) {
	name, known := b.outletOf[id]
	if !known {
		return
	}
	delete(b.outletOf, id)
	l := b.leaves[name]
	delete(l.lives, id)
	l.counted = nil
	if len(l.lives) == 0 {
		delete(b.leaves, name)
	}
}

func (b *book) take(life *tracker.Life) {
	if name, known := b.outletOf[life.ArticleID]; known && name != life.Outlet {
		b.drop(life.ArticleID)
	}
	b.outletOf[life.ArticleID] = life.Outlet
	l := b.leaves[life.Outlet]
	if l == nil {
		l = &leaf{lives: map[int64]*tracker.Life{}, first: noWeek}
		b.leaves[life.Outlet] = l
	}
	l.lives[life.ArticleID] = life
	l.counted = nil
	if !life.FirstSeen.IsZero() {
		l.first = min(l.first, tracker.WeekOf(life.FirstSeen))
	}
}

// noWeek is later than any week.
const noWeek = tracker.Week(1<<63 - 1)

// maxCounted bounds how many spans are kept of a leaf: there are four at a time,
// and others each week.
const maxCounted = 16

// count returns the figures of a leaf, which it keeps.
func (l *leaf) count(name string, from tracker.Week, now time.Time) tracker.OutletFigures {
	key := span{from, tracker.WeekOf(now)}
	if f, ok := l.counted[key]; ok && (f.BlockedStill == 0 || now.Sub(f.at) < figuresFresh) {
		return f.OutletFigures
	}
	lives := make([]*tracker.Life, 0, len(l.lives))
	for _, life := range l.lives {
		lives = append(lives, life)
	}
	f := figures{tracker.Figures(name, lives, from, now), now}
	if l.counted == nil || len(l.counted) >= maxCounted {
		l.counted = map[span]figures{}
	}
	l.counted[key] = f
	return f.OutletFigures
}
