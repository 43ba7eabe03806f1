package report_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTimemap(t *testing.T) {
	h := handler(t, sample())
	want := strings.Join([]string{
		`<https://www.harnherald.example/town/new-bridge-approved>; rel="original"`,
		`<http://localhost:8080/articles/1/timemap>; rel="self"; type="application/link-format"; from="Sun, 01 Mar 2026 08:00:00 GMT"; until="Tue, 03 Mar 2026 11:00:00 GMT"`,
		`<http://localhost:8080/articles/1/timegate>; rel="timegate"`,
		`<http://localhost:8080/articles/1/versions/1>; rel="first memento"; datetime="Sun, 01 Mar 2026 08:00:00 GMT"`,
		`<http://localhost:8080/articles/1/versions/2>; rel="memento"; datetime="Sun, 01 Mar 2026 10:20:00 GMT"`,
		`<http://localhost:8080/articles/1/versions/3>; rel="memento"; datetime="Sun, 01 Mar 2026 14:35:00 GMT"`,
		`<http://localhost:8080/articles/1/versions/4>; rel="memento"; datetime="Mon, 02 Mar 2026 09:15:00 GMT"`,
		`<http://localhost:8080/articles/1/versions/5>; rel="last memento"; datetime="Tue, 03 Mar 2026 11:00:00 GMT"`,
	}, ",\n") + "\n"
	for _, target := range []string{"/articles/1/timemap", "/timemap/link/" + bridgeAddress} {
		resp := ask(t, h, "GET", target)
		if body := read(t, resp); resp.StatusCode != 200 || body != want || resp.Header.Get("Content-Type") != "application/link-format" {
			t.Errorf("GET %s = %d %s:\n%s\nwant:\n%s", target, resp.StatusCode, resp.Header.Get("Content-Type"), body, want)
		}
		checkHeaders(t, ask(t, h, "GET", target))
	}
}

// The address of an article stands behind the prefix as it is, with all its forms.
func TestMementoByAddress(t *testing.T) {
	src := sample()
	id := src.add("https://news.kanal.example/a//b/?id=7&x=%20y", "kanal.example")
	src.see(id, clock(1, 8, 0), story("Seven", "Text."))
	h := handler(t, src)
	for target, want := range map[string]string{
		bridgeAddress: "/articles/1/versions/5", bridgeAddress + "/": "/articles/1/versions/5", bridgeAddress + "?utm_source=x": "/articles/1/versions/5",
		"http://harnherald.example/town/new-bridge-approved": "/articles/1/versions/5", "harnherald.example/town/new-bridge-approved": "/articles/1/versions/5",
		"https:/www.harnherald.example/town/new-bridge-approved": "/articles/1/versions/5", escaped(bridgeAddress): "/articles/1/versions/5",
		"https://news.kanal.example/a//b/?x=%20y&id=7": fmt.Sprintf("/articles/%d/versions/1", id),
		"https://news.kanal.example/story?id=88":       "/articles/5/versions/2",
	} {
		resp := ask(t, h, "GET", "/timegate/"+target)
		if resp.StatusCode != http.StatusFound || resp.Header.Get("Location") != "http://localhost:8080"+want {
			t.Errorf("GET /timegate/%s = %d to %q, want %s", target, resp.StatusCode, resp.Header.Get("Location"), want)
		}
	}
	for target, want := range map[string]int{
		"/timegate/https://nobody.example/x": 404, "/timemap/link/https://nobody.example/x": 404, "/timegate/javascript:alert(1)": 400, "/timegate/": 400, "/timemap/link/%00": 400,
		"/timegate/../../etc/passwd": 400, "/timegate/https://walled.example/exclusive": 404, "/articles/8/timemap": 404, "/articles/8/timegate": 404, "/articles/99/timemap": 404,
		"/timemap": 404, "/timemap/json/" + bridgeAddress: 404,
	} {
		if resp := ask(t, h, "GET", target); resp.StatusCode != want {
			t.Errorf("GET %s = %d to %q, want %d", target, resp.StatusCode, resp.Header.Get("Location"), want)
		}
	}
	if resp := ask(t, h, "GET", "/timegate/"+bridgeAddress, "Host", "evil.example"); resp.StatusCode != 403 {
		t.Errorf("a foreign host = %d, want 403", resp.StatusCode)
	}
	if resp := ask(t, h, "POST", "/timegate/"+bridgeAddress); resp.StatusCode != 405 {
		t.Errorf("POST = %d, want 405", resp.StatusCode)
	}
}

