package report

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"storydiff/diffview"
	"storydiff/tracker"
)

// A side is what is known of one of the two texts of a comparison; data of the
// template "captured".
type side struct {
	Version link
	Facts   []fact
	Answer  []fact       // what came with the response; nil: it is not kept
	Headers []headerLine // of the response, by name
	Omitted string       // how many headers are not listed; empty: none
}

// A headerLine is one header of a response as it came.
type headerLine struct{ Name, Value string }

// The most of a response's headers that a page lists, and of each in runes.
const (
	headersShown = 60
	headerLimit  = 300
)

// captured returns what is known of how a version was captured.
func (s *site) captured(ctx context.Context, v *tracker.Version) (side, error) {
	out := side{
		Version: versionLink(*v),
		Facts: []fact{
			{Label: "Captured", At: momentAs(v.CapturedAt, secondForm+" MST, "+dayForm)},
			{Label: "Words", Text: diffview.Number(v.Words)},
			{Label: "SHA-256 of the text", Text: hex.EncodeToString(v.SHA256[:]), Hash: true},
			{Label: "SHA-256 of the response", Text: hex.EncodeToString(v.CaptureSHA[:]), Hash: true},
			{Label: "Read by extractor", Text: diffview.Number(v.Extractor)},
		},
	}
	c, err := s.src.CaptureHead(ctx, v.CaptureID)
	if errors.Is(err, tracker.ErrNotFound) {
		return out, nil
	}
	if err != nil {
		return out, fmt.Errorf("reading what was captured of version %d of article %d: %w", v.N, v.ArticleID, err)
	}
	out.Answer = answerFacts(&c)
	out.Headers, out.Omitted = headerLines(c.Header)
	return out, nil
}

func answerFacts(c *tracker.Capture) []fact {
	list := []fact{
		{Label: "Asked for", Text: shown(cutEnd(c.URL, 2000))},
		{Label: "Answered by", Text: shown(cutEnd(c.Final, 2000))},
		{Label: "Redirects", Text: redirects(len(c.Hops))},
		{Label: "Status", Text: strings.TrimSpace(fmt.Sprintf("%d %s", c.Status, brief(c.Proto)))},
		{Label: "Asked at", At: momentAs(c.Began, secondForm+" MST, "+dayForm)},
		{Label: "Answered at", At: momentAs(c.Ended, secondForm+" MST, "+dayForm)},
		{Label: "SHA-256 decoded", Text: hex.EncodeToString(c.BodySHA256[:]), Hash: true},
	}
	return slices.DeleteFunc(list, func(f fact) bool { return f.Text == "" && f.At == nil })
}

func redirects(n int) string {
	if n == 0 {
		return ""
	}
	return diffview.Count(n, "redirect") + " on the way"
}

// aboutUs are parts of names of headers that tell of the one who asked: a cookie
// may let whoever holds it speak for us, and some servers send back from where we came.
var aboutUs = []string{"cookie", "client-ip", "clientip", "forwarded", "real-ip", "remote", "geo"}

// headerLines lists headers by name, without the values that tell of us.
func headerLines(h http.Header) (list []headerLine, omitted string) {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	more := 0
	for _, name := range names {
		for _, value := range h[name] {
			if len(list) == headersShown {
				more++
				continue
			}
			if slices.ContainsFunc(aboutUs, func(part string) bool { return strings.Contains(strings.ToLower(name), part) }) {
				value = "kept, not shown"
			}
			list = append(list, headerLine{brief(name), diffview.OneLine(cutEnd(value, headerLimit))})
		}
	}
	if more > 0 {
		omitted = diffview.Count(more, "further line")
	}
	return list, omitted
}
