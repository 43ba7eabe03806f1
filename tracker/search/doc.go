// Package search cuts texts into the words by which they are found again, and
// reads what a person asks for.
//
// Words of scripts with spaces are found as they are written, but for upper and
// lower case, accents and other signs above and below letters, typographic
// forms, and characters that nobody sees. Chinese, Japanese, Korean, Thai, Lao,
// Khmer and Burmese are indexed by every two characters in a row, so that any
// two or more characters are found wherever they stand together: where the words
// of a line begin and end need not be known. That costs about three bytes of
// index for each byte of such a text; a text of a script with spaces costs about
// half a byte.
//
// Read words.go first: texts and questions are cut by the same hand. The package
// has never seen a database.
package search
