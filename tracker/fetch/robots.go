package fetch

import (
	"bytes"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MaxRobots is how much of a robots.txt is read, in bytes. RFC 9309 section 2.5
// asks for 500 KiB at least.
const MaxRobots = 512 << 10

// Bounds of a Crawl-delay, which RFC 9309 does not know: a value outside of them
// counts as the nearer bound.
const (
	minCrawlDelay = time.Second
	maxCrawlDelay = time.Minute
	maxAskedDelay = 7 * 24 * time.Hour // what more is asked for is not told apart
)

// maxRobotsWork is how many bytes are compared to judge one path. A thousand
// rules with stars and a path of a hundred bytes come to a tenth of that.
const maxRobotsWork = 1 << 20

// Robots is a robots.txt as RFC 9309 reads it. A nil one allows everything.
type Robots struct{ groups []robotsGroup }

// A robotsGroup is a run of user-agent lines with the rules that follow.
type robotsGroup struct {
	agents []robotsAgent
	rules  []robotsRule
}

// A robotsAgent is whom a group speaks to.
type robotsAgent struct {
	name  string // product token in lower case, or "*"
	delay time.Duration
}

type robotsRule struct {
	allow   bool
	pattern string // normalised
	loose   string // the pattern with its query as in [loosen]; empty: it is the same
}

// ParseRobots reads a robots.txt. There is no text that it cannot read: what
// makes no sense is passed over, and so is all beyond MaxRobots.
func ParseRobots(body []byte) *Robots {
	if len(body) >= MaxRobots {
		// The last line may have been cut, and half a path forbids too much.
		body = body[:MaxRobots]
		body = body[:bytes.LastIndexAny(body, "\r\n")+1]
	}
	p := robotsParser{robots: &Robots{}}
	text := strings.TrimPrefix(string(body), "\ufeff")
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\r' || r == '\n' }) {
		line, _, _ = strings.Cut(line, "#")
		if key, value, ok := strings.Cut(line, ":"); ok {
			p.line(strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value))
		}
	}
	return p.robots
}

// A robotsParser reads a robots.txt line by line.
type robotsParser struct {
	robots *Robots
	ruled  bool // the last group has rules, so that a user-agent begins another
	paced  int  // how many agents of the last group have had a delay line
}

// line takes a line. One with another key than these does not end a run of
// user-agent lines (RFC 9309 section 2.2.4).
func (p *robotsParser) line(key, value string) {
	switch key {
	case "user-agent":
		p.agent(value)
	case "allow", "disallow":
		p.rule(key == "allow", value)
	case "crawl-delay":
		p.delay(value)
	}
}

func (p *robotsParser) agent(value string) {
	if len(p.robots.groups) == 0 || p.ruled {
		p.robots.groups = append(p.robots.groups, robotsGroup{})
		p.ruled, p.paced = false, 0
	}
	g := p.last()
	g.agents = append(g.agents, robotsAgent{name: agentName(value)})
}

func (p *robotsParser) rule(allow bool, value string) {
	g := p.last()
	if g == nil {
		return
	}
	p.ruled = true
	if strings.HasPrefix(value, "/") || strings.HasPrefix(value, "*") {
		rule := robotsRule{allow: allow, pattern: normalisePattern(value)}
		if loose := loosen(rule.pattern); loose != rule.pattern {
			rule.loose = loose
		}
		g.rules = append(g.rules, rule)
	}
}

// delay gives the agents named so far their delay, unless they have one: so no
// line is looked at twice, however many there are.
func (p *robotsParser) delay(value string) {
	seconds, err := strconv.ParseFloat(value, 64)
	g := p.last()
	if err != nil || g == nil || math.IsNaN(seconds) || seconds <= 0 {
		return
	}
	d := maxAskedDelay
	if seconds < maxAskedDelay.Seconds() {
		d = max(minCrawlDelay, time.Duration(seconds*float64(time.Second)))
	}
	for ; p.paced < len(g.agents); p.paced++ {
		g.agents[p.paced].delay = d
	}
}

