package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"storydiff/storage"
	"storydiff/tracker"
)

func (a *app) pauseCommand() *cobra.Command {
	return a.stateCommand("pause URL…", "Stop looking at articles; their history stays", tracker.Paused)
}

func (a *app) resumeCommand() *cobra.Command {
	return a.stateCommand("resume URL…", "Look at paused articles again", tracker.Active)
}

func (a *app) stateCommand(use, short string, state tracker.State) *cobra.Command {
	return &cobra.Command{
		Use:   use,
		Short: short,
		Args:  takes(1, many, "the address of a tracked article, or its number"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withDB(cmd.Context(), a.openExisting, func(db *storage.DB) error {
				return a.setStates(cmd.Context(), db, args, state)
			})
		},
	}
}

func (a *app) setStates(ctx context.Context, db *storage.DB, args []string, state tracker.State) error {
	for _, arg := range args {
		found, err := tracked(ctx, db, arg)
		if err != nil {
			return err
		}
		if err := db.SetState(ctx, found.ID, state, time.Now()); err != nil {
			return err
		}
		fmt.Fprintf(a.err, "%s is %s\n", found.URL, state)
	}
	return nil
}
