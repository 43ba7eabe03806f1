package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"storydiff/diffview"
	"storydiff/diffview/message"
	"storydiff/storage"
	"storydiff/tracker/alert"
	"storydiff/tracker/extract"
)

// alerting is what whoever sends alerts needs of the flags and the configuration.
type alerting struct {
	publicURL string
	settings  *alert.Settings
}

func (t *alerting) register(flags *pflag.FlagSet) {
	publicURLFlag(flags, &t.publicURL)
}

func publicURLFlag(flags *pflag.FlagSet, address *string) {
	flags.StringVar(address, "public-url", "", "the `address` of the report as its readers see it, for links in alerts and feeds; its host may be asked for")
}

// checkPublicURL refuses what can be no address of a report; none is fine.
func checkPublicURL(address string) error {
	if address == "" {
		return nil
	}
	if err := message.CheckReport(address); err != nil {
		return misusef("--public-url %q: %w", address, err)
	}
	return nil
}

// load reads rules and channels; what is wrong with them is misuse.
func (t *alerting) load(a *app) error {
	if err := checkPublicURL(t.publicURL); err != nil {
		return err
	}
	settings, err := a.alertSettings()
	t.settings = settings
	return err
}

func (a *app) alertSettings() (*alert.Settings, error) {
	settings, err := alert.NewSettings(a.alerts, a.channels, os.Getenv)
	if err != nil {
		return nil, misusef("%s: %w", a.config, err)
	}
	return settings, nil
}

// courier returns what delivers the alerts that lie in db.
func (t *alerting) courier(db *storage.DB, netw *network, rules *extract.Rules, log *slog.Logger) (*alert.Courier, error) {
	senders, err := t.settings.Senders(alert.Options{AllowPrivate: netw.allowPrivate, UserAgent: netw.userAgent})
	if err != nil {
		return nil, err
	}
	drawer := &message.Drawer{Source: db, Rules: rules, Report: t.publicURL}
	return &alert.Courier{Outbox: db, Senders: senders, Draw: drawer.Draw, Owner: owner(), Log: log}, nil
}

const alertHelp = `Alerts tell people of changes while storydiff runs. Rules and channels stand in the configuration:

  public-url: https://news.example.org/edits    # where the report is seen, for links
  channels:
    desk:
      email: {host: smtp.example.org, username: desk, password: $SMTP_PASSWORD, from: desk@example.org, to: [editor@example.org]}
    bot:
      webhook: {url: "https://bot.example.org/hook", secret: $HOOK_SECRET}
    room:
      chat: $ROOM_ADDRESS
  alerts:
    - name: silent figures
      when: {tags: [politics], kinds: [number, quote], disclosure: silent, significance: notable}
      to: [desk, bot]
    - name: every morning
      when: {outlets: [example.com], events: [change, gone]}
      to: room
      digest: 1d
      at: 07:00

A rule chooses by all that stands under when: tags, outlets, kinds and disclosure (of a list, any), significance (the
least: major, notable, minor or a number from 0 to 100), and events: change, which is all where events is left out,
gone, restored, blocked, missing, moved and merged. What it chooses is sent at once, or with digest (1h, 1d, 1w …)
together: at the full hour, at midnight or at another time of day (at), on Mondays; in UTC.

An email channel takes host, port (587), tls (starttls, tls or none), username, password, from and to. A webhook takes
url, secret (whsec_ and 24 to 64 random bytes in base64; of a list the first is the current one) and allow-private; its
JSON is signed as Standard Webhooks has it: webhook-id is the same at every attempt, webhook-timestamp is that of the
attempt, and webhook-signature is v1, and the HMAC-SHA256 of webhook-id.webhook-timestamp.body in base64. A chat channel
is an address as shoutrrr writes it. $NAME stands for a variable of the environment.

What cannot be delivered is tried again for 24 hours, and given up then. A message may come twice after a crash.`

func (a *app) alertCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "alert",
		Short: "Show who is told of what, and try it out",
		Long:  alertHelp,
		Args:  takes(0, 0, "list or test"),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.alertListCommand(), a.alertTestCommand())
	return cmd
}

