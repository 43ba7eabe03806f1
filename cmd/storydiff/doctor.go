package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"storydiff/diffview"
	"storydiff/storage"
	"storydiff/tracker"
)

func (a *app) doctorCommand() *cobra.Command {
	d := doctor{app: a}
	cmd := &cobra.Command{
		Use:   "doctor [URL]",
		Short: "Find out what is wrong with the setup, and with one address",
		Long: `Looks for what goes wrong at first: the configuration, the database, the disk, the clock, the daemon and the address it
is to listen at; and with an address, whether its host is found, whether its robots.txt lets it be fetched, where it
leads, what is read of its page, and when it would be looked at. Each line is ok, warn or fail, and says what to do. It
changes nothing but the schema of a database that an older version made, and ends with 1 if anything fails.`,
		Args: takes(0, 1, "at most one address"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if flag := cmd.Flags().Lookup("contact"); flag != nil {
				contact := flag.Value.String()
				d.contact = &contact
			}
			ctx, stop := orderly(cmd.Context())
			defer stop()
			return d.examine(ctx, args)
		},
	}
	d.daemon.register(cmd)
	d.net.register(cmd.Flags())
	d.read.register(cmd.Flags())
	cmd.Flags().BoolVar(&d.asJSON, "json", false, "print a JSON object a line")
	return cmd
}

// A verdict is how it stands with one thing.
type verdict string

const (
	well  verdict = "ok"
	doubt verdict = "warn"
	ill   verdict = "fail"
)

// A finding is what the doctor says of one thing.
type finding struct {
	Check   string  `json:"check"`
	Verdict verdict `json:"verdict"`
	Text    string  `json:"text"`
	Advice  string  `json:"advice,omitempty"` // what to do about it
}

// A doctor looks for what is wrong.
type doctor struct {
	app     *app
	daemon  daemon
	net     network
	read    reading
	contact *string // what servers are told of who asks; nil: there is no such setting
	asJSON  bool

	db     *storage.DB // nil: there is none, or it cannot be opened
	failed bool
	err    error // the first of printing
}

// say prints one finding.
func (d *doctor) say(check string, v verdict, text, advice string) {
	d.failed = d.failed || v == ill
	f := finding{check, v, text, advice}
	err := error(nil)
	if d.asJSON {
		err = diffview.WriteRow(d.app.out, f)
	} else {
		line := fmt.Sprintf("%-4s  %s: %s", v, check, diffview.OneLine(text))
		if advice != "" {
			line += ": " + diffview.OneLine(advice)
		}
		_, err = fmt.Fprintln(d.app.out, line)
	}
	if d.err == nil {
		d.err = err
	}
}

func (d *doctor) examine(ctx context.Context, args []string) (err error) {
	d.configuration()
	d.database(ctx)
	if d.db != nil {
		defer func() { err = errors.Join(err, d.db.Close()) }()
	}
	d.disk()
	d.clock(ctx)
	running := d.whoRuns(ctx)
	d.port(ctx, running)
	d.identity()
	for _, address := range args {
		if err := d.address(ctx, address); err != nil {
			return err
		}
	}
	if d.err == nil && d.failed {
		return &coded{code: exitTrouble}
	}
	return d.err
}

func (d *doctor) configuration() {
	err := d.app.misconfigured
	if err == nil {
		err = d.read.load()
	}
	_, statErr := os.Stat(d.app.config)
	switch {
	case err != nil:
		d.say("configuration", ill, err.Error(), "mend it; storydiff help COMMAND lists the settings, which are named as the flags are")
	case d.app.config == "" || errors.Is(statErr, fs.ErrNotExist):
		d.say("configuration", well, "there is no "+defaultConfig+" here, and none is needed", "")
	default:
		d.say("configuration", well, d.app.config+" is understood", "")
	}
}

func (d *doctor) database(ctx context.Context) {
	db, err := d.app.openExisting(ctx)
	if none, ok := errors.AsType[noDatabase](err); ok {
		folder := filepath.Dir(string(none))
		if err := mayWrite(folder); err != nil {
			d.say("database", ill, fmt.Sprintf("there is none yet, and none can be made in %s: %v", folder, err), "name a place for it with --db, or let its folder be written to")
			return
		}
		d.say("database", doubt, fmt.Sprintf("there is none at %s yet", string(none)), "storydiff add URL makes one; --db names another place")
		return
	}
	if err == nil {
		d.db, err = db, db.Health(ctx)
	}
	if err != nil {
		d.say("database", ill, err.Error(), "")
		return
	}
	n, err := db.Counts(ctx)
	schema, schemaErr := db.Schema(ctx)
	if err := errors.Join(err, schemaErr); err != nil {
		d.say("database", ill, err.Error(), "")
		return
	}
	d.say("database", well, fmt.Sprintf("%s can be read and written; schema %d, %s", db.Path(), schema, diffview.Count(n.Active+n.Gone+n.Paused+n.Retired, "article")), "")
}

