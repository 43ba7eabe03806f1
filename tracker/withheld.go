package tracker

import (
	"net/http"
	"net/url"
	"strings"
)

const (
	linksRead  = 32  // Link headers of an answer that are looked at, and links in each
	linkLength = 500 // bytes of an address that is told
)

// withheld says in words what an answer 451 means, and who carries it out where
// the answer names them (RFC 7725 §3 and §4).
func withheld(c *Capture) string {
	said := "it is withheld on legal grounds, such as a court's order or a law"
	if by := blockedBy(c.Header, c.Final); by != "" {
		said += "; it is blocked by " + by
	}
	return said
}

// blockedBy returns the address that a Link header gives for rel="blocked-by";
// empty where there is none.
func blockedBy(header http.Header, base string) string {
	from, err := url.Parse(base)
	if err != nil {
		return ""
	}
	values := header.Values("Link")
	for _, value := range values[:min(len(values), linksRead)] {
		for range linksRead {
			var target, params string
			target, params, value = nextLink(value)
			if relates(params, "blocked-by") {
				if by, err := from.Parse(target); err == nil && by.Host != "" && (by.Scheme == "http" || by.Scheme == "https") && len(target) <= linkLength {
					by.User = nil
					return by.String()
				}
			}
			if value == "" {
				break
			}
		}
	}
	return ""
}

// nextLink cuts the first link off the value of a Link header (RFC 8288 §3): the
// target between < and >, its parameters, and what follows the comma.
func nextLink(value string) (target, params, rest string) {
	_, value, ok := strings.Cut(value, "<")
	if !ok {
		return "", "", ""
	}
	target, value, ok = strings.Cut(value, ">")
	if !ok {
		return "", "", ""
	}
	params, rest = cutUnquoted(value, ',')
	return strings.TrimSpace(target), params, rest
}

// cutUnquoted is strings.Cut at the first sep that stands in no quoted string.
func cutUnquoted(s string, sep byte) (before, after string) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == sep && !quoted:
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

// relates reports whether parameters of a link name a relation.
func relates(params, relation string) bool {
	for params != "" {
		var param string
		param, params = cutUnquoted(params, ';')
		name, value, _ := strings.Cut(param, "=")
		if !strings.EqualFold(strings.TrimSpace(name), "rel") {
			continue
		}
		for word := range strings.FieldsSeq(strings.Trim(strings.TrimSpace(value), `"`)) {
			if strings.EqualFold(word, relation) {
				return true
			}
		}
		return false // further ones do not count (RFC 8288 §3.3)
	}
	return false
}