func (a *app) alertTestCommand() *cobra.Command {
	var (
		tell    alerting
		private bool
		agent   string
		asJSON  bool
	)
	cmd := &cobra.Command{
		Use:   "test [CHANNEL…]",
		Short: "Send a made-up change to each channel now",
		Long: `Sends a made-up change to the named channels, or to all, and says of each what happened.
Exit code 1: one could not be reached, or did not take it.`,
		RunE: func(cmd *cobra.Command, names []string) error {
			if err := tell.load(a); err != nil {
				return err
			}
			channels, err := chosenChannels(tell.settings, names)
			if err != nil {
				return err
			}
			options := alert.Options{AllowPrivate: private, UserAgent: agent}
			sample := (&message.Drawer{Report: tell.publicURL}).Sample(time.Now())
			return a.alertTest(cmd.Context(), channels, options, sample, asJSON)
		},
	}
	tell.register(cmd.Flags())
	cmd.Flags().BoolVar(&private, "allow-private", false, "let webhooks go to loopback and private addresses")
	cmd.Flags().StringVar(&agent, "user-agent", "storydiff/"+release, "how we name ourselves to webhooks")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object a line")
	return cmd
}

// chosenChannels returns the channels of the given names, or all.
func chosenChannels(settings *alert.Settings, names []string) ([]alert.Channel, error) {
	if len(names) == 0 {
		if len(settings.Channels) == 0 {
			return nil, errors.New("no channel is configured: storydiff help alert says how")
		}
		return settings.Channels, nil
	}
	var out []alert.Channel
	for _, name := range names {
		c, ok := settings.Channel(name)
		if !ok {
			return nil, misusef("no channel is called %q: storydiff alert list shows them", name)
		}
		out = append(out, c)
	}
	return out, nil
}

// A trialRow is what came of sending a made-up change to a channel.
type trialRow struct {
	Channel string `json:"channel"`
	Kind    string `json:"kind"`
	Where   string `json:"where"`
	OK      bool   `json:"ok"`
	Elapsed int64  `json:"elapsed_ms"`
	Error   string `json:"error,omitempty"`
}

// trials is how many channels are tried at once.
const trials = 8

func (a *app) alertTest(ctx context.Context, channels []alert.Channel, options alert.Options, sample alert.Message, asJSON bool) error {
	rows := make([]trialRow, len(channels))
	slots := make(chan struct{}, trials)
	var all sync.WaitGroup
	for i, c := range channels {
		slots <- struct{}{}
		all.Go(func() {
			rows[i] = try(ctx, c, options, sample)
			<-slots
		})
	}
	all.Wait()
	failed := false
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		failed = failed || !row.OK
		if asJSON {
			if err := diffview.WriteRow(a.out, row); err != nil {
				return err
			}
			continue
		}
		said := fmt.Sprintf("delivered in %v", time.Duration(row.Elapsed)*time.Millisecond)
		if !row.OK {
			said = "failed: " + diffview.OneLine(row.Error)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", row.Channel, row.Kind, diffview.OneLine(row.Where), said)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if failed {
		return &coded{code: exitTrouble}
	}
	return nil
}

func try(ctx context.Context, c alert.Channel, options alert.Options, sample alert.Message) trialRow {
	began := time.Now()
	sender, err := c.Sender(options)
	if err == nil {
		key := fmt.Sprintf("msg_test%x", began.UnixNano())
		err = sender.Send(ctx, alert.Delivery{Key: key, At: began, Message: sample})
	}
	row := trialRow{Channel: c.Name, Kind: c.Kind, Where: c.Where, OK: err == nil, Elapsed: time.Since(began).Milliseconds()}
	if err != nil {
		row.Error = err.Error()
	}
	return row
}

