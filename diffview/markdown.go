package diffview

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

// Markdown writes d as GitHub Flavored Markdown: ~~what went~~ and **what
// came**. A moved sentence stands in [moved 1: …], with the same number at both
// ends. Whatever the texts hold is escaped.
func Markdown(w io.Writer, d *Diff, o Options) error {
	var b strings.Builder
	if !o.Bare {
		markdownHeading(&b, d, o)
	}
	if !d.Revision.Same() {
		for _, f := range fieldsOf(d) {
			fmt.Fprintf(&b, "**%s:** %s\n\n", escapeMarkdown(fieldLabel(flat(f.Field))), strings.Join(markdownRuns(draw(f.Spans, both)), " "))
		}
		for _, it := range layout(d.Revision.Blocks, o.Context) {
			markdownItem(&b, it)
		}
	}
	_, err := io.WriteString(w, strings.TrimRight(b.String(), "\n")+"\n")
	return err
}

func markdownHeading(b *strings.Builder, d *Diff, o Options) {
	fmt.Fprintf(b, "# %s\n\n", escapeMarkdown(d.title(o)))
	fmt.Fprintf(b, "- Before: %s\n- After: %s\n", markdownSide(d.Old, "old"), markdownSide(d.New, "new"))
	r := d.Revision
	if r.Same() {
		fmt.Fprintf(b, "\n%s\n\n", d.sameness())
		return
	}
	fmt.Fprintf(b, "- Significance: %s, %d of 100\n", revision.LevelOf(r.Significance), r.Significance)
	for _, reason := range r.Reasons {
		fmt.Fprintf(b, "  - %s: %s\n", Signed(reason.Points), escapeMarkdown(flat(reason.Text)))
	}
	if sum := Capped(r.Significance, r.Reasons); sum > 0 {
		fmt.Fprintf(b, "  - %d in all; 100 is the most.\n", sum)
	}
	fmt.Fprintf(b, "- Kinds: %s\n- Disclosure: %s", KindsText(r.Kinds, ", "), r.Disclosure)
	if r.Proof != "" {
		fmt.Fprintf(b, " (%s)", escapeMarkdown(flat(r.Proof)))
	}
	fmt.Fprintf(b, "\n- Words: %s\n\n---\n\n", WordsChanged(r.WordsAdded, r.WordsRemoved))
}

func markdownSide(s Side, otherwise string) string {
	out := escapeMarkdown(flat(s.name(otherwise)))
	if when := whenText(s.CapturedAt); when != "" {
		out += ", " + when
	}
	return out + ", " + Count(s.Words, "word")
}

func markdownItem(b *strings.Builder, it item) {
	switch {
	case it.Folded != nil:
		fmt.Fprintf(b, "*… %s …*\n\n", foldedText(len(it.Folded)))
		return
	case it.Left != "":
		fmt.Fprintf(b, "*(%s)*\n\n", it.left())
		return
	}
	lines := markdownRuns(draw(it.Block.Spans, both))
	if len(lines) == 0 {
		return
	}
	if len(it.Labels) > 0 {
		fmt.Fprintf(b, "*(%s)*\n\n", strings.Join(it.Labels, "; "))
	}
	first, rest := "", ""
	switch it.Block.Kind {
	case extract.Heading:
		first, rest = "### ", "### "
	case extract.List:
		first, rest = "- ", "  "
	case extract.Quote:
		first, rest = "> ", "> "
	case extract.Caption:
		first = "*Caption:* "
	case extract.Note:
		first = "*Note:* "
	}
	b.WriteString(first + strings.Join(lines, "\n"+strings.TrimRight(rest, " ")+"\n"+rest) + "\n\n")
}

