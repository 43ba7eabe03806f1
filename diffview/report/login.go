package report

import (
	"net/http"
	"net/url"
	"path"
	"strings"
	"unicode"
)

// nextLimit bounds an address to go on to, in bytes.
const nextLimit = 9000

// secretLimit bounds a password, in bytes.
const secretLimit = 1024

// A loginPage is the data of templates/login.html.
type loginPage struct {
	Next  string // a local address to go on to
	Error string // what was wrong; may be empty
	In    bool   // the visitor is logged in already
}

func (s *site) loginRoutes() []route {
	return []route{
		{"GET /login", anyone, s.loginPage},
		{"POST /login", anyone, s.login},
		{"POST /logout", anyone, s.logout},
	}
}

// loginPage asks for the password.
func (s *site) loginPage(w http.ResponseWriter, r *http.Request) error {
	return s.askPassword(w, r, http.StatusOK, localPath(r.URL.Query().Get("next")), "")
}

func (s *site) askPassword(w http.ResponseWriter, r *http.Request, status int, next, wrong string) error {
	w.Header().Set("Cache-Control", "no-store")
	p := loginPage{Next: next, Error: wrong, In: s.gate.knows(r)}
	return s.render(w, r, status, "login", page{Title: "Log in", NoIndex: true, Main: p})
}

// login begins a session for who knows the password.
func (s *site) login(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(w, r, fields{"password": secretLimit, "next": nextLimit})
	if err != nil {
		return err
	}
	next := localPath(form.Get("next"))
	right, err := s.gate.try(r, form.Get("password"), s.gate.password)
	if err != nil {
		return err
	}
	if !right {
		s.log.WarnContext(r.Context(), "wrong password", "from", r.RemoteAddr)
		return s.askPassword(w, r, http.StatusForbidden, next, "That is not the password.")
	}
	s.log.InfoContext(r.Context(), "logged in", "from", r.RemoteAddr)
	s.gate.setCookie(w, r, s.gate.sessions.begin(s.gate.now()))
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

// logout ends the visitor's session.
func (s *site) logout(w http.ResponseWriter, r *http.Request) error {
	if _, err := readForm(w, r, nil); err != nil {
		return err
	}
	if c, err := r.Cookie(cookieName); err == nil {
		s.gate.sessions.end(c.Value)
	}
	s.gate.setCookie(w, r, "")
	return leadBack(w, r, "/", "out")
}

// localPath returns an address that a visitor may be sent on to: a path of this
// report with its query. Anything else, such as //host or /\host, is the first page.
func localPath(next string) string {
	u, err := url.Parse(next)
	switch {
	case err != nil, len(next) > nextLimit, u.Scheme != "", u.Host != "", u.User != nil, u.Opaque != "",
		!strings.HasPrefix(next, "/"), strings.HasPrefix(next, "//"),
		strings.ContainsFunc(next, func(c rune) bool { return c == '\\' || unicode.IsControl(c) }), !clean(u.Path):
		return "/"
	}
	return u.RequestURI()
}

// nextOf returns where a visitor is to go on once they have logged in: back to
// the page whose form they sent.
func nextOf(r *http.Request) string {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return localPath(r.URL.RequestURI())
	}
	if parts := strings.Split(path.Clean(r.URL.Path), "/"); len(parts) > 3 && parts[1] == "articles" {
		if parts[3] == "changes" && len(parts) > 4 {
			return "/articles/" + url.PathEscape(parts[2]) + "/changes/" + url.PathEscape(parts[4])
		}
		return "/articles/" + url.PathEscape(parts[2])
	}
	if r.URL.Path != "/add" {
		return "/"
	}
	form, err := readForm(nil, r, addFields)
	if err != nil {
		return "/add"
	}
	return addAddress(form.Get("url"), form.Get("tags"))
}
