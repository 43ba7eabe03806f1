package fetch

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxFresh is for how long at most an answer is taken at its word that it will
// not change: caches in front of newspapers are told of days and years.
const maxFresh = time.Hour

// Fresh returns for how long after its end the answer is as good as a new one by
// its own word (RFC 9111 section 4.2), from 0 to an hour.
func (p *Page) Fresh() time.Duration {
	life := lifetime(p.Header, p.Ended)
	if life <= 0 {
		return 0
	}
	if age, err := strconv.ParseUint(strings.TrimSpace(p.Header.Get("Age")), 10, 31); err == nil {
		life -= time.Duration(age) * time.Second
	}
	return min(max(life, 0), maxFresh)
}

// lifetime returns for how long an answer is fresh from when it was made: what
// max-age says, else Expires. Of what is said of shared caches nothing holds for
// us.
func lifetime(h http.Header, now time.Time) time.Duration {
	life, said := time.Duration(0), false
	for directive := range strings.SplitSeq(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "no-cache", "no-store":
			return 0
		case "max-age":
			if n, err := strconv.ParseInt(strings.Trim(strings.TrimSpace(value), `"`), 10, 31); err == nil && !said {
				life, said = time.Duration(n)*time.Second, true
			}
		}
	}
	if said {
		return life
	}
	expires, err := http.ParseTime(h.Get("Expires"))
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date // its clock may be another than ours
	}
	return expires.Sub(now)
}
