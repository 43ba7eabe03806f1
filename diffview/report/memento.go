package report

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"storydiff/tracker"
)

// Versions are mementos of an article (RFC 7089): its time map lists them, its
// time gate leads to the one that stood there at a time. Both are also found by
// the address of the article, in the way of web archives.

// The addresses behind which that of an article stands as it is.
const (
	timemapOf  = "/timemap/link/"
	timegateOf = "/timegate/"
)

const linkFormat = "application/link-format"

// byAddress reports whether a path holds the address of an article.
func byAddress(path string) bool {
	return strings.HasPrefix(path, timemapOf) || strings.HasPrefix(path, timegateOf)
}

// wholeAddress makes all that stands behind the prefix, query string included,
// one segment of the path: the slashes and dots of another's address are none of
// ours to tidy up.
func wholeAddress(r *http.Request) *http.Request {
	prefix := timegateOf
	if strings.HasPrefix(r.URL.Path, timemapOf) {
		prefix = timemapOf
	}
	// The prefix may be written otherwise, as in /%74imegate/: what is escaped there is not looked at.
	target := strings.TrimPrefix(r.URL.EscapedPath(), prefix)
	if unescaped, err := url.PathUnescape(target); err == nil && !strings.Contains(target, "/") {
		target = unescaped // https%3A%2F%2Fnews.example%2Fa
	}
	target = withQuery(target, r.URL.RawQuery)
	whole := r.Clone(r.Context())
	whole.URL.Path, whole.URL.RawPath, whole.URL.RawQuery = prefix+target, prefix+url.PathEscape(target), ""
	return whole
}

// wanted returns the article that an address of a time map or gate is of.
func (s *site) wanted(r *http.Request) (tracker.Article, error) {
	if r.PathValue("id") != "" {
		return s.asked(r)
	}
	address := r.PathValue("url")
	for _, scheme := range []string{"http:/", "https:/"} { // a proxy may have made one of two slashes
		if rest, ok := strings.CutPrefix(address, scheme); ok && !strings.HasPrefix(rest, "/") {
			address = scheme + "/" + rest
		}
	}
	identity, err := tracker.Identity(address)
	if err != nil {
		return tracker.Article{}, badRequest("Behind the prefix the address of an article must stand, such as https://news.example/story.")
	}
	a, err := s.src.ArticleByIdentity(r.Context(), identity)
	if err != nil {
		return a, fmt.Errorf("looking for %s: %w", identity, err)
	}
	return a, nil
}

// versionTimes returns the versions of an article, at least one.
func (s *site) versionTimes(ctx context.Context, id int64) ([]tracker.VersionTime, error) {
	versions, err := s.src.VersionTimes(ctx, id)
	if err == nil && len(versions) == 0 {
		err = tracker.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("reading versions of article %d: %w", id, err)
	}
	return versions, nil
}

// timemap lists the versions of an article as links.
func (s *site) timemap(w http.ResponseWriter, r *http.Request) error {
	a, err := s.wanted(r)
	if err != nil {
		return err
	}
	versions, err := s.versionTimes(r.Context(), a.ID)
	if err != nil {
		return err
	}
	base := s.base(r)
	last := len(versions) - 1
	list := originalLinks(a)
	list = append(list,
		fmt.Sprintf(`<%s>; rel="self"; type="%s"; from="%s"; until="%s"`, base+timemapPath(a.ID), linkFormat, httpDate(versions[0].CapturedAt), httpDate(versions[last].CapturedAt)),
		fmt.Sprintf(`<%s>; rel="timegate"`, base+timegatePath(a.ID)))
	for i, v := range versions {
		list = append(list, mementoLink(base, a.ID, v, placeAmong(i, last)...))
	}
	return send(w, r, http.StatusOK, linkFormat, []byte(strings.Join(list, ",\n")+"\n"))
}

