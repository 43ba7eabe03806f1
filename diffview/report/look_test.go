package report_test

import (
	"strings"
	"testing"
)

// The script is small, and does nothing that a strict policy would stop.
func TestScript(t *testing.T) {
	h := handler(t, sample())
	_, body := get(t, h, "/")
	_, rest, _ := strings.Cut(body, `<script defer src="`)
	address, _, _ := strings.Cut(rest, `"`)
	resp := ask(t, h, "GET", address)
	script := read(t, resp)
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "text/javascript; charset=utf-8" || !strings.Contains(resp.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("GET %s = %d %v", address, resp.StatusCode, resp.Header)
	}
	if len(script) == 0 || len(script) > 8<<10 {
		t.Errorf("the script has %d bytes, want at most 8 KiB", len(script))
	}
	for _, bad := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "import(", "setTimeout(", ".src =", ".style", "http:", "https:"} {
		if strings.Contains(script, bad) {
			t.Errorf("the script holds %q", bad)
		}
	}
}
