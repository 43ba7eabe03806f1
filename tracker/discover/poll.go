package discover

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"storydiff/tracker/fetch"
)

// A Store keeps sources and what was seen in them.
type Store interface {
	// DueSources returns the sources whose next poll is at or before now, the
	// most overdue first.
	DueSources(ctx context.Context, now time.Time) ([]Source, error)

	// SeenLinks returns by identity the links that were taken up from a source.
	SeenLinks(ctx context.Context, sourceID int64) (map[string]Seen, error)

	// SourceParts returns the sitemaps of an index.
	SourceParts(ctx context.Context, sourceID int64) ([]Part, error)

	// KnownAddresses returns the addresses on a host that proved to be articles,
	// and those that proved to be none, some thousand at most of each.
	KnownAddresses(ctx context.Context, host string) (articles, others []string, err error)

	// PullForward has an article looked at sooner, as tracker.Sooner says, and notes
	// that the source gave the hint. false: one was believed within the last five
	// minutes, or since the last look where trust is below a half; it is due no later
	// anyway, has times of its own, or is not looked at because of how it stands.
	PullForward(ctx context.Context, sourceID, articleID int64, now time.Time, trust float64) (bool, error)

	// RecordPoll stores in one transaction how the source stands and what was
	// seen, and tracks the new articles, as many as the source's limit for the
	// day of p.At leaves room for. An article that somebody removed is not taken
	// up again. It fills in p.Taken, p.Tracked and of p.Source Articles, Left and
	// LastNew. A source that was removed meanwhile is tracker.ErrNotFound.
	RecordPoll(ctx context.Context, p *Poll) error
}

// A Getter fetches pages; *[fetch.Client] is one.
type Getter interface {
	Get(ctx context.Context, r fetch.Request) (*fetch.Page, error)
}

// A Poller looks at sources. Log must be set.
type Poller struct {
	Store  Store
	Fetch  Getter
	Log    *slog.Logger
	Tell   func(*Poll)    // is told of each poll once it is stored; nil: nobody is
	Random func() float64 // at least 0 and below 1; nil: at random

	mu   sync.Mutex
	busy map[string]bool // hosts whose sources are being polled
	all  sync.WaitGroup
}

// Run looks for due sources whenever ticks says so, beginning at once, and polls
// them: hosts side by side, the sources of one host one after the other. It
// returns nil when ctx ends and the polls in hand are over, and an error where
// the store fails.
func (p *Poller) Run(ctx context.Context, ticks cron.Schedule) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	tick := func() {
		if err := p.tick(ctx, stop); err != nil && ctx.Err() == nil {
			stop(err)
		}
	}
	clock := cron.New(cron.WithLocation(time.UTC), cron.WithChain(cron.SkipIfStillRunning(cron.DiscardLogger)))
	clock.Schedule(ticks, cron.FuncJob(tick))
	clock.Start()
	tick()
	<-ctx.Done()
	<-clock.Stop().Done()
	p.all.Wait()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// tick sets somebody to work on each host that has due sources.
func (p *Poller) tick(ctx context.Context, stop context.CancelCauseFunc) error {
	due, err := p.Store.DueSources(ctx, time.Now())
	if err != nil {
		return fmt.Errorf("asking which sources are due: %w", err)
	}
	byHost := map[string][]Source{}
	for _, s := range due {
		byHost[s.Host] = append(byHost[s.Host], s)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.busy == nil {
		p.busy = map[string]bool{}
	}
	for host, sources := range byHost {
		if p.busy[host] {
			continue
		}
		p.busy[host] = true
		p.all.Go(func() {
			defer p.done(host)
			for _, s := range sources {
				if err := p.poll(ctx, s); err != nil && ctx.Err() == nil {
					stop(err)
				}
			}
		})
	}
	return nil
}

func (p *Poller) done(host string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.busy, host)
}

// poll is Poll for the daemon: a source that was removed meanwhile is no error.
func (p *Poller) poll(ctx context.Context, s Source) error {
	if ctx.Err() != nil {
		return nil
	}
	polled, err := p.Poll(ctx, s)
	if errors.Is(err, errRemoved) || ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	at := &polled.Source
	if at.Outcome == OutcomeFailed {
		p.Log.WarnContext(ctx, "source not read", "url", at.URL, "reason", at.Reason, "detail", at.Detail, "failures", at.Failures, "next", at.NextPoll)
	} else {
		p.Log.InfoContext(ctx, "source polled", "url", at.URL, "outcome", string(at.Outcome), "articles", polled.Taken, "left", at.Left, "hints", polled.Hints, "next", at.NextPoll)
	}
	return nil
}

