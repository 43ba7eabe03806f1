package report

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"storydiff/diffview"
	"storydiff/tracker"
)

// outletsPerPage is how many outlets one page lists.
const outletsPerPage = 50

// An outletsPage is the data of templates/outlets.html.
type outletsPage struct {
	Periods    []link
	Sorts      []link
	Since      *moment
	Said       string
	SmallLast  bool // the order puts shares of few after all others
	Unobserved string
	Rows       []outletRow
	Newer      string // address of the page before; empty on the first
	Older      string // address of the page after; empty on the last
	Empty      bool   // nothing is tracked
}

// An outletRow is one outlet in the list.
type outletRow struct {
	Name, Link string
	Spark      *chart
	Articles   figure
	Edited     figure
	Changes    figure
	Silent     figure
	FirstEdit  figure
	Late       figure
	Gone       figure
	Blocked    figure
	Looks      figure
}

// An outletOrder is an order in which outlets are listed.
type outletOrder struct {
	code, text string
	shares     bool // by shares, those of few last
	compare    func(a, b *outletCounts) int
}

// outletCounts are the figures of an outlet and the looks they stand on.
type outletCounts struct {
	tracker.OutletFigures
	tracker.Looks
}

// outletOrders returns the orders there are, the usual one first.
func outletOrders() []outletOrder {
	return []outletOrder{
		{"articles", "Articles", false, func(a, b *outletCounts) int { return b.Articles - a.Articles }},
		{"name", "Name", false, func(a, b *outletCounts) int { return 0 }},
		{"edited", "Share edited", true, func(a, b *outletCounts) int {
			return tracker.CompareShares(b.Edited, b.Articles, a.Edited, a.Articles)
		}},
		{"changes", "Changes per article", true, func(a, b *outletCounts) int {
			return tracker.CompareShares(b.Changes, b.Articles, a.Changes, a.Articles)
		}},
		{"silent", "Share silent", true, func(a, b *outletCounts) int {
			return tracker.CompareShares(b.Silent, b.Changes, a.Silent, a.Changes)
		}},
		{"first", "First edit", true, compareFirst},
		{"late", "Noted late", false, func(a, b *outletCounts) int { return b.Late.N - a.Late.N }},
		{"gone", "Taken away", true, func(a, b *outletCounts) int {
			return tracker.CompareShares(b.Gone, b.Articles, a.Gone, a.Articles)
		}},
		{"blocked", "Blocked", true, func(a, b *outletCounts) int {
			return tracker.CompareShares(b.BlockedOf, b.Articles, a.BlockedOf, a.Articles)
		}},
		{"looks", "Looks", false, func(a, b *outletCounts) int { return b.N - a.N }},
	}
}

// compareFirst puts the quickest first edit first; a median of few comes after.
func compareFirst(a, b *outletCounts) int {
	few := func(c *outletCounts) int {
		switch {
		case c.FirstEdit.N == 0:
			return 2
		case c.FirstEdit.N < tracker.ShareFrom:
			return 1
		}
		return 0
	}
	return cmp.Or(few(a)-few(b), cmp.Compare(a.FirstEdit.AtMost, b.FirstEdit.AtMost))
}

// outlets lists the outlets and how they edit.
func (s *site) outlets(w http.ResponseWriter, r *http.Request) error {
	q, p, order, at, err := parseOutletsQuery(r.URL.RawQuery)
	if err != nil {
		return err
	}
	list, from, others, err := s.counted(r.Context(), p)
	if err != nil {
		return err
	}
	slices.SortFunc(list, func(a, b *outletCounts) int { return cmp.Or(order.compare(a, b), strings.Compare(a.Outlet, b.Outlet)) })
	pages := max(1, (len(list)+outletsPerPage-1)/outletsPerPage)
	if at > pages {
		return errNoPage
	}
	first, last := (at-1)*outletsPerPage, min(len(list), at*outletsPerPage)
	main := outletsPage{
		Periods:   p.links("/outlets", q),
		Sorts:     orderLinks(order, p),
		Since:     momentAs(from.Start(), dayForm),
		Said:      sayOutlets(len(list), first, last),
		SmallLast: order.shares,
		Empty:     len(list)+others == 0,
	}
	if others > 0 {
		main.Unobserved = "Of " + diffview.Count(others, "more outlet") + " no article was observed in this time."
	}
	for _, c := range list[first:last] {
		main.Rows = append(main.Rows, newOutletRow(c, p))
	}
	if at > 1 {
		main.Newer = outletsAddress(p, order, at-1)
	}
	if at < pages {
		main.Older = outletsAddress(p, order, at+1)
	}
	return s.render(w, r, http.StatusOK, "outlets", page{Title: "Outlets", Nav: "outlets", Main: main})
}

