package revision

import (
	"net/url"
	"slices"
	"strings"

	"storydiff/tracker/extract"
)

// target returns what the addresses of one place share.
//
// http or https, a leading "www.", the port of the scheme, slashes at the end,
// a session in the path (";jsessionid=…") and the order of the parameters make
// no difference. Parameters count, also those of other hosts, for they may be
// all that tells one page from another (?id=7); not so those that a page makes
// anew for each reader or look:
//   - tracking parameters (see [extract.Tracking]);
//   - those named for a session, a token, a time or a referrer ([passing]);
//   - those whose value is a time in Unix seconds or milliseconds, or a long run
//     of letters and digits without sense ([random]), unless the name is one that
//     sites give to what is read, such as id, v or q.
//
// A value that is an address itself, as behind a counter of clicks, counts as
// its own target. Of a fragment with parameters the same holds. So a link can
// lead elsewhere unseen where it differs in such a value alone, and no page that
// deals out new values at every look makes a version by it.
func target(address string) string { return targetWithin(address, 2) }

// targetWithin is target with so many levels of addresses within addresses.
func targetWithin(address string, levels int) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	if u.Opaque != "" {
		return strings.ToLower(u.Scheme + ":" + u.Opaque)
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		host += ":" + port
	}
	path, session, ok := strings.Cut(u.EscapedPath(), ";")
	if ok && !strings.HasPrefix(strings.ToLower(session), "jsessionid=") {
		path += ";" + session
	}
	out := "//" + host + strings.TrimRight(path, "/")
	if query := telling(u.RawQuery, levels); query != "" {
		out += "?" + query
	}
	fragment := u.EscapedFragment()
	if strings.Contains(fragment, "=") {
		fragment = telling(fragment, levels)
	}
	if fragment != "" {
		out += "#" + fragment
	}
	return out
}

// telling returns the parameters that say where an address leads, sorted.
func telling(query string, levels int) string {
	var kept []string
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name = strings.ToLower(name)
		switch {
		case pair == "" || extract.Tracking(name) || passing(name) || !content(name) && random(unescaped(value)):
			continue
		case levels > 0 && isAddress(unescaped(value)):
			pair = name + "=" + targetWithin(unescaped(value), levels-1)
		}
		kept = append(kept, pair)
	}
	slices.Sort(kept)
	return strings.Join(kept, "&")
}

func unescaped(value string) string {
	if plain, err := url.QueryUnescape(value); err == nil {
		return plain
	}
	return value
}

func isAddress(value string) bool {
	return strings.HasPrefix(value, "http://") || strings.HasPrefix(value, "https://")
}

// passing reports whether a parameter is named for what passes: a session, a
// token, a time, where the reader came from.
func passing(name string) bool {
	for _, prefix := range []string{"utm_", "x-amz-", "x-goog-", "aspsession"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	switch name {
	case "sid", "session", "sessionid", "session_id", "sess", "phpsessid", "jsessionid", "cfid", "cftoken",
		"token", "access_token", "auth_token", "csrf", "csrf_token", "nonce", "_wpnonce", "sig", "signature", "expires",
		"ts", "timestamp", "_", "_t", "cb", "cachebuster", "cache_buster", "nocache", "rnd", "rand", "random",
		"ref", "referer", "referrer", "click_id", "clickid", "visitor_id", "visitorid", "request_id", "requestid":
		return true
	}
	return false
}

// content reports whether sites give a parameter of that name to what is read.
func content(name string) bool {
	switch name {
	case "id", "v", "p", "q", "s", "doc", "docid", "file", "fileid", "article", "articleid", "article_id", "story", "storyid", "story_id",
		"page", "pageid", "page_id", "item", "itemid", "list", "video", "videoid", "key", "query", "search", "title", "name", "path":
		return true
	}
	return false
}

const (
	minHex   = 16 // hexadecimal digits that are nobody's number or word
	minToken = 20 // likewise letters and digits
	minTurns = 4  // from letter to digit or back; "Report2026final" has two
)

// random reports whether a value looks as if it were made for one look: a time
// to the second, a run of hexadecimal digits, or letters and digits, as in a
// UUID, in no order that a person would give them.
func random(value string) bool {
	digits, hex, other, turns := 0, 0, 0, 0
	last := byte(0)
	for i := range len(value) {
		class := byte('-')
		switch c := value[i]; {
		case '0' <= c && c <= '9':
			class = '0'
			digits++
			hex++
		case 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F':
			class = 'a'
			hex++
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z':
			class = 'a'
		case c == '-' || c == '_' || c == '=' || c == '+' || c == '/' || c == '~':
			other++
		default:
			return false
		}
		if class == '0' && last == 'a' || class == 'a' && last == '0' {
			turns++
		}
		last = class
	}
	switch n := len(value); {
	case digits == n:
		return (n == 10 || n == 13) && (value[0] == '1' && value[1] >= '4' || value[0] == '2' && value[1] == '0' && n == 13)
	case hex == n:
		return n >= minHex && digits > 0
	}
	return len(value) >= minToken && other*4 < len(value) && turns >= minTurns
}
