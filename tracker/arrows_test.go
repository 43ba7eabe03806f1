package tracker_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// allowed says which of our packages each room may import; a room that is not
// listed may not exist. "tracker/…" stands for tracker and all below it.
var allowed = map[string][]string{
	"tracker/fetch":             nil,
	"tracker/extract":           nil,
	"tracker/extract/trial":     nil,
	"tracker/extract/peers":     nil,
	"tracker/worddiff":          nil,
	"tracker/revision":          {"tracker/extract", "tracker/worddiff"},
	"tracker/search":            {"tracker/extract"},
	"tracker":                   {"tracker/fetch", "tracker/extract", "tracker/revision", "tracker/search", "tracker/worddiff"},
	"tracker/discover":          {"tracker", "tracker/fetch", "tracker/extract"},
	"tracker/alert":             {"tracker", "tracker/fetch", "tracker/revision"},
	"storage":                   {"tracker/…"},
	"storage/storagetest":       {"tracker/…", "storage"},
	"storage/storagetest/press": {"tracker/…", "storage", "storage/storagetest"},
	"diffview":                  {"tracker/…"},
	"diffview/report":           {"tracker/…", "diffview"},
	"diffview/message":          {"tracker/…", "diffview"},
	"tracker/fetch/ledgertest":  {"tracker/fetch"},
	"cmd/storydiff":             {"tracker/…", "storage", "diffview", "diffview/report", "diffview/message", "cmd/storydiff/paper"},
	"cmd/storydiff/paper":       nil,
}

// TestArrows keeps data going one way: it reads the imports of every room.
// Tests may reach further: a store to test with is anyone's.
func TestArrows(t *testing.T) {
	const root = ".."
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && d.Name() != "..") {
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		checkImports(t, file, path.Dir(filepath.ToSlash(rel)))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkImports(t *testing.T, file, room string) {
	t.Helper()
	may, known := allowed[room]
	if !known {
		t.Errorf("%s: no room is called %s: give it its arrows in this test", file, room)
		return
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range parsed.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		ours, ok := strings.CutPrefix(name, "storydiff/")
		if ok && !slices.Contains(may, ours) && !(slices.Contains(may, "tracker/…") && (ours == "tracker" || strings.HasPrefix(ours, "tracker/"))) {
			t.Errorf("%s: %s may not import %s", file, room, ours)
		}
	}
}