// Poll looks at a source now, due or not, and records what came of it. That it
// could not be read is no error: the poll says so. The error is that of ctx or of
// the store.
func (p *Poller) Poll(ctx context.Context, s Source) (*Poll, error) {
	now := time.Now().UTC()
	got, err := p.look(ctx, &s, now)
	if err != nil {
		if trouble, ok := errors.AsType[*Trouble](err); ok && ctx.Err() == nil {
			return p.record(ctx, failed(s, trouble, now))
		}
		return nil, err
	}
	return p.take(ctx, s, got, now)
}

// Taken records what was already read of a source, as at its discovery.
func (p *Poller) Taken(ctx context.Context, s Source, page *fetch.Page, r *Reading) (*Poll, error) {
	now := time.Now().UTC()
	got := &sight{reading: r}
	got.answered(page)
	if r.Kind == KindIndex {
		err := p.parts(ctx, &s, got, r.Maps, now)
		if trouble, ok := errors.AsType[*Trouble](err); ok && ctx.Err() == nil {
			return p.record(ctx, failed(s, trouble, now))
		}
		if err != nil {
			return nil, err
		}
	}
	return p.take(ctx, s, got, now)
}

// take sifts what was seen, has tracked articles looked at sooner, and records
// the poll.
func (p *Poller) take(ctx context.Context, s Source, got *sight, now time.Time) (*Poll, error) {
	polled := &Poll{Source: s, At: now, Parts: got.parts}
	after := &polled.Source
	if got.reading != nil {
		if err := p.sift(ctx, polled, got.reading, now); err != nil {
			return nil, err
		}
	} else {
		after.learn(0, now)
	}
	after.Outcome, after.Reason, after.Detail = OutcomeRead, "", got.remark
	if got.reading == nil {
		after.Outcome, after.Detail = OutcomeNotModified, s.Detail
		if s.Failures > 0 {
			after.Detail = ""
		}
	}
	after.ETag, after.LastModified = got.etag, got.lastModified
	after.LastPoll, after.LastRead, after.Failures, after.SickSince = now, now, 0, time.Time{}
	wait := after.wait(p.random())
	if s.Every == 0 {
		wait = max(wait, got.fresh)
	}
	after.NextPoll = now.Add(wait)
	return p.record(ctx, polled)
}

// sift fills in the links of a poll.
func (p *Poller) sift(ctx context.Context, polled *Poll, r *Reading, now time.Time) error {
	s := &polled.Source
	seen, err := p.Store.SeenLinks(ctx, s.ID)
	if err != nil {
		return fmt.Errorf("looking up what %s showed: %w", s.URL, err)
	}
	out, err := s.sift(r.Links, seen, now)
	if err != nil {
		return err
	}
	trust := trustIn(seen, now)
	for _, l := range out.hinted {
		pulled, err := p.Store.PullForward(ctx, s.ID, seen[l.Identity].Article, now, trust)
		if err != nil {
			return fmt.Errorf("looking sooner at %s: %w", l.URL, err)
		}
		if pulled {
			polled.Hints++
			polled.Known = append(polled.Known, l)
		}
	}
	polled.New, polled.Known = out.fresh, append(polled.Known, out.known...)
	polled.Old, polled.Others = out.old, out.others
	if s.LastRead.IsZero() {
		s.Rate = firstRate(r.Links, now)
	} else {
		s.learn(max(0, len(out.fresh)-s.Left)+len(out.hinted), now)
	}
	s.Kind = r.Kind
	if r.Title != "" {
		s.Title = r.Title
	}
	return nil
}

func (p *Poller) random() float64 {
	if p.Random != nil {
		return p.Random()
	}
	return rand.Float64()
}

// errRemoved is the error of recording a poll of a source that is no more.
var errRemoved = errors.New("the source was removed meanwhile")

func (p *Poller) record(ctx context.Context, polled *Poll) (*Poll, error) {
	if polled.Source.Outcome == OutcomeFailed || polled.Source.Outcome == OutcomeSkipped {
		polled.Source.NextPoll = p.after(polled)
	}
	if err := p.Store.RecordPoll(context.WithoutCancel(ctx), polled); err != nil {
		if isNotFound(err) {
			return nil, errRemoved
		}
		return nil, fmt.Errorf("recording a poll of %s: %w", polled.Source.URL, err)
	}
	if p.Tell != nil {
		p.Tell(polled)
	}
	return polled, nil
}

