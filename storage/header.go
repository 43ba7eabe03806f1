package storage

import (
	"encoding/json"
	"fmt"
	"net/http"
	"unicode/utf8"
)

// A headerColumn keeps a header as JSON with its names in order, so that equal
// headers are equal texts.
type headerColumn struct{ into *http.Header }

// headerJSON is what a header is kept as. encoding/json sorts the names.
type headerJSON map[string][]headerValue

// A headerValue is a value as the server sent it, which need not be UTF-8.
type headerValue string

type rawValue struct {
	Base64 []byte `json:"base64"`
}

func (v headerValue) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(v)) {
		return json.Marshal(string(v))
	}
	return json.Marshal(rawValue{[]byte(v)})
}

func (v *headerValue) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(v))
	}
	var raw rawValue
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	*v = headerValue(raw.Base64)
	return nil
}

func headerText(h http.Header) string {
	kept := headerJSON{}
	for name, values := range h {
		kept[name] = make([]headerValue, len(values))
		for i, value := range values {
			kept[name][i] = headerValue(value)
		}
	}
	return asJSON(kept)
}

// Scan implements sql.Scanner.
func (h headerColumn) Scan(src any) error {
	var kept headerJSON
	if err := (jsonColumn{&kept}).Scan(src); err != nil {
		return fmt.Errorf("header: %w", err)
	}
	*h.into = http.Header{}
	for name, values := range kept {
		all := make([]string, len(values))
		for i, value := range values {
			all[i] = string(value)
		}
		(*h.into)[name] = all
	}
	return nil
}
