package report

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"storydiff/diffview"
	"storydiff/tracker"
)

// An outletPage is the data of templates/outlet.html.
type outletPage struct {
	Name       string
	Periods    []link
	Since      *moment
	Weeks      string // how many those are
	Articles   string
	Changes    string // address of the list of its changes
	List       string // address of the list of its articles
	Figures    []figureRow
	Charts     []*chart
	Rows       []weekRow // newest first
	RowsCut    bool      // there are older weeks
	Unobserved []string  // what was not seen, a sentence each
	LastLook   *moment   // nil: there was none in this time
}

// A figureRow is a figure with its name and its meaning.
type figureRow struct {
	Name string
	figure
	Means string
}

// A weekRow is a week in numbers.
type weekRow struct {
	Week                   *moment
	Silent, Stamped, Noted int
	Edited, Articles       int
	Looks, Late            string
	Unseen                 bool
}

// outlet shows how one outlet edits.
func (s *site) outlet(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r.URL.RawQuery)
	if err != nil {
		return err
	}
	p, err := periodOf(q)
	if err != nil {
		return err
	}
	name, now := strings.ToLower(r.PathValue("outlet")), s.now()
	f, ok, err := s.book.outlet(r.Context(), s.src, name, p.from(now), now)
	if err != nil {
		return err
	}
	if !ok {
		return errNoPage
	}
	weeks, err := s.src.LooksByWeek(r.Context(), name, f.From)
	if err != nil {
		return fmt.Errorf("counting looks: %w", err)
	}
	main := newOutletPage(f, weeks)
	main.Periods = p.links(outletPath(name), nil)
	return s.render(w, r, http.StatusOK, "outlet", page{Title: main.Name, Nav: "outlets", Main: main})
}

func newOutletPage(f tracker.OutletFigures, weeks []tracker.WeekOfLooks) outletPage {
	looks := total(weeks)
	p := outletPage{
		Name:       brief(f.Outlet),
		Since:      momentAs(f.From.Start(), dayForm),
		Weeks:      diffview.Count(len(f.Weeks), "week"),
		Articles:   diffview.Count(f.Articles, "article"),
		Changes:    changesOfOutlet(f.Outlet),
		List:       articlesAddress(tracker.ArticleFilter{Outlet: f.Outlet}),
		Figures:    figureRows(f),
		Unobserved: unobserved(f, looks, len(weeks)),
		LastLook:   newMoment(looks.Last),
	}
	rows := weekRows(f.Weeks, weeks)
	if len(rows) > maxBars {
		rows, p.RowsCut = rows[len(rows)-maxBars:], true
	}
	if f.Articles > 0 {
		p.Charts = []*chart{changesChart(rows), articlesChart(rows)}
	}
	slices.Reverse(rows)
	p.Rows = rows
	return p
}

// total adds up the looks of weeks.
func total(weeks []tracker.WeekOfLooks) (all tracker.Looks) {
	for _, w := range weeks {
		all.N, all.Spread = all.N+w.N, all.Spread+w.Articles
		all.Delayed, all.DelayedFor = all.Delayed+w.Delayed, all.DelayedFor+w.DelayedFor
		if w.Last.After(all.Last) {
			all.Last = w.Last
		}
	}
	return all
}

// figureRows says what was counted, each with what it is out of.
func figureRows(f tracker.OutletFigures) []figureRow {
	rows := []figureRow{
		{"Articles observed", figure{diffview.Number(f.Articles), diffview.Number(f.New) + " new"}, "A look saw them in this time, if only that they are gone. New ones were first seen in it."},
		{"Edited", shareOf(f.Edited, f.Articles), "Articles that changed at least once in this time."},
		{"Changes", figure{diffview.Number(f.Changes), perEach(f.Changes, f.Articles) + " per article"}, changesMeans(f)},
		{"Silent", shareOf(f.Silent, f.Changes), "Changes of which neither a note nor a later time of update told readers."},
		{"Stamped", shareOf(f.Stamped, f.Changes), "No note, but the page stated a later time of update. An outlet that states none can only be noted or silent."},
		{"Noted", shareOf(f.Noted, f.Changes), "A correction, clarification or other note appeared with the change."},
		{"First edit", medianFigure(f.FirstEdit, "article"), firstMeans(f)},
		{"Noted late", figure{Main: diffview.Count(f.Late.N, "edit")}, "Edits that had stood without a note until one spoke of them in this time."},
		{"Taken away", shareOf(f.Gone, f.Articles), goneMeans(f)},
		{"Blocked", shareOf(f.BlockedOf, f.Articles), blockedMeans(f)},
	}
	if f.Late.N > 0 {
		rows[7].figure = figure{diffview.Count(f.Late.N, "edit"), "after a median of " + medianText(f.Late)}
	}
	return rows
}

func changesMeans(f tracker.OutletFigures) string {
	text := "Of the text, the headline or another part of a story."
	if f.Edited > 0 {
		text += fmt.Sprintf(" That is %s for each article that was edited.", perEach(f.Changes, f.Edited))
	}
	if f.Flips > 0 {
		text += fmt.Sprintf(" A headline under test counts once: %s of it left out.", diffview.Count(f.Flips, "further flip"))
	}
	return text
}

func firstMeans(f tracker.OutletFigures) string {
	text := "From publication, as the page states it, to the first change that was seen."
	if n := f.FirstEdits - f.FirstEdit.N; n > 0 {
		text += fmt.Sprintf(" Left out: %s that stated no such time before the first look.", diffview.Count(n, "article"))
	}
	return text
}

