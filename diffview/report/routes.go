package report

import (
	"net/http"
	"path"
)

// who says whom an address answers.
type who int

const (
	nobody   who = iota // the zero value: an address of which nobody said whom it answers
	anyone              // everybody who reaches the report, also one that is private
	reader              // who may read; see [gate.mayRead]
	writer              // who may change what is tracked; see [gate.mayWrite]
	operator            // who runs the program; see [gate.operates]
)

// A route is an address and whom it answers.
type route struct {
	pattern string // method and path, as [http.ServeMux] has them
	who     who
	serve   func(http.ResponseWriter, *http.Request) error
}

// table is the list of every address. What changes anything is a POST; no GET does.
func (s *site) table() []route {
	list := []route{
		{"GET /{$}", reader, s.fresh(s.changes)},
		{"GET /articles", reader, s.fresh(s.articles)},
		{"GET /articles/{id}", reader, s.fresh(s.article)},
		{"GET /articles/{id}/compare", reader, s.compare},
		{"GET /articles/{id}/blame", reader, s.fresh(s.blame)},
		{"GET /articles/{id}/versions/{n}", reader, s.fresh(s.versionPage)},
		{"GET /articles/{id}/versions/{n}/source", reader, s.fresh(s.source)},
		{"GET /articles/{id}/changes/{range}", reader, s.fresh(s.change)},
		{"GET /articles/{id}/changes/{range}/embed", reader, s.embed},
		{"GET /outlets", reader, s.fresh(s.outlets)},
		{"GET /outlets/{outlet}", reader, s.fresh(s.outlet)},
		{"GET /articles/{id}/timemap", reader, s.timemap},
		{"GET /articles/{id}/timegate", reader, s.timegate},
		{"GET " + timemapOf + "{url...}", reader, s.timemap},
		{"GET " + timegateOf + "{url...}", reader, s.timegate},
		{"GET /oembed", reader, s.oembed},
		{"GET /specimen", reader, s.specimen},
		{"GET /healthz", anyone, s.healthz},
		{"GET /", reader, noPage},
	}
	for _, of := range []string{"", "/articles/{id}", "/outlets/{outlet}"} {
		list = append(list, route{"GET " + of + "/feed.atom", reader, s.fresh(s.feed)}, route{"GET " + of + "/feed.json", reader, s.fresh(s.feed)})
	}
	for _, a := range s.apiRoutes() {
		list = append(list, route{"GET " + apiRoot + a.path, reader, s.fresh(described(a.answer))})
	}
	if s.static {
		list = append(list, route{"GET " + searchPath, reader, s.staticSearch}, route{"GET " + s.assets.search.path, reader, s.assets.search.serve})
	} else {
		list = append(list, route{"GET " + searchPath, reader, s.fresh(s.search)})
	}
	if s.metrics != nil {
		list = append(list, route{"GET /metrics", operator, func(w http.ResponseWriter, r *http.Request) error {
			s.metrics.ServeHTTP(w, r)
			return nil
		}})
	}
	for _, a := range s.assets.all() {
		list = append(list, route{"GET " + a.path, anyone, a.serve})
	}
	if s.gate.password.set {
		list = append(list, s.loginRoutes()...)
	}
	if s.desk != nil {
		list = append(list, s.deskRoutes()...)
	}
	return list
}

func noPage(http.ResponseWriter, *http.Request) error { return errNoPage }

// routes returns the addresses of a table as one handler.
func (s *site) routes(table []route) *http.ServeMux {
	mux := http.NewServeMux()
	for _, r := range table {
		mux.HandleFunc(r.pattern, s.handle(s.admit(r)))
	}
	return mux
}

// admit lets those ask whom an address answers, and turns away the others.
func (s *site) admit(to route) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		switch {
		case to.who == anyone,
			to.who == reader && s.gate.mayRead(r),
			to.who == writer && s.gate.mayWrite(r),
			to.who == operator && (s.gate.operates(r) || s.gate.knows(r)):
			return to.serve(w, r)
		}
		return s.turnAway(w, r, to.who)
	}
}

// turnAway tells who may not ask what would let them.
func (s *site) turnAway(w http.ResponseWriter, r *http.Request, wanted who) error {
	switch {
	case wanted == nobody:
		return errNoPage
	case wanted == reader:
		return s.turnReaderAway(w, r)
	case s.gate.locked() && !s.gate.password.set:
		w.Header().Set("WWW-Authenticate", "Bearer")
		return refusal{http.StatusUnauthorized, errorPage{"Only with the token", "This is answered to scripts that send the token of this report."}, 0}
	case s.gate.locked():
		w.Header().Set("WWW-Authenticate", "Bearer")
		return s.askPassword(w, r, http.StatusUnauthorized, nextOf(r), "This is for those who know the password.")
	}
	return refusal{http.StatusForbidden, errorPage{"Only from this machine",
		"This is answered to who sits at the machine that runs storydiff, and not through a proxy. With a password (--password-file) it is answered to who knows it."}, 0}
}

// turnReaderAway asks a visitor of a private report who they are: a person for the
// password, on a page of ours; a program that reads feeds, pictures or the API, and
// everybody where there is but a token, as RFC 7617 has it.
func (s *site) turnReaderAway(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Add("WWW-Authenticate", "Bearer")
	if s.gate.password.set && !forPrograms(r.URL.Path) {
		return s.askPassword(w, r, http.StatusUnauthorized, nextOf(r), "This report is private: it is for those who know the password.")
	}
	h.Add("WWW-Authenticate", `Basic realm="storydiff", charset="UTF-8"`)
	return refusal{http.StatusUnauthorized, errorPage{"This report is private", "Send its password or token, as Authorization: Bearer, or as the password of any user."}, 0}
}

// forPrograms reports whether programs ask for an address by themselves.
func forPrograms(address string) bool {
	switch path.Ext(address) {
	case ".atom", ".json", ".png":
		return true
	}
	return isAPI(address) || byAddress(address) || address == "/oembed" || path.Base(address) == "timemap" || path.Base(address) == "timegate"
}
