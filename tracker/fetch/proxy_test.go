package fetch_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"storydiff/tracker/fetch"
)

// newProxy answers in every host's place and says in X-Proxied for whom.
func newProxy(t *testing.T) (*url.URL, *atomic.Int64) {
	t.Helper()
	n := new(atomic.Int64)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.Add(1)
		if r.Method == http.MethodConnect {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		w.Header().Set("X-Proxied", r.Method+" "+r.URL.String())
		fmt.Fprint(w, "story")
	}))
	t.Cleanup(s.Close)
	u, err := fetch.ParseProxy(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u, n
}

// With a proxy it alone is dialled, although it is on loopback; private addresses
// that can be told from the address are refused all the same.
func TestProxy(t *testing.T) {
	through, asked := newProxy(t)
	c := fetch.NewClient(fetch.Options{Proxy: through, HostDelay: -1, IgnoreRobots: true})
	p := get(t, c, "http://paper.example.org/a?b")
	if got := p.Header.Get("X-Proxied"); got != "GET http://paper.example.org/a?b" {
		t.Errorf("the proxy was asked for %q", got)
	}
	for _, address := range []string{"http://127.0.0.1/", "http://10.0.0.1/", "http://localhost/", "http://printer.local/"} {
		refuse(t, c, address, "private-address")
	}
	refuse(t, c, "http://paper.example.org:22/", "bad-port")
	if n := asked.Load(); n != 1 {
		t.Errorf("the proxy was asked %d times, want once", n)
	}
	// What a proxy says that does not connect is no page.
	if e := refuse(t, c, "https://paper.example.org/", "network"); strings.Contains(e.Detail, through.Host) {
		t.Errorf("detail %q names the proxy", e.Detail)
	}
	nobody, _ := url.Parse("http://" + closedPort(t))
	c = fetch.NewClient(fetch.Options{Proxy: nobody, HostDelay: -1, IgnoreRobots: true})
	if e := refuse(t, c, "http://paper.example.org/", "network"); !strings.Contains(e.Detail, "the proxy could not be reached") {
		t.Errorf("detail %q does not blame the proxy", e.Detail)
	}
}

func TestParseProxy(t *testing.T) {
	for _, good := range []string{"http://localhost:3128", " https://me:secret@proxy.example.org/", "socks5://[::1]:1080", "socks5h://tor:9050"} {
		if u, err := fetch.ParseProxy(good); err != nil || u.Path != "" {
			t.Errorf("ParseProxy(%q) = %v, %v", good, u, err)
		}
	}
	for _, bad := range []string{"", "localhost:3128", "proxy.example.org", "ftp://proxy.example.org", "http://", "http://a/b", "http://a?x", "http://me:secret@a b"} {
		if u, err := fetch.ParseProxy(bad); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("ParseProxy(%q) = %v, %v; want an error without the password", bad, u, err)
		}
	}
}

// Abuse case 14: what the environment says of proxies is not heard. The
// environment is read once, so that a process of its own has to show it.
func TestAbuse14ProxyOfTheEnvironment(t *testing.T) {
	if os.Getenv("http_proxy_is_set_by_a_test") != "" {
		c := fetch.NewClient(fetch.Options{HostDelay: -1, IgnoreRobots: true})
		refuse(t, c, "http://nobody.invalid/", "dns")
		return
	}
	through, asked := newProxy(t)
	test := exec.Command(os.Args[0], "-test.run=^TestAbuse14ProxyOfTheEnvironment$")
	test.Env = append(os.Environ(), "http_proxy_is_set_by_a_test=1", "HTTP_PROXY="+through.String(), "http_proxy="+through.String(), "NO_PROXY=")
	if out, err := test.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("the proxy of the environment was asked %d times", n)
	}
}
