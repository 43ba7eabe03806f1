package alert_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/alert"
	"storydiff/tracker/revision"
)

// A shelf is an outbox in memory, for tests on which time passes; storagetest
// holds a real one against the same words.
type shelf struct {
	mu      sync.Mutex
	rows    []*row
	retry   map[string]time.Time
	fails   map[string]int
	sent    map[string]int // messages, by channel
	ours    map[int]bool   // versions whose change was withdrawn
	gone    map[int]bool   // versions of which nothing is kept
	givenUp int
	last    int64 // ID that was given
	back    int   // notices that were given back
	asked   int   // how often for what is due
	bad     error // the answer to that; nil: it answers

	errors map[string]string // the last of each channel
}

func newShelf() *shelf {
	return &shelf{retry: map[string]time.Time{}, fails: map[string]int{}, sent: map[string]int{}, ours: map[int]bool{}, gone: map[int]bool{}, errors: map[string]string{}}
}

type row struct {
	alert.Pending
	channel     string
	next, first time.Time
}

func (s *shelf) put(r *tracker.Record, notices []tracker.Notice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range notices {
		s.last++
		p := alert.Pending{ID: s.last, Article: 1, Batch: n.Batch, Payload: n.Payload, Created: time.Now()}
		if r.Change != nil && n.Event == "" {
			p.Version = r.Change.To
		}
		s.rows = append(s.rows, &row{Pending: p, channel: n.Channel, next: n.Due})
	}
}

func (s *shelf) DueChannels(_ context.Context, now time.Time) (due []alert.Due, _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	if s.bad != nil {
		return nil, s.bad
	}
	seen := map[string]bool{}
	for _, r := range s.rows {
		if !r.next.After(now) && !s.retry[r.channel].After(now) && !seen[r.channel] {
			seen[r.channel] = true
			due = append(due, alert.Due{Channel: r.channel, Failures: s.fails[r.channel], Proven: s.sent[r.channel] > 0})
		}
	}
	slices.SortStableFunc(due, func(x, y alert.Due) int {
		return cmp.Or(x.Failures-y.Failures, min(s.sent[y.Channel], 1)-min(s.sent[x.Channel], 1))
	})
	return due, nil
}

func (s *shelf) TakeNotices(_ context.Context, channel, _ string, now time.Time, ttl time.Duration) (taken []alert.Pending, _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var first *row
	for _, r := range s.rows {
		if r.channel == channel && !r.next.After(now) && !s.retry[channel].After(now) && (first == nil || r.Attempts < first.Attempts) {
			first = r
		}
	}
	for _, r := range s.rows {
		if first != nil && (r == first || r.channel == channel && r.Batch != "" && r.Batch == first.Batch && !r.next.After(now)) {
			taken = append(taken, r.Pending)
			r.next = now.Add(ttl)
		}
	}
	return taken, nil
}

func (s *shelf) SentNotices(_ context.Context, channel string, ids []int64, _ time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fails[channel], s.retry[channel] = 0, time.Time{}
	s.sent[channel]++
	s.drop(ids)
	return nil
}

func (s *shelf) drop(ids []int64) {
	s.rows = slices.DeleteFunc(s.rows, func(r *row) bool { return slices.Contains(ids, r.ID) })
}

func (s *shelf) DropNotices(_ context.Context, ids []int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(ids)
	return nil
}

func (s *shelf) FailNotices(_ context.Context, f alert.Failure) (n int, _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.errors[f.Channel] = f.Error
	if !f.Retry.IsZero() {
		s.fails[f.Channel]++
		s.retry[f.Channel] = f.Retry
	}
	var lost []int64
	for _, r := range s.rows {
		if !slices.Contains(f.IDs, r.ID) {
			continue
		}
		r.Attempts++
		r.next = f.Next
		if r.first.IsZero() {
			r.first = f.At
		}
		if !r.first.After(f.GiveUp) {
			lost = append(lost, r.ID)
		}
	}
	s.drop(lost)
	s.givenUp += len(lost)
	return len(lost), nil
}

