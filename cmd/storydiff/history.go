package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"storydiff/diffview"
	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/revision"
)

func (a *app) historyCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "history URL",
		Short: "Show the versions and changes of one article",
		Args:  takes(1, 1, "the address of one tracked article, or its number"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withDB(cmd.Context(), a.openExisting, func(db *storage.DB) error {
				return a.history(cmd.Context(), db, args[0], asJSON)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object a line: versions, then changes, then events, then notes on versions that do not follow one another")
	return cmd
}

func (a *app) history(ctx context.Context, db *storage.DB, arg string, asJSON bool) error {
	found, err := article(ctx, db, arg)
	if err != nil {
		return err
	}
	l, err := lifeOf(ctx, db, found)
	if err != nil {
		return err
	}
	if asJSON {
		return a.historyRows(l)
	}
	a.printHistory(l)
	return nil
}

// A life is all that is known of an article.
type life struct {
	article  tracker.Article
	versions []tracker.Version
	changes  []tracker.Change // oldest first
	events   []tracker.Event
	aliases  []string // its other addresses, as identities
	late     []tracker.LateNote
	tests    []tracker.HeadlineTest
	gaps     []tracker.Gap
	notes    []tracker.Annotation // on no stored change: its versions do not follow one another
}

func lifeOf(ctx context.Context, db *storage.DB, found tracker.Article) (l life, err error) {
	l.article = found
	if l.versions, err = db.Versions(ctx, found.ID); err != nil {
		return l, err
	}
	if l.changes, err = changesOldestFirst(ctx, db, found.ID); err != nil {
		return l, err
	}
	if l.events, err = db.Events(ctx, found.ID); err != nil {
		return l, err
	}
	if l.aliases, err = db.Aliases(ctx, found.ID); err != nil {
		return l, err
	}
	if own, err := tracker.Identity(found.URL); err == nil {
		l.aliases = slices.DeleteFunc(l.aliases, func(id string) bool { return id == own })
	}
	if l.notes, err = db.Annotations(ctx, found.ID); err != nil {
		return l, err
	}
	l.notes = slices.DeleteFunc(l.notes, func(n tracker.Annotation) bool {
		return slices.ContainsFunc(l.changes, func(c tracker.Change) bool { return c.From == n.From && c.To == n.To })
	})
	theirs := tracker.Publishers(l.changes)
	l.late, l.tests = tracker.LateNotes(theirs), tracker.HeadlineTests(theirs)
	for i := range l.tests {
		t := &l.tests[i]
		looks, err := db.LooksByVersion(ctx, found.ID, t.LooksFrom, t.LooksUntil)
		if err != nil {
			return l, err
		}
		t.Count(looks)
	}
	now := time.Now()
	watching, err := db.Watching(ctx, found.ID, now)
	l.gaps = watching.Gaps(now)
	return l, err
}

func changesOldestFirst(ctx context.Context, db *storage.DB, id int64) ([]tracker.Change, error) {
	changes, err := db.Changes(ctx, tracker.ChangeFilter{ArticleID: id, Ours: true})
	slices.Reverse(changes)
	return changes, err
}

func (a *app) historyRows(l life) error {
	rows := diffview.HistoryRows(diffview.History{
		Versions: l.versions, Changes: l.changes, Events: l.events, Late: l.late, Tests: l.tests, Gaps: l.gaps, Notes: l.notes,
	})
	for _, r := range rows {
		if err := diffview.WriteRow(a.out, r.Row); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) printHistory(l life) {
	a.printWhereabouts(l)
	byVersion := map[int]*tracker.Change{}
	for i := range l.changes {
		byVersion[l.changes[i].To] = &l.changes[i]
	}
	for _, v := range l.versions {
		fmt.Fprintf(a.out, "\nversion %d  %s  %d words%s  %s\n", v.N, when(v.CapturedAt), v.Words, liveMark("  ", v.Story.Live()), diffview.OneLine(v.Story.Headline))
		if c := byVersion[v.N]; c != nil {
			a.printChange(*c)
			a.printLate(l.late, c)
			a.printTested(l.tests, c)
		}
	}
	for _, n := range l.notes {
		fmt.Fprintf(a.out, "\nnote %d on versions %d to %d  %s\n", n.ID, n.From, n.To, noteLine(n))
	}
	for _, t := range l.tests {
		a.printTest(t)
	}
	for _, e := range l.events {
		at := when(e.At)
		if !e.Until.IsZero() {
			at = spell(e.At, e.Until)
		}
		fmt.Fprintf(a.out, "\n%s  %s", e.Kind, at)
		if e.Reason != "" {
			fmt.Fprintf(a.out, "  %s", diffview.OneLine(e.Reason))
		}
		fmt.Fprintf(a.out, "  %s\n", diffview.OneLine(e.Detail))
	}
	for _, g := range tracker.Untold(l.gaps, l.events) {
		at := "since " + when(g.From)
		if !g.Until.IsZero() {
			at = spell(g.From, g.Until)
		}
		fmt.Fprintf(a.out, "\ngap  %s  %s\n", at, diffview.GapWhy(g))
	}
}

// printWhereabouts prints where an article stands and whether it is there.
func (a *app) printWhereabouts(l life) {
	fmt.Fprintf(a.out, "%s\n", diffview.OneLine(l.article.URL))
	if to := l.article.MovedTo; to != "" {
		fmt.Fprintf(a.out, "  moved to %s\n", diffview.OneLine(to))
	}
	if to := l.article.LeadsTo; to != "" { // followed for good once it has led there for a day
		fmt.Fprintf(a.out, "  leads to %s since %s\n", diffview.OneLine(to), when(l.article.LeadsSince))
	}
	for _, alias := range l.aliases {
		fmt.Fprintf(a.out, "  also %s\n", diffview.OneLine(alias))
	}
	switch {
	case l.article.MergedInto > 0:
		fmt.Fprintf(a.out, "  the same article as number %d, and looked at there\n", l.article.MergedInto)
	case l.article.Missing():
		fmt.Fprintf(a.out, "  missing since %s\n", when(l.article.MissingFrom))
	case !l.article.GoneFrom.IsZero():
		fmt.Fprintf(a.out, "  gone since %s\n", when(l.article.GoneFrom))
	case l.article.LastOutcome == tracker.OutcomeBlocked, l.article.LastOutcome == tracker.OutcomeFailed:
		fmt.Fprintf(a.out, "  %s at the last look, %s: %s\n", l.article.LastOutcome, when(l.article.LastCheck), diffview.OneLine(l.article.LastReason))
	}
}

// spell says from when until when something was so.
func spell(from, until time.Time) string {
	return diffview.NewInterval(from, until, diffview.InDigits).Spell()
}

// printChange prints the lines that say what a change was. Of a return to an
// earlier version its summary says so.
func (a *app) printChange(c tracker.Change) {
	if c.Ours {
		fmt.Fprintf(a.out, "  %s\n", diffview.OneLine(c.Summary))
		return
	}
	fmt.Fprintf(a.out, "  %s: %s, %s, %d of 100, -%d +%d words\n", diffview.NewInterval(c.SeenAfter, c.SeenBy, diffview.InDigits),
		diffview.KindsText(c.Kinds, ", "), c.Disclosure, c.Significance, c.WordsRemoved, c.WordsAdded)
	fmt.Fprintf(a.out, "  %s\n", diffview.OneLine(c.Summary))
	for _, n := range c.Annotations {
		fmt.Fprintf(a.out, "  note %d: %s\n", n.ID, noteLine(n))
	}
	switch c.NoteSpeaks {
	case revision.SpeaksOfOther:
		fmt.Fprintf(a.out, "  its note speaks of something else: %s\n", diffview.OneLine(c.Proof))
	case revision.SpeaksOfPart:
		fmt.Fprintf(a.out, "  its note speaks of a part of it: %s\n", diffview.OneLine(c.Proof))
	}
}

// printLate prints that a note owned up to a change later, or that its own note
// owns up to earlier ones.
func (a *app) printLate(late []tracker.LateNote, c *tracker.Change) {
	for _, l := range late {
		switch c.To {
		case l.Edit.To:
			fmt.Fprintf(a.out, "  a note speaks of it only since version %d: it stood without one for %s\n", l.Note.To, diffview.SilentText(l))
		case l.Note.To:
			fmt.Fprintf(a.out, "  its note speaks of the change from version %d to %d, which had stood without one for %s\n", l.Edit.From, l.Edit.To, diffview.SilentText(l))
		}
	}
}

// printTested prints that a change is one flip of a headline under test.
func (a *app) printTested(tests []tracker.HeadlineTest, c *tracker.Change) {
	if slices.ContainsFunc(tests, func(t tracker.HeadlineTest) bool { return t.Has(c) }) {
		fmt.Fprintln(a.out, "  headline under test")
	}
}

// printTest prints a test of headlines, and each flip of it.
func (a *app) printTest(t tracker.HeadlineTest) {
	fmt.Fprintf(a.out, "\nheadline under test  %s  %d changes among %d headlines\n", spell(t.Began, t.Ended), len(t.Flips), len(t.Headlines))
	for _, h := range t.Headlines {
		fmt.Fprintf(a.out, "  %3d %% of looks  %s\n", h.Share, diffview.OneLine(h.Text))
	}
	for _, f := range t.Flips {
		fmt.Fprintf(a.out, "  version %d  %s  %s\n", f.To, when(f.SeenBy), diffview.OneLine(f.NewHeadline))
	}
}
