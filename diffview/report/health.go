package report

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// A Part is one of the things that must be well for a daemon to do its work.
type Part struct {
	Name string `json:"name"` // "store", "watcher", "disk"
	OK   bool   `json:"ok"`
	Text string `json:"text"` // a sentence, which tells a visitor nothing that is not theirs to know
}

// healthTime bounds how long the source may take to answer.
const healthTime = 8 * time.Second

// healthz tells a monitor whether all is well: "ok", or 503 and a sentence a line
// on what is not. With ?verbose, or as JSON where that is asked for, it tells of
// each part.
func (s *site) healthz(w http.ResponseWriter, r *http.Request) error {
	parts := s.parts(r.Context())
	status, text := http.StatusOK, "ok\n"
	if sick := sickText(parts); sick != "" {
		status, text = http.StatusServiceUnavailable, sick
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept")
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		row, err := json.Marshal(struct {
			OK    bool   `json:"ok"`
			Parts []Part `json:"parts"`
		}{status == http.StatusOK, parts})
		if err != nil {
			return fmt.Errorf("writing the health: %w", err)
		}
		return send(w, r, status, "application/json", append(row, '\n'))
	}
	if r.URL.Query().Has("verbose") {
		text = verboseText(parts)
	}
	return send(w, r, status, "text/plain; charset=utf-8", []byte(text))
}

// parts returns how it stands with the source and with what else there is.
func (s *site) parts(ctx context.Context) []Part {
	asked, cancel := context.WithTimeout(ctx, healthTime)
	defer cancel()
	store := Part{"store", true, "The database can be read and written."}
	err := s.src.Health(asked)
	if err != nil {
		store.OK, store.Text = false, "The database cannot be read or written at present. The log says why."
	}
	switch was := s.sick.Swap(err != nil); {
	case ctx.Err() != nil: // the visitor went away
	case err != nil && !was:
		s.log.WarnContext(ctx, "database not usable", "err", err)
	case err == nil && was:
		s.log.InfoContext(ctx, "database usable again")
	}
	parts := []Part{store}
	if s.health != nil {
		parts = append(parts, s.health(ctx)...)
	}
	return parts
}

func sickText(parts []Part) string {
	var b strings.Builder
	for _, p := range parts {
		if !p.OK {
			b.WriteString(p.Text + "\n")
		}
	}
	return b.String()
}

func verboseText(parts []Part) string {
	var b strings.Builder
	for _, p := range parts {
		word := "ok  "
		if !p.OK {
			word = "sick"
		}
		fmt.Fprintf(&b, "%s  %s: %s\n", word, p.Name, p.Text)
	}
	return b.String()
}
