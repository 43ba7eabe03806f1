package storagetest

import "storydiff/tracker"

// What a host answers to what it does not have is kept, the newest alone.
func probes(f *fixture) {
	p, err := f.Probe(f.Context(), "post.example")
	f.ok(err)
	f.same("a probe that was never made", p, tracker.Probe{})
	for _, want := range []tracker.Probe{
		{Host: "post.example", At: f.minute(1), Text: "Nothing here\nTry the front page."},
		{Host: "post.example", At: f.minute(9)},
	} {
		f.ok(f.KeepProbe(f.Context(), want))
		f.ok(f.KeepProbe(f.Context(), tracker.Probe{Host: "post.example:8080", At: f.minute(2), Text: "Another"}))
		p, err = f.Probe(f.Context(), "post.example")
		f.ok(err)
		f.same("the probe", p, want)
	}
}
