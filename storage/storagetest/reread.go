package storagetest

import (
	"fmt"
	"strings"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/revision"
)

// Versions are put back with other texts under their numbers, all or nothing,
// and what they were read as before is not forgotten.
func readAnew(f *fixture) {
	a := f.add("/a")
	long := strings.Repeat("The ferry sails from the quay at eight. ", 40)
	var versions []tracker.Version
	for i := range 4 {
		f.now = f.now.Add(time.Hour)
		r := f.publish(a.ID, story("One", long, fmt.Sprintf("It cost %d.", i)), change(f.now, 40, revision.Number))
		versions = append(versions, *r.Version)
	}
	f.now = f.now.Add(time.Hour)
	other := f.add("/b")
	f.publish(other.ID, story("Other", long), nil)

	none := func(string) string { return "" }
	ids, err := f.ReadOtherwise(f.Context(), 8, none)
	f.ok(err)
	f.same("articles that another extractor read", ids, []int64{a.ID, other.ID})
	ids, err = f.ReadOtherwise(f.Context(), 7, none)
	f.ok(err)
	f.same("articles that another extractor read", ids, []int64(nil))
	ids, err = f.ReadOtherwise(f.Context(), 7, func(address string) string { return strings.TrimPrefix(address, other.URL) })
	f.ok(err)
	f.same("articles that other rules read", ids, []int64{a.ID})
	modified, err := f.ModifiedShown(f.Context(), a.ID, 2)
	f.ok(err)
	f.same("the modified time last shown", modified, versions[1].Story.Modified)

	again := make([]tracker.Version, len(versions))
	for i, v := range versions {
		v.Story.Blocks[1].Text = fmt.Sprintf("It cost %d crowns.", i)
		v.SHA256, v.Extractor, v.Key[0] = v.Story.SHA256(), 8, byte(i)
		again[i] = v
	}
	again[0].Story, again[0].SHA256 = versions[0].Story, versions[0].SHA256 // as it was
	again[0].Story.Blocks = append(again[0].Story.Blocks[:0:0], again[0].Story.Blocks...)
	again[0].SHA256 = again[0].Story.SHA256()
	changes, err := f.Changes(f.Context(), tracker.ChangeFilter{ArticleID: a.ID})
	f.ok(err)
	changes[0].Ours, changes[0].Kinds, changes[0].Summary = true, nil, "nothing"
	changes[1].Kinds = []revision.Kind{revision.Name}

	f.wantErr(f.Reshelve(f.Context(), owner, f.now, again, changes), tracker.ErrLeaseLost, fmt.Sprint(a.ID))
	f.claim(a.ID)
	f.wantErr(f.Reshelve(f.Context(), owner, f.now, again[:3], changes), tracker.ErrLeaseLost, fmt.Sprint(a.ID))
	got, err := f.Versions(f.Context(), a.ID)
	f.ok(err)
	if len(got) != 4 || got[3].Extractor != 7 {
		f.Errorf("versions after what was refused: %+v", got)
	}

	f.ok(f.Reshelve(f.Context(), owner, f.now, again, changes))
	got, err = f.Versions(f.Context(), a.ID)
	f.ok(err)
	f.same("versions", got, again)
	readings, err := f.Readings(f.Context(), a.ID, 2)
	f.ok(err)
	f.same("how version 2 was read before", readings, []tracker.Reading{{Until: f.now, Extractor: 7, SHA256: sumOf("One", long, "It cost 1.")}})

	shown, err := f.Changes(f.Context(), tracker.ChangeFilter{ArticleID: a.ID})
	f.ok(err)
	all, err := f.Changes(f.Context(), tracker.ChangeFilter{ArticleID: a.ID, Ours: true})
	f.ok(err)
	if len(shown) != 2 || len(all) != 3 || !all[0].Ours || all[0].Summary != "nothing" || shown[0].Kinds[0] != revision.Name {
		f.Errorf("changes shown %+v\nall %+v", shown, all)
	}
	byKind, err := f.Changes(f.Context(), tracker.ChangeFilter{Kind: string(revision.Name)})
	f.ok(err)
	if len(byKind) != 1 || byKind[0].ID != changes[1].ID {
		f.Errorf("changes of kind name: %+v", byKind)
	}
}

func sumOf(headline string, paragraphs ...string) [32]byte {
	s := story(headline, paragraphs...)
	return s.SHA256()
}
