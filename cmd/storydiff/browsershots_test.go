package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

var shots = flag.String("shots", "", "write screenshots and prints of every page of the report into this `folder`")

// TestBrowserShots makes screenshots of every page over the demo and over the
// stories of testdata, 1280 and 390 wide, light and dark, and prints them:
//
//	go test ./cmd/storydiff -run Shots -args -shots DIR
func TestBrowserShots(t *testing.T) {
	if *shots == "" {
		t.Skip("needs -args -shots DIR")
	}
	b := newTab(t)
	site, pages := storiesReport(t)
	shoot(b, filepath.Join(*shots, "stories"), site, pages)
	demo := startDemo(t)
	for range 12 { // so many changes are something to look at
		demo.await(b)
	}
	shoot(b, filepath.Join(*shots, "demo"), demo.site, demoPages(b, demo.site))
}

// demoPages are the pages of the demo that lead from its newest change.
func demoPages(b *tab, site string) []reportAddress {
	b.t.Helper()
	b.open(site + "/")
	change := eval[string](b, `new URL(document.querySelector("article.entry h3 a").href).pathname`)
	b.open(site + change)
	article := eval[string](b, `new URL([...document.querySelectorAll("header.story .dateline a")].at(-1).href).pathname`)
	b.open(site + "/outlets")
	outlet := eval[string](b, `new URL(document.querySelector("table a").href).pathname`)
	return []reportAddress{
		{"changes", "/", ""}, {"articles", "/articles", ""}, {"article", article, ""}, {"change", change, ""},
		{"change-side", change + "?view=side-by-side&context=all", ""}, {"version", article + "/versions/1", ""},
		{"blame", article + "/blame", ""}, {"search", "/search?q=the", ""}, {"outlets", "/outlets", ""}, {"add", "/add", ""},
		{"outlet", outlet, ""},
	}
}

// shoot writes a picture of each page in each way of looking at it, and a print.
func shoot(b *tab, dir, site string, pages []reportAddress) {
	b.t.Helper()
	if err := os.MkdirAll(dir, 0o777); err != nil {
		b.t.Fatal(err)
	}
	write := func(name string, make chromedp.Action[[]byte]) {
		b.t.Helper()
		data, err := chromedp.Run(b.ctx, make)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), data, 0o666)
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
	for _, page := range pages {
		b.open(page.of(site))
		for _, s := range sights() {
			b.look(s)
			write(page.name+"-"+s.name+".png", chromedp.FullScreenshot(100))
		}
		b.look(sight{width: 1280, scheme: "light", media: "print"})
		write(page.name+"-print.pdf", chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	}
	b.t.Logf("%d pages in %s", len(pages), dir)
}
