package report

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxForm bounds what is posted, in bytes: the longest note, each letter of it
// escaped, and an address.
const maxForm = 32 << 10

// fields are those that a form may have, with the most bytes of each.
type fields map[string]int

// manyLines is the name of the one field that may have several lines.
const manyLines = "text"

// readForm reads what was posted: each field once, within its bounds, and none
// but those. White space around a value is taken off. The error is a [badRequest]
// or a [refusal].
func readForm(w http.ResponseWriter, r *http.Request, allowed fields) (url.Values, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil && r.Header.Get("Content-Type") != "" || err == nil && kind != "application/x-www-form-urlencoded" {
		return nil, refusal{http.StatusUnsupportedMediaType, errorPage{"Not a form", "Only the fields of a form are read here (application/x-www-form-urlencoded)."}, 0}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxForm))
	if _, tooLong := errors.AsType[*http.MaxBytesError](err); tooLong {
		return nil, refusal{http.StatusRequestEntityTooLarge, errorPage{"Too long", fmt.Sprintf("A form holds %d bytes at most.", maxForm)}, 0}
	}
	if err != nil {
		return nil, badRequest("The form did not come whole.")
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, badRequest("The form is not well-formed.")
	}
	for name, values := range form {
		value, err := fieldValue(name, values, allowed)
		if err != nil {
			return nil, err
		}
		form.Set(name, value)
	}
	return form, nil
}

func fieldValue(name string, values []string, allowed fields) (string, error) {
	limit, known := allowed[name]
	said := shown(cutEnd(name, 40))
	if !known {
		return "", badRequest(fmt.Sprintf("A form here has no field %q.", said))
	}
	if len(values) > 1 {
		return "", badRequest(fmt.Sprintf("%s is given more than once.", said))
	}
	value := strings.TrimSpace(strings.ReplaceAll(values[0], "\r\n", "\n"))
	if len(value) > limit {
		return "", badRequest(fmt.Sprintf("%s is longer than %d bytes.", said, limit))
	}
	bad := func(c rune) bool { return unicode.IsControl(c) && (name != manyLines || c != '\n' && c != '\t') }
	if strings.ContainsFunc(value, bad) || !utf8.ValidString(value) {
		return "", badRequest(fmt.Sprintf("%s is no plain text.", said))
	}
	return value, nil
}

// doneWords are what a page says of what was just done, by the code that its
// address carries: a closed list, so that nobody else puts words there.
var doneWords = map[string]string{
	"added":    "It is tracked from now on.",
	"tracked":  "It is tracked already: this is it.",
	"paused":   "It is paused.",
	"resumed":  "It is looked at again.",
	"due":      "It is due now.",
	"tagged":   "It has the tag.",
	"untagged": "The tag is taken off.",
	"noted":    "Your note is kept.",
	"unnoted":  "The note is deleted.",
	"out":      "You are logged out.",
}

// leadBack sends a visitor on to a page that says what was done.
func leadBack(w http.ResponseWriter, r *http.Request, to, done string) error {
	http.Redirect(w, r, withQuery(to, url.Values{"done": {done}}.Encode()), http.StatusSeeOther)
	return nil
}
