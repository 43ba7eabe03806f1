package fetch_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"storydiff/tracker/fetch"
)

func TestRobotsRules(t *testing.T) {
	const all = "User-agent: *\n"
	tests := []struct {
		name, robots, path string
		want               bool
	}{
		{"empty file", "", "/a", true},
		{"not a robots.txt", "<!doctype html><title>Not found</title>", "/a", true},
		{"everything", all + "Disallow: /", "/a", false},
		{"nothing", all + "Disallow:", "/a", true},
		{"robots.txt itself", all + "Disallow: /", "/robots.txt", true},
		{"prefix", all + "Disallow: /a", "/abc", false},
		{"not a prefix", all + "Disallow: /a", "/b/a", true},
		{"case matters in paths", all + "Disallow: /A", "/a", true},
		{"case does not in keys", "USER-AGENT: *\ndisALLOW: /a", "/a", false},
		{"query", all + "Disallow: /a?id=", "/a?id=7", false},
		{"empty path", all + "Disallow: /$", "", false},
		{"spaces and comments", " User-agent : * # us\n\tDisallow:  /a  # not this\n", "/a", false},
		{"old line ends", "User-agent: *\rDisallow: /a\r", "/a", false},
		{"byte order mark", "\ufeff" + all + "Disallow: /a", "/a", false},
		{"no slash at the start", all + "Disallow: a", "/a", true},
		{"rule before any group", "Disallow: /\n" + all + "Disallow: /b", "/a", true},

		{"longest wins, allow", all + "Disallow: /a\nAllow: /a/b", "/a/b/c", true},
		{"longest wins, disallow", all + "Allow: /a\nDisallow: /a/b", "/a/b/c", false},
		{"allow wins a tie", all + "Disallow: /page\nAllow: /page", "/page", true},
		{"allow wins a tie in the other order", all + "Allow: /page\nDisallow: /page", "/page", true},
		{"order does not matter", all + "Allow: /\nDisallow: /a", "/a", false},
		{"length counts stars", all + "Allow: /a\nDisallow: /*a", "/a", false},

		{"star", all + "Disallow: /*.pdf", "/a/b.pdf?x", false},
		{"star for nothing", all + "Disallow: /a*b", "/ab", false},
		{"stars in order", all + "Disallow: /*a*b*c", "/xxaxxbxxc", false},
		{"stars out of order", all + "Disallow: /*a*b*c", "/xxcxxbxxa", true},
		{"end", all + "Disallow: /a$", "/a", false},
		{"not the end", all + "Disallow: /a$", "/ab", true},
		{"star and end", all + "Disallow: /*.gif$", "/a.gif.gif", false},
		{"star and not the end", all + "Disallow: /*.gif$", "/a.gif?x", true},
		{"overlap of end", all + "Disallow: /*aba*ba$", "/aba", true},
		{"star at the end", all + "Disallow: /a*", "/a", false},
		{"star first", all + "Disallow: *a", "/xa", false},
		{"dollar in the middle", all + "Disallow: /a$b", "/a$b", false},
		{"star meant literally", all + "Disallow: /a%2Ab", "/a*b", false},
		{"star meant literally is no wildcard", all + "Disallow: /a%2Ab", "/axb", true},
		{"dollar meant literally", all + "Disallow: /a%24", "/a$b", false},

		{"encoded letters", all + "Disallow: /%62%61%7A", "/baz", false},
		{"letters in the path encoded", all + "Disallow: /baz", "/%62%61%7a", false},
		{"plain UTF-8", all + "Disallow: /ツ", "/%E3%83%84", false},
		{"hexadecimal in capitals or not", all + "Disallow: /%e3%83%84", "/ツ", false},
		{"an encoded slash is another thing", all + "Disallow: /a/b", "/a%2Fb", true},
		{"an encoded slash in both", all + "Disallow: /a%2fb", "/a%2Fb", false},
		{"a lone percent", all + "Disallow: /100%", "/100%25", false},

		// The table of section 2.2.2 of RFC 9309, each row both ways round.
		{"2.2.2 as it is", all + "Disallow: /foo/bar?baz=quz", "/foo/bar?baz=quz", false},
		{"2.2.2 reserved in the query, encoded in the address", all + "Disallow: /foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", false},
		{"2.2.2 reserved in the query, encoded in the rule", all + "Disallow: /foo/bar?baz=https%3a%2f%2Ffoo.bar", "/foo/bar?baz=https://foo.bar", false},
		{"2.2.2 outside of ASCII", all + "Disallow: /foo/bar/ツ", "/foo/bar/%e3%83%84", false},
		{"2.2.2 encoded outside of ASCII", all + "Disallow: /foo/bar/%E3%83%84", "/foo/bar/ツ", false},
		{"2.2.2 unreserved and encoded", all + "Disallow: /foo/bar/%62%61%7A", "/foo/bar/baz", false},
		{"encoded in the query behind a star", all + "Disallow: /*u=https%3A", "/a?u=https%3A//b", false},
		{"a query within a query", all + "Disallow: /a?u=b%3Fc", "/a?u=b?c", false},
		{"an ampersand is another thing", all + "Disallow: /a?u=b%26c", "/a?u=b&c", true},
		{"a slash in the query behind a star", all + "Disallow: /*/b", "/a?x=/b", false},
		// Section 2.2.1: whom a group speaks to.
		{"2.2.1 letters of the name in either case", "User-Agent: StORYdIFF\nDisallow: /a", "/a", false},
		{"2.2.1 no group for all and none for us", "User-agent: x\nDisallow: /\n\nUser-agent: y\nDisallow: /", "/a", true},
		{"2.2.1 no group at all", "Sitemap: https://example.org/s.xml", "/a", true},
		{"2.2.1 an empty name", "User-agent:\nDisallow: /", "/a", true},
		// Section 2.2.3: the special characters.
		{"2.2.3 comment behind a rule", all + "Allow: /#Disallow: /\nDisallow: /a#b", "/a", false},
		{"2.2.3 end of the pattern", all + "Allow: /this/path/exactly$\nDisallow: /this", "/this/path/exactly", true},
		{"2.2.3 end of the pattern, and more", all + "Allow: /this/path/exactly$\nDisallow: /this", "/this/path/exactly/not", false},
		{"2.2.3 any number of any character", all + "Allow: /this/*/exactly\nDisallow: /this", "/this/x/y/exactly", true},
		{"2.2.3 special characters meant literally", all + "Disallow: /path/file-with-a-%2A.html\nDisallow: /path/foo-%24", "/path/file-with-a-*.html", false},
		{"2.2.3 a dollar meant literally", all + "Disallow: /path/foo-%24", "/path/foo-$", false},
		// Section 2.2.4: other records.
		{"2.2.4 a sitemap between rules", all + "Disallow: /a\nSitemap: https://example.org/s.xml\nDisallow: /b", "/b", false},
		{"2.2.4 an unknown key before a name", "Host: example.org\n" + all + "Disallow: /a", "/a", false},
		// Section 5: examples of groups and of the longest match.
		{"5.1 by name", "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\nUser-Agent: foobot\nDisallow:/\nAllow:/example/page.html\n\nUser-Agent: storydiff\nUser-Agent: bazbot\nDisallow: /example/page.html", "/example/page.html", false},
		{"5.1 by name, the rest", "User-Agent: *\nDisallow: /example/\n\nUser-Agent: storydiff\nUser-Agent: bazbot\nDisallow: /example/page.html", "/example/other.html", true},
		{"5.2 longest match", "User-Agent: storydiff\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/disallowed.gif", false},

		{"our group", "User-agent: storydiff\nDisallow: /a\n\n" + all + "Disallow: /b", "/b", true},
		{"our group forbids", "User-agent: StoryDiff\nDisallow: /a\n\n" + all + "Allow: /", "/a", false},
		{"our group without rules", "User-agent: storydiff\n\n" + all + "Disallow: /", "/a", false},
		{"our group with an empty rule", "User-agent: storydiff\nDisallow:\n\n" + all + "Disallow: /", "/a", true},
		{"a part of our name", "User-agent: diff\nDisallow: /\nUser-agent: story\nDisallow: /", "/a", true},
		{"a longer name", "User-agent: storydiffer\nDisallow: /", "/a", true},
		{"a version", "User-agent: storydiff/1.0\nDisallow: /", "/a", false},
		{"groups merged", "User-agent: storydiff\nDisallow: /a\nUser-agent: x\nDisallow: /\nUser-agent: storydiff\nDisallow: /b", "/b", false},
		{"groups for all merged", all + "Disallow: /a\nUser-agent: x\nDisallow: /\n" + all + "Disallow: /b", "/a", false},
		{"several agents", "User-agent: x\nUser-agent: storydiff\nDisallow: /a", "/a", false},
		{"another key between agents", "User-agent: storydiff\nSitemap: https://example.org/s.xml\n\nUser-agent: x\nDisallow: /a", "/a", false},
		{"only others", "User-agent: x\nDisallow: /", "/a", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := fetch.ParseRobots([]byte(tt.robots)).Allowed("storydiff", tt.path); got != tt.want {
				t.Errorf("Allowed(%q) = %v, want %v, by\n%s", tt.path, got, tt.want, tt.robots)
			}
		})
	}
	if !(*fetch.Robots)(nil).Allowed("storydiff", "/a") {
		t.Error("no robots.txt forbids /a")
	}
}