// The gate leads to what stood there at a time, as far as was seen.
func TestTimegate(t *testing.T) {
	src := sample()
	src.versions[1][1].CapturedAt = clock(0, 10, 20).Add(700 * time.Millisecond) // HTTP tells seconds alone
	h := handler(t, src)
	for at, want := range map[string]int{
		"":                              5,
		"Sun, 01 Mar 2026 10:20:00 GMT": 2, // to the second
		"Sun, 01 Mar 2026 10:19:59 GMT": 1,
		"Sun, 01 Mar 2026 14:34:59 GMT": 2,
		"Mon, 02 Mar 2026 23:00:00 GMT": 4,
		"Thu, 01 Jan 1970 00:00:00 GMT": 1,
		"Fri, 01 Jan 2100 00:00:00 GMT": 5,
	} {
		var header []string
		if at != "" {
			header = []string{"Accept-Datetime", at}
		}
		resp := ask(t, h, "GET", "/articles/1/timegate", header...)
		if got := resp.Header.Get("Location"); resp.StatusCode != 302 || got != fmt.Sprintf("http://localhost:8080/articles/1/versions/%d", want) {
			t.Errorf("at %q: %d to %s, want version %d", at, resp.StatusCode, got, want)
		}
		if !slices.Contains(resp.Header.Values("Vary"), "Accept-Datetime") {
			t.Errorf("Vary = %q, want Accept-Datetime in it", resp.Header.Values("Vary"))
		}
		wantLink := `<` + bridgeAddress + `>; rel="original", <http://localhost:8080/articles/1/timemap>; rel="timemap"; type="application/link-format"`
		if got := resp.Header.Get("Link"); got != wantLink {
			t.Errorf("Link = %s, want %s", got, wantLink)
		}
	}
	if resp := ask(t, h, "GET", "/articles/1/timegate", "Accept-Datetime", "yesterday"); resp.StatusCode != 400 {
		t.Errorf("a time that is none = %d, want 400", resp.StatusCode)
	}
}

func TestVersionIsAMemento(t *testing.T) {
	src := sample()
	h := handler(t, src)
	resp := ask(t, h, "GET", "/articles/1/versions/3")
	if got := resp.Header.Get("Memento-Datetime"); got != "Sun, 01 Mar 2026 14:35:00 GMT" {
		t.Errorf("Memento-Datetime = %q", got)
	}
	for _, want := range []string{
		`<` + bridgeAddress + `>; rel="original"`, `<http://localhost:8080/articles/1/timegate>; rel="timegate"`,
		`<http://localhost:8080/articles/1/timemap>; rel="timemap"; type="application/link-format"`,
		`<http://localhost:8080/articles/1/versions/1>; rel="first memento"; datetime="Sun, 01 Mar 2026 08:00:00 GMT"`,
		`<http://localhost:8080/articles/1/versions/2>; rel="prev memento"`, `<http://localhost:8080/articles/1/versions/3>; rel="memento"`,
		`<http://localhost:8080/articles/1/versions/4>; rel="next memento"`, `<http://localhost:8080/articles/1/versions/5>; rel="last memento"`,
	} {
		if !strings.Contains(resp.Header.Get("Link"), want) {
			t.Errorf("Link lacks %s: %s", want, resp.Header.Get("Link"))
		}
	}
	if got := ask(t, h, "GET", "/articles/1/versions/2").Header.Get("Link"); !strings.Contains(got, `versions/1>; rel="first prev memento"`) {
		t.Errorf("the first is not said to be before the second: %s", got)
	}
	if resp := ask(t, h, "GET", "/articles/1/versions/9"); resp.Header.Get("Memento-Datetime") != "" {
		t.Error("what is not there is a memento")
	}
	// An address that could end its own brackets does not.
	id := src.add(`https://news.example/?q=<b>"; rel="next", <https://evil.example/>`, "news.example")
	src.see(id, clock(1, 8, 0), story("Brackets", "Text."))
	got := ask(t, h, "GET", fmt.Sprintf("/articles/%d/versions/1", id)).Header.Get("Link")
	if strings.Contains(got, "<https://evil") || strings.Contains(got, `rel="next"`) || !strings.Contains(got, "q=%3Cb%3E%22") {
		t.Errorf("Link = %s", got)
	}
}
