package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"storydiff/diffview"
	"storydiff/diffview/report"
	"storydiff/storage"
	"storydiff/tracker"
)

func (a *app) statusCommand() *cobra.Command {
	var asJSON, healthz bool
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show how the watching goes",
		Long: `Shows how the watching goes: the articles by state, whether a daemon runs, how many looks were taken and how many the
schedule asks for, the next looks and why then, hosts that are left alone, why looks came to nothing in the last 24
hours, the size of the database, and when nobody watched in the last 30 days.

With --healthz it asks the daemon whether all is well, prints what that says, and ends with 1 where it is not, or where
no daemon runs.`,
		Args: takes(0, 0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if healthz {
				return a.withDB(cmd.Context(), a.openExisting, func(db *storage.DB) error { return a.askHealth(cmd.Context(), db) })
			}
			err := a.withDB(cmd.Context(), a.openExisting, func(db *storage.DB) error { return a.status(cmd.Context(), db, asJSON) })
			return a.noDatabaseIsEmpty(err)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object a line")
	cmd.Flags().BoolVar(&healthz, "healthz", false, "ask the daemon whether all is well")
	return cmd
}

// A statusRow is one thing that status shows.
type statusRow interface {
	text() string // a line for a person
}

// A section is a part of what status shows. One that reads what another part of
// the program keeps is a further entry of statusSections.
type section struct {
	heading string // stands above its rows; empty: they stand alone, at the top
	rows    func(ctx context.Context, db *storage.DB, now time.Time) ([]statusRow, error)
}

func statusSections() []section {
	return []section{
		{"", articlesStatus},
		{"", daemonStatus},
		{"", looksStatus},
		{"", catchUpStatus},
		{"", databaseStatus},
		{"next looks", nextStatus},
		{"sources", sourcesStatus},
		{"channels of alerts", alertsStatus},
		{"hosts that are left alone", hostsStatus},
		{"looks that came to nothing in the last 24 hours", errorsStatus},
		{"gaps of the last 30 days", gapsStatus},
	}
}

const (
	statusLooks = 10                  // how many looks to come are shown
	statusDay   = 24 * time.Hour      // of what looks are counted
	statusGaps  = 30 * 24 * time.Hour // of when nobody watched
	statusDown  = 10                  // how many of those spells are shown, the newest
)

func (a *app) status(ctx context.Context, db *storage.DB, asJSON bool) error {
	now := time.Now()
	for _, s := range statusSections() {
		rows, err := s.rows(ctx, db, now)
		if err != nil {
			return err
		}
		if !asJSON && s.heading != "" && len(rows) > 0 {
			fmt.Fprintf(a.out, "\n%s\n", s.heading)
		}
		for _, row := range rows {
			if asJSON {
				if err := diffview.WriteRow(a.out, row); err != nil {
					return err
				}
				continue
			}
			if s.heading != "" {
				fmt.Fprint(a.out, "  ")
			}
			fmt.Fprintln(a.out, diffview.OneLine(row.text()))
		}
	}
	return nil
}

// An articlesRow says how many articles there are, and what was seen of them.
type articlesRow struct {
	Type     string `json:"type"` // "articles"
	Active   int    `json:"active"`
	Paused   int    `json:"paused"`
	Gone     int    `json:"gone"`
	Retired  int    `json:"retired"`
	Versions int    `json:"versions"`
	Changes  int    `json:"changes"`
	Checks   int    `json:"checks"`
}

func (r articlesRow) text() string {
	return fmt.Sprintf("articles: %d active, %d paused, %d gone, %d retired; %s, %s, %s", r.Active, r.Paused, r.Gone, r.Retired,
		diffview.Count(r.Versions, "version"), diffview.Count(r.Changes, "change"), diffview.Count(r.Checks, "check"))
}

func articlesStatus(ctx context.Context, db *storage.DB, _ time.Time) ([]statusRow, error) {
	n, err := db.Counts(ctx)
	return []statusRow{articlesRow{"articles", n.Active, n.Paused, n.Gone, n.Retired, n.Versions, n.Changes, n.Checks}}, err
}

// A daemonRow says whether a daemon runs, or until when the last one did.
type daemonRow struct {
	Type    string    `json:"type"` // "daemon"
	Running bool      `json:"running"`
	PID     int       `json:"pid,omitempty"`
	Since   time.Time `json:"since,omitzero"`
	Alive   time.Time `json:"last_sign_of_life,omitzero"`
	Report  string    `json:"report,omitempty"`
}

func (r daemonRow) text() string {
	switch {
	case r.Running && r.PID == 0:
		return "daemon: it is starting"
	case r.Running:
		return fmt.Sprintf("daemon: process %d, since %s, report at %s", r.PID, when(r.Since), r.Report)
	case r.Alive.IsZero():
		return "daemon: none runs, and none ever did: storydiff run starts one"
	}
	return fmt.Sprintf("daemon: none runs since %s: storydiff run starts one", when(r.Alive))
}

func daemonStatus(ctx context.Context, db *storage.DB, _ time.Time) ([]statusRow, error) {
	run, running, err := db.Daemon(ctx)
	if err != nil {
		return nil, err
	}
	row := daemonRow{Type: "daemon", Running: running, Alive: seconds(run.Alive)}
	if running && run.Ended.IsZero() {
		row.PID, row.Since, row.Report = run.PID, seconds(run.Began), reportAt(run)
	}
	return []statusRow{row}, nil
}

func reportAt(run tracker.DaemonRun) string { return "http://" + reachable(run.Listen) + "/" }

// seconds is a time as rows have it.
func seconds(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

// A looksRow says how many looks were taken, and how many were to be.
type looksRow struct {
	Type   string  `json:"type"` // "looks"
	Last   int     `json:"last_24h"`
	Asked  float64 `json:"asked_a_day"`
	Budget float64 `json:"budget_a_day,omitempty"` // of the daemon that runs, or ran last
}

func (r looksRow) text() string {
	text := fmt.Sprintf("looks: %d in the last 24 hours; the schedule asks for %.1f a day", r.Last, r.Asked)
	if r.Budget > 0 {
		text += fmt.Sprintf(" within a budget of %.0f, of which %.0f %% were used", r.Budget, 100*float64(r.Last)/r.Budget)
	}
	return text
}

func looksStatus(ctx context.Context, db *storage.DB, now time.Time) ([]statusRow, error) {
	row := looksRow{Type: "looks"}
	var err error
	if row.Last, err = db.LooksSince(ctx, now.Add(-statusDay)); err != nil {
		return nil, err
	}
	run, _, err := db.Daemon(ctx)
	if err != nil {
		return nil, err
	}
	articles, err := db.Articles(ctx, tracker.ArticleFilter{})
	if err != nil {
		return nil, err
	}
	row.Budget = run.Budget
	row.Asked = float64(int(plannedBy(ctx, db).LooksPerDay(articles, now)*10+0.5)) / 10
	return []statusRow{row}, nil
}

// A databaseRow says how large the database is.
type databaseRow struct {
	Type   string `json:"type"` // "database"
	Path   string `json:"path"`
	Schema int    `json:"schema"`
	File   int64  `json:"bytes"`
	WAL    int64  `json:"wal_bytes"`
	Free   *int64 `json:"disk_free_bytes,omitempty"` // absent where it is not known
}

func (r databaseRow) text() string {
	text := fmt.Sprintf("database: %s, %s and %s of log", r.Path, bytesText(r.File), bytesText(r.WAL))
	if r.Free != nil {
		text += "; " + bytesText(*r.Free) + " left on its disk"
	}
	return text
}

// A tableRow says how much of the database a table takes.
type tableRow struct {
	Type  string `json:"type"` // "table"
	Table string `json:"table"`
	Bytes int64  `json:"bytes"`
}

func (r tableRow) text() string { return fmt.Sprintf("table %s: %s", r.Table, bytesText(r.Bytes)) }

// To measure the tables the whole file is read.
const (
	measuredUpTo = 64 << 20
	tablesShown  = 5
)

func databaseStatus(ctx context.Context, db *storage.DB, _ time.Time) ([]statusRow, error) {
	size, err := db.Size()
	if err != nil {
		return nil, err
	}
	row := databaseRow{Type: "database", Path: db.Path(), File: size.File, WAL: size.WAL}
	if row.Schema, err = db.Schema(ctx); err != nil {
		return nil, err
	}
	if disk, ok := db.Disk(); ok {
		row.Free = &disk.Free
	}
	rows := []statusRow{row}
	if size.File > measuredUpTo {
		return rows, nil
	}
	tables, err := db.TableSizes(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range tables[:min(len(tables), tablesShown)] {
		rows = append(rows, tableRow{"table", t.Table, t.Bytes})
	}
	return rows, nil
}

// A nextRow is a look to come.
type nextRow struct {
	Type string `json:"type"` // "next"
	lookRow
}

func (r nextRow) text() string { return fmt.Sprintf("%s  %s  %s", when(r.At), r.URL, r.Why) }

func nextStatus(ctx context.Context, db *storage.DB, _ time.Time) ([]statusRow, error) {
	articles, err := db.Articles(ctx, tracker.ArticleFilter{})
	if err != nil {
		return nil, err
	}
	var rows []statusRow
	for _, row := range looksToCome(articles, plannedBy(ctx, db), statusLooks) {
		rows = append(rows, nextRow{"next", row})
	}
	return rows, nil
}

// A hostRow is a host that is left alone.
type hostRow struct {
	Type     string    `json:"type"` // "host"
	Host     string    `json:"host"`
	Until    time.Time `json:"until"`
	Asked    bool      `json:"asked"`              // it asked for that
	Articles int       `json:"articles,omitempty"` // that were not seen at their last look, and wait
	Reason   string    `json:"reason,omitempty"`   // of the last of those looks
}

func (r hostRow) text() string {
	why := "it is to be asked no sooner"
	switch {
	case r.Asked:
		why = "it asked for that (Retry-After)"
	case r.Articles > 0:
		why = fmt.Sprintf("%s could not be seen (%s)", diffview.Count(r.Articles, "article"), r.Reason)
	}
	return fmt.Sprintf("%s  until %s: %s", r.Host, when(r.Until), why)
}

func hostsStatus(ctx context.Context, db *storage.DB, now time.Time) ([]statusRow, error) {
	rests, err := db.HostRests(ctx, now)
	var rows []statusRow
	for _, h := range rests {
		rows = append(rows, hostRow{"host", h.Host, seconds(h.Until), h.Asked, h.Articles, h.Reason})
	}
	return rows, err
}

// An errorRow is why looks came to nothing.
type errorRow struct {
	Type     string          `json:"type"` // "error"
	Outcome  tracker.Outcome `json:"outcome"`
	Reason   string          `json:"reason"`
	Checks   int             `json:"checks"`
	Articles int             `json:"articles"`
	Last     time.Time       `json:"last"`
	URL      string          `json:"url"`    // of the last
	Detail   string          `json:"detail"` // of the last
}

func (r errorRow) text() string {
	return fmt.Sprintf("%s, %s: %s of %s, the last at %s: %s", r.Outcome, r.Reason, diffview.Count(r.Checks, "look"),
		diffview.Count(r.Articles, "article"), when(r.Last), cmp.Or(r.Detail, r.URL))
}

func errorsStatus(ctx context.Context, db *storage.DB, now time.Time) ([]statusRow, error) {
	troubles, err := db.Troubles(ctx, now.Add(-statusDay))
	var rows []statusRow
	for _, t := range troubles {
		rows = append(rows, errorRow{"error", t.Outcome, t.Reason, t.Looks, t.Articles, seconds(t.Last), t.URL, t.Detail})
	}
	return rows, err
}

// A gapRow is a spell in which nobody watched.
type gapRow struct {
	Type   string           `json:"type"` // "gap"
	At     time.Time        `json:"at"`
	Until  time.Time        `json:"until,omitzero"` // absent while it lasts
	Reason tracker.GapCause `json:"reason"`
	Detail string           `json:"detail"`
}

func (r gapRow) text() string {
	at := "since " + when(r.At)
	if !r.Until.IsZero() {
		at = spell(r.At, r.Until)
	}
	return at + "  " + r.Detail
}

// An overdueRow says how many articles wait for a look that should have been.
type overdueRow struct {
	Type     string    `json:"type"` // "overdue"
	Articles int       `json:"articles"`
	Since    time.Time `json:"since"`
}

func (r overdueRow) text() string {
	return fmt.Sprintf("overdue now: %s, the first since %s", diffview.Count(r.Articles, "article"), when(r.Since))
}

// overdueFrom is how long an article is due before it is overdue; as with gaps.
const overdueFrom = 10 * time.Minute

func gapsStatus(ctx context.Context, db *storage.DB, now time.Time) ([]statusRow, error) {
	runs, err := db.Runs(ctx, now.Add(-statusGaps))
	if err != nil {
		return nil, err
	}
	gaps := tracker.Downtimes(runs, now)
	var rows []statusRow
	for _, g := range slices.Backward(gaps[max(0, len(gaps)-statusDown):]) {
		rows = append(rows, gapRow{"gap", seconds(g.From), seconds(g.Until), g.Cause, diffview.GapWhy(g)})
	}
	n, since, err := db.Overdue(ctx, now.Add(-overdueFrom))
	if n > 0 {
		rows = append(rows, overdueRow{"overdue", n, seconds(since)})
	}
	return rows, err
}

// healthTime is how long the daemon may take to say how it is.
const healthTime = 10 * time.Second

// askHealth asks the daemon on db whether all is well.
func (a *app) askHealth(ctx context.Context, db *storage.DB) error {
	run, running, err := db.Daemon(ctx)
	switch {
	case err != nil:
		return err
	case !running:
		return fmt.Errorf("no daemon runs on %s: storydiff run starts one", db.Path())
	case !run.Ended.IsZero() || run.ID == 0:
		return errors.New("the daemon does not listen yet")
	}
	said, status, err := getHealth(ctx, reportAt(run), "text/plain")
	if err != nil {
		return fmt.Errorf("asking the daemon at %s: %w", run.Listen, cause(err))
	}
	for line := range strings.Lines(said) {
		fmt.Fprintln(a.out, diffview.OneLine(line))
	}
	if status != http.StatusOK {
		return &coded{code: exitTrouble}
	}
	return nil
}

// getHealth returns what the report at an address says of its health, in that type.
func getHealth(ctx context.Context, at, accept string) (said string, status int, err error) {
	ctx, cancel := context.WithTimeout(ctx, healthTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at+"healthz", nil)
	if err != nil {
		return "", 0, err
	}
	req.Header.Set("Accept", accept)
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // and no proxy: it is on this machine
	resp, err := client.Do(req)
	if err != nil {
		return "", 0, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	return string(body), resp.StatusCode, err
}

// getParts returns what the report at an address says of each of its parts.
func getParts(ctx context.Context, at string) ([]report.Part, error) {
	said, _, err := getHealth(ctx, at, "application/json")
	if err != nil {
		return nil, err
	}
	var health struct{ Parts []report.Part }
	return health.Parts, json.Unmarshal([]byte(said), &health)
}
