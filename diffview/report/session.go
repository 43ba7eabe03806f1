package report

import (
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"sync"
	"time"
)

const (
	cookieName   = "storydiff-session"
	sessionTime  = 30 * 24 * time.Hour
	sessionsMost = 1000 // at a time; one more ends the one that would end first
)

// sessions are those who logged in. They are kept in memory, so that the end of
// the program ends them too.
type sessions struct {
	mu    sync.Mutex
	until map[[sha256.Size]byte]time.Time // by the hash of what the cookie holds
}

// begin returns what the cookie of a new session holds: 130 random bits.
func (s *sessions) begin(now time.Time) string {
	value := rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.until == nil {
		s.until = map[[sha256.Size]byte]time.Time{}
	}
	s.makeRoom(now)
	s.until[sha256.Sum256([]byte(value))] = now.Add(sessionTime)
	return value
}

func (s *sessions) makeRoom(now time.Time) {
	var first [sha256.Size]byte
	var ends time.Time
	for key, until := range s.until {
		if !now.Before(until) {
			delete(s.until, key)
			continue
		}
		if ends.IsZero() || until.Before(ends) {
			first, ends = key, until
		}
	}
	if len(s.until) >= sessionsMost {
		delete(s.until, first)
	}
}

func (s *sessions) has(value string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	until, ok := s.until[sha256.Sum256([]byte(value))]
	return ok && now.Before(until)
}

func (s *sessions) end(value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.until, sha256.Sum256([]byte(value)))
}

// setCookie gives a visitor the cookie of a session; an empty value takes it away.
func (g *gate) setCookie(w http.ResponseWriter, r *http.Request, value string) {
	c := &http.Cookie{
		Name: cookieName, Value: value, Path: "/", MaxAge: int(sessionTime.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteStrictMode,
		Secure: g.byHTTPS(r),
	}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}
