package report

import (
	"fmt"
	"html/template"
	"net/http"
	"strings"
)

// embedSuffix ends the address of a view of a change that other sites may frame.
const embedSuffix = "/embed"

// The size that an embedded view asks for, in CSS pixels: room for a long
// headline and sentence on a phone.
const (
	embedWidth  = 600
	embedHeight = 420
)

// embedPolicy is the policy of a view that anybody may frame; nothing else in
// it is less strict.
var embedPolicy = strings.Replace(policy, "frame-ancestors 'none'", "frame-ancestors *", 1)

// An embedPage is the data of templates/embed.html.
type embedPage struct {
	entry
	Whole string // address of the change
}

// embed shows one change as a list does, without anything around it.
func (s *site) embed(w http.ResponseWriter, r *http.Request) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	a, b, err := parseRange(r.PathValue("range"))
	if err != nil {
		return err
	}
	c, err := s.changeBetween(r.Context(), id, a, b)
	if err != nil {
		return err
	}
	e := newEntry(c)
	w.Header().Set("Content-Security-Policy", embedPolicy)
	return s.render(w, r, http.StatusOK, "embed", page{Title: e.Headline, NoIndex: true, Main: embedPage{e, changePath(id, a, b)}})
}

// embedTag returns the element by which another page shows the view at address.
func embedTag(address, title string, width, height int) string {
	return fmt.Sprintf(`<iframe src="%s" title="What changed: %s" width="%d" height="%d" loading="lazy" referrerpolicy="no-referrer" sandbox="allow-same-origin allow-scripts allow-popups allow-popups-to-escape-sandbox"></iframe>`,
		template.HTMLEscapeString(address), template.HTMLEscapeString(title), width, height)
}
