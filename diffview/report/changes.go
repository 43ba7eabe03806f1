package report

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"storydiff/diffview"
	"storydiff/tracker"
	"storydiff/tracker/revision"
)

// pageSize is how many changes one page lists.
const pageSize = 50

// A changesPage is the data of templates/changes.html.
type changesPage struct {
	Form    filterForm
	Presets []link
	Said    string // what is listed, counted
	Days    []day
	Newest  string // address of the first page; empty on it
	Older   string // address of the next page; empty on the last
	Empty   *emptyState
}

// A day is the changes that were seen on one, in UTC.
type day struct {
	Date    moment
	Entries []entry
	Folded  *folded // the minor ones, where others are listed; nil: there are none
}

// A folded list is entries that are shown when they are asked for.
type folded struct {
	Said    string // how many they are
	Entries []entry
}

// A filterForm is what the form is filled with; data of the template "filter".
type filterForm struct {
	Query, Outlet, Tag, Until             string
	Kind, Disclosure, Significance, Since []option
	Active                                bool // whether anything is filtered
}

// An option is one of a <select>.
type option struct {
	Value, Label string
	Selected     bool
}

// A link leads elsewhere in the report.
type link struct {
	Href, Text string
	Current    bool // it leads to this very page
}

// An emptyState says why there is nothing to list, and what to do.
type emptyState struct {
	Filtered bool   // something is there, but not that
	Search   string // address of a search for the words that were asked for; empty: there are none
	Articles int    // how many are tracked
	Tracked  string
	Next     *moment // the soonest next look; nil: none is planned
}

// changes lists the recent changes that the query string chooses.
func (s *site) changes(w http.ResponseWriter, r *http.Request) error {
	f, err := parseFilter(r.URL.RawQuery, s.now())
	if err != nil {
		return err
	}
	f.Limit = pageSize + 1 // the one too many tells whether there are older ones
	found, err := s.src.Changes(r.Context(), f.ChangeFilter)
	if err != nil {
		return fmt.Errorf("listing changes: %w", err)
	}
	p := changesPage{Form: newFilterForm(f), Presets: presets(f)}
	if len(found) > pageSize {
		found = found[:pageSize]
		p.Older = f.address(found[pageSize-1].ID)
	}
	if f.Before > 0 {
		p.Newest = f.address(0)
	}
	entries, err := s.entries(r.Context(), found)
	if err != nil {
		return err
	}
	p.Said, p.Days = say(found, f, p.Older != ""), foldMinor(byDay(entries))
	if len(found) == 0 {
		if p.Empty, err = s.whyEmpty(r, f); err != nil {
			return err
		}
	}
	return s.render(w, r, http.StatusOK, "changes", page{Title: "Recent changes", Nav: "changes", Main: p})
}

// whyEmpty looks for what a newcomer has to do next.
func (s *site) whyEmpty(r *http.Request, f filter) (*emptyState, error) {
	if f.Before > 0 || len(f.values()) > 0 {
		e := &emptyState{Filtered: true}
		if f.Words != nil {
			e.Search = question{SearchQuery: tracker.SearchQuery{Words: *f.Words}}.address(0, 0)
		}
		return e, nil
	}
	articles, err := s.src.Articles(r.Context(), tracker.ArticleFilter{})
	if err != nil {
		return nil, fmt.Errorf("listing articles: %w", err)
	}
	e := &emptyState{Articles: len(articles), Tracked: diffview.Count(len(articles), "article")}
	var next time.Time
	for _, a := range articles {
		if a.State == tracker.Active && (next.IsZero() || a.NextCheck.Before(next)) {
			next = a.NextCheck
		}
	}
	e.Next = newMoment(next)
	return e, nil
}

// say counts what is listed, so that nothing is left out without a word.
func say(found []tracker.Change, f filter, more bool) string {
	if len(found) == 0 {
		return ""
	}
	articles := map[int64]bool{}
	count := map[string]int{}
	for _, c := range found {
		articles[c.ArticleID] = true
		count[string(revision.LevelOf(c.Significance))]++
		count[string(c.Disclosure)]++
	}
	all := diffview.Count(len(found), "change")
	switch {
	case f.Before > 0:
		all = diffview.Count(len(found), "older change")
	case more:
		all = "The newest " + all
	}
	said := append([]string{all + " in " + diffview.Count(len(articles), "article")}, f.says()...)
	levels := counted(count, texts(revision.Major, revision.Notable, revision.Minor))
	text := strings.Join(said, ", ") + ": " + levels
	if f.Disclosure == "" { // else they are all of the one that is asked for
		text += "; " + counted(count, disclosures())
	}
	return text + "."
}

