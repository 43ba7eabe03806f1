package report_test

import (
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"storydiff/diffview"
)

// colour is a custom property that holds a colour.
var colour = regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{6}|[0-9a-f]{3});`)

// TestContrast holds each pair of colours that stand together, light and dark,
// to the 4.5 to 1 that WCAG 2 asks of text, and edges of controls to its 3 to 1.
// A colour that no pair names fails, so that a new one is thought about.
func TestContrast(t *testing.T) {
	own, err := os.ReadFile("style.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark := map[string]float64{}, map[string]float64{}
	for _, css := range []string{diffview.Style(), string(own)} {
		css, _, _ = strings.Cut(css, "@media print")
		before, after, ok := strings.Cut(css, "@media (prefers-color-scheme: dark)")
		if !ok {
			t.Fatal("a style sheet has no dark colours")
		}
		readColours(light, before)
		readColours(dark, after)
	}
	named := map[string]bool{"rule": true} // a line between things, which says nothing
	grounds := []string{"paper", "panel", "mark", "ins-paper", "del-paper", "moved-paper"}
	pairs := map[string][]string{
		"ink": grounds, "soft": {"paper", "panel", "ins-paper", "del-paper"}, "link": {"paper", "panel"}, "accent": {"paper", "panel"},
		"ins": {"paper", "panel", "ins-paper"}, "del": {"paper", "panel", "del-paper"}, "moved": {"paper", "panel", "moved-paper"},
		"major": {"paper", "panel"}, "notable": {"paper", "panel"}, "alarm": {"paper", "panel"}, "edge": {"paper", "panel"},
	}
	for name, scheme := range map[string]map[string]float64{"light": light, "dark": dark} {
		for front, backs := range pairs {
			for _, back := range backs {
				named[front], named[back] = true, true
				least := 4.5
				if front == "edge" {
					least = 3
				}
				if got := contrast(scheme[front], scheme[back]); got < least {
					t.Errorf("%s: %s on %s is %.2f to 1, want %.1f", name, front, back, got, least)
				}
			}
		}
		for c := range scheme {
			if !named[c] {
				t.Errorf("no pair names the colour %s", c)
			}
		}
	}
}

func readColours(into map[string]float64, css string) {
	for _, m := range colour.FindAllStringSubmatch(css, -1) {
		into[m[1]] = luminanceOf(m[2])
	}
}

func contrast(a, b float64) float64 { return (max(a, b) + 0.05) / (min(a, b) + 0.05) }

// luminanceOf is the relative luminance of a colour in hexadecimal digits, as
// WCAG 2 has it.
func luminanceOf(hex string) float64 {
	if len(hex) == 3 {
		hex = strings.Join([]string{hex[:1], hex[:1], hex[1:2], hex[1:2], hex[2:], hex[2:]}, "")
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// The script is small, and does nothing that a strict policy would stop.
func TestScript(t *testing.T) {
	h := handler(t, sample())
	_, body := get(t, h, "/")
	_, rest, _ := strings.Cut(body, `<script defer src="`)
	address, _, _ := strings.Cut(rest, `"`)
	resp := ask(t, h, "GET", address)
	script := read(t, resp)
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "text/javascript; charset=utf-8" || !strings.Contains(resp.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("GET %s = %d %v", address, resp.StatusCode, resp.Header)
	}
	if len(script) == 0 || len(script) > 8<<10 {
		t.Errorf("the script has %d bytes, want at most 8 KiB", len(script))
	}
	for _, bad := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "import(", "setTimeout(", ".src =", ".style", "http:", "https:"} {
		if strings.Contains(script, bad) {
			t.Errorf("the script holds %q", bad)
		}
	}
}

// The specimen shows each class that the style sheet has rules for, but those of
// whole pages.
func TestSpecimenShowsEveryClass(t *testing.T) {
	own, err := os.ReadFile("style.css")
	if err != nil {
		t.Fatal(err)
	}
	h := handler(t, sample())
	_, one := get(t, h, "/specimen")
	_, two := get(t, h, "/specimen?view=side-by-side")
	_, embed := get(t, h, "/articles/1/changes/1..2/embed")
	shown := map[string]bool{}
	for _, m := range regexp.MustCompile(`class="([^"]*)"`).FindAllStringSubmatch(one+two+embed, -1) {
		for class := range strings.FieldsSeq(m[1]) {
			shown[class] = true
		}
	}
	// Classes of whole pages, and of what stands only beside something else.
	elsewhere := map[string]string{
		"notice":    "stands above a whole page",
		"skip":      "the first link of a page, in the layout",
		"story":     "the head of a whole page",
		"original":  "in the head of a story",
		"headlines": "a list of an article's page without a look of its own but its type",
		"empty":     "in place of a list",
		"commands":  "in place of a list",
		"checks":    "a table as any other, smaller",
		"links":     "a list of plain addresses",
		"scroll":    "around what is wider than the page",
		"shares":    "of a headline under test, in a life",
		"share":     "in shares",
		"test":      "of a headline under test, in a life",
		"compare":   "the form around a life",
		"between":   "a list of scores and links between versions far apart",
		"quote":     "the section around the links that copy",
		"copier":    "a button that the script makes",
		"hits":      "a list that the script of exported files fills",
		"searching": "the form of exported files",
	}
	var missing []string
	for _, m := range regexp.MustCompile(`\.([a-z][a-z0-9-]*)`).FindAllStringSubmatch(string(own), -1) {
		if class := m[1]; !shown[class] && elsewhere[class] == "" && !slices.Contains(missing, class) {
			missing = append(missing, class)
		}
	}
	if len(missing) > 0 {
		t.Errorf("the specimen shows nothing of the classes %v", missing)
	}
}
