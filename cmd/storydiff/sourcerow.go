package main

import (
	"fmt"
	"text/tabwriter"
	"time"

	"storydiff/diffview"
	"storydiff/tracker/discover"
)

// A sourceRow is the row of a source.
type sourceRow struct {
	Source   int64      `json:"source"`
	URL      string     `json:"url"`
	Named    string     `json:"added_as,omitempty"` // where it is another address than url
	Kind     string     `json:"kind,omitempty"`
	Title    string     `json:"title,omitempty"`
	State    string     `json:"state"`
	Tags     []string   `json:"tags"`
	Match    string     `json:"match,omitempty"`
	Exclude  string     `json:"exclude,omitempty"`
	Every    string     `json:"every,omitempty"`
	Limit    int        `json:"limit_per_day"`
	All      bool       `json:"all,omitempty"`
	Articles int        `json:"articles"`           // that it gave
	Left     int        `json:"left_out,omitempty"` // by the limit, at the last poll that read it
	AddedAt  time.Time  `json:"added_at"`
	NextPoll time.Time  `json:"next_poll"`
	LastPoll *time.Time `json:"last_poll,omitempty"`
	LastRead *time.Time `json:"last_read,omitempty"`
	LastNew  *time.Time `json:"last_new,omitempty"`
	Outcome  string     `json:"last_outcome,omitempty"`
	Reason   string     `json:"reason,omitempty"`
	Detail   string     `json:"detail,omitempty"`
	Failures int        `json:"failures,omitempty"` // in a row
	Sick     *time.Time `json:"sick_since,omitempty"`
}

func rowOf(s *discover.Source) sourceRow {
	row := sourceRow{
		Source: s.ID, URL: s.URL, Kind: string(s.Kind), Title: s.Title, State: s.State(), Tags: append([]string{}, s.Tags...),
		Match: s.Match, Exclude: s.Exclude, Limit: s.PerDay(), All: s.All, Articles: s.Articles, Left: s.Left,
		AddedAt: seconds(s.AddedAt), NextPoll: seconds(s.NextPoll), LastPoll: moments(s.LastPoll), LastRead: moments(s.LastRead), LastNew: moments(s.LastNew),
		Outcome: string(s.Outcome), Reason: s.Reason, Detail: s.Detail, Failures: s.Failures, Sick: moments(s.SickSince),
	}
	if s.Named != s.URL {
		row.Named = s.Named
	}
	if s.Every > 0 {
		row.Every = s.Every.String()
	}
	return row
}

// moments returns a time for a row; nil for the zero time.
func moments(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = seconds(t)
	return &t
}

func (a *app) listSources(sources []discover.Source, asJSON bool) error {
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for i := range sources {
		s := &sources[i]
		if asJSON {
			if err := diffview.WriteRow(a.out, rowOf(s)); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\n", s.ID, s.Kind, diffview.Count(s.Articles, "article"), healthText(s), diffview.OneLine(s.Title), diffview.OneLine(s.URL))
	}
	return table.Flush()
}

// healthText says how a source is: when it is polled next, what the limit left
// out, or since when and why it cannot be read.
func healthText(s *discover.Source) string {
	switch {
	case s.Failures > 0:
		return fmt.Sprintf("sick since %s, %s: %s; next poll %s", when(s.SickSince), s.Reason, diffview.OneLine(s.Detail), when(s.NextPoll))
	case s.LastPoll.IsZero():
		return "new, not polled yet"
	}
	said := fmt.Sprintf("well, polled %s, next %s", when(s.LastPoll), when(s.NextPoll))
	if s.Outcome == discover.OutcomeSkipped {
		said = fmt.Sprintf("well, but %s: next poll %s", diffview.OneLine(s.Detail), when(s.NextPoll))
	}
	if s.Left > 0 {
		said += fmt.Sprintf(", %d left for later by the limit of %d a day", s.Left, s.PerDay())
	}
	return said
}
