package report

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"path"
	"runtime/debug"
	"strings"
)

// policy lets a page use its own style sheet, script, pictures and forms, the
// script ask for pages of ours, and nothing else.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guard stands before every address: it sets the headers that each answer
// carries, and turns away what no page should see.
func (s *site) guard(hosts hosts, next *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		setHeaders(w.Header())
		defer s.recoverFrom(w, r)
		reads := r.Method == http.MethodGet || r.Method == http.MethodHead
		switch {
		case !hosts.allow(r):
			// A foreign name that leads here is DNS rebinding, or a proxy nobody told us of.
			s.refuse(w, r, http.StatusForbidden, errorPage{"Unknown host", fmt.Sprintf(
				"This report does not answer to the name %q, only to this machine and to the host names that it was started with.", r.Host)})
		case !reads && !(r.Method == http.MethodPost && posted(next, r)):
			s.refuseMethod(w, r, next)
		case byAddress(r.URL.Path):
			s.handle(func(w http.ResponseWriter, r *http.Request) error { return s.letIn(w, r, next) })(w, wholeAddress(r))
		case !clean(r.URL.Path):
			s.refuse(w, r, http.StatusNotFound, errorPage{"No such page", "There is no page at this address."})
		case r.URL.Path != "/" && strings.HasSuffix(r.URL.Path, "/"):
			http.Redirect(w, r, withQuery(strings.TrimSuffix(r.URL.EscapedPath(), "/"), r.URL.RawQuery), http.StatusMovedPermanently)
		default:
			s.handle(func(w http.ResponseWriter, r *http.Request) error { return s.letIn(w, r, next) })(w, r)
		}
	})
}

// letIn hands a request on unless another site made the browser send it, or it
// carries a token that is not ours.
func (s *site) letIn(w http.ResponseWriter, r *http.Request, next *http.ServeMux) error {
	if err := s.origin.Check(r); err != nil {
		return refusal{http.StatusForbidden, errorPage{"Sent from elsewhere", "This form was sent by another site, or under another name of this one: open it here and send it again."}, 0}
	}
	r, err := s.gate.withSecret(r)
	if err != nil {
		if s.gate.private {
			w.Header().Add("WWW-Authenticate", `Basic realm="storydiff", charset="UTF-8"`)
		}
		return err
	}
	if s.gate.private {
		w.Header().Set("Cache-Control", "private, no-cache")
		w.Header().Add("Vary", "Cookie, Authorization")
	}
	next.ServeHTTP(w, r)
	return nil
}

// posted reports whether a form may be sent to the path of a request.
func posted(mux *http.ServeMux, r *http.Request) bool {
	asked := &http.Request{Method: http.MethodPost, Host: r.Host, URL: r.URL}
	_, pattern := mux.Handler(asked)
	return strings.HasPrefix(pattern, "POST ")
}

func (s *site) refuseMethod(w http.ResponseWriter, r *http.Request, mux *http.ServeMux) {
	told := errorPage{"Only for reading", "Nothing can be changed here: only GET and HEAD are answered."}
	w.Header().Set("Allow", "GET, HEAD")
	if posted(mux, r) {
		w.Header().Set("Allow", "GET, HEAD, POST")
		told = errorPage{"No such method", "Only GET, HEAD and POST are answered here."}
	}
	s.refuse(w, r, http.StatusMethodNotAllowed, told)
}

func setHeaders(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin") // under no-referrer a browser would send our own forms with "Origin: null"
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
}

// recoverFrom answers a panic below with a page instead of a closed connection.
func (s *site) recoverFrom(w http.ResponseWriter, r *http.Request) {
	what := recover()
	if what == nil {
		return
	}
	if what == http.ErrAbortHandler {
		panic(what)
	}
	err := fmt.Errorf("panic: %v", what)
	s.log.ErrorContext(r.Context(), "request failed", "path", r.URL.Path, "err", err, "stack", string(debug.Stack()))
	status, told := answerTo(err)
	s.refuse(w, r, status, told)
}

// clean reports whether a path says plainly where it leads. The slash at its
// end is looked at elsewhere.
func clean(p string) bool {
	if strings.ContainsAny(p, "\\\x00") {
		return false
	}
	return p == "/" || path.Clean(p) == strings.TrimSuffix(p, "/")
}

func withQuery(path, query string) string {
	if query == "" {
		return path
	}
	return path + "?" + query
}

// hosts are the names that a Host header may carry, in lower case.
type hosts map[string]bool

func newHosts(names []string) hosts {
	h := hosts{}
	for _, name := range names {
		h[canonicalHost(name)] = true
	}
	return h
}

// allow reports whether a request was sent to us by a name that is ours: a
// loopback name, the address the connection came in on, or a listed one.
func (h hosts) allow(r *http.Request) bool {
	host := canonicalHost(r.Host)
	if isLoopback(host) || h[host] {
		return host != ""
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return ok && local.AddrPort().Addr().Unmap().WithZone("") == ip.Unmap().WithZone("")
}

// canonicalHost returns a host without port, brackets and final dot, in lower case.
func canonicalHost(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return strings.ToLower(strings.TrimSuffix(host, "."))
}
