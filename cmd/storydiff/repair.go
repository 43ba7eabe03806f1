package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"storydiff/diffview"
	"storydiff/storage"
)

func (a *app) repairCommand() *cobra.Command {
	var from string
	cmd := &cobra.Command{
		Use:   "repair --from BACKUP",
		Short: "Take what is damaged from a backup",
		Long: `Looks for what does not hold, as storydiff verify does, and takes the pages, responses and texts that are damaged from a backup of
this database that storydiff backup wrote, where they are whole there. Whatever came after the backup stays. A line for each thing
that did not hold; exit 1 where something could not be mended, such as the structure of the file: then stop the daemon and put the
backup in its place (see storydiff help backup).`,
		Args: takes(0, 0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if from == "" {
				return misusef("repair needs --from with the file of a backup; storydiff backup FILE writes one")
			}
			return a.withDB(cmd.Context(), a.openExisting, func(db *storage.DB) error {
				return a.repair(cmd.Context(), db, from)
			})
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "the `FILE` of a backup of this database")
	return cmd
}

func (a *app) repair(ctx context.Context, db *storage.DB, from string) error {
	steps, err := db.VerifySteps(ctx)
	if err != nil {
		return err
	}
	bar := newProgress(a.err, steps)
	mended, left := 0, 0
	err = db.Repair(ctx, from, func() { bar.step(func() {}) }, func(f storage.Flaw, why error) {
		said := "mended"
		if mended++; why != nil {
			mended--
			left++
			said = diffview.OneLine("not mended: " + why.Error())
		}
		bar.say(func() { fmt.Fprintf(a.out, "%s: %s\n", a.flawRow(ctx, db, f).name(), said) })
	})
	bar.done()
	switch {
	case err != nil:
		return err
	case left > 0:
		return fmt.Errorf("repairing %s: %s mended, %d not: put the backup in its place (storydiff help backup), or keep it: all else can be read", db.Path(), diffview.Count(mended, "fault"), left)
	case mended == 0:
		fmt.Fprintln(a.err, "storydiff: all holds: there is nothing to mend")
	default:
		fmt.Fprintf(a.err, "storydiff: %s mended\n", diffview.Count(mended, "fault"))
	}
	return nil
}
