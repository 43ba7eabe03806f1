package main

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"storydiff/storage"
	"storydiff/tracker"
)

// metrics are what /metrics shows. No label is an article or a host: their number
// has no bound.
type metrics struct {
	registry *prometheus.Registry
	checks   *prometheus.CounterVec
	troubles *prometheus.CounterVec
	changes  *prometheus.CounterVec
	fetches  prometheus.Histogram
	lag      prometheus.Histogram
	ticks    prometheus.Histogram
	lastTick prometheus.Gauge
}

func newMetrics(db *storage.DB) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		checks:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "storydiff_checks_total", Help: "Checks of articles, by outcome."}, []string{"outcome"}),
		troubles: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "storydiff_check_troubles_total", Help: "Checks that were not plain, by reason."}, []string{"reason"}),
		changes:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "storydiff_changes_total", Help: "Changes that were found, by disclosure."}, []string{"disclosure"}),
		fetches:  prometheus.NewHistogram(prometheus.HistogramOpts{Name: "storydiff_fetch_duration_seconds", Help: "How long answers took, from the first request to the last byte.", Buckets: []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}}),
		lag:      prometheus.NewHistogram(prometheus.HistogramOpts{Name: "storydiff_check_lag_seconds", Help: "How long after they were due checks began.", Buckets: []float64{1, 5, 15, 60, 120, 300, 900, 3600, 4 * 3600, 24 * 3600}}),
		ticks:    prometheus.NewHistogram(prometheus.HistogramOpts{Name: "storydiff_tick_duration_seconds", Help: "How long it took to find what is due.", Buckets: []float64{.001, .005, .01, .05, .1, .5, 1, 5}}),
		lastTick: prometheus.NewGauge(prometheus.GaugeOpts{Name: "storydiff_last_tick_timestamp_seconds", Help: "When what is due was last looked for."}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "storydiff_build_info", Help: "1, with the version of the program.", ConstLabels: prometheus.Labels{"version": release}})
	build.Set(1)
	for _, o := range []tracker.Outcome{tracker.OutcomeNew, tracker.OutcomeChanged, tracker.OutcomeUnchanged, tracker.OutcomeNotModified,
		tracker.OutcomeRestored, tracker.OutcomeGone, tracker.OutcomeBlocked, tracker.OutcomeFailed, tracker.OutcomeSkipped} {
		m.checks.WithLabelValues(string(o)) // a rate needs the zero before the first
	}
	m.registry.MustRegister(m.checks, m.troubles, m.changes, m.fetches, m.lag, m.ticks, m.lastTick, build, newStored(db),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) ticked(at time.Time, took time.Duration) {
	m.ticks.Observe(took.Seconds())
	m.lastTick.Set(float64(at.Unix()))
}

func (m *metrics) checked(r tracker.Result) {
	m.checks.WithLabelValues(string(r.Check.Outcome)).Inc()
	if r.Check.Reason != "" {
		m.troubles.WithLabelValues(r.Check.Reason).Inc()
	}
	if r.Change != nil {
		m.changes.WithLabelValues(string(r.Change.Disclosure)).Inc()
	}
	if r.Check.Status > 0 {
		m.fetches.Observe(r.Check.Elapsed.Seconds())
	}
	if lag := r.Check.At.Sub(r.Due); lag >= 0 && !r.Due.IsZero() {
		m.lag.Observe(lag.Seconds())
	}
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: scrapeTime})
}

// scrapeTime bounds how long the store is asked for one scrape.
const scrapeTime = 10 * time.Second

// stored reads from the store, at each scrape, what is there and not what this
// process did.
type stored struct {
	db                                                             *storage.DB
	articles, due, overdue, hosts, size, free, runs, scrapeTrouble *prometheus.Desc
}

func newStored(db *storage.DB) *stored {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, labels, nil)
	}
	return &stored{
		db:            db,
		articles:      desc("storydiff_articles", "Articles that are tracked, by state.", "state"),
		due:           desc("storydiff_due_articles", "Articles that are due and not looked at yet."),
		overdue:       desc("storydiff_due_lag_seconds", "How long the article has waited that was due first."),
		hosts:         desc("storydiff_resting_hosts", "Hosts that are left alone for a while, by whether they asked for it.", "asked"),
		size:          desc("storydiff_store_size_bytes", "Size of the database, by part.", "part"),
		free:          desc("storydiff_disk_free_bytes", "Room on the disk of the database."),
		runs:          desc("storydiff_daemon_up", "1 where a daemon watches, which need not be this process."),
		scrapeTrouble: desc("storydiff_store_up", "1 where the store answered all of this."),
	}
}

// Describe implements prometheus.Collector.
func (s *stored) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{s.articles, s.due, s.overdue, s.hosts, s.size, s.free, s.runs, s.scrapeTrouble} {
		to <- d
	}
}

// Collect implements prometheus.Collector. What the store does not answer is left
// out, and said.
func (s *stored) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTime)
	defer cancel()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	up := 1.0
	for _, part := range []func(context.Context, func(*prometheus.Desc, float64, ...string)) error{s.collectArticles, s.collectHosts, s.collectSize} {
		if err := part(ctx, gauge); err != nil {
			up = 0
		}
	}
	gauge(s.scrapeTrouble, up)
}

func (s *stored) collectArticles(ctx context.Context, gauge func(*prometheus.Desc, float64, ...string)) error {
	states, err := s.db.States(ctx)
	if err != nil {
		return err
	}
	for state, n := range states {
		gauge(s.articles, float64(n), string(state))
	}
	now := time.Now()
	n, since, err := s.db.Overdue(ctx, now)
	if err != nil {
		return err
	}
	lag := 0.0
	if !since.IsZero() {
		lag = now.Sub(since).Seconds()
	}
	gauge(s.due, float64(n))
	gauge(s.overdue, lag)
	return nil
}

func (s *stored) collectHosts(ctx context.Context, gauge func(*prometheus.Desc, float64, ...string)) error {
	rests, err := s.db.HostRests(ctx, time.Now())
	if err != nil {
		return err
	}
	asked := 0
	for _, h := range rests {
		if h.Asked {
			asked++
		}
	}
	gauge(s.hosts, float64(asked), "true")
	gauge(s.hosts, float64(len(rests)-asked), "false")
	return nil
}

func (s *stored) collectSize(ctx context.Context, gauge func(*prometheus.Desc, float64, ...string)) error {
	size, err := s.db.Size()
	if err != nil {
		return err
	}
	gauge(s.size, float64(size.File), "file")
	gauge(s.size, float64(size.WAL), "wal")
	if disk, ok := s.db.Disk(); ok {
		gauge(s.free, float64(disk.Free))
	}
	_, runs, err := s.db.Daemon(ctx)
	if err != nil {
		return err
	}
	up := 0.0
	if runs {
		up = 1
	}
	gauge(s.runs, up)
	return nil
}
