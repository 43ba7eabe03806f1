package tracker_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"storydiff/storage"
	"storydiff/storage/storagetest"
	"storydiff/tracker"
	"storydiff/tracker/fetch"
)

// The size of the world that BenchmarkLooks looks at.
const (
	benchHosts    = 200
	benchArticles = 2       // on each host
	benchPage     = 147_000 // bytes: the mean of 500 news pages
)

// BenchmarkLooks takes looks from the fetch to the committed record at 200 hosts
// on loopback that ask for no gap, with pages of 147 KB that come gzipped. Of ten
// looks at an article that find its text unchanged one finds the very bytes of
// before, as on the web; of forty looks one finds an edit, which brings a second
// look.
//
// All hosts side by side give looks/s, and cpu-ms/look with what serving the pages
// costs. One after the other the looks tell where the time goes: claim-ms/look and
// so on by the clock, those of fetch with the serving.
func BenchmarkLooks(b *testing.B) {
	b.Run("side_by_side", func(b *testing.B) { benchmarkLooks(b, benchHosts) })
	b.Run("one_by_one", func(b *testing.B) { benchmarkLooks(b, 1) })
}

func benchmarkLooks(b *testing.B, hosts int) {
	press := newBenchPress(b, hosts)
	press.look(b, hosts*benchArticles) // the first looks, which make a version each
	press.timed = stages{}
	b.ResetTimer()
	before, began := cpuTime(), time.Now()
	press.look(b, b.N)
	b.StopTimer()
	n := float64(press.recorded.Load())
	b.ReportMetric(n/time.Since(began).Seconds(), "looks/s")
	b.ReportMetric((cpuTime()-before).Seconds()*1000/n, "cpu-ms/look")
	if hosts == 1 {
		for _, stage := range press.timed.named() {
			b.ReportMetric(stage.spent.Seconds()*1000/n, stage.name+"-ms/look")
		}
	}
}

func cpuTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// A benchPress is newspapers and who watches them.
type benchPress struct {
	*storage.DB
	w        *tracker.Watcher
	goal     int64
	recorded atomic.Int64
	enough   context.CancelFunc

	mu    sync.Mutex
	at    time.Time // of the newest turn of a stage
	timed stages
}

// stages are how long the parts of looks took, one after the other.
type stages struct{ claim, fetch, keep, read, compare, record time.Duration }

type stage struct {
	name  string
	spent time.Duration
}

func (s stages) named() []stage {
	return []stage{{"claim", s.claim}, {"fetch", s.fetch}, {"keep", s.keep}, {"read", s.read}, {"compare", s.compare}, {"record", s.record}}
}

// turn ends one stage, to which belongs the time since the last turn.
func (p *benchPress) turn(spent *time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	*spent += now.Sub(p.at)
	p.at = now
}

