package main

import (
	"context"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"storydiff/tracker/extract"
)

// TestReadme runs every command of the README, in its order, in one folder, with
// a site of our own in place of news.example.
func TestReadme(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	layOut(t, root, dir)
	site := httptest.NewServer(newsSite(dir))
	defer site.Close()
	t.Chdir(dir)
	t.Setenv("STORYDIFF_ALLOW_PRIVATE", "true")
	t.Setenv("STORYDIFF_HOST_DELAY", "0s")
	checkExample(t, string(text))
	checkRules(t, string(text))
	checkAlerts(t, string(text))
	if err := os.WriteFile("feed.xml", []byte(`<rss version="2.0"><channel><title>The Post</title><item><title>Ferry</title><link>`+site.URL+`/ferry.html</link></item></channel></rss>`), 0o666); err != nil {
		t.Fatal(err)
	}
	commands := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(commands) == 0 {
		t.Fatal("the README holds no command")
	}
	for _, block := range commands {
		for line := range strings.Lines(block[1]) {
			runReadme(t, root, strings.NewReplacer("https://news.example", site.URL, "news.example", "127.0.0.1").Replace(strings.TrimSpace(line)))
		}
	}
}

// checkExample holds the example at the top against what the program prints.
func checkExample(t *testing.T, text string) {
	t.Helper()
	m := regexp.MustCompile("(?s)```text\n\\$ storydiff (.*?)\n(.*?)```").FindStringSubmatch(text)
	if m == nil {
		t.Fatal("the README shows no example")
	}
	if out, said, _ := storydiff(t, strings.Fields(m[1])...); out != m[2] {
		t.Errorf("storydiff %s prints\n%s%s\nand the README shows\n%s", m[1], out, said, m[2])
	}
}

// checkRules reads the site rules that the README shows.
func checkRules(t *testing.T, text string) {
	t.Helper()
	m := regexp.MustCompile("(?s)```text\n(outlet .*?)```").FindStringSubmatch(text)
	if m == nil {
		t.Fatal("the README shows no site rules")
	}
	rules, err := extract.ParseRules("README.md", strings.NewReader(m[1]))
	if err != nil || rules.Fingerprint("https://news.example/ferry.html") == "" {
		t.Errorf("the site rules of the README: %v", err)
	}
}

// layOut puts the pages of which the README speaks into the folder.
func layOut(t *testing.T, root, dir string) {
	t.Helper()
	for name, from := range map[string]string{
		"old.html": "negated/1.html", "new.html": "negated/2.html", "ferry.html": "headline-tested/1.html", "clock.html": "number-in-words/1.html",
		"old.txt": "negated/1.txt", "new.txt": "negated/2.txt",
	} {
		page, err := os.ReadFile(filepath.Join(root, "testdata", "stories", filepath.FromSlash(from)))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), page, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// checkAlerts lets the program read the configuration that the README shows.
func checkAlerts(t *testing.T, text string) {
	t.Helper()
	m := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindStringSubmatch(text)
	if m == nil {
		t.Fatal("the README shows no configuration of alerts")
	}
	file := filepath.Join(t.TempDir(), "alerts.yaml")
	if err := os.WriteFile(file, []byte(m[1]), 0o666); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOOK_SECRET", "whsec_dGhlIFJFQURNRSBoYXMgYSBzZWNyZXQsIHRvbzogbm8u")
	out, said, code := storydiff(t, "alert", "list", "--config", file)
	if code != exitDone || !strings.Contains(out, "silent and major") || !strings.Contains(out, "mornings") {
		t.Errorf("of the README's configuration alert list makes exit %d:\n%s%s", code, out, said)
	}
}

func runReadme(t *testing.T, root, line string) {
	t.Helper()
	switch command, args, _ := strings.Cut(line, " "); {
	case line == "go test ./...": // this is it
	case strings.HasPrefix(line, "go build "):
		build := exec.Command(command, "build", "-o", filepath.Join(t.TempDir(), "storydiff"), "./cmd/storydiff")
		build.Dir = root
		if out, err := build.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", line, err, out)
		}
	case strings.HasPrefix(line, "go run ./cmd/storydiff "):
		runStorydiff(t, strings.Fields(strings.TrimPrefix(args, "run ./cmd/storydiff ")))
	default:
		t.Errorf("%s: no test runs such a command", line)
	}
}

// runStorydiff runs one command line; what serves until it is stopped is
// stopped as soon as it says where its report is.
func runStorydiff(t *testing.T, args []string) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	var said strings.Builder
	out := io.Writer(&said)
	switch args[0] {
	case "run", "demo", "serve":
		args = append(args, "--listen", "127.0.0.1:0")
		out = writerFunc(func(p []byte) (int, error) {
			if strings.Contains(string(p), "http://127.0.0.1:") && strings.Contains(string(p), "Ctrl-C") {
				stop()
			}
			return said.Write(p)
		})
	}
	code := run(ctx, args, streams{strings.NewReader(""), io.Discard, out})
	if code != exitDone && !(args[0] == "diff" && code == differ) {
		t.Errorf("storydiff %s: exit %d: %s", strings.Join(args, " "), code, said.String())
	}
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
