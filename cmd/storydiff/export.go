package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"storydiff/diffview"
	"storydiff/diffview/message"
	"storydiff/diffview/report"
	"storydiff/storage"
)

func (a *app) exportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the report as files",
		Args:  takes(0, 0, "one of its commands: html"),
		RunE: func(*cobra.Command, []string) error {
			return misusef("export needs to know as what: storydiff export html DIR")
		},
	}
	cmd.AddCommand(a.exportHTMLCommand())
	return cmd
}

func (a *app) exportHTMLCommand() *cobra.Command {
	var (
		force, withhold bool
		base            string
		read            reading
	)
	cmd := &cobra.Command{
		Use:   "html DIR",
		Short: "Write the report as pages that open from disk",
		Long: `Writes the whole report as files into DIR: open index.html there, or put DIR on any web server. Pages are those that serve shows,
the search included; what only the program can answer is left out: forms, writing, and comparisons of versions that do not follow
each other. Feeds have the newest changes, of all, of each outlet and of each article: with --base their links begin with the address
at which DIR will be found, as JSON Feed and some readers want it, and their IDs are given in its name; without, links are relative
and hold wherever DIR is put. The files get their place when all of them are written.`,
		Args: takes(1, 1, "one directory to write to"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := read.load(); err != nil {
				return err
			}
			if base != "" {
				if err := message.CheckReport(base); err != nil {
					return misusef("--base %q: %w", base, err)
				}
			}
			log, err := a.logger(slog.LevelInfo)
			if err != nil {
				return err
			}
			ctx, stop := orderly(cmd.Context()) // so that half an export is taken away again
			defer stop()
			return a.withDB(ctx, a.openExisting, func(db *storage.DB) error {
				return a.exportHTML(ctx, db, args[0], force, report.Options{Rules: read.rules, Log: log, Version: release, Public: base, Withhold: withhold})
			})
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "replace DIR also where it holds something else than an export")
	cmd.Flags().StringVar(&base, "base", "", "the `address` at which DIR will be found on the web, for the links in feeds")
	withholdFlag(cmd.Flags(), &withhold)
	read.register(cmd.Flags())
	return cmd
}

// exportMark is the file by which an export is known.
const exportMark = ".storydiff-export"

func (a *app) exportHTML(ctx context.Context, db *storage.DB, dir string, force bool, opts report.Options) error {
	target, err := exportTarget(dir, force)
	if err != nil {
		return fmt.Errorf("exporting to %s: %w", dir, err)
	}
	trial, err := os.MkdirTemp(filepath.Dir(target), "."+filepath.Base(target)+".*")
	if err != nil {
		return fmt.Errorf("exporting to %s: %w", dir, cause(err))
	}
	defer os.RemoveAll(trial) // where it has got its name there is none
	bar := newProgress(a.err, 1)
	done, err := report.Export(ctx, db, opts, trial, bar.of)
	bar.done()
	if err == nil {
		err = os.WriteFile(filepath.Join(trial, exportMark), []byte("storydiff "+release+"\n"), 0o644)
	}
	if err == nil {
		err = putInPlace(trial, target)
	}
	if err != nil {
		return fmt.Errorf("exporting to %s: %w", dir, cause(err))
	}
	fmt.Fprintf(a.err, "storydiff: %s, %s: open %s\n", diffview.Count(done.Pages, "page"), bytesText(done.Bytes), filepath.Join(dir, "index.html"))
	return nil
}

// exportTarget refuses a directory that holds something else than an export.
func exportTarget(dir string, force bool) (string, error) {
	if dir == "" {
		return "", errors.New("that is no name of a directory")
	}
	target, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	entries, err := os.ReadDir(target)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 || force && err == nil {
		return target, nil
	}
	if err != nil {
		return "", cause(err)
	}
	if _, err := os.Stat(filepath.Join(target, exportMark)); err != nil {
		return "", errors.New("it holds something that is no export: name another directory, or --force replaces all of it")
	}
	return target, nil
}

// putInPlace gives a directory its name, in place of what bears it.
func putInPlace(trial, target string) error {
	if err := os.Chmod(trial, 0o755); err != nil {
		return err
	}
	old := trial + ".old"
	err := os.Rename(target, old)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(trial, target); err != nil {
		return errors.Join(err, os.Rename(old, target))
	}
	return os.RemoveAll(old)
}
