package main

import (
	"os"
	"path/filepath"
	"testing"
)

// What is no text is refused in one sentence, and not drawn; UTF-16, which is
// full of zeros, is text.
func TestDiffOfBytes(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	plain := write("plain", "one")
	picture := write("picture", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
	wide := write("wide", "\xff\xfeo\x00n\x00e\x00")

	out, errs, code := storydiff(t, "diff", plain, picture)
	if want := "storydiff: reading " + picture + ": it is binary, neither a text nor a page\n"; code != exitMisuse || out != "" || errs != want {
		t.Errorf("diff of a picture: exit %d, %q, %q; want %d, nothing, %q", code, out, errs, exitMisuse, want)
	}
	if out, errs, code := storydiff(t, "diff", plain, wide); code != exitDone {
		t.Errorf("diff of one text in UTF-8 and UTF-16: exit %d, %q, %q", code, out, errs)
	}
}
