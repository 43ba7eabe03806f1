package tracker_test

import (
	"strings"
	"testing"

	"storydiff/tracker"
)

func TestAnnotationCheck(t *testing.T) {
	for name, tt := range map[string]struct {
		note tracker.Annotation
		want string // in the error; empty: there is none
	}{
		"label alone":       {tracker.Annotation{From: 1, To: 2, Label: "spin"}, ""},
		"text alone":        {tracker.Annotation{From: 1, To: 5, Text: "They said\n\tso."}, ""},
		"all of it, full":   {tracker.Annotation{From: 1, To: 2, Label: strings.Repeat("a", 100), Text: strings.Repeat("b", 2000), By: strings.Repeat("c", 100)}, ""},
		"nothing said":      {tracker.Annotation{From: 1, To: 2, By: "Ida"}, "a label or a text"},
		"backwards":         {tracker.Annotation{From: 2, To: 1, Label: "spin"}, "not from 2 to 1"},
		"of one version":    {tracker.Annotation{From: 2, To: 2, Label: "spin"}, "not from 2 to 2"},
		"of no version":     {tracker.Annotation{From: 0, To: 2, Label: "spin"}, "not from 0 to 2"},
		"long label":        {tracker.Annotation{From: 1, To: 2, Label: strings.Repeat("a", 101)}, "100 bytes"},
		"long text":         {tracker.Annotation{From: 1, To: 2, Text: strings.Repeat("é", 1001)}, "2000 bytes"},
		"long name":         {tracker.Annotation{From: 1, To: 2, Label: "spin", By: strings.Repeat("a", 101)}, "100 bytes"},
		"lines in a label":  {tracker.Annotation{From: 1, To: 2, Label: "a\nb"}, "plain text"},
		"escapes in a text": {tracker.Annotation{From: 1, To: 2, Text: "a\x1b[31mb"}, "plain text"},
		"no text at all":    {tracker.Annotation{From: 1, To: 2, Text: "a\xff"}, "plain text"},
	} {
		t.Run(name, func(t *testing.T) {
			err := tt.note.Check()
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Check = %v, want an error with %q", err, tt.want)
			}
		})
	}
	for _, label := range tracker.AnnotationLabels() {
		if err := (&tracker.Annotation{From: 1, To: 2, Label: label}).Check(); err != nil {
			t.Errorf("the label %q that is offered: %v", label, err)
		}
	}
}
