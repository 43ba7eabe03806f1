package main

import (
	"os"
	"path/filepath"
	"strings"
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

// A text in UTF-8 is compared with the mark it begins with, which is an invisible
// character like others: it is typography, and a patch carries it.
func TestDiffKeepsTheMark(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	bare, marked, other := write("bare", "One boat.\n"), write("marked", "\ufeffOne boat.\n"), write("other", "\ufeffTwo boats.\n")
	if out, errs, code := storydiff(t, "diff", bare, marked); code != exitDone {
		t.Errorf("diff of a text with and without its mark: exit %d, %q, %q", code, out, errs)
	}
	out, errs, code := storydiff(t, "diff", marked, other, "--format", "unified")
	if want := "\n-\ufeffOne boat.\n+\ufeffTwo boats.\n"; code != differ || !strings.HasSuffix(out, want) {
		t.Errorf("unified diff of marked texts: exit %d, %q, %q; want it to end %q", code, out, errs, want)
	}
}
