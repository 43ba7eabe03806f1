package revision

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"storydiff/tracker/extract"
	"storydiff/tracker/worddiff"
)

// maxOpening is how many bytes of a text are looked at for the opening of a note.
const maxOpening = 300

// notePatterns are made of lexicon/notes.txt, once.
var notePatterns = sync.OnceValue(func() []*regexp.Regexp {
	data, err := lexiconFiles.ReadFile("lexicon/notes.txt")
	if err != nil {
		panic("lexicon missing: notes") // it is part of the program
	}
	labels, openings, nouns := readNotes(string(data))
	noun := "(?:" + strings.Join(nouns, "|") + ")"
	for i := range openings {
		openings[i] = strings.ReplaceAll(openings[i], "NOUN", noun)
	}
	return []*regexp.Regexp{
		regexp.MustCompile(`(?i)^` + ornaments + `(?:` + strings.Join(openings, "|") + `)`),
		regexp.MustCompile(`(?i)^` + ornaments + `(?:` + strings.Join(labels, "|") + `)` + dated + `(?:$|[:：—–\-.。」】\])|*])`),
	}
})

// leadingDate matches a date behind the opening of a note.
var leadingDate = regexp.MustCompile(`(?i)^` + dated)

const (
	// ornaments may stand before a note: bullets, stars, brackets.
	ornaments = `[\s•·●▪■*†‡\-–—(\[【（「]*`
	// dated may stand between a label and its colon: when, and to what.
	dated = `(?:[\s,]*(?:\([^)]{0,40}\)|\[[^\]]{0,40}\]|` + dateWord + `|to (?:this|our) (?:article|story|headline|report)))*\s*`
	// dateWord is a number, a month, a weekday, or what stands with them.
	dateWord = `(?:\d[\d:.,/\-]*(?:am|pm|st|nd|rd|th|h)?|am|pm|a\.m\.?|p\.m\.?|at|on|of|[A-Z]{2,4}|` +
		`jan(?:uary)?\.?|feb(?:ruary)?\.?|mar(?:ch)?\.?|apr(?:il)?\.?|may|june?\.?|july?\.?|aug(?:ust)?\.?|sept?(?:ember)?\.?|` +
		`oct(?:ober)?\.?|nov(?:ember)?\.?|dec(?:ember)?\.?|(?:mon|tues|wednes|thurs|fri|satur|sun)day|uhr|um|vom|am|` +
		`januar|februar|märz|mai|juni|juli|oktober|dezember|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|` +
		`enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|de|du|le|del|el)\b\.?`
)

// readNotes reads the sections of notes.txt. Labels and nouns come quoted.
func readNotes(data string) (labels, openings, nouns []string) {
	section := ""
	for line := range strings.Lines(data) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			section = strings.Trim(line, "[]")
		case section == "opening":
			openings = append(openings, line)
		default:
			for entry := range strings.SplitSeq(line, ",") {
				quoted := regexp.QuoteMeta(strings.TrimSpace(entry))
				if section == "label" {
					labels = append(labels, quoted)
				} else {
					nouns = append(nouns, quoted)
				}
			}
		}
	}
	return labels, openings, nouns
}

var (
	timeLine = regexp.MustCompile(`(?i)^` + ornaments + `(?:last |first )?(?:updated?|modified|published|posted|edited|aktualisiert|geändert|mis à jour|modifié|` +
		`publié|actualizado|publicado|atualizado|aggiornato|bijgewerkt|uppdaterad|oppdatert|opdateret|更新|更新日時)[\s:：]*` + dated + `[.)\]]*\s*$`)
)

// IsNote reports whether a block is a note by which the publisher owns up to a
// change: a correction, clarification, update or editor's note. It is when the
// page marks it as one (kind is [extract.Note]), or when its words open as such
// notes do; that a text speaks of corrections further on makes it none. A line
// that gives no more than a time, "Updated 15:10", is none. At most the first
// 300 bytes are looked at.
func IsNote(text string, kind extract.BlockKind) bool {
	text = strings.TrimSpace(text)
	if text == "" || isTimeLine(text) {
		return false
	}
	if kind == extract.Note {
		return true
	}
	opening := text[:min(len(text), maxOpening)]
	for len(opening) > 0 && !utf8.ValidString(opening) && len(text) > maxOpening && len(opening) > maxOpening-utf8.UTFMax {
		opening = opening[:len(opening)-1]
	}
	for _, re := range notePatterns() {
		if re.MatchString(opening) {
			return true
		}
	}
	return false
}

// isTimeLine reports whether a text says when it was published or updated and
// nothing else.
func isTimeLine(text string) bool {
	text = strings.TrimSpace(text)
	if len(text) > 120 || !strings.ContainsAny(text, "0123456789") {
		return false
	}
	return timeLine.MatchString(text)
}