// after returns when to poll again after a failure, or when the host can be asked.
func (p *Poller) after(polled *Poll) time.Time {
	return later(polled.At.Add(polled.Source.wait(p.random())), polled.Source.NextPoll)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// failed returns the poll of a source that could not be read. What was known of
// it stays.
func failed(s Source, why *Trouble, now time.Time) *Poll {
	s.LastPoll, s.Outcome, s.Reason, s.Detail = now, OutcomeFailed, why.Reason, why.Detail
	s.NextPoll = now.Add(why.Wait)
	if why.Wait > 0 {
		s.Outcome = OutcomeSkipped // the host is asked no more, and the source no sicker for it
		return &Poll{Source: s, At: now}
	}
	s.Failures++
	if s.SickSince.IsZero() {
		s.SickSince = now
	}
	return &Poll{Source: s, At: now}
}

// A sight is what a look at a source showed.
type sight struct {
	reading            *Reading // nil: nothing new
	etag, lastModified string
	fresh              time.Duration // for how long the server wants it to be kept
	parts              []Part
	remark             string
}

// answered keeps what an answer says for the next request.
func (g *sight) answered(page *fetch.Page) {
	g.etag, g.lastModified = page.Header.Get("ETag"), page.Header.Get("Last-Modified")
	for field := range strings.SplitSeq(page.Header.Get("Cache-Control"), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		if n, err := strconv.Atoi(strings.Trim(value, `"`)); err == nil && strings.EqualFold(name, "max-age") && n > 0 {
			g.fresh = min(maxFresh, time.Duration(min(n, 86400))*time.Second)
		}
	}
}

// look fetches a source and reads it. The error is a *Trouble where it could not
// be read.
func (p *Poller) look(ctx context.Context, s *Source, now time.Time) (*sight, error) {
	got := &sight{}
	r := fetch.Request{URL: s.URL, ETag: s.ETag, LastModified: s.LastModified}
	if s.owes(now) {
		r.ETag, r.LastModified = "", ""
	}
	page, err := get(ctx, p.Fetch, r)
	if err != nil {
		return nil, err
	}
	got.answered(page)
	if page.NotModified() {
		// A 304 may leave out what did not change (RFC 9110 section 15.4.5).
		got.etag, got.lastModified = orElse(got.etag, s.ETag), orElse(got.lastModified, s.LastModified)
		if s.Kind == KindIndex {
			err = p.parts(ctx, s, got, nil, now)
		}
		return got, err
	}
	in := Input{Body: page.Body, ContentType: page.Header.Get("Content-Type"), URL: page.Final, NoPage: s.Kind != "" && s.Kind != KindFront}
	if !in.NoPage {
		if in.Articles, in.Others, err = p.Store.KnownAddresses(ctx, s.Host); err != nil {
			return nil, fmt.Errorf("looking up what is known of %s: %w", s.Host, err)
		}
	}
	if got.reading, err = read(in); err != nil {
		return nil, err
	}
	if got.reading.Kind == KindIndex {
		err = p.parts(ctx, s, got, got.reading.Maps, now)
	}
	if got.reading != nil && got.reading.Left > 0 {
		got.remark = fmt.Sprintf("it names %d more than are read", got.reading.Left)
	}
	return got, err
}

// owes reports whether articles wait for the limit of a new day, so that the
// source must be read even where it did not change.
func (s *Source) owes(now time.Time) bool {
	return s.Left > 0 && now.UTC().Truncate(24*time.Hour).After(s.LastRead.UTC().Truncate(24*time.Hour))
}

func orElse(s, instead string) string {
	if s != "" {
		return s
	}
	return instead
}

// read is Read for a source: an outline is none, and a page without articles is
// trouble.
func read(in Input) (*Reading, error) {
	r, err := Read(in)
	switch {
	case err != nil:
		return nil, err
	case r.Kind == KindOutline:
		return nil, troubled("not-a-source", "%s lists feeds: add it with --file", in.URL)
	case r.Kind == KindFront && len(r.Links) == 0:
		return nil, troubled("no-links", "%s is a page without links to articles of its site", in.URL)
	}
	return r, nil
}

// get fetches a page. The error is a *Trouble where what came is none.
func get(ctx context.Context, from Getter, r fetch.Request) (*fetch.Page, error) {
	page, err := from.Get(ctx, r)
	if e, ok := errors.AsType[*fetch.Error](err); ok && ctx.Err() == nil {
		return nil, &Trouble{Reason: e.Reason, Detail: e.Detail, Wait: e.Wait}
	}
	if err != nil {
		return nil, err
	}
	if page.Status != http.StatusOK && !page.NotModified() {
		return nil, troubled("http-"+strconv.Itoa(page.Status), "%s answered %d %s", r.URL, page.Status, http.StatusText(page.Status))
	}
	return page, nil
}
