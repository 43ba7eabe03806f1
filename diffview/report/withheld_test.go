package report_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"storydiff/diffview/report"
)

// reserved is a life of two versions whose publisher asks for no copies.
func reserved() *fake {
	src := newFake()
	id := src.add("https://news.example/a", "news.example")
	for i, figure := range []string{"It cost 12 million.", "It cost 14 million."} {
		s := story("Bridge opens", figure, "The ferry sails no more.", "Nobody objected at all.", "Boats were sold.")
		s.Sources = map[string]string{"reserved": "noarchive"}
		src.see(id, clock(0, 0, i), s)
	}
	return src
}

// With Withhold the public is told why, and shown what changed alone; others see all.
func TestReservedTextIsWithheld(t *testing.T) {
	const why = "The publisher asks with version"
	stays := "Nobody objected at all."
	there := []string{"From", "192.0.2.7:99"}
	withheld := func(change func(*report.Options)) func(target string, header ...string) (int, string) {
		opts := report.Options{Withhold: true, Doors: report.Doors{Password: password}}
		if change != nil {
			change(&opts)
		}
		h := report.New(reserved(), opts)
		mine := "Bearer " + password
		return func(target string, header ...string) (int, string) {
			if len(header) == 0 {
				header = append(there, "Authorization", mine)
			}
			resp := send(t, h, "GET", target, "", header...)
			return resp.StatusCode, read(t, resp)
		}
	}
	asks := withheld(nil)
	for target, want := range map[string]int{
		"/articles/1/versions/1":                     200,
		"/articles/1/versions/2/source":              403,
		"/articles/1/blame":                          403,
		"/api/v1/articles/1/versions/1":              403,
		"/articles/1/changes/1..2":                   200,
		"/articles/1/changes/1..2?context=all":       200,
		"/articles/1/changes/1..2?view=side-by-side": 200,
		"/articles/1/changes/1..2?format=text":       200,
		"/articles/1/changes/1..2?format=markdown":   200,
		"/api/v1/articles/1/diff/1..2":               200,
		"/articles/1":                                200,
		"/feed.atom":                                 200,
	} {
		status, body := asks(target, there...)
		if status != want || strings.Contains(body, stays) {
			t.Errorf("GET %s = %d, want %d, and nothing of what stays:\n%s", target, status, want, body)
		}
		if told := strings.Contains(body, why); !told && strings.Contains(target, "/articles/1/") && !strings.Contains(target, "format=") {
			t.Errorf("GET %s does not say why:\n%s", target, body)
		}
		if strings.Contains(target, "1..2") && !(strings.Contains(body, "14") && strings.Contains(body, "12")) {
			t.Errorf("GET %s does not quote what changed:\n%s", target, body)
		}
	}
	for _, target := range []string{"/articles/1/versions/1", "/articles/1/versions/2/source", "/articles/1/blame", "/api/v1/articles/1/versions/1", "/articles/1/changes/1..2?context=all", "/api/v1/articles/1/diff/1..2"} {
		for name, seen := range map[string]func(string, ...string) (int, string){
			"who knows the password": asks,
			"a private report":       withheld(func(o *report.Options) { o.Doors.Private = true }),
			"without the choice":     withheld(func(o *report.Options) { o.Withhold = false }),
		} {
			if status, body := seen(target); status != 200 || !strings.Contains(body, stays) || strings.Contains(body, why) {
				t.Errorf("GET %s for %s = %d:\n%s", target, name, status, body)
			}
		}
	}
}

// An export is for the public: none of its files has what is kept back.
func TestReservedTextIsNotExported(t *testing.T) {
	for _, withhold := range []bool{false, true} {
		dir := t.TempDir()
		if _, err := report.Export(t.Context(), reserved(), report.Options{Withhold: withhold}, dir, nil); err != nil {
			t.Fatal(err)
		}
		found := 0
		err := filepath.WalkDir(dir, func(file string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(file)
			if strings.Contains(string(text), "Nobody objected at all.") {
				found++
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if (found > 0) == withhold {
			t.Errorf("withhold %v: %d files have the text", withhold, found)
		}
	}
}
