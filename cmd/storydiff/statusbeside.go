package main

import (
	"context"
	"fmt"
	"time"

	"storydiff/diffview"
	"storydiff/storage"
)

// A pollsRow is a source.
type pollsRow struct {
	Type string `json:"type"` // "source"
	sourceRow
}

func (r pollsRow) text() string {
	text := fmt.Sprintf("%s  %s, %s so far", r.URL, r.State, diffview.Count(r.Articles, "article"))
	if r.Failures > 0 {
		text += fmt.Sprintf("; sick since %s: %s", when(*r.Sick), r.Detail)
	}
	return text
}

func sourcesStatus(ctx context.Context, db *storage.DB, _ time.Time) ([]statusRow, error) {
	sources, err := db.Sources(ctx)
	if err != nil {
		return nil, err
	}
	var rows []statusRow
	for i := range sources {
		rows = append(rows, pollsRow{"source", rowOf(&sources[i])})
	}
	return rows, nil
}

// An outboxRow says how it stands with what is to be told on a channel.
type outboxRow struct {
	Type     string `json:"type"` // "channel"
	Channel  string `json:"channel"`
	Sent     int    `json:"sent"`
	Pending  int    `json:"pending"`
	GivenUp  int    `json:"given_up"` // in the last 30 days
	Failures int    `json:"failures,omitempty"`
	Error    string `json:"error,omitempty"`
}

func (r outboxRow) text() string {
	text := fmt.Sprintf("%s  %d sent, %d waiting, %d given up", r.Channel, r.Sent, r.Pending, r.GivenUp)
	if r.Failures > 0 {
		text += fmt.Sprintf("; %s failed in a row: %s", diffview.Count(r.Failures, "attempt"), r.Error)
	}
	return text
}

func alertsStatus(ctx context.Context, db *storage.DB, _ time.Time) ([]statusRow, error) {
	channels, err := db.Channels(ctx)
	if err != nil {
		return nil, err
	}
	var rows []statusRow
	for _, c := range channels {
		row := outboxRow{Type: "channel", Channel: c.Name, Sent: c.Sent, Pending: c.Pending, GivenUp: c.GivenUp, Failures: c.Failures}
		if c.Failures > 0 {
			row.Error = c.Error
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// A catchUpRow says what is being done with what an earlier storydiff left, or is
// still to be done.
type catchUpRow struct {
	Type string `json:"type"` // "catching-up"
	Text string `json:"text"` // a sentence
}

func (r catchUpRow) text() string { return "catching up: " + r.Text }

// catchUpStatus asks the daemon what it does beside its looks. Without one, only
// what is not indexed is known: what is to be read anew hangs on the site rules of
// the next.
func catchUpStatus(ctx context.Context, db *storage.DB, _ time.Time) (rows []statusRow, err error) {
	run, running, err := db.Daemon(ctx)
	if err != nil {
		return nil, err
	}
	if running && run.Ended.IsZero() && run.ID > 0 {
		parts, err := getParts(ctx, reportAt(run))
		for _, p := range parts {
			if p.Name == catchingUp {
				rows = append(rows, catchUpRow{catchingUp, p.Text})
			}
		}
		if err == nil {
			return rows, nil
		}
	}
	left, err := db.Unsearched(ctx)
	if left > 0 {
		rows = append(rows, catchUpRow{catchingUp, fmt.Sprintf("%s not indexed, and not found by search until a daemon or the report has run for a while.", diffview.Count(left, "article"))})
	}
	return rows, err
}
