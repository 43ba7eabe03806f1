package report

import (
	"net/http"
	"net/url"
)

// absolute returns the whole address of a path of ours, for those who read it
// elsewhere: by the name that the visitor asked for, which the guard has let
// pass, and by the protocol in which we were asked.
func absolute(r *http.Request, path string) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host + path
}

// ownPath returns the path that a whole address names at this report; ok is
// false for an address of somebody else's.
func ownPath(r *http.Request, address string) (path string, ok bool) {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return "", false
	}
	return u.Path, u.Host != "" && canonicalHost(u.Host) == canonicalHost(r.Host)
}