func TestCrawlDelay(t *testing.T) {
	tests := []struct {
		robots string
		want   time.Duration
	}{
		{"", 0},
		{"User-agent: *\nCrawl-delay: 10", 10 * time.Second},
		{"User-agent: *\nCrawl-delay: 2.5", 2500 * time.Millisecond},
		{"User-agent: *\nCrawl-delay: 0.1", time.Second},
		{"User-agent: *\nCrawl-delay: 3600", time.Minute},
		{"User-agent: *\nCrawl-delay: 1e300", time.Minute},
		{"User-agent: *\nCrawl-delay: Inf", time.Minute},
		{"User-agent: *\nCrawl-delay: NaN", 0},
		{"User-agent: *\nCrawl-delay: -4", 0},
		{"User-agent: *\nCrawl-delay: 0", 0},
		{"User-agent: *\nCrawl-delay: soon", 0},
		{"User-agent: x\nCrawl-delay: 7", 0},
		{"User-agent: *\nCrawl-delay: 7\n\nUser-agent: storydiff\nDisallow: /a", 0},
		{"User-agent: *\nCrawl-delay: 7\n\nUser-agent: storydiff\nCrawl-delay: 3", 3 * time.Second},
		{"User-agent: x\nCrawl-delay: 30\n\nUser-agent: *\nDisallow:", 0},
		{"Crawl-delay: 7", 0},
		{"User-agent: x\nCrawl-delay: 9\nUser-agent: *\nCrawl-delay: 3\nDisallow: /a", 3 * time.Second},
	}
	for _, tt := range tests {
		if got := fetch.ParseRobots([]byte(tt.robots)).CrawlDelay("storydiff"); got != tt.want {
			t.Errorf("CrawlDelay by %q = %v, want %v", tt.robots, got, tt.want)
		}
	}
}

