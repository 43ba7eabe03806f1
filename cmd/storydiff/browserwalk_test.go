package main

import (
	"bufio"
	"context"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A demo is `storydiff demo` under way.
type demo struct {
	site  string        // of the report
	lines chan struct{} // one for each change that it tells of
}

// startDemo runs the demo until the test ends.
func startDemo(t *testing.T) *demo {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	said, write := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"demo", "--listen", "127.0.0.1:0"}, streams{strings.NewReader(""), io.Discard, write})
		write.Close()
	}()
	d := &demo{lines: make(chan struct{}, 1000)}
	opened := make(chan string, 1)
	go func() {
		defer close(d.lines)
		change, address := regexp.MustCompile(`^\d\d:\d\d:\d\d  `), regexp.MustCompile(`open (http://\S+)/`)
		for lines := bufio.NewScanner(said); lines.Scan(); {
			if m := address.FindStringSubmatch(lines.Text()); m != nil {
				opened <- m[1]
			}
			if change.MatchString(lines.Text()) {
				d.lines <- struct{}{}
			}
		}
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != exitDone {
			t.Errorf("the demo: exit %d, want 0", code)
		}
	})
	select {
	case d.site = <-opened:
	case <-ctx.Done():
		t.Fatal("the demo did not start")
	}
	return d
}

// await waits for the next change that the demo tells of.
func (d *demo) await(b *tab) {
	b.t.Helper()
	select {
	case _, ok := <-d.lines:
		if !ok {
			b.t.Fatal("the demo ended")
		}
	case <-b.ctx.Done():
		b.t.Fatal("the demo changed nothing in time")
	}
}

// TestBrowserWalk goes the way of a newcomer: the demo runs, a silent edit
// appears, the list is narrowed to those, and two versions are compared.
func TestBrowserWalk(t *testing.T) {
	b := newTab(t)
	d := startDemo(t)
	var article string // address of the page of the one that is followed
	for _, step := range []struct {
		name string
		do   func(t *testing.T)
	}{
		{"a silent edit appears", func(t *testing.T) {
			b.open(d.site + "/")
			for !eval[bool](b, `document.querySelector("article.entry li.silent") !== null`) {
				d.await(b)
				b.do(chromedp.Reload())
			}
			if !eval[bool](b, `document.querySelector("article.entry ins, article.entry del") !== null`) {
				t.Error("no words of the change are marked")
			}
		}},
		{"it is filtered", func(t *testing.T) {
			b.click("details.filter summary")
			eval[bool](b, `document.querySelector("#disclosure").value = "silent"; true`)
			b.follow("details.filter button")
			if at := b.address(); !strings.Contains(at, "disclosure=silent") {
				t.Errorf("the filter leads to %s", at)
			}
			if n := eval[[]int](b, `[document.querySelectorAll("article.entry").length, document.querySelectorAll("article.entry li.silent").length]`); n[0] == 0 || n[0] != n[1] {
				t.Errorf("%d changes are listed, %d of them silent", n[0], n[1])
			}
		}},
		{"it is read", func(t *testing.T) {
			b.follow("article.entry h3 a")
			if !strings.Contains(b.address(), "/changes/") || !eval[bool](b, `document.querySelector("section.drawn ins, section.drawn del") !== null`) {
				t.Errorf("%s shows no marked words", b.address())
			}
			article = eval[string](b, `[...document.querySelectorAll("header.story .dateline a")].at(-1).href`)
		}},
		{"any two versions are compared", func(t *testing.T) {
			b.open(article)
			for eval[int](b, `document.querySelectorAll("input[type=radio][name=b]").length`) < 2 {
				d.await(b)
				b.do(chromedp.Reload())
			}
			// Not by the mouse: those of a headline under test are folded.
			eval[bool](b, `for (const at of ["[name=a][value='1']", "[name=b][value='3']"]) document.querySelector("input[type=radio]"+at).click(); true`)
			b.follow("form.compare button")
			if !strings.HasSuffix(b.address(), "/changes/1..3") {
				t.Errorf("comparing 1 and 3 leads to %s", b.address())
			}
			if !eval[bool](b, `document.body.textContent.includes("From version 1 to version 3")`) {
				t.Error("the page does not say what is compared")
			}
		}},
	} {
		if !t.Run(step.name, func(t *testing.T) { b.t = t; step.do(t) }) {
			return
		}
	}
}