func newBenchPress(b *testing.B, hosts int) *benchPress {
	p := &benchPress{DB: storagetest.New(b)}
	p.w = &tracker.Watcher{
		Store: p, Owner: "bench", Log: slog.New(slog.DiscardHandler),
		Fetch: fetch.NewClient(fetch.Options{AllowPrivate: true, HostDelay: -1, Ledger: p.DB}),
	}
	for i := range hosts {
		host := fmt.Sprintf("127.0.0.%d", i+1)
		ln, err := net.Listen("tcp", host+":0")
		if err != nil {
			b.Skip("this machine has one loopback address alone:", err)
		}
		paper := newBenchPaper(uint64(i))
		server := &http.Server{Handler: paper}
		go server.Serve(ln)
		b.Cleanup(func() { server.Close() })
		for n := range benchArticles {
			url := fmt.Sprintf("http://%s/story/%d", ln.Addr(), n)
			_, _, err := p.Add(b.Context(), storage.NewArticle{URL: url, Identity: url, Outlet: host, Host: host, At: time.Now()})
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	return p
}

// look takes at least n looks.
func (p *benchPress) look(b *testing.B, n int) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	p.recorded.Store(0)
	p.goal, p.enough = int64(n), cancel
	ticks, err := tracker.ParseCron("@every 1h")
	if err != nil {
		b.Fatal(err)
	}
	if err := p.w.Run(ctx, ticks); err != nil {
		b.Fatal(err)
	}
}

func (p *benchPress) Claim(ctx context.Context, host, owner string, now time.Time, ttl time.Duration) (tracker.Article, bool, error) {
	p.mu.Lock()
	p.at = time.Now()
	p.mu.Unlock()
	defer p.turn(&p.timed.claim)
	return p.DB.Claim(ctx, host, owner, now, ttl)
}

func (p *benchPress) Keep(ctx context.Context, c *tracker.Capture) error {
	p.turn(&p.timed.fetch)
	defer p.turn(&p.timed.keep)
	return p.DB.Keep(ctx, c)
}

func (p *benchPress) LatestHead(ctx context.Context, id int64) (tracker.Version, tracker.Check, error) {
	p.turn(&p.timed.read)
	return p.DB.LatestHead(ctx, id)
}

// Record leaves the article due, and stops the watcher when there were looks
// enough.
func (p *benchPress) Record(ctx context.Context, owner string, r *tracker.Record) error {
	p.turn(&p.timed.compare)
	defer p.turn(&p.timed.record)
	r.Article.NextCheck = time.Now()
	if err := p.DB.Record(ctx, owner, r); err != nil {
		return err
	}
	if p.recorded.Add(1) >= p.goal {
		p.enough()
	}
	return nil
}

// A benchPaper serves stories whose pages differ at each view, and which are
// edited now and then.
type benchPaper struct {
	mu     sync.Mutex
	rnd    *rand.Rand
	before []byte // gzipped: what comes before the part that differs
	after  []byte
	tokens map[string]int // of each story: what differs between two views
	edits  map[string]int // how often it was edited
}

func newBenchPaper(seed uint64) *benchPaper {
	rnd := rand.New(rand.NewPCG(seed, 1))
	var head, tail strings.Builder
	head.WriteString(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The harbour and its ferry</title>`)
	for head.Len() < benchPage*3/5 {
		fmt.Fprintf(&head, "<script>window.%s=function(a){return a.%s(%d)};</script>\n", benchWords(rnd, 1), benchWords(rnd, 1), rnd.IntN(10_000))
	}
	head.WriteString("</head><body><nav><ul>")
	for range 60 {
		fmt.Fprintf(&head, `<li class="nav-item"><a href="/section/%d">%s</a></li>`, rnd.IntN(1000), benchWords(rnd, 2))
	}
	head.WriteString("</ul></nav><main><article>")
	for range 14 {
		fmt.Fprintf(&tail, "<p class=\"story-text\">The harbour board said that %s, and that %s.</p>\n", benchWords(rnd, 25), benchWords(rnd, 25))
	}
	tail.WriteString("</article><aside>")
	for head.Len()+tail.Len() < benchPage {
		fmt.Fprintf(&tail, `<div class="teaser"><a href="/story/%d"><img src="/img/%[1]d.jpg" alt=""><h3>%s</h3></a></div>`+"\n", rnd.IntN(100_000), benchWords(rnd, 6))
	}
	tail.WriteString("</aside></main></body></html>")
	return &benchPaper{rnd: rnd, before: gzipped(head.String(), packing), after: gzipped(tail.String(), packing), tokens: map[string]int{}, edits: map[string]int{}}
}

// gzipped is a text as a member of a gzip stream.
func gzipped(text string, by *sync.Pool) []byte {
	var b bytes.Buffer
	w := by.Get().(*gzip.Writer)
	defer by.Put(w)
	w.Reset(&b)
	w.Write([]byte(text)) // into memory
	w.Close()
	return b.Bytes()
}

// What makes members of gzip streams: as small as they get, or, of what is written
// anew for each view, as they are: to clear the tables of a packer takes longer than
// all else that a view takes.
var packing, storing = gzipWriters(gzip.DefaultCompression), gzipWriters(gzip.NoCompression)

func gzipWriters(level int) *sync.Pool {
	return &sync.Pool{New: func() any {
		w, err := gzip.NewWriterLevel(nil, level)
		if err != nil {
			panic(err)
		}
		return w
	}}
}

// benchWords makes up words that pack about as well as those of a newspaper.
func benchWords(rnd *rand.Rand, n int) string {
	syllables := strings.Fields("ba ke lo mi nu ra se ti vo wu an er in or un st ch pl gr th")
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(' ')
		}
		for range 2 + rnd.IntN(2) {
			b.WriteString(syllables[rnd.IntN(len(syllables))])
		}
	}
	return b.String()
}

func (p *benchPaper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.URL.Path, "/story/") {
		http.NotFound(w, r)
		return
	}
	p.mu.Lock()
	if p.rnd.IntN(10) > 0 {
		p.tokens[r.URL.Path]++
	}
	if p.rnd.IntN(40) == 0 {
		p.edits[r.URL.Path]++
	}
	token, edits := p.tokens[r.URL.Path], p.edits[r.URL.Path]
	p.mu.Unlock()
	own := fmt.Sprintf(`<h1>The ferry of story %s returns</h1><div data-nonce="%x"></div><p class="story-text">The ferry was seen %d times at the quay, a keeper of the light said on Monday evening.</p>`,
		strings.TrimPrefix(r.URL.Path, "/story/"), token*7919, edits)
	page := slices.Concat(p.before, gzipped(own, storing), p.after)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Encoding", "gzip")
	w.Header().Set("Content-Length", strconv.Itoa(len(page)))
	w.Write(page)
}
