package report

import (
	"bytes"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// liveOnly marks elements of a template that make sense only where a program
// answers; an export leaves them out.
const liveOnly = "data-live"

// relink makes the links of a page lead from the file from to other files of an
// export, and returns the addresses that they led to. Forms and what is marked as
// live only are left out; a link to what an export has not keeps its text alone.
func relink(page []byte, from string) (out []byte, links []string) {
	var b bytes.Buffer
	z := html.NewTokenizer(bytes.NewReader(page))
	skip := 0 // depth within an element that is left out
	var dropped atom.Atom
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return b.Bytes(), links // our own pages end where they end
		}
		raw := bytes.Clone(z.Raw())
		if kind == html.TextToken || kind == html.CommentToken || kind == html.DoctypeToken {
			if skip == 0 {
				b.Write(raw)
			}
			continue
		}
		t := z.Token()
		if skip > 0 {
			switch {
			case kind == html.StartTagToken && t.DataAtom == dropped:
				skip++
			case kind == html.EndTagToken && t.DataAtom == dropped:
				skip--
			}
			continue
		}
		if kind != html.EndTagToken && (t.DataAtom == atom.Form || has(t, liveOnly)) {
			if kind == html.StartTagToken && !void(t.DataAtom) {
				skip, dropped = 1, t.DataAtom
			}
			if attr(t, "action") == searchPath {
				b.WriteString(`<p class="tosearch"><a href="` + relative(from, fileOf(searchPath)) + `">Search</a></p>`)
			}
			continue
		}
		to, changed, lost := relinked(&t, from)
		if to != "" {
			links = append(links, to)
		}
		switch {
		case lost && t.DataAtom == atom.Link:
		case changed:
			b.WriteString(t.String())
		default:
			b.Write(raw)
		}
	}
}

// relinked rewrites the one address that an element may carry; to is the address
// of the report that it led to, lost says that an export does not have it.
func relinked(t *html.Token, from string) (to string, changed, lost bool) {
	for i, a := range t.Attr {
		if a.Key != "href" && a.Key != "src" || !strings.HasPrefix(a.Val, "/") || strings.HasPrefix(a.Val, "//") {
			continue
		}
		u, err := url.Parse(a.Val)
		if err != nil || !static(u) {
			t.Attr = append(t.Attr[:i:i], t.Attr[i+1:]...)
			return "", true, true
		}
		fragment := ""
		if u.Fragment != "" {
			fragment = "#" + u.EscapedFragment()
			u.Fragment, u.RawFragment = "", ""
		}
		if q := u.Query().Encode(); q != "" {
			u.RawQuery = q
		}
		to = u.String()
		t.Attr[i].Val = relative(from, fileOf(to)) + fragment
		return to, true, false
	}
	return "", false, false
}

func has(t html.Token, name string) bool {
	for _, a := range t.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func attr(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// void reports whether an element has no end tag.
func void(a atom.Atom) bool {
	switch a {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Source, atom.Track, atom.Wbr:
		return true
	}
	return false
}
