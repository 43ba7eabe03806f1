package report

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Doors says who may read and change things; the zero value lets all read and
// nobody change.
type Doors struct {
	Password string // a person logs in with it, and a script may send it as a token; empty: there is none
	Token    string // a script sends it as "Authorization: Bearer …"; empty: there is none
	// Open lets everybody in who asks from this machine, without a password. It is
	// for a report that listens on loopback, and that no proxy passes on.
	Open bool
	// Private lets nobody read either who does not know the password or the token; a
	// program may send them as the password of any user (RFC 7617). Where there is
	// neither, nobody reads.
	Private bool
	Secure  bool // others reach the report by https, so that its cookie travels by nothing else
}

// A gate tells who a visitor is.
type gate struct {
	password, token secret
	open, secure    bool
	private         bool
	now             func() time.Time
	tries           tries
	sessions        sessions
}

func newGate(d Doors, now func() time.Time) *gate {
	return &gate{password: newSecret(d.Password), token: newSecret(d.Token), open: d.Open, secure: d.Secure, private: d.Private, now: now}
}

// locked reports whether there is anything to know.
func (g *gate) locked() bool { return g.password.set || g.token.set }

// mayRead reports whether a visitor may read: everybody may where the report is not
// private, and who knows a secret.
func (g *gate) mayRead(r *http.Request) bool {
	if !g.private || g.knows(r) {
		return true
	}
	sent, _ := r.Context().Value(readsKey{}).(bool)
	return sent
}

// mayWrite reports whether a visitor may change things: they know the password,
// or there is none and they are at this machine.
func (g *gate) mayWrite(r *http.Request) bool {
	if g.locked() {
		return g.knows(r)
	}
	return g.open && g.operates(r)
}

// knows reports whether a visitor has shown that they know a secret: with this
// request, or when they logged in.
func (g *gate) knows(r *http.Request) bool {
	if !g.locked() {
		return false
	}
	if sent, _ := r.Context().Value(knowsKey{}).(bool); sent {
		return true
	}
	c, err := r.Cookie(cookieName)
	return err == nil && g.sessions.has(c.Value, g.now())
}

// A request that carried a secret has one of these: readsKey is of one that a
// browser sends by itself once it was asked, and lets nothing be changed.
type (
	knowsKey struct{}
	readsKey struct{}
)

// operates reports whether a request comes from this machine, by a name that is
// this machine's, and straight: what a proxy says of where a request came from
// is not believed, but that it says anything at all is.
func (g *gate) operates(r *http.Request) bool {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !at.Addr().Unmap().IsLoopback() || !isLoopback(canonicalHost(r.Host)) {
		return false
	}
	for _, name := range []string{"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip"} {
		if len(r.Header.Values(name)) > 0 {
			return false
		}
	}
	// A proxy that hides itself and its visitor's Host cannot hide the Origin.
	origin := r.Header.Get("Origin")
	if origin == "" || origin == "null" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && isLoopback(canonicalHost(u.Host))
}

// isLoopback reports whether a host, as canonicalHost returns it, is a name or
// address of this machine alone.
func isLoopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// byHTTPS reports whether a visitor reaches the report by https.
func (g *gate) byHTTPS(r *http.Request) bool {
	return r.TLS != nil || g.secure && !isLoopback(canonicalHost(r.Host))
}

// sent returns the secret that a request carries, and as what it counts; ok is
// false where it carries none, and where there is nothing to know.
func (g *gate) sent(r *http.Request) (text string, as any, ok bool) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token), knowsKey{}, g.locked()
	}
	_, text, ok = r.BasicAuth()
	return text, readsKey{}, ok && g.private && g.locked()
}

// withSecret returns a request whose secret was tried. Its error is a [refusal].
func (g *gate) withSecret(r *http.Request) (*http.Request, error) {
	text, as, ok := g.sent(r)
	if !ok {
		return r, nil
	}
	right, err := g.try(r, text, g.token, g.password)
	if err != nil {
		return r, err
	}
	if !right {
		return r, refusal{http.StatusUnauthorized, errorPage{"Wrong token", "The token that was sent is not the one of this report."}, 0}
	}
	return r.WithContext(context.WithValue(r.Context(), as, true)), nil
}

// failDelay is how long the answer to a wrong password takes.
const failDelay = time.Second

// try reports whether text is one of the secrets. A wrong one costs time; after
// too many of them none is tried at all, and the error is a [refusal].
func (g *gate) try(r *http.Request, text string, secrets ...secret) (bool, error) {
	from := sourceOf(r)
	if wait := g.tries.take(from, g.now()); wait > 0 {
		return false, tooMany(wait)
	}
	for _, s := range secrets {
		if s.is(text) {
			g.tries.giveBack(from)
			return true, nil
		}
	}
	timer := time.NewTimer(failDelay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return false, nil
	case <-r.Context().Done():
		return false, r.Context().Err()
	}
}

// A secret is kept as its hash, so that comparing it tells nothing of it, its
// length included.
type secret struct {
	sum [sha256.Size]byte
	set bool
}

func newSecret(text string) secret { return secret{sha256.Sum256([]byte(text)), text != ""} }

func (s secret) is(text string) bool {
	sum := sha256.Sum256([]byte(text))
	return subtle.ConstantTimeCompare(sum[:], s.sum[:]) == 1 && s.set
}