// counted returns the outlets of which an article was observed in a period, by
// name, the week in which it begins, and how many others there are.
func (s *site) counted(ctx context.Context, p period) (list []*outletCounts, from tracker.Week, others int, err error) {
	now := s.now()
	all, err := s.book.outlets(ctx, s.src, p.from(now), now)
	if err != nil {
		return nil, 0, 0, err
	}
	from = tracker.WeekOf(now)
	if len(all) > 0 {
		from = all[0].From
	}
	looks, err := s.src.LooksByOutlet(ctx, from)
	if err != nil {
		return nil, 0, 0, fmt.Errorf("counting looks: %w", err)
	}
	list = observed(all, looks)
	return list, from, len(all) - len(list), nil
}

// observed returns the outlets of which an article was observed, with the looks
// that did.
func observed(all []tracker.OutletFigures, looks map[string]tracker.Looks) []*outletCounts {
	list := make([]*outletCounts, 0, len(all))
	for _, f := range all {
		if f.Articles > 0 {
			list = append(list, &outletCounts{f, looks[f.Outlet]})
		}
	}
	return list
}

func parseOutletsQuery(raw string) (q url.Values, p period, order outletOrder, at int, err error) {
	if q, err = parseQuery(raw); err != nil {
		return nil, p, order, 0, err
	}
	if p, err = periodOf(q); err != nil {
		return nil, p, order, 0, err
	}
	var codes []string
	for _, o := range outletOrders() {
		codes = append(codes, o.code)
	}
	code, err := oneOf("sort", q.Get("sort"), codes)
	if err != nil {
		return nil, p, order, 0, err
	}
	order = outletOrders()[max(0, slices.Index(codes, code))]
	if at = 1; q.Get("page") != "" {
		if at, err = strconv.Atoi(q.Get("page")); err != nil || at < 1 {
			return nil, p, order, 0, badRequest(fmt.Sprintf("page must be a number from 1, not %q.", q.Get("page")))
		}
	}
	kept := url.Values{} // what links to other periods keep
	if code != "" {
		kept.Set("sort", code)
	}
	return kept, p, order, at, nil
}

func orderLinks(order outletOrder, p period) []link {
	var out []link
	for _, o := range outletOrders() {
		out = append(out, link{outletsAddress(p, o, 1), o.text, o.code == order.code})
	}
	return out
}

func outletsAddress(p period, order outletOrder, at int) string {
	q := url.Values{}
	if order.code != outletOrders()[0].code {
		q.Set("sort", order.code)
	}
	if at > 1 {
		q.Set("page", strconv.Itoa(at))
	}
	return withPeriod("/outlets", p, q)
}

// outletPath is the address of an outlet's page.
func outletPath(outlet string) string { return "/outlets/" + url.PathEscape(outlet) }

func sayOutlets(n, from, to int) string {
	if n == to-from {
		return diffview.Count(n, "outlet") + "."
	}
	return fmt.Sprintf("%s to %s of %s.", diffview.Number(from+1), diffview.Number(to), diffview.Count(n, "outlet"))
}

func newOutletRow(c *outletCounts, p period) outletRow {
	row := outletRow{
		Name:      brief(c.Outlet),
		Link:      withPeriod(outletPath(c.Outlet), p, nil),
		Spark:     weeksSpark(c.Weeks),
		Articles:  figure{diffview.Number(c.Articles), diffview.Number(c.New) + "\u00a0new"},
		Edited:    shareOf(c.Edited, c.Articles),
		Changes:   figure{diffview.Number(c.Changes), perEach(c.Changes, c.Articles) + " per\u00a0article"},
		Silent:    shareOf(c.Silent, c.Changes),
		FirstEdit: medianFigure(c.FirstEdit, "article"),
		Late:      figure{Main: diffview.Number(c.Late.N)},
		Gone:      shareOf(c.Gone, c.Articles),
		Blocked:   shareOf(c.BlockedOf, c.Articles),
		Looks:     figure{diffview.Number(c.N), perEach(c.N, c.Spread) + " per article and week"},
	}
	if c.Late.N > 0 {
		row.Late.Of = "after " + medianText(c.Late)
	}
	return row
}

// weeksSpark draws the changes of the newest weeks small.
func weeksSpark(weeks []tracker.WeekFigures) *chart {
	const most = 52
	weeks = weeks[max(0, len(weeks)-most):]
	columns := make([]column, len(weeks))
	highest := weeks[0]
	for i, w := range weeks {
		columns[i] = column{counts: []int{w.Changes()}}
		if w.Changes() > highest.Changes() {
			highest = w
		}
	}
	title := fmt.Sprintf("No changes in the last %s", diffview.Count(len(weeks), "week"))
	if highest.Changes() > 0 {
		title = fmt.Sprintf("Changes by week, of %s; the most, %s, in that of %s", diffview.Count(len(weeks), "week"), diffview.Number(highest.Changes()), weekText(highest.Week))
	}
	return newSpark(title, columns)
}