// mayWrite tries to make a file in a folder.
func mayWrite(folder string) error {
	file, err := os.CreateTemp(folder, ".storydiff-*")
	if err != nil {
		return pathless(err)
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}

// scarce is how much room on a disk is worth a warning: about what 1,000 articles
// take in a year.
const scarce = 1 << 30

func (d *doctor) disk() {
	folder := filepath.Dir(d.app.db)
	if d.db != nil {
		folder = filepath.Dir(d.db.Path())
	}
	disk, ok := storage.DiskOf(folder)
	switch {
	case !ok:
		return // it is not known on this system, or there is no such folder, which was said
	case disk.Free < storage.LeastFree:
		d.say("disk", ill, diskText(disk), "make room, or move the database with --db")
	case disk.Free < scarce:
		d.say("disk", doubt, diskText(disk), "pages are kept for good, so it will fill")
	default:
		d.say("disk", well, diskText(disk), "")
	}
}

// released is before this version of the program was made: no clock may show less.
var released = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// clock holds the clock against what is known without a network.
func (d *doctor) clock(ctx context.Context) {
	now := time.Now()
	if now.Before(released) {
		d.say("clock", ill, fmt.Sprintf("it shows %s, before this program was made", when(now)), "set it: the times of all that is seen are taken from it")
		return
	}
	if d.db == nil {
		return
	}
	run, _, err := d.db.Daemon(ctx)
	if err == nil && run.Alive.Sub(now) > time.Minute {
		d.say("clock", ill, fmt.Sprintf("it shows %s, and the last daemon ran until %s", when(now), when(run.Alive)), "set it: it went back, or was wrong then")
	}
}

// whoRuns says whether a daemon runs, and returns its run if one does.
func (d *doctor) whoRuns(ctx context.Context) *tracker.DaemonRun {
	if d.db == nil {
		return nil
	}
	run, running, err := d.db.Daemon(ctx)
	switch {
	case err != nil:
		d.say("daemon", ill, err.Error(), "")
	case !running:
		d.say("daemon", doubt, "none runs on this database, so nobody looks at its articles", "storydiff run starts one")
	case !run.Ended.IsZero() || run.ID == 0:
		d.say("daemon", doubt, "one is starting or ending", "ask again in a moment")
	default:
		d.health(ctx, &run)
		return &run
	}
	return nil
}

// health says how the daemon is that runs.
func (d *doctor) health(ctx context.Context, run *tracker.DaemonRun) {
	who := fmt.Sprintf("process %d runs since %s", run.PID, when(run.Began))
	said, status, err := getHealth(ctx, reportAt(*run), "text/plain")
	switch {
	case err != nil:
		d.say("daemon", ill, fmt.Sprintf("%s, but does not answer at %s: %v", who, run.Listen, cause(err)), "look into its log, or start it again")
	case status != 200:
		d.say("daemon", ill, fmt.Sprintf("%s, and is not well: %s", who, said), "its log says more")
	default:
		d.say("daemon", well, who+", and says that all is well", "")
	}
}

// port says whether the report can be served where it is to be.
func (d *doctor) port(ctx context.Context, running *tracker.DaemonRun) {
	listen := d.daemon.listen
	if err := cmp.Or(d.daemon.access.load(d.app.given), d.daemon.check()); err != nil {
		d.say("report", ill, err.Error(), "")
		return
	}
	if running != nil && sameAddress(running.Listen, listen) {
		d.say("report", well, "the daemon serves it at "+reportAt(*running), "")
		return
	}
	ln, err := d.daemon.open()
	if err == nil {
		ln.Close()
		d.say("report", well, listen+" is free for it", "")
		return
	}
	said, status, healthErr := getHealth(ctx, "http://"+reachable(listen)+"/", "text/plain")
	switch {
	case healthErr == nil && status == 200 && said == "ok\n":
		d.say("report", doubt, "another storydiff serves a report at "+listen, "choose another address with --listen")
	default:
		d.say("report", ill, fmt.Sprintf("%s cannot be listened at: %v", listen, cause(err)), "another program may have it; choose another address with --listen")
	}
}

// sameAddress reports whether two addresses to listen at are one.
func sameAddress(a, b string) bool {
	x, errX := net.ResolveTCPAddr("tcp", a)
	y, errY := net.ResolveTCPAddr("tcp", b)
	return errX == nil && errY == nil && x.Port == y.Port && x.IP.Equal(y.IP)
}

// identity says whether servers are told whom to write to.
func (d *doctor) identity() {
	switch {
	case d.contact == nil:
	case strings.TrimSpace(*d.contact) == "":
		d.say("contact", doubt, "servers are not told who asks", "set --contact to an address of yours, so that they can write before they block you")
	default:
		d.say("contact", well, "servers are told to turn to "+*d.contact, "")
	}
}
