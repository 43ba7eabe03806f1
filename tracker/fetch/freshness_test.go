package fetch_test

import (
	"net/http"
	"testing"
	"time"

	"storydiff/tracker/fetch"
)

func TestFresh(t *testing.T) {
	at := time.Date(2026, 11, 3, 10, 0, 0, 0, time.UTC)
	stamp := func(d time.Duration) string { return at.Add(d).Format(http.TimeFormat) }
	for _, tt := range []struct {
		name   string
		header http.Header
		want   time.Duration
	}{
		{"nothing said", http.Header{}, 0},
		{"max-age", http.Header{"Cache-Control": {"public, Max-Age=300"}}, 5 * time.Minute},
		{"in quotation marks", http.Header{"Cache-Control": {`max-age="300"`}}, 5 * time.Minute},
		{"a year", http.Header{"Cache-Control": {"max-age=31536000, immutable"}}, time.Hour},
		{"a number without end", http.Header{"Cache-Control": {"max-age=99999999999999999999"}}, 0},
		{"below nothing", http.Header{"Cache-Control": {"max-age=-5"}}, 0},
		{"of shared caches alone", http.Header{"Cache-Control": {"s-maxage=300"}}, 0},
		{"beside shared caches", http.Header{"Cache-Control": {"s-maxage=3000", "max-age=60"}}, time.Minute},
		{"no-cache", http.Header{"Cache-Control": {"max-age=300, no-cache"}}, 0},
		{"no-store", http.Header{"Cache-Control": {"no-store"}, "Expires": {stamp(time.Hour)}}, 0},
		{"it lay in a cache", http.Header{"Cache-Control": {"max-age=300"}, "Age": {"200"}}, 100 * time.Second},
		{"it lay there for too long", http.Header{"Cache-Control": {"max-age=300"}, "Age": {"400"}}, 0},
		{"Expires", http.Header{"Expires": {stamp(20 * time.Minute)}}, 20 * time.Minute},
		{"Expires by another clock", http.Header{"Expires": {stamp(-time.Hour)}, "Date": {stamp(-61 * time.Minute)}}, time.Minute},
		{"Expires in the past", http.Header{"Expires": {stamp(-time.Hour)}}, 0},
		{"Expires is no date", http.Header{"Expires": {"0"}}, 0},
		{"max-age before Expires", http.Header{"Cache-Control": {"max-age=60"}, "Expires": {stamp(time.Hour)}}, time.Minute},
		{"max-age of nothing before Expires", http.Header{"Cache-Control": {"max-age=0"}, "Expires": {stamp(time.Hour)}}, 0},
	} {
		p := fetch.Page{Header: tt.header, Ended: at}
		if got := p.Fresh(); got != tt.want {
			t.Errorf("%s: Fresh = %v, want %v", tt.name, got, tt.want)
		}
	}
}
