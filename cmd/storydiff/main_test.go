package main

import (
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// asProgram makes the test binary be the program: for tests that kill it.
const asProgram = "STORYDIFF_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(program())
	}
	testscript.Main(m, map[string]func(){
		"storydiff": func() { os.Exit(program()) },
	})
}

// TestScripts runs the program as its users do. Each script gets a news site of
// its own: the files under site/, served at $SITE.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Files: scripts(t),
		Setup: setup,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"freeport": freePort,
			"get":      getPage,
			"post":     postForm,
			"envsubst": expand,
			"await":    await,
			"rows":     sameRows,
		},
	})
}

// background ends the line of a script that starts a program beside it.
var background = regexp.MustCompile(`(?m)^[^#\n]*&(\w+&)?$`)

// scripts returns the files to run: under the race detector, which makes each start
// of the program a matter of seconds, those alone that run a daemon.
func scripts(t *testing.T) []string {
	all, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(all) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	if !underRace {
		return all
	}
	return slices.DeleteFunc(all, func(name string) bool {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return !background.Match(text)
	})
}

func setup(env *testscript.Env) error {
	site := httptest.NewServer(newsSite(filepath.Join(env.WorkDir, "site")))
	env.Defer(site.Close)
	env.Setenv("SITE", site.URL)
	env.Setenv("STORYDIFF_ALLOW_PRIVATE", "true")
	env.Setenv("STORYDIFF_HOST_DELAY", "0s")
	return nil
}

// newsSite serves the files of a folder as they are at the moment. A file
// NAME.status beside NAME makes the site answer with that status, and with no
// bytes for as long as the client waits where it says "hang". What is posted to it
// is appended to the file, with its headers, and noted in NAME.asked before.
func newsSite(dir string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file := filepath.Join(dir, filepath.FromSlash(filepath.Clean(r.URL.Path)))
		status, err := os.ReadFile(file + ".status")
		said := strings.TrimSpace(string(status))
		var posted []byte
		if r.Method == http.MethodPost {
			posted, _ = io.ReadAll(io.LimitReader(r.Body, 1<<20)) // all of it: else nobody would tell that the client is gone
			os.WriteFile(file+".asked", nil, 0o666)
		}
		if said == "hang" {
			<-r.Context().Done()
			return
		}
		if to, ok := strings.CutPrefix(said, "moved to "); ok {
			http.Redirect(w, r, to, http.StatusMovedPermanently)
			return
		}
		if to, ok := strings.CutPrefix(said, "to "); ok {
			http.Redirect(w, r, to, http.StatusFound)
			return
		}
		if code, convErr := strconv.Atoi(said); err == nil && convErr == nil {
			http.Error(w, "out of order", code)
			return
		}
		if r.Method == http.MethodPost {
			take(file, r, posted)
			return
		}
		page, err := os.ReadFile(file)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", mime.TypeByExtension(filepath.Ext(file)))
		w.Write(page)
	})
}

// take appends what was posted to a file.
func take(file string, r *http.Request, body []byte) {
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return
	}
	defer f.Close()
	for _, name := range []string{"Webhook-Id", "Webhook-Timestamp", "Webhook-Signature", "User-Agent"} {
		fmt.Fprintf(f, "%s: %s\n", name, r.Header.Get(name))
	}
	fmt.Fprintf(f, "%s\n", body)
}

// freePort sets a variable to a port that was free a moment ago.
func freePort(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: freeport VAR")
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	defer ln.Close()
	ts.Setenv(args[0], strconv.Itoa(ln.Addr().(*net.TCPAddr).Port))
}

// sameRows holds a list of the API against what the command line printed: its
// items are those lines, to the byte.
func sameRows(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: rows LIST LINES")
	}
	want := `{"items":[` + strings.Join(strings.Split(strings.TrimSpace(ts.ReadFile(args[1])), "\n"), ",") + "]}"
	if got := strings.TrimSpace(ts.ReadFile(args[0])); got != want {
		ts.Fatalf("%s is\n%s\nwant\n%s", args[0], got, want)
	}
}

// expand puts the values of variables into a file.
func expand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: envsubst FILE")
	}
	text := os.Expand(ts.ReadFile(args[0]), ts.Getenv)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o666))
}

// getPage fetches a page into a file, waiting up to 15 s for the server to come
// up and, where a text is given, for the page to hold it. With !, it must answer
// with an error status.
func getPage(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: [!] get URL FILE [TEXT]")
	}
	want := ""
	if len(args) == 3 {
		want = args[2]
	}
	var last string
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); <-time.After(50 * time.Millisecond) {
		body, status, err := fetchPage(args[0])
		last = fmt.Sprintf("%d %v", status, err)
		if err == nil && (status >= 400) == neg && strings.Contains(body, want) {
			ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(body), 0o666))
			return
		}
	}
	ts.Fatalf("get %s: %s, or without %q", args[0], last, want)
}

func fetchPage(url string) (body string, status int, err error) {
	resp, err := http.Get(url)
	if err != nil {
		return "", 0, err
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	return string(page), resp.StatusCode, err
}

// postForm sends a form as a browser that sends no cookies does, and writes the
// page that it leads to into a file. With !, the answer must be an error status.
func postForm(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 3 {
		ts.Fatalf("usage: [!] post URL FILE FORM [NAME:VALUE...]")
	}
	req, err := http.NewRequest(http.MethodPost, args[0], strings.NewReader(args[2]))
	ts.Check(err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, header := range args[3:] {
		name, value, _ := strings.Cut(header, ":")
		if name == "Host" {
			req.Host = value
			continue
		}
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(req)
	ts.Check(err)
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), page, 0o666))
	if (resp.StatusCode >= 400) != neg {
		ts.Fatalf("post %s: %d", args[0], resp.StatusCode)
	}
}
