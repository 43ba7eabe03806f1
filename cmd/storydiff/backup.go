package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"storydiff/storage"
)

func (a *app) backupCommand() *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Write a consistent copy while the daemon runs",
		Long: `Writes a copy of the database as it stands at one moment, while a daemon goes on. The copy is read back before it gets its name,
and needs no other file beside it. To restore it, stop the daemon, take the database with its -wal and -shm files away, and put the
copy in their place.`,
		Args: takes(1, 1, "one file to write to"),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, stop := orderly(cmd.Context()) // so that half a copy is taken away again
			defer stop()
			return a.withDB(ctx, a.openExisting, func(db *storage.DB) error {
				bar := newProgress(a.err, 100)
				err := db.Backup(ctx, args[0], force, func(done, total int64) {
					if total > 0 {
						bar.at(int(100 * done / total))
					}
				})
				bar.done()
				if errors.Is(err, storage.ErrExists) {
					return fmt.Errorf("%w: --force replaces it", err)
				}
				if err == nil {
					fmt.Fprintf(a.err, "storydiff: backed up to %s\n", args[0])
				}
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "replace FILE where it is there")
	return cmd
}
