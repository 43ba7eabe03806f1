package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"storydiff/diffview"
	"storydiff/storage"
	"storydiff/tracker"
)

func (a *app) showCommand() *cobra.Command {
	var asJSON, asHTML, raw, decoded bool
	cmd := &cobra.Command{
		Use:   "show URL@N",
		Short: "Show one version of an article",
		Long: `Shows one version: its fields, the links of its text, and its text. URL@latest and URL@first are understood too.
The SHA-256 that history gives for a version is that of what show prints; capture_sha256 is that of what show --raw prints.`,
		Args: takes(1, 1, "one version: URL@3, URL@first or URL@latest"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if count(asJSON, asHTML, raw) > 1 {
				return misusef("show: --json, --html and --raw exclude each other")
			}
			if decoded && !raw {
				return misusef("show: --decoded goes with --raw")
			}
			return a.withDB(cmd.Context(), a.openExisting, func(db *storage.DB) error {
				found, v, err := storedVersion(cmd.Context(), db, args[0])
				if err != nil {
					return err
				}
				switch {
				case raw:
					return a.showRaw(cmd.Context(), db, v, decoded)
				case asJSON:
					return diffview.WriteRow(a.out, diffview.StoryRow(found, v))
				case asHTML:
					return diffview.VersionHTML(a.out, found, v)
				}
				_, err = io.WriteString(a.out, a.safe(v.Story.Text()))
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print it as one JSON object")
	cmd.Flags().BoolVar(&asHTML, "html", false, "print it as a web page of its own")
	cmd.Flags().BoolVar(&raw, "raw", false, "print the bytes as they came over the wire")
	cmd.Flags().BoolVar(&decoded, "decoded", false, "with --raw: undo the content coding (gzip, br, zstd)")
	return cmd
}

func (a *app) showRaw(ctx context.Context, db *storage.DB, v tracker.Version, decoded bool) error {
	c, err := db.Capture(ctx, v.CaptureID)
	if err != nil {
		return fmt.Errorf("reading the capture of version %d: %w", v.N, err)
	}
	bytes := c.Wire
	if decoded {
		bytes = c.Body
	}
	if bytes == nil && !c.WireDropped.IsZero() {
		why := tracker.DroppedError{At: c.WireDropped}
		return fmt.Errorf("reading the capture of version %d: %w; --raw --decoded prints the page without its content coding, which is kept", v.N, &why)
	}
	_, err = a.out.Write(bytes)
	return err
}

// safe makes text harmless for a terminal; a file or pipe gets it to the byte.
func (a *app) safe(text string) string {
	if terminal(a.out) > 0 {
		return diffview.Printable(text)
	}
	return text
}

func count(flags ...bool) int {
	n := 0
	for _, f := range flags {
		if f {
			n++
		}
	}
	return n
}