func (s *shelf) GiveBackNotices(_ context.Context, _ string, ids []int64, now time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.rows {
		if slices.Contains(ids, r.ID) {
			r.next = now
			s.back++
		}
	}
	return nil
}

func (s *shelf) Channels(context.Context) ([]alert.ChannelState, error) { return nil, nil }

func (s *shelf) Article(_ context.Context, id int64) (tracker.Article, error) {
	return tracker.Article{ID: id}, nil
}

func (s *shelf) Change(_ context.Context, id int64, from, to int) (tracker.Change, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone[to] {
		return tracker.Change{}, fmt.Errorf("change: %w", tracker.ErrNotFound)
	}
	return tracker.Change{ArticleID: id, From: from, To: to, Significance: to % 10, Ours: s.ours[to]}, nil
}

// What a test asks of a shelf, and does to it, while a courier is at work.

// withdraw makes the change to a version no newspaper's.
func (s *shelf) withdraw(to int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ours[to] = true
}

// lose drops the change to a version.
func (s *shelf) lose(to int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone[to] = true
}

// waiting returns how many notices are left.
func (s *shelf) waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.rows)
}

// lost returns how many were given up.
func (s *shelf) lost() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.givenUp
}

// failures returns how often in a row a channel failed.
func (s *shelf) failures(channel string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fails[channel]
}

// failed sets that.
func (s *shelf) failed(channel string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fails[channel] = n
}

// tries returns how often the first notice was tried.
func (s *shelf) tries() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rows[0].Attempts
}

// A receiver notes what it got, and fails as it is told.
type receiver struct {
	mu   sync.Mutex
	got  []string
	keys []string
	fail func() error
}

// failing makes a receiver fail as fail says; nil: it does not.
func (r *receiver) failing(fail func() error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fail = fail
}

// count returns how much it got.
func (r *receiver) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.got)
}

// attempts returns the keys of what was sent to it or tried.
func (r *receiver) attempts() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.keys)
}

func (r *receiver) Send(_ context.Context, d alert.Delivery) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keys = append(r.keys, d.Key)
	if r.fail != nil {
		if err := r.fail(); err != nil {
			return err
		}
	}
	r.got = append(r.got, time.Now().UTC().Format("02 15:04")+" "+d.Text)
	return nil
}

// A post is a courier with what surrounds it.
type post struct {
	*shelf
	*alert.Courier
	settings  *alert.Settings
	desk, bot *receiver
}

// inTime runs a test on which time passes as it likes, with a courier at work.
func inTime(t *testing.T, rules string, test func(t *testing.T, p *post)) {
	synctest.Test(t, func(t *testing.T) {
		s, err := settings(t, channels+"\nalerts: ["+rules+"]")
		if err != nil {
			t.Fatal(err)
		}
		p := &post{shelf: newShelf(), settings: s, desk: &receiver{}, bot: &receiver{}}
		p.Courier = &alert.Courier{
			Outbox: p.shelf, Owner: "me", Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
			Senders: map[string]alert.Sender{"desk": p.desk, "bot": p.bot},
			Draw: func(_ context.Context, p alert.Parcel) (alert.Message, error) {
				var said []string
				for _, it := range p.Items {
					if it.Event != nil {
						said = append(said, string(it.Event.Kind))
					} else if said = append(said, fmt.Sprint(it.Change.To)); it.Change.To == 13 {
						panic("thirteen")
					}
				}
				return alert.Message{Text: strings.Join(said, " ")}, nil
			},
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			p.Courier.Run(ctx)
			close(done)
		}()
		test(t, p)
		stop()
		<-done
	})
}

// changed announces a change that made a version.
func (p *post) changed(version int) {
	r := &tracker.Record{
		Article: tracker.Article{ID: 1, Outlet: "example.com", Tags: []string{"x"}},
		Change:  &tracker.Change{To: version, Significance: 30, Kinds: []revision.Kind{revision.Number}, Disclosure: revision.Silent},
	}
	p.put(r, p.settings.Announce(r))
}

func (r *receiver) want(t *testing.T, want ...string) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if got := strings.Join(r.got, ", "); got != strings.Join(want, ", ") {
		t.Errorf("got %q, want %q", got, want)
	}
}

