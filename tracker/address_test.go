package tracker_test

import (
	"errors"
	"strings"
	"testing"

	"storydiff/tracker"
)

func TestIdentity(t *testing.T) {
	same := [][]string{
		{"https://example.com/story", "http://example.com/story", "http://www.example.com/story", "example.com/story",
			"https://EXAMPLE.com/story/", "https://example.com:443/story", "http://example.com:80/story#part",
			"https://example.com/story?gclid=1&mc_cid=2&at_medium=3&cmp=4", "HTTPS://www.Example.com./story?&",
			"https://example.com/story?utm_source=mail&utm_medium=x", "https://user:secret@example.com/story?fbclid=1#top"},
		{"https://example.com/story?id=7", "https://example.com/story?utm_campaign=x&id=7"},
		{"https://example.com/story?a=1&b=2", "https://example.com/story?b=2&a=1"},
		{"https://münchen.example/a", "https://xn--mnchen-3ya.example/a"},
		{"http://[::1]:8080/a", "http://[::1]:8080/a#b"},
	}
	seen := map[string]string{}
	for _, group := range same {
		first, err := tracker.Identity(group[0])
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := seen[first]; ok {
			t.Errorf("Identity(%q) = %q, the same as of %q", group[0], first, other)
		}
		seen[first] = group[0]
		for _, u := range group[1:] {
			if got, err := tracker.Identity(u); got != first || err != nil {
				t.Errorf("Identity(%q) = %q, %v, want %q as of %q", u, got, err, first, group[0])
			}
		}
	}
	for _, u := range []string{"https://example.com/other", "https://example.com/story?id=8", "https://example.com/Story",
		"https://sub.example.com/story", "https://example.com:8080/story"} {
		got, err := tracker.Identity(u)
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := seen[got]; ok {
			t.Errorf("Identity(%q) = %q, the same as of %q", u, got, other)
		}
		seen[got] = u
	}
}

func TestAddressesThatCannotBeTracked(t *testing.T) {
	for _, u := range []string{"javascript:alert(1)", "file:///etc/passwd", "ftp://example.com/a", "source:file:///a", "data:text/html,x",
		"https://", "nonsense", "", "http://exa mple.com/", "https://example.com/" + strings.Repeat("a", 9000)} {
		_, err := tracker.Clean(u)
		if _, ok := errors.AsType[*tracker.AddressError](err); !ok {
			t.Errorf("Clean(%.60q) error = %v, want an AddressError", u, err)
		}
	}
}

func TestCleanStripsCredentials(t *testing.T) {
	got, err := tracker.Clean(" https://user:secret@example.com/a?b=1#c ")
	if want := "https://example.com/a?b=1#c"; got != want || err != nil {
		t.Errorf("Clean = %q, %v, want %q", got, err, want)
	}
}