func goneMeans(f tracker.OutletFigures) string {
	text := "Articles that their publisher took away in this time."
	switch {
	case f.Back > 0:
		text += " Of those, " + diffview.Number(f.Back) + " came back."
	case f.Gone > 0:
		text += " None of those came back."
	}
	return text
}

func blockedMeans(f tracker.OutletFigures) string {
	text := "Articles in place of which a wall, a login or the like was answered."
	if f.Blocked > 0 {
		text += fmt.Sprintf(" %s, %s together", diffview.Count(f.Blocked, "spell"), lengthText(f.BlockedFor))
		if f.BlockedStill > 0 {
			text += fmt.Sprintf("; %s so far", diffview.Number(f.BlockedStill)+" last")
		}
		text += "."
	}
	return text
}

// unobserved says what the figures cannot know, with numbers; weeks is in how many
// weeks a look saw anything.
func unobserved(f tracker.OutletFigures, looks tracker.Looks, weeks int) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if f.FirstLook.N > 0 {
		say("Before the first look: it came a median of %s after publication (%s). What was edited before it was not seen.",
			medianText(f.FirstLook), diffview.Count(f.FirstLook.N, "new article"))
	}
	if n := f.New - f.FirstLook.N; n > 0 {
		say("Of %s it is not known how long after publication the first look came: no such time was stated.", diffview.Count(n, "new article"))
	}
	if f.Window.N > 0 {
		say("Between two looks: half of the changes are known to within %s (%s). What was changed and changed back in between was not seen.",
			strings.Replace(medianText(f.Window), "under", "less than", 1), diffview.Count(f.Window.N, "change"))
	}
	if looks.N > 0 {
		say("%s saw an article, or that it is not there: %s per article and week. Who looks more often sees more edits.", diffview.Count(looks.N, "look"), perEach(looks.N, looks.Spread))
	}
	if looks.Delayed > 0 {
		say("%s of them came late by ten minutes or more. All in all, articles were due and not seen for %s.", diffview.Number(looks.Delayed), lengthText(looks.DelayedFor))
	}
	if n := len(f.Weeks) - weeks; n > 0 {
		say("In %s of %s no look saw any article.", diffview.Number(n), diffview.Count(len(f.Weeks), "week"))
	}
	if f.Unread > 0 {
		say("%s could never be read: none of the figures counts them.", diffview.Count(f.Unread, "further article"))
	}
	return out
}

// weekRows puts what was seen and how often one looked side by side, oldest first.
func weekRows(weeks []tracker.WeekFigures, looks []tracker.WeekOfLooks) []weekRow {
	byWeek := make(map[tracker.Week]tracker.WeekOfLooks, len(looks))
	for _, l := range looks {
		byWeek[l.Week] = l
	}
	rows := make([]weekRow, len(weeks))
	for i, w := range weeks {
		l, seen := byWeek[w.Week]
		rows[i] = weekRow{
			Week: momentAs(w.Week.Start(), dayForm), Silent: w.Silent, Stamped: w.Stamped, Noted: w.Noted,
			Edited: w.Edited, Articles: max(l.Articles, w.Edited), Looks: diffview.Number(l.N), Late: diffview.Number(l.Delayed),
			Unseen: !seen && w.Changes() == 0,
		}
	}
	return rows
}

// changesChart draws the changes of weeks by their disclosure.
func changesChart(rows []weekRow) *chart {
	columns := make([]column, len(rows))
	all := [3]int{}
	for i, r := range rows {
		counts := []int{r.Silent, r.Stamped, r.Noted}
		said := countsText(counts, []string{"silent", "stamped", "noted"})
		for k, n := range counts {
			all[k] += n
		}
		columns[i] = column{weekLabel(r, said, "no change"), counts, r.Unseen}
	}
	desc := fmt.Sprintf("%s: %d silent, %d stamped, %d noted. The table below has each week.", diffview.Count(len(rows), "week"), all[0], all[1], all[2])
	c := newChart("changes", "Changes by week", desc, "change", columns, []key{{"solid", "silent"}, {"hatched", "stamped"}, {"open", "noted"}})
	c.From, c.To = rows[0].Week.Text, rows[len(rows)-1].Week.Text
	return c
}

// articlesChart draws how many articles were observed, and of those edited.
func articlesChart(rows []weekRow) *chart {
	columns := make([]column, len(rows))
	most := 0
	for i, r := range rows {
		rest := r.Articles - r.Edited
		columns[i] = column{weekLabel(r, fmt.Sprintf("%d of %d edited", r.Edited, r.Articles), "none observed"), []int{r.Edited, rest}, r.Unseen}
		most = max(most, r.Articles)
	}
	desc := fmt.Sprintf("%s: at most %d articles were observed in one. The table below has each week.", diffview.Count(len(rows), "week"), most)
	c := newChart("articles", "Articles observed by week", desc, "article", columns, []key{{"solid", "edited in the week"}, {"open", "observed, not edited"}})
	c.From, c.To = rows[0].Week.Text, rows[len(rows)-1].Week.Text
	return c
}

// weekLabel says what a bar stands for.
func weekLabel(r weekRow, said, nothing string) string {
	switch {
	case r.Unseen:
		said = "no look"
	case said == "":
		said = nothing
	}
	return "Week of " + r.Week.Text + ": " + said
}
