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

// policy lets a page use its own style sheet, pictures and forms, and nothing else.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guard stands before every address: it sets the headers that each answer
// carries, and turns away what no page should see.
func (s *site) guard(hosts hosts, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		setHeaders(w.Header())
		defer s.recoverFrom(w, r)
		switch {
		case !hosts.allow(r):
			// A foreign name that leads here is DNS rebinding, or a proxy nobody told us of.
			s.refuse(w, r, http.StatusForbidden, errorPage{"Unknown host", fmt.Sprintf(
				"This report does not answer to the name %q, only to this machine and to the host names that it was started with.", r.Host)})
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			s.refuse(w, r, http.StatusMethodNotAllowed, errorPage{"Only for reading", "Nothing can be changed here: only GET and HEAD are answered."})
		case byAddress(r.URL.Path):
			next.ServeHTTP(w, wholeAddress(r))
		case !clean(r.URL.Path):
			s.refuse(w, r, http.StatusNotFound, errorPage{"No such page", "There is no page at this address."})
		case r.URL.Path != "/" && strings.HasSuffix(r.URL.Path, "/"):
			http.Redirect(w, r, withQuery(strings.TrimSuffix(r.URL.EscapedPath(), "/"), r.URL.RawQuery), http.StatusMovedPermanently)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func setHeaders(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
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
	if host == "localhost" || strings.HasSuffix(host, ".localhost") || h[host] {
		return host != ""
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	if ip.Unmap().IsLoopback() {
		return true
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
