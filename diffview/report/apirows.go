package report

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"storydiff/diffview"
	"storydiff/tracker"
	"storydiff/tracker/worddiff"
)

// apiArticles lists the tracked articles in the order in which they were added.
func (s *site) apiArticles(w http.ResponseWriter, r *http.Request) error {
	l, err := parseListQuery(r)
	if err != nil {
		return err
	}
	if err := l.only("outlet", "tag", "state"); err != nil {
		return err
	}
	asked, err := parseArticleQuery(l.rest.Encode())
	if err != nil {
		return err
	}
	f := asked.ArticleFilter
	if f.After, err = l.id(); err != nil {
		return err
	}
	f.Limit = l.limit + 1
	found, err := s.src.Articles(r.Context(), f)
	if err != nil {
		return fmt.Errorf("listing articles: %w", err)
	}
	rows := make([]any, len(found))
	for i, a := range found {
		rows[i] = diffview.ListRow(a)
	}
	return s.sendRows(w, r, l, rows, func(i int) string { return strconv.FormatInt(found[i].ID, 10) })
}

// asked reads the {id} of an address that takes no parameter, and that article.
func (s *site) asked(r *http.Request) (tracker.Article, error) {
	id, err := articleID(r)
	if err != nil {
		return tracker.Article{}, err
	}
	a, err := s.src.Article(r.Context(), id)
	if err != nil {
		return a, fmt.Errorf("reading article %d: %w", id, err)
	}
	return a, nil
}

func (s *site) apiArticle(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r); err != nil {
		return err
	}
	a, err := s.asked(r)
	if err != nil {
		return err
	}
	return sendJSON(w, r, http.StatusOK, "application/json", diffview.ListRow(a))
}

// apiHistory lists the versions, changes and events of an article.
func (s *site) apiHistory(w http.ResponseWriter, r *http.Request) error {
	l, err := parseListQuery(r)
	if err != nil {
		return err
	}
	if err := l.only(); err != nil {
		return err
	}
	a, err := s.asked(r)
	if err != nil {
		return err
	}
	h, err := s.allHistory(r.Context(), a.ID)
	if err != nil {
		return err
	}
	all := diffview.HistoryRows(h)
	from := 0
	if l.cursor != "" {
		if !diffview.IsPlace(l.cursor) {
			return badCursor(l.cursor)
		}
		from, _ = slices.BinarySearchFunc(all, l.cursor, func(row diffview.HistoryRow, at string) int {
			return cmp.Or(strings.Compare(row.Place, at), -1) // the first row behind it
		})
	}
	all = all[from:min(len(all), from+l.limit+1)]
	rows := make([]any, len(all))
	for i := range all {
		rows[i] = all[i].Row
	}
	return s.sendRows(w, r, l, rows, func(i int) string { return all[i].Place })
}

// allHistory returns what the history of an article is told from.
func (s *site) allHistory(ctx context.Context, id int64) (h diffview.History, err error) {
	if h.Versions, err = s.src.Versions(ctx, id); err != nil {
		return h, fmt.Errorf("reading versions of article %d: %w", id, err)
	}
	if h.Changes, err = s.changesOf(ctx, id); err != nil {
		return h, err
	}
	theirs := tracker.Publishers(h.Changes)
	h.Late, h.Tests = tracker.LateNotes(theirs), tracker.HeadlineTests(theirs)
	if err := s.count(ctx, id, h.Tests); err != nil {
		return h, err
	}
	if h.Events, err = s.src.Events(ctx, id); err != nil {
		return h, fmt.Errorf("reading events of article %d: %w", id, err)
	}
	now := s.now()
	watching, err := s.src.Watching(ctx, id, now)
	if err != nil {
		return h, fmt.Errorf("reading when article %d was looked at: %w", id, err)
	}
	h.Gaps = watching.Gaps(now)
	if h.Notes, err = s.src.Annotations(ctx, id); err != nil {
		return h, fmt.Errorf("reading the notes on article %d: %w", id, err)
	}
	return h, nil
}

// apiVersion tells the whole of one version, its text included.
func (s *site) apiVersion(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r); err != nil {
		return err
	}
	n, err := versionNumber(r.PathValue("n"))
	if err != nil {
		return err
	}
	a, err := s.asked(r)
	if err != nil {
		return err
	}
	v, err := s.src.Version(r.Context(), a.ID, n)
	if err != nil {
		return fmt.Errorf("reading version %d of article %d: %w", n, a.ID, err)
	}
	if err := s.keepBack(r, &v); err != nil {
		return err
	}
	return sendJSON(w, r, http.StatusOK, "application/json", diffview.StoryRow(a, v))
}

