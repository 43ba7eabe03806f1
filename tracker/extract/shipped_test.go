package extract_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"storydiff/tracker/extract"
)

// Each archive in testdata/designs holds a page of a design for which a rule is
// shipped, what must be read of it, and what the general way alone reads of it: a
// rule that changes nothing has no business here.
func TestShippedRules(t *testing.T) {
	files, err := filepath.Glob("testdata/designs/*.txtar")
	if err != nil || len(files) < 4 {
		t.Fatalf("%d archives in testdata/designs: %v", len(files), err)
	}
	used := map[string]bool{}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			page, sign, want := string(archive.Files[0].Data), strings.TrimSpace(string(archive.Files[1].Data)), string(archive.Files[2].Data)
			story, err := extract.Read(designed(page))
			if err != nil {
				t.Fatal(err)
			}
			if *update {
				archive.Files[2].Data = []byte(labelled(story))
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got := labelled(story); got != want {
				t.Errorf("Read gives\n%s\nwant\n%s", got, want)
			}
			rule := story.Sources["shipped rules"]
			if used[rule] = true; rule == "" {
				t.Error("no shipped rule applies")
			}
			if !strings.Contains(page, sign) {
				t.Fatalf("the page does not hold %q", sign)
			}
			general, err := extract.Read(designed(strings.ReplaceAll(page, sign, "")))
			if err == nil && labelled(general) == want {
				t.Errorf("the general way reads the same without the rule")
			}
		})
	}
	if len(used) < 4 {
		t.Errorf("%d of the shipped rules are tested: %v", len(used), used)
	}
}

func designed(page string) extract.Input {
	return extract.Input{Body: []byte(page), ContentType: "text/html; charset=utf-8", URL: "https://town.example/t/ferry/1"}
}

// A rule for many outlets takes no correction away.
func TestShippedRulesKeepCorrections(t *testing.T) {
	page := `<html><head><meta name="generator" content="MediaWiki 1.43.0"><title>Ferry returns</title></head><body><h1 id="firstHeading">Ferry returns</h1>
<div class="mw-parser-output">` + saltgate + `<div class="navbox"><p>Correction: the boats carry 140 people, not 104.</p><p>Join us in the square.</p></div></div></body></html>`
	story, err := extract.Read(designed(page))
	if err != nil {
		t.Fatal(err)
	}
	if body := story.Body(); !strings.Contains(body, "140 people, not 104") || strings.Contains(body, "Join us") {
		t.Errorf("the page is read as\n%s", body)
	}
	if fmt.Sprint(story.Sources["rules"]) != "" {
		t.Errorf("shipped rules count as the user's: %v", story.Sources)
	}
}