// last returns the group that is being read; nil before the first.
func (p *robotsParser) last() *robotsGroup {
	if len(p.robots.groups) == 0 {
		return nil
	}
	return &p.robots.groups[len(p.robots.groups)-1]
}

// agentName returns the product token that a user-agent line begins with.
func agentName(value string) string {
	if value == "*" {
		return value
	}
	end := strings.IndexFunc(value, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.')
	})
	if end >= 0 {
		value = value[:end]
	}
	return strings.ToLower(value)
}

// productOf returns the product token of a User-Agent field.
func productOf(userAgent string) string {
	return orElse(agentName(userAgent), defaultAgent)
}

// Allowed reports whether the crawler named product may ask for a path with its
// query. The most specific rule decides, the one with the longest pattern, and
// of two equally long ones the one that allows (RFC 9309 section 2.2.2). Where
// the rules are so many and so tangled that they cannot be told in reasonable
// time, nothing is allowed.
func (r *Robots) Allowed(product, pathAndQuery string) bool {
	m := robotsMatcher{left: maxRobotsWork}
	return m.allowed(r, product, pathAndQuery)
}

// allowed is [Robots.Allowed], on the work that is left to m.
func (m *robotsMatcher) allowed(r *Robots, product, pathAndQuery string) bool {
	path := normalisePath(pathAndQuery)
	if path == "/robots.txt" {
		return true
	}
	loose := loosen(path)
	allowed, longest := true, -1
	for g := range r.speakingTo(product) {
		for i := range g.rules {
			rule := &g.rules[i]
			n := len(rule.pattern)
			if n < longest || n == longest && (allowed || !rule.allow) || !m.matches(rule, path, loose) {
				continue
			}
			allowed, longest = rule.allow, n
		}
	}
	return allowed && m.left >= 0
}

// CrawlDelay returns the least time to leave between two requests of the crawler
// named product: 0 where it is not asked for any, otherwise from a second to a
// minute.
func (r *Robots) CrawlDelay(product string) time.Duration {
	return min(r.askedDelay(product), maxCrawlDelay)
}

// askedDelay is CrawlDelay as it is asked for, up to a week.
func (r *Robots) askedDelay(product string) time.Duration {
	var longest time.Duration
	for _, delay := range r.speakingTo(product) {
		longest = max(longest, delay)
	}
	return longest
}

// speakingTo returns the groups that name product, each once and with the delay
// it asks for; where none does, those for everybody.
func (r *Robots) speakingTo(product string) iter.Seq2[*robotsGroup, time.Duration] {
	name := "*"
	if r.names(strings.ToLower(product)) {
		name = strings.ToLower(product)
	}
	return func(yield func(*robotsGroup, time.Duration) bool) {
		if r == nil {
			return
		}
		for i := range r.groups {
			delay, named := r.groups[i].delayOf(name)
			if named && !yield(&r.groups[i], delay) {
				return
			}
		}
	}
}

// names reports whether a group speaks to product by name.
func (r *Robots) names(product string) bool {
	return r != nil && slices.ContainsFunc(r.groups, func(g robotsGroup) bool {
		_, named := g.delayOf(product)
		return named
	})
}

// delayOf returns the longest delay that the group asks of an agent, and whether
// it speaks to that agent at all.
func (g *robotsGroup) delayOf(name string) (longest time.Duration, named bool) {
	for _, a := range g.agents {
		if a.name == name {
			longest, named = max(longest, a.delay), true
		}
	}
	return longest, named
}

// A robotsMatcher compares patterns with a path for as long as its work lasts.
type robotsMatcher struct {
	left int // bytes that may still be compared; below 0: there was more to do
}

// matches reports whether a rule speaks of a path, which is given as it is and
// loosened.
func (m *robotsMatcher) matches(rule *robotsRule, path, loose string) bool {
	if m.match(rule.pattern, path) {
		return true
	}
	return (rule.loose != "" || loose != path) && m.match(orElse(rule.loose, rule.pattern), loose)
}