// A robots.txt is read as far as its first 512 KiB, and a line that is cut there
// says nothing.
func TestLongRobots(t *testing.T) {
	filler := "User-agent: *\n" + strings.Repeat("#\n", fetch.MaxRobots/2)
	body := filler[:fetch.MaxRobots-12] + "\nDisallow: /private\nDisallow: /b\n"
	r := fetch.ParseRobots([]byte(body))
	for _, path := range []string{"/", "/private", "/b"} {
		if !r.Allowed("storydiff", path) {
			t.Errorf("%s is forbidden by what lies beyond the limit", path)
		}
	}
	body = "User-agent: *\nDisallow: /early\n" + filler
	if fetch.ParseRobots([]byte(body)).Allowed("storydiff", "/early") {
		t.Error("/early is allowed in spite of the beginning of the file")
	}
}

// A hostile file is judged in a bounded number of steps, which take less than 10
// milliseconds: abuse case 24.
func TestAbuse24HostileRobots(t *testing.T) {
	for name, h := range hostileRobots() {
		t.Run(name, func(t *testing.T) {
			if len(h.robots) > fetch.MaxRobots {
				t.Fatalf("%d bytes, more than are read", len(h.robots))
			}
			// The best of five, for machines that are busy.
			parse, match := time.Hour, time.Hour
			for range 5 {
				began := time.Now()
				r := fetch.ParseRobots([]byte(h.robots))
				parse = min(parse, time.Since(began))
				began = time.Now()
				r.Allowed("storydiff", h.path)
				match = min(match, time.Since(began))
			}
			r := fetch.ParseRobots([]byte(h.robots))
			most, done := fetch.RobotsWork(r, "storydiff", h.path)
			t.Logf("%d bytes: parsed in %v, matched in %v, %d bytes compared", len(h.robots), parse, match, done)
			if done > most+4*len(h.path) {
				t.Errorf("%d bytes compared, want %d at most", done, most)
			}
			if limit := time.Duration(100 * slowTests()); match > limit*time.Millisecond || parse > 10*limit*time.Millisecond {
				t.Errorf("parsed in %v, matched in %v; want %d ms at most to match", parse, match, limit)
			}
			if done > most && r.Allowed("storydiff", h.path) {
				t.Error("what cannot be judged is allowed")
			}
		})
	}
}

