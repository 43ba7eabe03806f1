package tracker

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
)

// toFront reports whether redirects led from an article to a front page.
func toFront(c *Capture) bool {
	asked, err1 := url.Parse(c.URL)
	final, err2 := url.Parse(c.Final)
	if err1 != nil || err2 != nil || len(c.Hops) == 0 {
		return false
	}
	return !front(asked) && front(final)
}

// front reports whether an address is that of a front page.
func front(u *url.URL) bool {
	if identifying(u.RawQuery) != "" {
		return false
	}
	switch name := strings.ToLower(strings.Trim(u.Path, "/")); name {
	case "", "index.html", "index.htm", "index.php", "home", "home.html":
		return true
	}
	return false
}

// elsewhere says that redirects led to a page which stands for many: a section's
// front, or a page where another tracked article leads too. That alone is no
// proof: the page must be no article, or one with another text, and never have
// been this article's own address.
func (w *Watcher) elsewhere(ctx context.Context, a Article, c *Capture, v verdict, story *extract.Story, newest *Version) (verdict, bool, error) {
	switch {
	case story == nil && v.Reason != "no-article" && v.Reason != "empty":
		return verdict{}, false, nil
	case story != nil && (newest.N == 0 || resembles(&newest.Story, story)):
		return verdict{}, false, nil
	}
	if newest.N > 0 {
		own, err := w.Store.Capture(ctx, newest.CaptureID)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return verdict{}, false, fmt.Errorf("reading where version %d of %s stood: %w", newest.N, a.URL, err)
		}
		if sameAddress(own.Final, c.Final) {
			return verdict{}, false, nil
		}
	}
	if above(c.URL, c.Final) {
		return missed("redirected-to-front", fmt.Sprintf("%s leads to %s, the front of its section", c.URL, c.Final)), true, nil
	}
	if fetch.HostOf(c.URL) != fetch.HostOf(c.Final) || gate(c.Final) {
		return verdict{}, false, nil
	}
	others, err := w.Store.LeadsToo(ctx, a.ID, c.Final)
	if err != nil || !others {
		return verdict{}, false, err
	}
	return missed("redirected-to-front", fmt.Sprintf("%s leads to %s, where another article leads too", c.URL, c.Final)), true, nil
}

// above reports whether the path of final is one above that of asked on the same
// site: /news/ above /news/2026/ferry, and /story.php above /story.php?id=7.
func above(asked, final string) bool {
	a, err1 := url.Parse(asked)
	f, err2 := url.Parse(final)
	if err1 != nil || err2 != nil || fetch.HostOf(asked) != fetch.HostOf(final) || identifying(f.RawQuery) != "" {
		return false
	}
	path, upper := strings.Trim(a.Path, "/")+"/", strings.Trim(f.Path, "/")+"/"
	if path == upper {
		return identifying(a.RawQuery) != ""
	}
	return strings.HasPrefix(path, upper)
}

// gate reports whether an address speaks of logging in, paying or agreeing: all
// articles lead there for as long as the visitor does not, and none is missing.
func gate(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	words := strings.FieldsFunc(strings.ToLower(u.Hostname()+"/"+u.Path), func(r rune) bool { return r < 'a' || r > 'z' })
	return slices.ContainsFunc(words, func(word string) bool {
		switch word {
		case "login", "signin", "sign", "logon", "sso", "auth", "oauth", "account", "register", "registration", "anmelden", "anmeldung", "connexion", "accedi", "entrar", "inloggen",
			"subscribe", "subscription", "subscriptions", "paywall", "abo", "abonnement", "abonnements", "abonnieren", "abonnez", "suscripcion", "suscribete", "abbonamenti", "abbonati", "assine", "prenumerera", "premium", "plus", "offer", "offers",
			"consent", "cookie", "cookies", "privacy", "gdpr", "cmp", "captcha", "challenge", "blocked", "error", "maintenance":
			return true
		}
		return false
	})
}