// timegate leads to the version that stood at the time of Accept-Datetime, as far
// as was seen: the newest that was captured by then. Of a time before all of them
// it is the first; without a time the newest of all.
func (s *site) timegate(w http.ResponseWriter, r *http.Request) error {
	a, err := s.wanted(r)
	if err != nil {
		return err
	}
	versions, err := s.versionTimes(r.Context(), a.ID)
	if err != nil {
		return err
	}
	i := len(versions) - 1
	if text := r.Header.Get("Accept-Datetime"); text != "" {
		at, err := http.ParseTime(text)
		if err != nil {
			return badRequest("Accept-Datetime must be a time as HTTP writes it, such as Sun, 01 Mar 2026 10:20:00 GMT.")
		}
		i = standing(versions, at)
	}
	h := w.Header()
	h.Add("Vary", "Accept-Datetime")
	base := s.base(r)
	h.Set("Link", strings.Join(append(originalLinks(a), timemapLink(base, a.ID)), ", "))
	h.Set("Cache-Control", "no-cache")
	http.Redirect(w, r, base+versionPath(a.ID, versions[i].N), http.StatusFound)
	return nil
}

// standing returns the place of the version that stood at a time, in whole seconds
// as HTTP has them.
func standing(versions []tracker.VersionTime, at time.Time) int {
	behind, _ := slices.BinarySearchFunc(versions, at, func(v tracker.VersionTime, at time.Time) int {
		return cmp.Or(v.CapturedAt.Truncate(time.Second).Compare(at), -1)
	})
	return max(behind-1, 0)
}

// mementoHeaders says of the page of version n that it is a memento, and where its
// neighbours are.
func (s *site) mementoHeaders(w http.ResponseWriter, r *http.Request, a tracker.Article, n int) error {
	versions, err := s.versionTimes(r.Context(), a.ID)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	at := slices.IndexFunc(versions, func(v tracker.VersionTime) bool { return v.N == n })
	if at < 0 {
		return nil
	}
	base, last := s.base(r), len(versions)-1
	list := append(originalLinks(a), fmt.Sprintf(`<%s>; rel="timegate"`, base+timegatePath(a.ID)), timemapLink(base, a.ID))
	for i, v := range versions {
		rels := placeAmong(i, last)
		switch i {
		case at - 1:
			rels = append(rels, "prev")
		case at + 1:
			rels = append(rels, "next")
		}
		if len(rels) > 0 || i == at {
			list = append(list, mementoLink(base, a.ID, v, rels...))
		}
	}
	w.Header().Set("Memento-Datetime", httpDate(versions[at].CapturedAt))
	w.Header().Set("Link", strings.Join(list, ", "))
	return nil
}

// placeAmong says of the first and the last of all that they are.
func placeAmong(i, last int) (rels []string) {
	if i == 0 {
		rels = append(rels, "first")
	}
	if i == last {
		rels = append(rels, "last")
	}
	return rels
}

func mementoLink(base string, id int64, v tracker.VersionTime, rels ...string) string {
	return fmt.Sprintf(`<%s>; rel="%s"; datetime="%s"`, base+versionPath(id, v.N), strings.Join(append(rels, "memento"), " "), httpDate(v.CapturedAt))
}

// originalLinks returns the link to an article; none where it must not be linked.
func originalLinks(a tracker.Article) []string {
	address := outward(a.URL)
	if address == "" {
		return nil
	}
	return []string{"<" + linkTarget(address) + `>; rel="original"`}
}

// linkTarget escapes what ends a target in a Link header, or is no ASCII.
func linkTarget(address string) string {
	var b strings.Builder
	for _, c := range []byte(address) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`<>"\^`+"`{|}", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

func timemapLink(base string, id int64) string {
	return fmt.Sprintf(`<%s>; rel="timemap"; type="%s"`, base+timemapPath(id), linkFormat)
}

func timemapPath(id int64) string  { return articlePath(id) + "/timemap" }
func timegatePath(id int64) string { return articlePath(id) + "/timegate" }

func httpDate(t time.Time) string { return t.UTC().Format(http.TimeFormat) }
