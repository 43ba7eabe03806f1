package fetch_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"storydiff/tracker/fetch"
)

// Nothing of these may be dialled without leave, whatever the spelling.
func TestPrivateAddresses(t *testing.T) {
	c := fetch.NewClient(fetch.Options{})
	for _, host := range []string{
		"127.0.0.1", "[::1]", "0.0.0.0", "[::]", "127.0.0.1.", "127.9.9.9",
		"169.254.169.254", "[fd00:ec2::254]", "100.100.100.200", "168.63.129.16", "192.0.0.192",
		"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "[fc00::1]", "[fe80::1]", "[fec0::1]",
		"[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[::7f00:1]", "[fe80::1%25lo]",
		"2130706433", "0x7f000001", "127.1", "0177.0.0.1", "0x7F.1", "127.0.1", "0x7f.0.0.0x1", "0", "017700000001",
		"224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "[2001:db8::1]", "[ff02::1]", "[3fff::1]", "[5f00::1]", "[2001::1]",
	} {
		for _, scheme := range []string{"http", "https"} {
			e := refuse(t, c, scheme+"://"+host+"/", "private-address")
			if !strings.Contains(e.Detail, "--allow-private permits it") {
				t.Errorf("%s: detail %q does not say what permits it", host, e.Detail)
			}
		}
	}
	if e := refuse(t, c, "http://0x7f000001/", "private-address"); !strings.Contains(e.Detail, "127.0.0.1") {
		t.Errorf("detail %q does not name the address", e.Detail)
	}
	for _, host := range []string{"0x08080808", "8.8.2056", "1.2.3.4.5", "999.1.1.1", "1.2.3.08", "99999999999999999999"} {
		refuse(t, c, "http://"+host+"/", "bad-address")
	}
	for _, port := range []int{22, 25, 6379, 8080} {
		e := refuse(t, c, fmt.Sprintf("http://example.org:%d/", port), "bad-port")
		if !strings.Contains(e.Detail, fmt.Sprint(port)) || !strings.Contains(e.Detail, "--allow-private permits it") {
			t.Errorf("detail %q does not name the port and what permits it", e.Detail)
		}
	}
}

// A name is judged by the address that is about to be dialled.
func TestNamesOfPrivateAddresses(t *testing.T) {
	site, hits := counted(t, "127.0.0.1:0")
	port := portOf(t, site)
	world := newNames(map[string][]string{"inside.example.org.": {"127.0.0.1"}, "mapped.example.org.": {"::ffff:127.0.0.1"}, "six.example.org.": {"::1"}})
	c := fetch.NewClientAt(fetch.Options{HostDelay: -1}, fetch.Edge{Resolver: world.resolver(), Ports: []uint16{port}})
	for name, address := range map[string]string{"inside": "127.0.0.1", "mapped": "127.0.0.1", "six": "::1"} {
		e := refuse(t, c, fmt.Sprintf("http://%s.example.org:%d/", name, port), "private-address")
		if !strings.Contains(e.Detail, address) {
			t.Errorf("detail %q does not name %s", e.Detail, address)
		}
	}
	refuse(t, c, fmt.Sprintf("http://localhost:%d/", port), "private-address")
	refuse(t, c, fmt.Sprintf("http://nowhere.example.org:%d/", port), "dns")
	if n := hits.Load(); n > 0 {
		t.Errorf("%d connections came through", n)
	}
}

// Of a name with a public and a private address the private one is never
// dialled. 127.0.0.2 stands for the public one.
func TestMixedAnswers(t *testing.T) {
	private, hits := counted(t, "127.0.0.1:0")
	port := portOf(t, private)
	public, publicHits := counted(t, fmt.Sprintf("127.0.0.2:%d", port))
	_ = public
	world := newNames(map[string][]string{"mixed.example.org.": {"127.0.0.1", "127.0.0.2"}})
	c := fetch.NewClientAt(fetch.Options{HostDelay: -1, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.2/32")}},
		fetch.Edge{Resolver: world.resolver(), Ports: []uint16{port}})
	if p := get(t, c, fmt.Sprintf("http://mixed.example.org:%d/", port)); string(p.Body) != "story" {
		t.Errorf("body = %q", p.Body)
	}
	if hits.Load() > 0 || publicHits.Load() == 0 {
		t.Errorf("%d connections to the private address, %d to the public one", hits.Load(), publicHits.Load())
	}

	// Rebinding: the next look at the name shows the private address alone.
	world.set("mixed.example.org.", "127.0.0.1")
	refuse(t, c, fmt.Sprintf("http://mixed.example.org:%d/", port), "private-address")
	if hits.Load() > 0 {
		t.Error("the private address was dialled after the name moved there")
	}
}

// A page that may be fetched redirects to what may not.
func TestRedirectToPrivate(t *testing.T) {
	inside, hits := counted(t, "127.0.0.1:0")
	var to string
	outside := httptest.NewUnstartedServer(withoutRobots(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, to, http.StatusFound)
	}))
	outside.Listener = listen(t, fmt.Sprintf("127.0.0.2:%d", portOf(t, inside)))
	outside.Start()
	t.Cleanup(outside.Close)
	port := portOf(t, outside.URL)
	world := newNames(map[string][]string{"inside.example.net.": {"127.0.0.1"}})
	c := fetch.NewClientAt(fetch.Options{HostDelay: -1, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.2/32")}},
		fetch.Edge{Resolver: world.resolver(), Ports: []uint16{port}})
	for _, to = range []string{inside, fmt.Sprintf("http://inside.example.net:%d/", port), "http://169.254.169.254/"} {
		refuse(t, c, outside.URL, "private-address")
	}
	to = "http://127.0.0.2:22/"
	refuse(t, c, outside.URL, "bad-port")
	if hits.Load() > 0 {
		t.Errorf("%d connections came through", hits.Load())
	}
}

