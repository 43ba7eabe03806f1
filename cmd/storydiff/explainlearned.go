package main

import (
	"cmp"
	"context"
	"errors"

	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
)

// A line is a line of a page and where it stands.
type line struct{ text, path string }

// explainLearned calls furniture what checks leave out of the page because of
// what they learned. None is needed for a page, so a database that is not there
// or cannot be read is no obstacle.
func (a *app) explainLearned(ctx context.Context, f *explainFlags, of *subject, x *extract.Explanation) error {
	if x.Story == nil {
		return nil
	}
	address := cmp.Or(of.address, of.in.URL, x.Story.Canonical)
	if of.article == nil && address == "" {
		return nil
	}
	db, err := f.database(ctx, a)
	if _, none := errors.AsType[noDatabase](err); none {
		return nil
	}
	if err != nil {
		of.say("what was learned of its outlet cannot be read: " + err.Error())
		return nil
	}
	known, before, err := historyOf(ctx, db, of, address)
	if err != nil {
		return err
	}
	if of.led != "" && of.led == known.LeadsTo {
		of.led += " since " + when(known.LeadsSince)
	}
	taught, err := tracker.Taught(ctx, db, &known, before, x.Story)
	if err != nil {
		return err
	}
	relabel(x, taught, looseOf(of, x.Story))
	return nil
}

// historyOf returns the article that a page is of, or what can be said of one that
// is not tracked, and the story that a check would compare the page with, empty
// where there is none: of a stored version the one before.
func historyOf(ctx context.Context, db *storage.DB, of *subject, address string) (_ tracker.Article, before *extract.Story, err error) {
	before = &extract.Story{}
	known, n := tracker.Article{}, 0
	if of.article != nil {
		known, n = *of.article, of.version.N-1
	} else {
		if known, err = trackedAs(ctx, db, address); err != nil {
			return known, before, err
		}
		n = known.Versions
	}
	if n == 0 {
		return known, before, nil
	}
	v, err := db.Version(ctx, known.ID, n)
	return known, v.Steady(), err
}

// trackedAs returns the article that an address leads to; where there is none, one
// that has its outlet and nothing else.
func trackedAs(ctx context.Context, db *storage.DB, address string) (tracker.Article, error) {
	unknown := tracker.Article{URL: address, Outlet: fetch.HostOf(address)}
	identity, err := tracker.Identity(address)
	if err != nil {
		return unknown, nil
	}
	found, err := db.ArticleByIdentity(ctx, identity)
	if errors.Is(err, tracker.ErrNotFound) {
		return unknown, nil
	}
	return found, err
}

// looseOf returns the lines of a stored version that looks at it showed to be
// furniture, where it was read as the page is now.
func looseOf(of *subject, s *extract.Story) map[line]bool {
	loose := map[line]bool{}
	if of.version.SHA256 != s.SHA256() {
		return loose
	}
	for _, i := range of.version.Loose {
		if i < len(s.Blocks) {
			loose[line{s.Blocks[i].Text, s.Blocks[i].Path}] = true
		}
	}
	return loose
}

// relabel writes into the pieces of a page what was learned of its story's blocks,
// and which of them are loose.
func relabel(x *extract.Explanation, taught map[int]tracker.Furniture, loose map[line]bool) {
	known := map[line]tracker.Furniture{}
	for i, f := range taught {
		known[line{x.Story.Blocks[i].Text, x.Story.Blocks[i].Path}] = f
	}
	for i := range x.Pieces {
		p := &x.Pieces[i]
		if p.Label == extract.LabelFurniture || p.Label == extract.LabelField || p.Label == string(extract.Note) {
			continue
		}
		at := line{p.Text, p.Path}
		f, ok := known[at]
		switch {
		case ok && f.Why == tracker.ItTicks:
			p.Why = "learned: " + f.Reason()
		case ok:
			p.Label, p.Why = extract.LabelFurniture, "learned: "+f.Reason()
		case loose[at]:
			p.Label, p.Why = extract.LabelFurniture, "a later look at this version did not show it: left out where the version is compared"
		}
	}
}
