package report_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"storydiff/diffview/report"
)

func TestHealth(t *testing.T) {
	well := report.Part{Name: "watcher", OK: true, Text: "Due articles were looked for at ten."}
	sick := report.Part{Name: "watcher", Text: "Nobody has looked for due articles since ten."}
	full := report.Part{Name: "disk", Text: "The disk is full."}
	const noStore = "The database cannot be read or written at present. The log says why.\n"
	tests := []struct {
		name    string
		broken  error
		parts   []report.Part
		query   string
		status  int
		want    string
		verbose string
	}{
		{"well", nil, []report.Part{well}, "", 200, "ok\n", "ok    store: The database can be read and written.\nok    watcher: " + well.Text + "\n"},
		{"alone", nil, nil, "", 200, "ok\n", "ok    store: The database can be read and written.\n"},
		{"nobody watches", nil, []report.Part{sick, full}, "", 503, sick.Text + "\n" + full.Text + "\n",
			"ok    store: The database can be read and written.\nsick  watcher: " + sick.Text + "\nsick  disk: The disk is full.\n"},
		{"no store", errors.New("I/O error in /secret"), []report.Part{well}, "", 503, noStore, "sick  store: " + noStore + "ok    watcher: " + well.Text + "\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := newFake()
			src.broken = tt.broken
			h := report.New(src, report.Options{Health: func(context.Context) []report.Part { return tt.parts }})
			if status, body := get(t, h, "/healthz"); status != tt.status || body != tt.want {
				t.Errorf("GET /healthz = %d %q, want %d %q", status, body, tt.status, tt.want)
			}
			if status, body := get(t, h, "/healthz?verbose"); status != tt.status || body != tt.verbose {
				t.Errorf("GET /healthz?verbose = %d %q, want %d %q", status, body, tt.status, tt.verbose)
			}
			resp := ask(t, h, "GET", "/healthz", "Accept", "application/json")
			var got struct {
				OK    bool
				Parts []report.Part
			}
			if err := json.Unmarshal([]byte(read(t, resp)), &got); err != nil || got.OK != (tt.status == 200) || len(got.Parts) != 1+len(tt.parts) || resp.StatusCode != tt.status {
				t.Errorf("GET /healthz as JSON = %d %+v, %v", resp.StatusCode, got, err)
			}
		})
	}
}

// A store that does not answer is told to the log once, and so is that it does again.
func TestHealthIsLoggedOnceASpell(t *testing.T) {
	var log strings.Builder
	src := newFake()
	h := report.New(src, report.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	for _, err := range []error{nil, errors.New("disk I/O error"), errors.New("disk I/O error"), nil, nil} {
		src.broken = err
		get(t, h, "/healthz")
	}
	if n, again := strings.Count(log.String(), "not usable"), strings.Count(log.String(), "usable again"); n != 1 || again != 1 || !strings.Contains(log.String(), "disk I/O error") {
		t.Errorf("the log tells %d times of the trouble and %d of its end:\n%s", n, again, log.String())
	}
}

func TestMetricsAreServedWhereThereAreSome(t *testing.T) {
	if status, _ := get(t, report.New(newFake(), report.Options{}), "/metrics"); status != 404 {
		t.Errorf("GET /metrics without any = %d, want 404", status)
	}
	h := report.New(newFake(), report.Options{Metrics: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "storydiff_up 1\n") })})
	if resp := send(t, h, "GET", "/metrics", ""); resp.StatusCode != 200 || read(t, resp) != "storydiff_up 1\n" {
		t.Errorf("GET /metrics = %d", resp.StatusCode)
	}
	if resp := ask(t, h, "POST", "/metrics"); resp.StatusCode != 405 {
		t.Errorf("POST /metrics = %d, want 405", resp.StatusCode)
	}
}