// isNote is IsNote, asked once of what stands in both stories.
func (c *comparison) isNote(b extract.Block) bool {
	key := blockKey{b.Text, b.Kind}
	known, ok := c.isNotes[key]
	if !ok {
		known = IsNote(b.Text, b.Kind)
		c.isNotes[key] = known
	}
	return known
}

type blockKey struct {
	text string
	kind extract.BlockKind
}

// notes returns the fingerprints of a story's notes.
func (c *comparison) notes(s *extract.Story) map[[32]byte]bool {
	out := map[[32]byte]bool{}
	for _, b := range s.Blocks {
		if c.isNote(b) {
			out[worddiff.Fingerprint(b.Text)] = true
		}
	}
	return out
}

// noteIn returns the words of the notes among some blocks of a story, and
// whether the blocks are notes throughout.
func (c *comparison) noteIn(s *extract.Story, first, n int) (text string, all bool) {
	all = n > 0
	var parts []string
	for i := first - 1; i < first-1+n && i >= 0 && i < len(s.Blocks); i++ {
		b := s.Blocks[i]
		if c.isNote(b) {
			parts = append(parts, b.Text)
			continue
		}
		all = all && strings.TrimSpace(b.Text) == ""
	}
	return strings.Join(parts, " "), all && len(parts) > 0
}

// note tells of a row that is or was a note, and reports whether there is
// nothing more to tell of it.
func (c *comparison) note(i int, row worddiff.Row, spans []worddiff.Span) bool {
	before, oldAll := c.noteIn(c.before, row.Old, row.OldN)
	after, newAll := c.noteIn(c.after, row.New, row.NewN)
	changedWords := hasWords(spans)
	switch {
	case before == "" && after == "" || !changedWords && before != "" && after != "":
		return false
	case before == "":
		return c.noteAdded(i, row, after, spans) && newAll
	case after == "":
		if !c.newNotes[worddiff.Fingerprint(before)] {
			c.add(i, edit{Edit: Edit{Kind: Correction, Before: before}, spans: row.Spans, points: pointsNoteRemoved, nature: removed})
		}
		return oldAll && row.Op == worddiff.RowRemoved
	}
	if !oldAll || !newAll {
		return false
	}
	c.add(i, edit{Edit: Edit{Kind: Correction, Before: before, After: after}, spans: row.Spans, points: pointsNoteAltered, nature: altered})
	if newWords(c, spans) {
		c.tell(after, newSentences(spans))
	}
	return true
}

// noteAdded tells of a new note, unless the old story held it elsewhere. Where
// it stands in the place of other words, that those went is told too.
func (c *comparison) noteAdded(i int, row worddiff.Row, text string, spans []worddiff.Span) bool {
	if c.oldNotes[worddiff.Fingerprint(text)] {
		return false
	}
	c.add(i, edit{Edit: Edit{Kind: Correction, After: text}, spans: row.Spans, points: pointsNoteAdded, nature: added})
	c.tell(text, text)
	var went, stayed strings.Builder
	for _, s := range spans {
		switch {
		case s.Moved > 0:
		case s.Op == worddiff.Delete:
			went.WriteString(s.Text)
		case s.Op == worddiff.Equal:
			stayed.WriteString(s.Text)
		}
	}
	if worddiff.Words(went.String()) > worddiff.Words(stayed.String()) {
		c.add(i, edit{Edit: Edit{Kind: ParagraphRemoved, Before: went.String()}, spans: row.Spans,
			points: paragraphPoints(removed, went.String()), nature: removed})
	}
	return true
}

// inlineNote tells of a note added as a sentence of a paragraph.
func (c *comparison) inlineNote(i int, p *passage) bool {
	text := strings.TrimSpace(p.newText())
	if !p.pure() || strings.TrimSpace(p.oldText()) != "" || !IsNote(text, extract.Paragraph) || c.oldNotes[worddiff.Fingerprint(text)] {
		return false
	}
	c.add(i, edit{Edit: Edit{Kind: Correction, After: text}, spans: p.spans, points: pointsNoteAdded, nature: added})
	c.tell(text, text)
	return true
}

// tell keeps a note that says something new, and what of it is new.
func (c *comparison) tell(note, said string) {
	if c.proof == "" || isLabel(c.proof) {
		c.proof = note
	}
	c.newTexts = append(c.newTexts, said)
}

// newSentences returns the sentences that are new in a note, or that changed.
func newSentences(spans []worddiff.Span) string {
	var out []string
	for _, p := range passages(spans) {
		out = append(out, strings.TrimSpace(p.newText()))
	}
	return strings.Join(out, " ")
}

func hasWords(spans []worddiff.Span) bool {
	for _, s := range spans {
		if hasChangedWord(s) {
			return true
		}
	}
	return false
}

// newWords reports whether a note says something that it did not: words came
// that are more than another spelling of old ones.
func newWords(c *comparison, spans []worddiff.Span) bool {
	for _, p := range passages(spans) {
		for _, s := range p.sites {
			if s.newWords.len() > 0 && !p.misspelt(s, c.lex) {
				return true
			}
		}
	}
	return false
}