func (a *app) alertListCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Show rules and channels, and what is waiting for them",
		Args:  takes(0, 0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := a.alertSettings()
			if err != nil {
				return err
			}
			var states []alert.ChannelState
			err = a.withDB(cmd.Context(), a.openExisting, func(db *storage.DB) (err error) {
				states, err = db.Channels(cmd.Context())
				return err
			})
			if _, none := errors.AsType[noDatabase](err); err != nil && !none {
				return err
			}
			return a.alertList(settings, states, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object a line")
	return cmd
}

// A ruleRow is the row of a rule.
type ruleRow struct {
	Type   string   `json:"type"` // "rule"
	Name   string   `json:"name"`
	When   string   `json:"when"` // in words
	To     []string `json:"to"`
	Digest string   `json:"digest,omitempty"`
	At     string   `json:"at,omitempty"` // time of day, UTC
}

// A channelRow is the row of a channel.
type channelRow struct {
	Type     string    `json:"type"` // "channel"
	Name     string    `json:"name"`
	Kind     string    `json:"kind,omitempty"` // absent where it is not in the configuration any more
	Where    string    `json:"where,omitempty"`
	Pending  int       `json:"pending"`
	GivenUp  int       `json:"given_up"` // in the last 30 days
	Oldest   time.Time `json:"oldest_pending,omitzero"`
	Next     time.Time `json:"next_attempt,omitzero"`
	Sent     int       `json:"sent"`
	SentAt   time.Time `json:"last_sent,omitzero"`
	Failures int       `json:"failures_in_a_row"`
	Error    string    `json:"last_error,omitempty"`
	ErrorAt  time.Time `json:"last_error_at,omitzero"`
}

func (a *app) alertList(settings *alert.Settings, states []alert.ChannelState, asJSON bool) error {
	rules, channels := ruleRows(settings), channelRows(settings, states)
	if asJSON {
		for _, row := range rules {
			if err := diffview.WriteRow(a.out, row); err != nil {
				return err
			}
		}
		for _, row := range channels {
			if err := diffview.WriteRow(a.out, row); err != nil {
				return err
			}
		}
		return nil
	}
	if len(rules)+len(channels) == 0 {
		fmt.Fprintln(a.err, "no alerts are configured: storydiff help alert says how")
	}
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, row := range rules {
		fmt.Fprintf(table, "rule\t%s\t%s\n", row.Name, row.said())
	}
	for _, row := range channels {
		fmt.Fprintf(table, "channel\t%s\t%s\n", row.Name, row.said())
	}
	return table.Flush()
}

func ruleRows(settings *alert.Settings) (rows []ruleRow) {
	for _, r := range settings.Rules {
		row := ruleRow{Type: "rule", Name: r.Name, When: r.String(), To: r.To}
		if r.Digest > 0 {
			row.Digest = periodText(r.Digest)
		}
		if r.Digest%(24*time.Hour) == 0 && r.Digest > 0 {
			row.At = time.Time{}.Add(r.At).Format("15:04")
		}
		rows = append(rows, row)
	}
	return rows
}

// periodText writes a period as it is written in the configuration.
func periodText(d time.Duration) string {
	for _, unit := range []struct {
		of   time.Duration
		name string
	}{{7 * 24 * time.Hour, "w"}, {24 * time.Hour, "d"}, {time.Hour, "h"}} {
		if d%unit.of == 0 {
			return fmt.Sprintf("%d%s", d/unit.of, unit.name)
		}
	}
	return fmt.Sprintf("%dm", d/time.Minute)
}

func (r ruleRow) said() string {
	out := r.When + " → " + strings.Join(r.To, ", ")
	if r.Digest != "" {
		out += ", digest every " + r.Digest
	}
	if r.At != "" {
		out += " at " + r.At + " UTC"
	}
	return out
}

// channelRows returns the configured channels, and then those that are no more
// but still have something to tell.
func channelRows(settings *alert.Settings, states []alert.ChannelState) (rows []channelRow) {
	known := map[string]alert.ChannelState{}
	for _, s := range states {
		known[s.Name] = s
	}
	for _, c := range settings.Channels {
		rows = append(rows, newChannelRow(c, known[c.Name]))
		delete(known, c.Name)
	}
	for _, s := range states {
		if _, left := known[s.Name]; left && s.Pending+s.GivenUp > 0 {
			rows = append(rows, newChannelRow(alert.Channel{Name: s.Name}, s))
		}
	}
	return rows
}

func newChannelRow(c alert.Channel, s alert.ChannelState) channelRow {
	return channelRow{
		Type: "channel", Name: c.Name, Kind: c.Kind, Where: c.Where, Pending: s.Pending, GivenUp: s.GivenUp, Oldest: s.Oldest, Next: s.Next,
		Sent: s.Sent, SentAt: s.SentAt, Failures: s.Failures, Error: s.Error, ErrorAt: s.ErrorAt,
	}
}

func (r channelRow) said() string {
	out := r.Kind + " " + diffview.OneLine(r.Where)
	if r.Kind == "" {
		out = "not in the configuration any more"
	}
	out += fmt.Sprintf("; %d sent, %d pending, %d given up", r.Sent, r.Pending, r.GivenUp)
	if r.Failures > 0 && r.Pending > 0 {
		out += ", next attempt " + when(r.Next)
	}
	if r.Error != "" {
		out += fmt.Sprintf("; last error %s: %s", when(r.ErrorAt), diffview.OneLine(r.Error))
	}
	return out
}
