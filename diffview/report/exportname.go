package report

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"path"
	"slices"
	"strings"
)

// searchPath is where the search is, in an export a page of its own.
const searchPath = "/search"

// kept are the addresses that an export holds, each by how it begins; of those
// that end in a slash all that lie below.
var kept = []string{"/articles", "/articles/", "/outlets", "/outlets/", "/style.", "/icon.", "/report.", "/search.", "/feed."}

// asked are names in a query string that an export knows how to answer: they are
// linked to, and their values do not go by when they are asked.
var asked = []string{"outlet", "tag", "kind", "disclosure", "min_significance", "level", "state", "view", "context", "sort", "period"}

// paged are those that lead from page to page.
var paged = []string{"before", "page", "after"}

// maxAsked is how many of the first may be in one query string: of combinations
// there are too many to write.
const maxAsked = 2

// static reports whether an address of the report is a file of an export.
func static(u *url.URL) bool {
	if u.Path != "/" && u.Path != searchPath && !slices.ContainsFunc(kept, func(k string) bool {
		return u.Path == k || strings.HasPrefix(u.Path, k) && (strings.HasSuffix(k, "/") || strings.HasSuffix(k, "."))
	}) {
		return false
	}
	last := path.Base(u.Path)
	switch last {
	case "compare", "timemap", "timegate", "embed", "source":
		return false
	case "feed.atom", "feed.json":
		return u.RawQuery == ""
	}
	n := 0
	for name := range u.Query() {
		switch {
		case slices.Contains(asked, name):
			n++
		case !slices.Contains(paged, name):
			return false
		}
	}
	return n <= maxAsked && (u.Path != searchPath || u.RawQuery == "")
}

// fileOf names the file of an address: "articles/7/changes/1..2,view=inline.html".
// Addresses that differ have names that differ.
func fileOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "lost.html"
	}
	switch path.Ext(u.Path) {
	case ".css", ".svg", ".js", ".png", ".ico", ".atom", ".json":
		return plainName(strings.TrimPrefix(u.Path, "/"))
	}
	name := strings.TrimPrefix(u.Path, "/")
	if name == "" {
		name = "index"
	}
	if q := u.Query().Encode(); q != "" {
		name += "," + q
	}
	return plainName(name) + ".html"
}

// longestName is how long a part of a file's name may be; file systems allow 255.
const longestName = 120

// plainName spells what file systems and addresses do not take alike in letters
// that they do.
func plainName(name string) string {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		var b strings.Builder
		for _, c := range []byte(part) {
			switch {
			case c >= 'a' && c <= 'z', c >= '0' && c <= '9', strings.IndexByte(".,=-", c) >= 0:
				b.WriteByte(c)
			default:
				b.WriteString("_" + hex.EncodeToString([]byte{c}))
			}
		}
		parts[i] = b.String()
		if len(parts[i]) > longestName {
			sum := sha256.Sum256([]byte(part))
			parts[i] = parts[i][:longestName-20] + "_" + hex.EncodeToString(sum[:8])
		}
		if parts[i] == "." || parts[i] == ".." {
			parts[i] = "_2e"
		}
	}
	return strings.Join(parts, "/")
}

// relative is how a file of an export refers to another.
func relative(from, to string) string {
	up := strings.Repeat("../", strings.Count(from, "/"))
	// The parts that both begin with need not be left and entered again.
	for {
		first, rest, ok := strings.Cut(to, "/")
		if !ok || !strings.HasPrefix(from, first+"/") {
			break
		}
		from, to, up = strings.TrimPrefix(from, first+"/"), rest, strings.TrimPrefix(up, "../")
	}
	return "./" + up + to
}
