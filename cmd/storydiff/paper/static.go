package paper

import (
	_ "embed"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

//go:embed templates/paper.css
var style string

func serveStyle(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	fmt.Fprint(w, style)
}

// servePicture draws a picture: hills, water and a sun that stand elsewhere for
// each number.
func servePicture(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(strings.TrimSuffix(r.PathValue("name"), ".svg"))
	if err != nil || n < 0 || n > 999 {
		serveStatus(w, http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 300">`+
		`<rect width="640" height="300" fill="hsl(%d 45%% 82%%)"/>`+
		`<circle cx="%d" cy="%d" r="34" fill="#fff6d8"/>`+
		`<path d="M0 220 Q%d %d 320 210 T640 205 V300 H0Z" fill="hsl(%d 25%% 42%%)"/>`+
		`<rect y="235" width="640" height="65" fill="hsl(205 35%% %d%%)"/></svg>`,
		180+n%60, 80+n*7%480, 50+n%70, 80+n%160, 90+n%90, 90+n%80, 38+n%20)
}