// wantSent wants so many messages noted as sent to the two channels.
func (p *post) wantSent(t *testing.T, desk, bot int) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.sent["desk"] != desk || p.sent["bot"] != bot {
		t.Errorf("noted as sent: %v, want %d to desk and %d to bot", p.sent, desk, bot)
	}
}

func TestAtOnce(t *testing.T) {
	inTime(t, "{name: a, to: [desk, bot]}, {name: b, to: desk}", func(t *testing.T, p *post) {
		p.withdraw(3) // withdrawn before it is sent
		for v := 2; v < 5; v++ {
			p.changed(v)
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		p.desk.want(t, "01 00:00 2", "01 00:00 4")
		p.bot.want(t, "01 00:00 2", "01 00:00 4")
		p.wantSent(t, 2, 2)
		if n := p.waiting(); n > 0 {
			t.Errorf("%d notices are left", n)
		}
	})
}

// A digest goes out at its time, the greatest significance first, and not empty.
func TestDigest(t *testing.T) {
	inTime(t, `{name: hourly, to: desk, digest: 1h}, {name: mornings, to: bot, digest: 1d, at: "07:30"}`, func(t *testing.T, p *post) {
		time.Sleep(10 * time.Minute)
		for _, v := range []int{2, 15, 4} {
			p.changed(v)
		}
		time.Sleep(49 * time.Minute)
		synctest.Wait()
		p.desk.want(t)
		time.Sleep(2 * time.Hour)
		p.withdraw(6)
		p.changed(6) // an empty hour, and one of two in the morning's
		time.Sleep(29 * time.Hour)
		synctest.Wait()
		p.desk.want(t, "01 01:00 15 4 2")
		p.bot.want(t, "01 07:30 15 4 2")
		p.wantSent(t, 1, 1)
		p.withdraw(7)
		p.changed(7) // an empty hour, and an empty morning
		time.Sleep(26 * time.Hour)
		synctest.Wait()
		p.wantSent(t, 1, 1)
		if n := p.waiting(); n > 0 {
			t.Errorf("%d notices are left", n)
		}
	})
}

// A channel that is down keeps nobody waiting; what was tried for a day is given up.
func TestRetries(t *testing.T) {
	inTime(t, "{name: a, to: [desk, bot]}", func(t *testing.T, p *post) {
		p.desk.failing(func() error { return errors.New("it is down") })
		p.changed(2)
		time.Sleep(12 * time.Hour)
		synctest.Wait()
		p.bot.want(t, "01 00:00 2")
		p.desk.want(t)
		if n := len(p.desk.attempts()); n < 15 || n > 21 {
			t.Errorf("%d attempts in 12 hours, want about 19", n)
		}
		if keys := slices.Compact(p.desk.attempts()); len(keys) != 1 || !strings.HasPrefix(keys[0], "msg_") {
			t.Errorf("keys %q, want one at all attempts", keys)
		}
		time.Sleep(14 * time.Hour)
		synctest.Wait()
		if lost, left := p.lost(), p.waiting(); lost != 1 || left != 0 {
			t.Errorf("%d given up, %d left; want 1 and none", lost, left)
		}
		p.desk.failing(nil)
		p.changed(3)
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		if n := p.desk.count(); n != 1 {
			t.Errorf("%d sent after it came back, want 1", n)
		}
	})
}

// A message that cannot be drawn holds up no other; a receiver that says when to
// come again is obeyed.
func TestTroubles(t *testing.T) {
	inTime(t, "{name: a, to: desk}", func(t *testing.T, p *post) {
		p.changed(13)
		p.changed(4)
		time.Sleep(5 * time.Second)
		synctest.Wait()
		p.desk.want(t, "01 00:00 4")
		delete(p.Senders, "desk")
		p.changed(5)
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if n := p.failures("desk"); n != 1 {
			t.Errorf("%d failures of a channel that is not there, want 1", n)
		}
	})
}

type senderFunc func(ctx context.Context) error

func (f senderFunc) Send(ctx context.Context, _ alert.Delivery) error { return f(ctx) }