// apiChecks lists the looks at an article, newest first.
func (s *site) apiChecks(w http.ResponseWriter, r *http.Request) error {
	l, err := parseListQuery(r)
	if err != nil {
		return err
	}
	if err := l.only(); err != nil {
		return err
	}
	before, err := l.id()
	if err != nil {
		return err
	}
	a, err := s.asked(r)
	if err != nil {
		return err
	}
	checks, err := s.src.ChecksBefore(r.Context(), a.ID, before, l.limit+1)
	if err != nil {
		return fmt.Errorf("reading checks of article %d: %w", a.ID, err)
	}
	changes, err := s.changesMade(r.Context(), a.ID, checks)
	if err != nil {
		return err
	}
	rows := make([]any, len(checks))
	for i, c := range checks {
		var made *tracker.Change
		if c.Outcome == tracker.OutcomeChanged {
			made = changes[c.Version]
		}
		rows[i] = diffview.CheckRow(a, c, made)
	}
	return s.sendRows(w, r, l, rows, func(i int) string { return strconv.FormatInt(checks[i].ID, 10) })
}

// changesMade returns by version the changes that looks at an article found, the
// newest look first. They are among those that were seen within the looks, unless
// what was kept was put right later: then all are read.
func (s *site) changesMade(ctx context.Context, id int64, looks []tracker.Check) (map[int]*tracker.Change, error) {
	var found []tracker.Check
	for _, c := range looks {
		if c.Outcome == tracker.OutcomeChanged {
			found = append(found, c)
		}
	}
	if len(found) == 0 {
		return nil, nil
	}
	newest, oldest := found[0].At, found[len(found)-1].At
	list, err := s.src.Changes(ctx, tracker.ChangeFilter{ArticleID: id, Ours: true, Since: oldest, Until: newest.Add(time.Second)})
	if err != nil {
		return nil, fmt.Errorf("reading changes of article %d: %w", id, err)
	}
	changes := byVersion(list)
	if !slices.ContainsFunc(found, func(c tracker.Check) bool { return changes[c.Version] == nil }) {
		return changes, nil
	}
	list, err = s.changesOf(ctx, id)
	return byVersion(list), err
}

// apiDiff tells what lies between any two versions. Where the one follows the
// other, what to make of it is what was kept, as on the page of the change.
func (s *site) apiDiff(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r); err != nil {
		return err
	}
	id, err := articleID(r)
	if err != nil {
		return err
	}
	a, b, err := parseRange(r.PathValue("range"))
	if err != nil {
		return err
	}
	if a >= b {
		return badRequest(fmt.Sprintf("Versions are compared from the older to the newer: %d..%d is not that.", a, b))
	}
	c, err := s.comparison(r.Context(), id, a, b)
	if err != nil {
		return err
	}
	d := diffview.Diff{Old: sideOf(c.before), New: sideOf(c.after), Revision: c.rev}
	d.Old.Source, d.New.Source = fmt.Sprintf("%s@%d", c.article.URL, a), fmt.Sprintf("%s@%d", c.article.URL, b)
	row := diffview.DiffRow(&d)
	if !row.Same {
		row.Judge(c.change)
	}
	if row.Withheld = s.withheld(r, &c.before, &c.after); row.Withheld != "" {
		row.Blocks = slices.DeleteFunc(row.Blocks, func(b diffview.BlockJSON) bool { return b.Op == worddiff.RowEqual })
	}
	return sendJSON(w, r, http.StatusOK, "application/json", row)
}

// changeFilters returns the parameters that choose changes, as parseFilter reads them.
func changeFilters() []string {
	return []string{"outlet", "tag", "kind", "disclosure", "min_significance", "level", "since", "until", "q"}
}

// apiChanges lists the changes that the filters of the recent changes choose,
// newest first.
func (s *site) apiChanges(w http.ResponseWriter, r *http.Request) error {
	l, err := parseListQuery(r)
	if err != nil {
		return err
	}
	if l.rest.Has("before") {
		return badRequest("There is no parameter before: pages of the API are told apart by cursor.")
	}
	f, err := parseFilter(l.rest.Encode(), s.now())
	if err != nil {
		return err
	}
	if err := l.only(changeFilters()...); err != nil {
		return err
	}
	if f.Before, err = l.id(); err != nil {
		return err
	}
	f.Limit = l.limit + 1
	found, err := s.src.Changes(r.Context(), f.ChangeFilter)
	if err != nil {
		return fmt.Errorf("listing changes: %w", err)
	}
	rows := make([]any, len(found))
	for i, c := range found {
		rows[i] = diffview.ChangeRow(c)
	}
	return s.sendRows(w, r, l, rows, func(i int) string { return strconv.FormatInt(found[i].ID, 10) })
}
