package report

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"storydiff/diffview"
)

// apiOutlets lists the outlets of which an article was observed in a period, and
// how they edit, by name.
func (s *site) apiOutlets(w http.ResponseWriter, r *http.Request) error {
	l, err := parseListQuery(r)
	if err != nil {
		return err
	}
	if err := l.only("period"); err != nil {
		return err
	}
	p, err := periodOf(l.rest)
	if err != nil {
		return err
	}
	list, _, _, err := s.counted(r.Context(), p)
	if err != nil {
		return err
	}
	from, there := slices.BinarySearchFunc(list, l.cursor, func(c *outletCounts, name string) int { return strings.Compare(c.Outlet, name) })
	if there {
		from++
	}
	list = list[from:min(len(list), from+l.limit+1)]
	rows := make([]any, len(list))
	for i, c := range list {
		rows[i] = diffview.OutletRow(c.OutletFigures, c.Looks)
	}
	return s.sendRows(w, r, l, rows, func(i int) string { return list[i].Outlet })
}

// hitsAtMost is how many articles one page of a search has at most, whatever is
// asked for: an excerpt is cut for each of them.
const hitsAtMost = 100

// apiSearch lists the articles in which all that is looked for stood in one version
// at least, those that were taken up last first, or the best of those. A page may be
// shorter than what was asked for, and yet another follow.
func (s *site) apiSearch(w http.ResponseWriter, r *http.Request) error {
	l, err := parseListQuery(r)
	if err != nil {
		return err
	}
	if err := l.only("q", "outlet", "since", "until", "removed", "sort"); err != nil {
		return err
	}
	q, err := parseQuestion(l.rest.Encode(), s.now())
	if err != nil {
		return err
	}
	if !q.Words.Asks() {
		return badRequest("q must say what to look for.")
	}
	if q.Before, q.Skip, err = placeOf(l.cursor); err != nil {
		return err
	}
	if q.Skip > 0 && !q.Best {
		return badCursor(l.cursor)
	}
	q.Limit = min(l.limit, hitsAtMost)
	found, err := s.src.Search(r.Context(), q.SearchQuery)
	if refusal, ok := refused(err); ok {
		return refusal
	}
	if err != nil {
		return fmt.Errorf("searching: %w", err)
	}
	page := rowList{Unread: found.Unread}
	for _, h := range found.Hits {
		page.Items = append(page.Items, diffview.SearchRow(h))
	}
	var cursor string
	if found.Next > 0 {
		cursor = strconv.FormatInt(found.Next, 10)
	}
	if found.Skip > 0 {
		cursor += "." + strconv.Itoa(found.Skip)
	}
	return s.sendPage(w, r, page, cursor)
}

// placeOf reads the cursor of a search: below which article it goes on, and behind
// how many of the best.
func placeOf(cursor string) (before int64, skip int, err error) {
	if cursor == "" {
		return 0, 0, nil
	}
	article, rank, ranked := strings.Cut(cursor, ".")
	before, err = strconv.ParseInt(article, 10, 64)
	if err == nil && ranked {
		skip, err = strconv.Atoi(rank)
	}
	if err != nil || before < 1 || before > mostArticles || ranked && skip < 1 || skip > mostSkipped {
		return 0, 0, badCursor(cursor)
	}
	return before, skip, nil
}
