package extract

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/html"
)

// Rules say for single outlets how their pages are read, where the general way
// does not know: what to keep and to drop, and where the fields stand. A nil
// *Rules has none. [ParseRules] tells their form.
//
// The rules shipped with the program belong to the extractor: [Revision] goes up
// when one of them changes. Those given beside them are the user's, and a version
// remembers their [Rules.Fingerprint].
type Rules struct{ sections []*section }

// A section is the rules for some outlets, or for a design that shows itself in
// the page.
type section struct {
	file    string // as it was named
	line    int
	outlets []string // hosts; "*" is any
	paths   []string // patterns of the address's path, in which * is any run of characters; none: any path
	when    []when   // all of them must hold
	rules   []rule
	shipped bool
}

// A when is a sign that a page must show.
type when struct {
	*selector
	text string
}

// A rule is one line of a section.
type rule struct {
	line int
	does directive
	*selector
	text string // the selector as it is written
}

// A directive is what a rule does with the elements that it chooses.
type directive string

// The directives.
const (
	keeps   directive = "keep"       // they are the article's, whatever the general way makes of them
	drops   directive = "drop"       // they are not
	notes   directive = "note"       // they are notes
	bodies  directive = "body"       // they hold the text
	heads   directive = "headline"   // the first with a text is the field, from here on
	leads   directive = "standfirst" //
	bylines directive = "byline"
	dates   directive = "published"
	stamps  directive = "modified"
)

// field reports whether a directive names a field of the story.
func (d directive) field() bool {
	switch d {
	case heads, leads, bylines, dates, stamps:
		return true
	}
	return false
}

// JoinRules returns the rules of all, those of a later one taking precedence.
func JoinRules(all ...*Rules) *Rules {
	joined := &Rules{}
	for _, r := range all {
		if r != nil {
			joined.sections = append(joined.sections, r.sections...)
		}
	}
	return joined
}

// For returns the rules for an outlet, given as a host or as the address of a
// page; paths count for addresses alone.
func (r *Rules) For(outletOrURL string) *Rules {
	if r == nil {
		return nil
	}
	host, where, address := hostAndPath(outletOrURL)
	chosen := &Rules{}
	for _, s := range r.sections {
		if s.of(host) && (!address || s.covers(where)) {
			chosen.sections = append(chosen.sections, s)
		}
	}
	return chosen
}

// Fingerprint returns eight hexadecimal digits that change with the rules for an
// address and with nothing else; empty where there are none. Where a rule stands
// in its file, and comments, do not count.
func (r *Rules) Fingerprint(address string) string {
	chosen := r.For(address)
	if chosen == nil || len(chosen.sections) == 0 {
		return ""
	}
	h := sha256.New()
	for _, s := range chosen.sections {
		for _, w := range s.when {
			fmt.Fprintf(h, "when %s\n", squeeze(w.text))
		}
		for _, rule := range s.rules {
			fmt.Fprintf(h, "%s %s\n", rule.does, squeeze(rule.text))
		}
		fmt.Fprintln(h)
	}
	return hex.EncodeToString(h.Sum(nil)[:4])
}

// RulesFingerprint returns the fingerprint of the user's rules with which a
// story was read; empty where there were none for its address.
func (s *Story) RulesFingerprint() string {
	fingerprint, _, _ := strings.Cut(s.Sources["rules"], " ")
	return fingerprint
}

// hostAndPath takes an address or a host apart.
func hostAndPath(outletOrURL string) (host, where string, address bool) {
	if u, err := url.Parse(outletOrURL); err == nil && u.Host != "" {
		return cleanOutlet(u.Hostname()), "/" + strings.TrimPrefix(u.Path, "/"), true
	}
	return cleanOutlet(outletOrURL), "", false
}

// cleanOutlet returns a host as rules name it; empty where it is none.
func cleanOutlet(host string) string {
	if ip, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return ip.String()
	}
	ascii, ok := asciiHost(strings.TrimPrefix(host, "www."))
	if !ok || strings.ContainsAny(ascii, ":[]*@") {
		return ""
	}
	return ascii
}

// of reports whether a section is for a host: the outlet's own, or one below it.
func (s *section) of(host string) bool {
	return slices.ContainsFunc(s.outlets, func(outlet string) bool {
		return outlet == "*" || outlet == host || strings.HasSuffix(host, "."+outlet)
	})
}

func (s *section) covers(where string) bool {
	return len(s.paths) == 0 || slices.ContainsFunc(s.paths, func(pattern string) bool { return matchPath(pattern, where) })
}

// matchPath reports whether a path is as a pattern says, in which * stands for
// any run of characters. Its time is at most the product of their lengths.
func matchPath(pattern, where string) bool {
	at, star, resume := 0, -1, 0
	for i := 0; i < len(where); {
		switch {
		case at < len(pattern) && pattern[at] == '*':
			star, resume = at, i
			at++
		case at < len(pattern) && pattern[at] == where[i]:
			at++
			i++
		case star >= 0:
			resume++
			at, i = star+1, resume
		default:
			return false
		}
	}
	return strings.Trim(pattern[at:], "*") == ""
}

// shown returns those of the sections whose design a page shows the signs of.
func shown(doc *html.Node, sections []*section) []*section {
	var plain []*selector // most signs name a tag: they are looked for together
	for _, s := range sections {
		for _, w := range s.when {
			if w.tag != "" {
				plain = append(plain, w.selector)
			}
		}
	}
	var found map[*selector]bool
	if len(plain) > 0 {
		found = choosing(doc, plain)
	}
	return slices.DeleteFunc(slices.Clone(sections), func(s *section) bool {
		return slices.ContainsFunc(s.when, func(w when) bool {
			return w.tag != "" && !found[w.selector] || w.tag == "" && !w.any(doc)
		})
	})
}

// at names a line of a section.
func (s *section) at(line int) string { return fmt.Sprintf("%s:%d", path.Base(s.file), line) }

//go:embed rules/*.rules
var shippedFiles embed.FS

// shipped returns the rules that come with the program. They are for designs,
// not for outlets, and each has a page of ours in the tests.
var shipped = sync.OnceValue(func() *Rules {
	files, err := fs.Glob(shippedFiles, "rules/*.rules")
	if err != nil {
		panic(err)
	}
	all := make([]*Rules, len(files))
	for i, name := range files {
		file, err := shippedFiles.Open(name)
		if err != nil {
			panic(err)
		}
		if all[i], err = ParseRules(name, file); err != nil {
			panic(err) // a test reads them all
		}
		for _, s := range all[i].sections {
			s.shipped = true
		}
	}
	return JoinRules(all...)
})