// counted says how many there are of each code that there is any of.
func counted(count map[string]int, codes []string) string {
	var out []string
	for _, code := range codes {
		if count[code] > 0 {
			out = append(out, diffview.Number(count[code])+" "+code)
		}
	}
	return strings.Join(out, ", ")
}

// A listed entry is one with the time at which its change was first seen.
type listed struct {
	seen time.Time
	entry
}

// byDay parts entries where the day of their first look turns.
func byDay(entries []listed) []day {
	var days []day
	for _, e := range entries {
		date := moment{e.seen.UTC().Format(time.DateOnly), e.seen.UTC().Format("Monday, " + dayForm)}
		if len(days) == 0 || days[len(days)-1].Date != date {
			days = append(days, day{Date: date})
		}
		last := &days[len(days)-1]
		last.Entries = append(last.Entries, e.entry)
	}
	return days
}

// foldMinor folds the minor changes of each day, and says how many they are. Where
// nothing else is listed, they stay: they are what was asked for, or all there is.
func foldMinor(days []day) []day {
	minor := func(e entry) bool { return e.Level == string(revision.Minor) }
	if !slices.ContainsFunc(days, func(d day) bool { return slices.ContainsFunc(d.Entries, func(e entry) bool { return !minor(e) }) }) {
		return days
	}
	for i := range days {
		var kept []entry
		f := &folded{}
		for _, e := range days[i].Entries {
			if minor(e) {
				f.Entries = append(f.Entries, e)
			} else {
				kept = append(kept, e)
			}
		}
		if len(f.Entries) > 0 {
			f.Said = diffview.Count(len(f.Entries), "minor change")
			days[i].Entries, days[i].Folded = kept, f
		}
	}
	return days
}

func newFilterForm(f filter) filterForm {
	form := filterForm{
		Outlet:       f.Outlet,
		Tag:          f.Tag,
		Until:        f.until,
		Kind:         options("any kind", f.Kind, kinds()),
		Disclosure:   options("disclosed or not", f.Disclosure, disclosures()),
		Significance: significanceOptions(f.MinSignificance),
		Since:        sinceOptions(f.since),
		Active:       len(f.values()) > 0,
	}
	if f.Words != nil {
		form.Query = f.Words.Text
	}
	return form
}

func options(anything, chosen string, values []string) []option {
	out := []option{{"", anything, chosen == ""}}
	for _, v := range values {
		out = append(out, option{v, spaced(v), chosen == v})
	}
	return out
}

// significanceOptions offers the levels, and the number at hand where it is
// the least of none of them.
func significanceOptions(chosen int) []option {
	notable, major := leastOf(revision.Notable), leastOf(revision.Major)
	out := []option{
		{"", "any significance", chosen == 0},
		{strconv.Itoa(notable), "notable and above", chosen == notable},
		{strconv.Itoa(major), "major", chosen == major},
	}
	if chosen != 0 && chosen != notable && chosen != major {
		out = append(out, option{strconv.Itoa(chosen), fmt.Sprintf("%d and above", chosen), true})
	}
	return out
}

// sinceOptions offers some spans, and the one at hand where it is another.
func sinceOptions(chosen string) []option {
	out := []option{{"", "any time", chosen == ""}}
	listed := chosen == ""
	for _, o := range []option{{"24h", "last 24 hours", false}, {"7d", "last 7 days", false}, {"30d", "last 30 days", false}} {
		o.Selected = o.Value == chosen
		listed = listed || o.Selected
		out = append(out, o)
	}
	if !listed {
		out = append(out, option{chosen, "since " + chosen, true})
	}
	return out
}

// presets are the questions asked most, as links.
func presets(f filter) []link {
	major := strconv.Itoa(leastOf(revision.Major))
	list := []struct {
		text string
		q    url.Values
	}{
		{"All", url.Values{}},
		{"Silent and major", url.Values{"disclosure": {string(revision.Silent)}, "min_significance": {major}}},
		{"Headlines", url.Values{"kind": {string(revision.Headline)}}},
		{"Numbers", url.Values{"kind": {string(revision.Number)}}},
		{"Quotes", url.Values{"kind": {string(revision.Quote)}}},
		{"Corrections", url.Values{"kind": {string(revision.Correction)}}},
	}
	at := f.values().Encode()
	out := make([]link, len(list))
	for i, preset := range list {
		q := preset.q.Encode()
		out[i] = link{Href: withQuery("/", q), Text: preset.text, Current: q == at}
	}
	return append(out, link{Href: articlesAddress(tracker.ArticleFilter{State: tracker.Gone}), Text: "Taken down"})
}