type hostile struct{ robots, path string }

func hostileRobots() map[string]hostile {
	const all = "User-agent: *\n"
	long := "/" + strings.Repeat("a", 2000)
	longest := "/" + strings.Repeat("a", 8000)
	fill := func(line string) string { return all + strings.Repeat(line, (fetch.MaxRobots-len(all))/len(line)) }
	return map[string]hostile{
		"stars":      {all + "Disallow: /" + strings.Repeat("*a", 2000) + "b$", long},
		"many_rules": {all + strings.Repeat("Disallow: /*a*b\n", fetch.MaxRobots/16-2), long},
		"same_name":  {strings.Repeat(all, 15_000) + strings.Repeat("Disallow: /*a*b\n", 15_000), long},
		"delays":     {strings.Repeat("User-agent: x\nCrawl-delay: 1\n", fetch.MaxRobots/29), long},
		"one_star":   {fill("allow:*bb\n"), longest},
		"far_pieces": {fill("allow:*" + strings.Repeat("a", 63) + "b\n"), longest},
		"two_stars":  {fill("allow:/*aaaaaaa*aab\n"), longest},
		"queries":    {fill("allow:/*%3A?%2F%3A*b\n"), longest + "?%3A%2F" + strings.Repeat("%3A", 50)},
		"many_names": {strings.Repeat("User-agent: x\n", fetch.MaxRobots/14-2) + "Disallow: /", long},
	}
}

func FuzzRobots(f *testing.F) {
	f.Add([]byte("User-agent: *\nDisallow: /a*b$\nCrawl-delay: 3"), "/axb")
	f.Add([]byte("User-agent: storydiff\nAllow: /%62%zz%"), "/b%zz%25")
	f.Add([]byte("/*aba*ba$"), "/bababa")
	f.Add([]byte("\ufeffUser-Agent:storydiff/2\r\rDisallow:*$"), "")
	f.Fuzz(func(t *testing.T, body []byte, path string) {
		r := fetch.ParseRobots(body)
		if d := r.CrawlDelay("storydiff"); d < 0 || d > time.Minute || d > 0 && d < time.Second {
			t.Errorf("CrawlDelay = %v", d)
		}
		r.Allowed("storydiff", path)
		if bytes.ContainsAny(body, "\r\n#") || len(path) > 1000 {
			return
		}
		// The matcher agrees with a plain one on any single rule.
		pattern := strings.TrimSpace(string(body))
		if !strings.HasPrefix(pattern, "/") || strings.Trim(pattern+path, "/*$ab") != "" || strings.Contains(path, "*") || strings.Contains(path, "$") || strings.Count(pattern, "*") > 5 {
			return
		}
		if !strings.HasPrefix(path, "/") {
			path = "/" + path
		}
		robots := "User-agent: *\nDisallow: " + pattern
		if got, want := fetch.ParseRobots([]byte(robots)).Allowed("storydiff", path), !matches(pattern, path); got != want {
			t.Errorf("Allowed(%q) by %q = %v, want %v", path, pattern, got, want)
		}
	})
}

// matches tries every length for every star.
func matches(pattern, path string) bool {
	switch {
	case pattern == "":
		return true
	case pattern == "$":
		return path == ""
	case pattern[0] == '*':
		return matches(pattern[1:], path) || path != "" && matches(pattern, path[1:])
	}
	return path != "" && path[0] == pattern[0] && matches(pattern[1:], path[1:])
}

func BenchmarkRobots(b *testing.B) {
	cases := hostileRobots()
	var usual strings.Builder
	usual.WriteString("User-agent: *\n")
	for i := range 60 {
		fmt.Fprintf(&usual, "Disallow: /section%d/*/print$\n", i)
	}
	cases["usual"] = hostile{usual.String(), "/section7/2026/11/03/bridge-to-open"}
	for _, name := range slices.Sorted(maps.Keys(cases)) {
		h := cases[name]
		b.Run("parse/"+name, func(b *testing.B) {
			b.SetBytes(int64(len(h.robots)))
			b.ReportAllocs()
			for b.Loop() {
				fetch.ParseRobots([]byte(h.robots))
			}
		})
		b.Run("match/"+name, func(b *testing.B) {
			r := fetch.ParseRobots([]byte(h.robots))
			b.ReportAllocs()
			for b.Loop() {
				r.Allowed("storydiff", h.path)
			}
		})
	}
}
