package main

import (
	"bytes"
	"encoding/json"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"storydiff/diffview"
	"storydiff/tracker/worddiff"
)

const ferryPage = `<!doctype html><html lang="en"><title>Ferry</title><article><h1>Ferry hits quay</h1><p>The morning ferry hit the quay at Eastbank on Monday, and 12 people were hurt, the harbour office said.</p><p>It was the first accident of its kind in the harbour since the new pier was built.</p></article></html>`

const ferryText = "The morning ferry hit the quay at Eastbank on Monday, and 13 people were hurt, the harbour office said.\n\nIt was the first accident of its kind in the harbour since the new pier was built.\n"

func latin1(text string) string {
	out, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		panic(err)
	}
	return out
}

func utf16(text string) string {
	out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		panic(err)
	}
	return out
}

// textPairs are files that differ in more than words: shown is what text, HTML,
// Markdown and JSON each say of them, unshown what none of them does.
var textPairs = []struct {
	name, old, new  string
	shown, unshown  []string
	escaped, repair string // the byte that is no UTF-8, as a reader sees it and in JSON
	same            bool
}{
	{name: "one byte is no UTF-8", old: "Die Brücke öffnet am Montag.\nEin Byte \xff steht hier.\n", new: "Die Brücke öffnet am Dienstag.\nEin Byte \xff steht hier.\n",
		shown: []string{"Die Brücke öffnet am ", "Montag", "Dienstag"}, unshown: []string{"Ã", "ÿ"}, escaped: "⟨0xff⟩", repair: `Byte \ufffd steht`},
	{name: "one byte among ASCII is no UTF-8", old: "The bridge\xff opens on Monday.\n", new: "The bridge\xff opens on Friday.\n",
		shown: []string{"Monday", "Friday"}, unshown: []string{"ÿ"}, escaped: "⟨0xff⟩", repair: `bridge\ufffd opens`},
	{name: "that byte alone differs", old: "The bridge\xff opens.\n", new: "The bridge\xfe opens.\n",
		shown: []string{"The ", "opens."}, unshown: []string{"ÿ", "þ"}, escaped: "⟨0xfe⟩", repair: `"delete","text":"\ufffd"`},
	{name: "it is gone", old: "Größe \xff zählt.\n", new: "Größe zählt.\n", shown: []string{"Größe ", "zählt."}, unshown: []string{"Ã"}, escaped: "⟨0xff⟩", repair: `\ufffd`},
	{name: "Windows-1252", old: latin1("Die Brücke öffnet früh am Montag.\n"), new: latin1("Die Brücke öffnet früh am Dienstag.\n"),
		shown: []string{"Die Brücke öffnet früh am ", "Montag", "Dienstag"}, unshown: []string{"⟨0x"}},
	{name: "Windows-1252, one word of it beside many", old: latin1("Die Brücke öffnet früh am Montag.\n"), new: latin1("Die Brücke schließt.\n"),
		shown: []string{"Die Brücke ", "schließt"}, unshown: []string{"⟨0x", "�"}},
	{name: "Windows-1252 became UTF-8", old: latin1("Die Brücke öffnet früh am Montag.\n"), new: "Die Brücke öffnet früh am Dienstag.\n",
		shown: []string{"Die Brücke öffnet früh am ", "Dienstag"}, unshown: []string{"⟨0x", "�"}},
	{name: "UTF-16", old: utf16("Die Brücke öffnet am Montag.\n"), new: utf16("Die Brücke öffnet am Dienstag.\n"), shown: []string{"Die Brücke öffnet am ", "Dienstag"}},
	{name: "a mark at the start", old: "\ufeffOne bridge.\n", new: "\ufeffTwo bridges.\n", shown: []string{"One", "Two"}},
	{name: "carriage returns", old: "One line.\nTwo lines.\n", new: "One line.\r\nTwo lines.\r\n", same: true},
	{name: "carriage returns lost, and a word", old: "One line.\r\nTwo lines here.\r\n", new: "One line.\nThree lines here.\n", shown: []string{"One line.", "Two", "Three"}, unshown: []string{"⟨U+000D⟩"}},
	{name: "final newline lost", old: "One line.\nTwo lines.\n", new: "One line.\nTwo lines.", same: true},
	{name: "final newline gained, and a word", old: "One line.\nTwo lines here.", new: "One line.\nThree lines here.\n", shown: []string{"Two", "Three"}},
	{name: "no final newline, a line more", old: "One line.\nTwo lines.", new: "One line.\nTwo lines.\nThree lines.", shown: []string{"Two lines.", "Three lines."}},
	{name: "from nothing", old: "", new: "One line.\nTwo lines.", shown: []string{"One line.", "Two lines."}},
	{name: "to nothing", old: "One line.\nTwo lines.\n", new: "", shown: []string{"One line.", "Two lines."}},
	{name: "nothing at all", old: "", new: "", same: true},
	{name: "blank lines alone", old: "\n\n", new: "\n", same: true},
	{name: "a control character late in the file", old: strings.Repeat("Line of text.\n", 700) + "\x00 one\n", new: strings.Repeat("Line of text.\n", 700) + "\x00 two\n", shown: []string{"⟨U+0000⟩"}},
}

