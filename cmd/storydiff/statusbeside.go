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