// net/http looks at the environment once in a process, so this test runs in one
// of its own.
func TestProxyOfTheEnvironment(t *testing.T) {
	if os.Getenv("UNDER_PROXY") == "" {
		proxy, hits := counted(t, "127.0.0.1:0")
		test := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		test.Env = append(os.Environ(), "UNDER_PROXY=1", "NO_PROXY=", "HTTP_PROXY="+proxy, "http_proxy="+proxy, "ALL_PROXY="+proxy)
		if out, err := test.CombinedOutput(); err != nil || hits.Load() > 0 {
			t.Errorf("%d connections to the proxy, %v:\n%s", hits.Load(), err, out)
		}
		return
	}
	site, hits := counted(t, "127.0.0.1:0")
	world := newNames(map[string][]string{"example.org.": {"127.0.0.1"}})
	c := fetch.NewClientAt(fetch.Options{AllowPrivate: true, HostDelay: -1}, fetch.Edge{Resolver: world.resolver()})
	get(t, c, fmt.Sprintf("http://example.org:%d/", portOf(t, site)))
	if hits.Load() == 0 {
		t.Error("the site was not asked")
	}
}

// counted serves a story at an address and counts the connections.
func counted(t *testing.T, address string) (site string, conns *atomic.Int32) {
	t.Helper()
	conns = new(atomic.Int32)
	s := httptest.NewUnstartedServer(withoutRobots(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "story") }))
	s.Listener.Close()
	s.Listener = listen(t, address)
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			conns.Add(1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	return s.URL, conns
}

// listen listens on loopback; not every system has more than one address there.
func listen(t *testing.T, address string) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Skipf("no listener at %s: %v", address, err)
	}
	return l
}

func portOf(t *testing.T, site string) uint16 {
	t.Helper()
	u, err := url.Parse(site)
	if err != nil {
		t.Fatal(err)
	}
	return netip.MustParseAddrPort(u.Host).Port()
}

// Names are a name server within the process.
type names struct {
	byName atomic.Pointer[map[string][]string]
}

func newNames(m map[string][]string) *names {
	n := &names{}
	n.byName.Store(&m)
	return n
}

func (n *names) set(name string, addrs ...string) { n.byName.Store(&map[string][]string{name: addrs}) }

func (n *names) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go n.serve(theirs)
		return ours, nil
	}}
}

// serve answers questions over a stream, each with its length before it.
func (n *names) serve(c net.Conn) {
	defer c.Close()
	buf := make([]byte, 4096)
	for {
		size, err := c.Read(buf)
		if err != nil || size < 2 {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(buf[2:size]) != nil {
			return
		}
		reply, err := n.answer(m).Pack()
		if err != nil {
			return
		}
		c.Write(append([]byte{byte(len(reply) >> 8), byte(len(reply))}, reply...))
	}
}

func (n *names) answer(m dnsmessage.Message) *dnsmessage.Message {
	m.Response, m.Additionals = true, nil
	q := m.Questions[0]
	addrs, ok := (*n.byName.Load())[q.Name.String()]
	if !ok {
		m.RCode = dnsmessage.RCodeNameError
	}
	for _, text := range addrs {
		addr := netip.MustParseAddr(text)
		header := dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, Type: q.Type}
		switch {
		case addr.Is4() && q.Type == dnsmessage.TypeA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AResource{A: addr.As4()}})
		case addr.Is6() && q.Type == dnsmessage.TypeAAAA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AAAAResource{AAAA: addr.As16()}})
		}
	}
	return &m
}