// markdownRuns returns the paragraphs that the runs make, marked.
func markdownRuns(runs []run) []string {
	var lines []string
	var line markdownLine
	for _, r := range runs {
		parts := joinParts(r)
		begin, end := wordsIn(parts)
		if r.Last {
			parts = slices.Insert(parts, end, part{Kind: mark, Text: "\\]"})
		}
		if r.First {
			parts = slices.Insert(parts, begin, part{Kind: mark, Text: fmt.Sprintf("\\[moved %d: ", r.Moved)})
		}
		for _, p := range parts {
			if p.Kind == mark {
				line.add(p.Text, "")
				continue
			}
			if p.Kind == gap {
				lines = append(lines, line.String())
				line = markdownLine{}
				continue
			}
			sign := ""
			switch {
			case r.Del():
				sign = "~~"
			case r.Ins() && !r.Stays():
				sign = "**"
			}
			line.add(escapeMarkdown(p.Text), sign)
		}
	}
	if s := line.String(); s != "" {
		lines = append(lines, s)
	}
	return lines
}

// wordsIn returns where the words in parts begin and end, without the line
// breaks around them: there stand the marks of a moved sentence. Of line breaks
// alone it is the beginning.
func wordsIn(parts []part) (begin, end int) {
	words := func(p part) bool { return p.Kind != gap }
	begin = max(slices.IndexFunc(parts, words), 0)
	for i, p := range parts {
		if words(p) {
			end = i + 1
		}
	}
	return begin, end
}

// joinParts makes one part of the parts between line breaks, so that one pair of
// signs encloses them.
func joinParts(r run) []part {
	var out []part
	var words strings.Builder
	end := func() {
		if words.Len() > 0 {
			out = append(out, part{Text: words.String()})
			words.Reset()
		}
	}
	for _, p := range r.Parts {
		switch {
		case p.Kind == gap:
			end()
			out = append(out, p)
		case p.Kind == mark && r.Op == worddiff.Equal: // the label above the paragraph says so
		default:
			words.WriteString(p.Text)
		}
	}
	end()
	return out
}

// A markdownLine is a paragraph in the making.
type markdownLine struct {
	b      strings.Builder
	closed bool // it ends with a sign, which a letter may not follow if a mark stood inside
}

// add appends text between a pair of signs. White space at its ends stays
// outside them, and a space parts a sign from a letter where CommonMark would
// not take it for one.
func (l *markdownLine) add(text, sign string) {
	inner := strings.TrimSpace(text)
	if sign == "" || inner == "" {
		if l.closed && startsWord(text) {
			l.b.WriteByte(' ')
		}
		l.closed = l.closed && text == ""
		l.b.WriteString(text)
		return
	}
	at := strings.Index(text, inner)
	l.b.WriteString(text[:at])
	s := l.b.String()
	if strings.HasSuffix(s, "~~") || strings.HasSuffix(s, "**") || !startsWord(inner) && endsWord(s) {
		l.b.WriteByte(' ')
	}
	tail := text[at+len(inner):]
	l.b.WriteString(sign + inner + sign + tail)
	l.closed = tail == "" && !endsWord(inner)
}

func (l *markdownLine) String() string { return protectStart(strings.TrimSpace(l.b.String())) }

func wordRune(r rune) bool {
	return r != utf8.RuneError && !unicode.IsSpace(r) && !unicode.IsPunct(r) && !unicode.IsSymbol(r)
}

func startsWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return wordRune(r)
}

func endsWord(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return wordRune(r)
}

// escapeMarkdown makes text stand for itself. Angle brackets and ampersands
// become entities, so that they are inert also where HTML is passed on.
func escapeMarkdown(text string) string {
	var b strings.Builder
	for _, c := range text {
		switch c {
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '&':
			b.WriteString("&amp;")
		case '\\', '`', '*', '_', '[', ']', '#', '~', '|', '!', '{', '}', '$':
			b.WriteByte('\\')
			b.WriteRune(c)
		case '\t':
			b.WriteByte(' ')
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// protectStart keeps a line from being read as a list, a rule or a heading.
func protectStart(line string) string {
	if line == "" {
		return line
	}
	if strings.ContainsRune("-+=", rune(line[0])) {
		return "\\" + line
	}
	digits := len(line) - len(strings.TrimLeft(line, "0123456789"))
	if digits > 0 && digits < len(line) && (line[digits] == '.' || line[digits] == ')') {
		return line[:digits] + "\\" + line[digits:]
	}
	return line
}