// TestTextFiles compares text files in all five formats. The patch gives the new
// file from the old one to the byte, whatever bytes there are.
func TestTextFiles(t *testing.T) {
	for _, tt := range textPairs {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, "old.txt", tt.old)
			write(t, "new.txt", tt.new)
			for _, format := range []string{"text", "html", "markdown", "json"} {
				got := diffed(t, tt.same, "old.txt", "new.txt", "--format", format)
				switch format {
				case "json":
					if !strings.Contains(got, tt.repair) {
						t.Errorf("json lacks %q:\n%s", tt.repair, got)
					}
					lossless(t, got, tt.old, tt.new)
					continue
				case "html":
					got = html.UnescapeString(got[strings.Index(got, "<main"):strings.Index(got, "</main>")])
				}
				for _, want := range append(tt.shown, tt.escaped) {
					if !strings.Contains(got, want) {
						t.Errorf("%s lacks %q:\n%s", format, want, got)
					}
				}
				for _, unwanted := range tt.unshown {
					if strings.Contains(got, unwanted) {
						t.Errorf("%s holds %q:\n%s", format, unwanted, got)
					}
				}
			}
			patched(t, "old.txt", diffed(t, tt.same, "old.txt", "new.txt", "--format", "unified"), tt.new)
		})
	}
}

// A page beside a text is its body, and no words are counted that were not
// compared.
func TestTextBesidePage(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "old.txt", ferryText)
	write(t, "new.html", ferryPage)
	for _, files := range [][2]string{{"old.txt", "new.html"}, {"new.html", "old.txt"}} {
		var row diffview.DiffJSON
		if err := json.Unmarshal([]byte(diffed(t, false, files[0], files[1], "--format", "json")), &row); err != nil {
			t.Fatal(err)
		}
		if row.Old.Words != 36 || row.New.Words != 36 || row.WordsAdded != 1 || row.WordsRemoved != 1 || len(row.Fields) > 0 {
			t.Errorf("%v: %d words became %d, -%d +%d, %d fields; want 36 and 36, -1 +1, none", files, row.Old.Words, row.New.Words, row.WordsRemoved, row.WordsAdded, len(row.Fields))
		}
		for _, format := range []string{"text", "html", "markdown"} {
			got := diffed(t, false, files[0], files[1], "--format", format)
			if !strings.Contains(got, "36 words") || !strings.Contains(got, "people were hurt") || strings.Contains(got, "39 words") {
				t.Errorf("%v: %s says\n%s", files, format, got)
			}
		}
	}
	patched(t, "old.txt", diffed(t, false, "old.txt", "new.html", "--format", "unified"), strings.Replace(ferryText, "13", "12", 1))
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// diffed returns what `storydiff diff` prints of two files that are the same or
// differ.
func diffed(t *testing.T, same bool, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	want := differ
	if same {
		want = exitDone
	}
	if code := run(t.Context(), append([]string{"diff"}, args...), streams{strings.NewReader(""), &out, &errs}); code != want {
		t.Fatalf("diff %q: exit %d, want %d: %s", args, code, want, &errs)
	}
	return out.String()
}

// patched checks that patch makes want of a file.
func patched(t *testing.T, name, patch, want string) {
	t.Helper()
	program, err := exec.LookPath("patch")
	if err != nil && os.Getenv("CI") != "" {
		t.Fatal("no patch: .ci/run installs it")
	}
	if err != nil {
		t.Skip("no patch on this machine")
	}
	out := filepath.Join(t.TempDir(), "out")
	cmd := exec.Command(program, "-s", "-o", out, name)
	cmd.Stdin = strings.NewReader(patch)
	said, err := cmd.CombinedOutput()
	got, _ := os.ReadFile(out)
	if patch == "" {
		got, _ = os.ReadFile(name)
		err = nil
	}
	if err != nil || string(got) != want {
		t.Errorf("patched: %q, %v %s; want %q; by\n%q", got, err, said, want, patch)
	}
}

// lossless checks that the spans give both files back, as far as JSON can.
func lossless(t *testing.T, row, before, after string) {
	t.Helper()
	var d diffview.DiffJSON
	if err := json.Unmarshal([]byte(row), &d); err != nil {
		t.Fatal(err)
	}
	var was, is strings.Builder
	for _, b := range d.Blocks {
		for _, s := range b.Spans {
			switch {
			case s.Op == worddiff.Insert:
				is.WriteString(s.Text)
			case s.Op == worddiff.Delete:
				was.WriteString(s.Text)
			case s.Was != nil:
				was.WriteString(*s.Was)
				is.WriteString(s.Text)
			default:
				was.WriteString(s.Text)
				is.WriteString(s.Text)
			}
		}
	}
	if got, want := was.String(), readable(before); got != want {
		t.Errorf("the spans hold %q, want the old file, %q", got, want)
	}
	if got, want := is.String(), readable(after); got != want {
		t.Errorf("the spans hold %q, want the new file, %q", got, want)
	}
}

// readable returns a file of these tests as JSON can hold it.
func readable(file string) string {
	switch {
	case strings.HasPrefix(file, "\xff\xfe"):
		text, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().String(file)
		return text
	case strings.Contains(file, "Br\xfccke"):
		text, _ := charmap.Windows1252.NewDecoder().String(file)
		return text
	}
	return strings.ToValidUTF8(file, "\ufffd")
}
