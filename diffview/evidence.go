package diffview

import (
	"fmt"
	"slices"
	"strings"

	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

// Evidence is why a revision is called what it is: for one kind, what became
// what, and where that stands in a [Fragment].
type Evidence struct {
	Kind  revision.Kind
	Edits []EditShown // the first ones
	More  int         // how many further ones there are
}

// An EditShown is one edit, fit for a page.
type EditShown struct {
	Before, After string // at most evidenceLimit runes; empty: nothing went, or nothing came
	Moved         bool   // After only stands elsewhere now, and nothing went
	Dir           string // which way they run: "ltr", "rtl" or "auto"
	ID            string // of the block or field it stands in; empty: nothing shows it
	Where         string // "paragraph 3", "headline"; empty: not known
}

// evidenceLimit is how much of a text that went or came is shown as evidence,
// in runes: a paragraph that came whole is read where it stands.
const evidenceLimit = 160

// EvidenceOf returns the evidence for the kinds of d that have any, in the order
// of the kinds, of each at most limit edits. Lang is the BCP 47 tag of the text; it may be empty.
func EvidenceOf(d *Diff, lang string, limit int) []Evidence {
	r := d.Revision
	num, fields := numbersOf(r.Blocks), fieldsOf(d)
	out := make([]Evidence, 0, len(r.Kinds))
	for _, kind := range r.Kinds {
		e := Evidence{Kind: kind}
		for _, edit := range r.Edits {
			switch {
			case edit.Kind != kind:
			case len(e.Edits) < limit:
				e.Edits = append(e.Edits, editShown(edit, r, num, fields, lang))
			default:
				e.More++
			}
		}
		if len(e.Edits) > 0 {
			out = append(out, e)
		}
	}
	return out
}

func editShown(e revision.Edit, r *revision.Revision, num numbers, fields []revision.Field, lang string) EditShown {
	out := EditShown{
		Before: clip(flat(e.Before), evidenceLimit), After: clip(flat(e.After), evidenceLimit),
		Dir: Direction([]worddiff.Span{{Text: e.Before}, {Text: e.After}}, lang),
	}
	if e.Kind == revision.ParagraphMoved && out.After != "" {
		out.Moved, out.Before = true, ""
	}
	if e.Block >= 0 && e.Block < len(r.Blocks) {
		out.ID, out.Where = blockID(e.Block), whereOf(&r.Blocks[e.Block], num)
		return out
	}
	name := e.Field
	if name == "links" {
		name = "link"
	}
	if i := slices.IndexFunc(fields, func(f revision.Field) bool { return f.Field == name }); i >= 0 && name != "" {
		out.ID, out.Where = fieldID(i), flat(name)
	}
	return out
}

// whereOf names a block as a reader finds it.
func whereOf(b *revision.Block, num numbers) string {
	place := num.of(b)
	if place == "" {
		return string(kindOf(b.Kind))
	}
	if b.New == 0 {
		return fmt.Sprintf("paragraph %s before", place)
	}
	return "paragraph " + place
}

// proofBlock returns the index of the note that proves a noted disclosure; -1
// where none of the blocks holds it.
func proofBlock(r *revision.Revision) int {
	proof := strings.TrimSpace(r.Proof)
	if r.Disclosure != revision.Noted || proof == "" {
		return -1
	}
	words := worddiff.Fingerprint(proof)
	return slices.IndexFunc(r.Blocks, func(b revision.Block) bool {
		if b.Op == worddiff.RowEqual || b.Op == worddiff.RowRemoved {
			return false
		}
		var text strings.Builder
		for _, s := range b.Spans {
			text.WriteString(s.New())
		}
		whole := strings.TrimSpace(text.String())
		return strings.Contains(whole, proof) || b.Kind == extract.Note && worddiff.Fingerprint(whole) == words
	})
}

// ProofID returns the ID that the note which discloses a change has in a
// [Fragment]; empty where none of its blocks holds it.
func ProofID(r *revision.Revision) string {
	if at := proofBlock(r); at >= 0 {
		return blockID(at)
	}
	return ""
}
