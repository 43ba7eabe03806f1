package report

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"net/http"
	"sync"

	"storydiff/diffview"
)

//go:embed templates style.css report.js icon.svg exportsearch.js
var files embed.FS

// templates holds a set for each page: its own "main" within the layout. They
// are parsed when the first page is asked for: most runs of the program serve none.
var templates = sync.OnceValue(func() map[string]*template.Template {
	return parsePages("changes", "articles", "search", "article", "blame", "version", "change", "outlets", "outlet", "add", "login", "embed", "specimen", "error", "exportsearch")
})

// feedTemplates draws what items of feeds say.
var feedTemplates = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(files, "templates/parts.html", "templates/feed.html"))
})

// specimenParts are pages of which the specimen shows parts.
var specimenParts = []string{"changes", "search", "blame", "outlets", "outlet"}

func parsePages(names ...string) map[string]*template.Template {
	shared := template.Must(template.New("").Funcs(template.FuncMap{"signed": diffview.Signed}).ParseFS(files, "templates/layout.html", "templates/parts.html", "templates/axis.html", "templates/chart.html", "templates/desk.html"))
	sets := make(map[string]*template.Template, len(names))
	for _, name := range names {
		set := template.Must(shared.Clone())
		if name == "specimen" { // its own main comes last and holds
			for _, part := range specimenParts {
				template.Must(set.ParseFS(files, "templates/"+part+".html"))
			}
		}
		sets[name] = template.Must(set.ParseFS(files, "templates/"+name+".html"))
	}
	return sets
}

// An asset is a file that pages refer to.
type asset struct {
	path        string
	contentType string
	body        []byte
	forever     bool // its path names its content
}

func (a asset) serve(w http.ResponseWriter, r *http.Request) error {
	if a.forever {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	return send(w, r, http.StatusOK, a.contentType, a.body)
}

// assets are the files that pages refer to, by paths that change with them.
type assets struct {
	style, script, icon, search asset
}

func newAssets() assets {
	// Ours comes last: it may set anew what diffview leaves open.
	style := append([]byte(diffview.Style()+"\n"), mustRead("style.css")...)
	return assets{
		style:  named("/style.", ".css", "text/css; charset=utf-8", style),
		script: named("/report.", ".js", "text/javascript; charset=utf-8", mustRead("report.js")),
		icon:   named("/icon.", ".svg", "image/svg+xml", mustRead("icon.svg")),
		search: named("/search.", ".js", "text/javascript; charset=utf-8", mustRead("exportsearch.js")),
	}
}

// all lists every asset, also under the plain path that people would try.
func (a assets) all() []asset {
	plain := a.style
	plain.path, plain.forever = "/style.css", false
	icon := a.icon
	icon.path, icon.forever = "/favicon.ico", false
	return []asset{a.style, a.script, a.icon, plain, icon}
}

func named(prefix, suffix, contentType string, body []byte) asset {
	sum := sha256.Sum256(body)
	return asset{prefix + hex.EncodeToString(sum[:6]) + suffix, contentType, body, true}
}

// mustRead panics only where the program was built without its own files.
func mustRead(name string) []byte {
	b, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return b
}