// match reports whether a pattern matches the beginning of path; with a $ at its
// end, all of it. A star stands for any run of bytes. The pieces between stars
// are looked for one after the other, each as early as it can be: nothing is ever
// tried again, so the time is linear.
func (m *robotsMatcher) match(pattern, path string) bool {
	if m.left < 0 {
		return false
	}
	pattern, whole := strings.CutSuffix(pattern, "$")
	first, rest, starred := strings.Cut(pattern, "*")
	m.left -= 1 + min(len(first), len(path))
	path, ok := strings.CutPrefix(path, first)
	if !ok || !starred {
		return ok && (!whole || path == "")
	}
	for {
		piece, after, more := strings.Cut(rest, "*")
		if !more && whole {
			return strings.HasSuffix(path, piece)
		}
		at := strings.Index(path, piece)
		if at < 0 {
			m.left -= len(path)
			return false
		}
		m.left -= at + len(piece)
		if !more || m.left < 0 {
			return !more
		}
		path, rest = path[at+len(piece):], after
	}
}

// loosen returns a normalised path or pattern with those octets of its query
// decoded that mean the same there either way: section 2.2.2 of RFC 9309 writes
// a colon and a slash in a query encoded and has them match.
func loosen(s string) string {
	path, query, ok := strings.Cut(s, "?")
	if !ok || !strings.Contains(query, "%") {
		return s
	}
	b := append(make([]byte, 0, len(s)), path...)
	b = append(b, '?')
	for i := 0; i < len(query); i++ {
		c, encoded := unescape(query[i:])
		if encoded && strings.IndexByte(":/?@", c) >= 0 {
			b = append(b, c)
			i += 2
			continue
		}
		b = append(b, query[i])
	}
	return string(b)
}

// normalisePath returns a path in the form that patterns are compared with.
func normalisePath(path string) string {
	if path == "" || path[0] != '/' {
		path = "/" + path
	}
	return normalise(path, func(int) bool { return false })
}

// normalisePattern is normalisePath for a pattern: its stars and a $ at its end
// stay what they are.
func normalisePattern(pattern string) string {
	return normalise(pattern, func(i int) bool {
		return pattern[i] == '*' || pattern[i] == '$' && i == len(pattern)-1
	})
}

// normalise percent-encodes what must be and nothing else (RFC 9309 section
// 2.2.2): unreserved characters stand as they are, an encoded reserved one stays
// encoded. A star and a dollar are encoded too, as they are in a pattern that
// means them literally, but for those that keep says are special.
func normalise(s string, keep func(i int) bool) string {
	if strings.IndexFunc(s, func(r rune) bool { return !plainInPath(r) }) < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		decoded, encoded := unescape(s[i:])
		switch {
		case encoded:
			i += 2
			writeOctet(&b, decoded, unreserved(decoded))
		case keep(i):
			b.WriteByte(c)
		default:
			writeOctet(&b, c, plainInPath(rune(c)))
		}
	}
	return b.String()
}

// plainInPath reports whether a character of a path stands for itself.
func plainInPath(c rune) bool {
	switch c {
	case '%', '*', '$', '"', '<', '>', '\\', '^', '`', '{', '|', '}':
		return false
	}
	return c > ' ' && c < 0x7f
}

// writeOctet writes c, percent-encoded unless plain.
func writeOctet(b *strings.Builder, c byte, plain bool) {
	const hex = "0123456789ABCDEF"
	if plain {
		b.WriteByte(c)
		return
	}
	b.Write([]byte{'%', hex[c>>4], hex[c&15]})
}

// unescape reads the %XX that s begins with, if it does.
func unescape(s string) (c byte, ok bool) {
	if len(s) < 3 || s[0] != '%' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[1:3], 16, 8)
	return byte(n), err == nil
}

// unreserved reports whether c never needs encoding (RFC 3986 section 2.3).
func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}
