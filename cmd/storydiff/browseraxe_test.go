package main

import (
	"encoding/json"
	"os"
	"strings"
	"time"
)

// A violation is a rule of axe-core that a page breaks.
type violation struct {
	ID    string
	Help  string
	Nodes []struct {
		HTML           string
		FailureSummary string
	}
}

// withoutViolations holds pages against axe-core, at both widths and in both colour
// schemes. STORYDIFF_AXE names its axe.min.js:
//
//	npm install --no-save --prefix DIR axe-core@4.14.1
//	STORYDIFF_AXE=DIR/node_modules/axe-core/axe.min.js go test ./cmd/storydiff -run BrowserPages/axe
func withoutViolations(b *tab, site string, pages []reportAddress) {
	t := b.t
	file := os.Getenv("STORYDIFF_AXE")
	if file == "" {
		missing(t, "needs STORYDIFF_AXE, the path of axe-core's axe.min.js")
	}
	axe, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		began := time.Now()
		b.open(page.of(site))
		eval[bool](b, string(axe)+";\ntrue")
		for _, s := range sights() {
			b.look(s)
			var only string
			switch s.name {
			case "1280-dark": // of the colours nothing but contrast depends on
				only = `, runOnly: ["color-contrast"]`
			case "390-light": // and they depend on no width
				only = `, rules: {"color-contrast": {enabled: false}}`
			case "390-dark":
				continue
			}
			found := eval[string](b, `axe.run(document, {resultTypes: ["violations"]`+only+`}).then(r => JSON.stringify(r.violations.map(
				v => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 5).map(n => ({html: n.html.slice(0, 200), failureSummary: n.failureSummary}))}))))`)
			var violations []violation
			if err := json.Unmarshal([]byte(found), &violations); err != nil {
				t.Fatal(err)
			}
			for _, v := range violations {
				t.Errorf("%s (%s) at %s: %s: %s", page.name, page.path, s.name, v.ID, v.Help)
				for _, n := range v.Nodes {
					t.Logf("  %s\n  %s", n.HTML, strings.ReplaceAll(n.FailureSummary, "\n", "\n  "))
				}
			}
		}
		t.Logf("%s: %v", page.name, time.Since(began).Round(time.Millisecond))
	}
}
