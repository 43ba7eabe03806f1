package extract_test

import (
	"strings"
	"testing"

	"storydiff/tracker/extract"
)

// What a publisher asks of those who keep copies is told with the story.
func TestReserved(t *testing.T) {
	text := "<article><h1>Ferry sinks off the coast</h1>" + strings.Repeat("<p>Seven people died when a ferry went down in heavy seas on Monday night, the coastguard said.</p>", 4) + "</article>"
	for _, tt := range []struct {
		head   string
		header map[string][]string
		want   string
	}{
		{"", nil, ""},
		{`<meta name="robots" content="index, follow">`, nil, ""},
		{`<meta name="robots" content="NOARCHIVE">`, nil, "noarchive"},
		{`<meta name="tdm-reservation" content="1">`, map[string][]string{"x-robots-tag": {"noarchive", "nosnippet"}}, "noarchive, nosnippet, tdm-reservation"},
		{`<meta name="tdm-reservation" content="1">`, map[string][]string{"Tdm-Reservation": {"0"}}, ""},
		{"", map[string][]string{"tdm-reservation": {"1"}}, "tdm-reservation"},
	} {
		story, err := extract.Read(extract.Input{URL: "https://news.example/ferry", ContentType: "text/html", Body: []byte("<html><head>" + tt.head + "</head><body>" + text + "</body></html>"), Header: tt.header})
		if err != nil {
			t.Errorf("%s %v: %v", tt.head, tt.header, err)
			continue
		}
		if got := story.Sources["reserved"]; got != tt.want {
			t.Errorf("%s %v: reserved %q, want %q", tt.head, tt.header, got, tt.want)
		}
	}
}
