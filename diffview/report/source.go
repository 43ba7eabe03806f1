package report

import (
	"fmt"
	"net/http"

	"storydiff/diffview"
	"storydiff/tracker/extract"
)

// sourcePolicy shuts a captured page in, should a browser take it for more than
// text: it runs nothing, loads nothing, and is of no origin.
const sourcePolicy = "sandbox; default-src 'none'; frame-ancestors 'none'"

// source shows the page that a version was read in, as the text of its HTML in
// UTF-8: at most [extract.MaxBytes], of which the reading was made.
func (s *site) source(w http.ResponseWriter, r *http.Request) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	n, err := versionNumber(r.PathValue("n"))
	if err != nil {
		return err
	}
	v, err := s.src.Version(r.Context(), id, n)
	if err != nil {
		return fmt.Errorf("reading version %d of article %d: %w", n, id, err)
	}
	if err := s.keepBack(r, &v); err != nil {
		return err
	}
	c, err := s.src.Capture(r.Context(), v.CaptureID)
	if err != nil {
		return fmt.Errorf("reading capture of version %d of article %d: %w", n, id, err)
	}
	body := c.Body[:min(len(c.Body), extract.MaxBytes)]
	text := extract.Decode(body, c.ContentType())
	if len(body) < len(c.Body) {
		text += fmt.Sprintf("\n\n[storydiff: cut here, after %s of %s bytes]\n", diffview.Number(len(body)), diffview.Number(len(c.Body)))
	}
	h := w.Header()
	h.Set("Content-Security-Policy", sourcePolicy)
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Content-Disposition", fmt.Sprintf(`inline; filename="article-%d-version-%d.txt"`, id, n))
	return send(w, r, http.StatusOK, "text/plain; charset=utf-8", []byte(text))
}
