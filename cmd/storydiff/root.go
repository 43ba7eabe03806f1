package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"
)

// Exit codes, as promised to scripts. diff has its own: see diff.go.
const (
	exitDone    = 0
	exitTrouble = 1 // what was asked could not be done
	exitMisuse  = 2 // an unknown command or flag, an argument that cannot mean anything
)

// A coded error ends the program with its code; with a nil err, in silence.
type coded struct {
	code int
	err  error
}

func (e *coded) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e *coded) Unwrap() error { return e.err }

// misuse makes an error of an argument that cannot mean anything.
func misuse(err error) error { return &coded{exitMisuse, err} }

// misusef is misuse with a text.
func misusef(format string, args ...any) error { return misuse(fmt.Errorf(format, args...)) }

// An app is one run of the program.
type app struct {
	streams
	db            string
	config        string
	logLevel      string
	logFormat     string
	given         map[string]bool // flags on the command line, not of the environment or the file
	alerts        any             // what stands under that name in the configuration; nil: nothing
	channels      any             // likewise
	misconfigured error           // what is wrong with the configuration; of doctor alone
	started       bool            // flags and arguments were understood: what fails from here on is no misuse
}

// A sticky writer remembers the first error of writing to it.
type sticky struct {
	io.Writer
	err error
}

func (s *sticky) Write(p []byte) (int, error) {
	n, err := s.Writer.Write(p)
	if s.err == nil {
		s.err = err
	}
	return n, err
}

// run runs one command line and returns its exit code.
func run(ctx context.Context, args []string, s streams) int {
	out := &sticky{Writer: s.out}
	a := &app{streams: streams{s.in, out, s.err}, given: map[string]bool{}}
	root := a.command()
	root.SetArgs(args)
	ran, err := root.ExecuteContextC(ctx)
	if out.err != nil {
		err = fmt.Errorf("writing the output: %w", pathless(out.err))
	}
	if err == nil {
		return exitDone
	}
	code := exitTrouble
	if !a.started {
		code = exitMisuse
	}
	if e, ok := errors.AsType[*coded](err); ok {
		code, err = e.code, e.err
	}
	if errors.Is(err, context.Canceled) {
		err = errors.New("interrupted")
	}
	if err != nil {
		if ran.Name() == "diff" {
			code = exitMisuse // any trouble is 2, as with diff(1)
		}
		fmt.Fprintf(s.err, "storydiff: %s\n", oneLine(err.Error()))
	}
	return code
}

// oneLine folds a message into one line without control characters.
func oneLine(s string) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(clean), " ")
}

func (a *app) command() *cobra.Command {
	root := &cobra.Command{
		Use:   "storydiff",
		Short: "Track how news articles change after publication",
		Long: `storydiff refetches tracked articles on a schedule, keeps every version in SQLite,
compares them word by word, and serves a report of how stories changed after publication.

  storydiff demo                     a made-up newspaper whose stories change before your eyes
  storydiff run URL…                 track articles and serve the report
  storydiff diff OLD NEW             compare two files, addresses or stored versions`,
		SilenceUsage:       true,
		SilenceErrors:      true,
		DisableSuggestions: true,
		Args:               cobra.NoArgs,
		RunE:               func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			cmd.Flags().Visit(func(f *pflag.Flag) { a.given[f.Name] = true })
			a.misconfigured = a.configure(cmd)
			if a.misconfigured != nil && cmd.Name() != "doctor" { // which says it among the rest
				return a.misconfigured
			}
			if _, err := a.logger(slog.LevelInfo); err != nil {
				return err
			}
			a.started = true
			return nil
		},
	}
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	flags := root.PersistentFlags()
	flags.StringVar(&a.db, "db", "storydiff.db", "the `database` file")
	flags.StringVar(&a.config, "config", "", "the configuration `file` (default storydiff.yaml here, if there is one)")
	flags.StringVar(&a.logLevel, "log-level", "", "debug, info, warn or error (default info for the daemon, warn for the rest)")
	flags.StringVar(&a.logFormat, "log-format", "text", "text or json")
	root.AddCommand(
		a.runCommand(), a.demoCommand(), a.serveCommand(),
		a.addCommand(), a.listCommand(), a.pauseCommand(), a.resumeCommand(), a.removeCommand(),
		a.checkCommand(), a.historyCommand(), a.showCommand(), a.diffCommand(), a.explainCommand(), a.changesCommand(), a.annotateCommand(), a.searchCommand(), a.outletsCommand(), a.furnitureCommand(), a.scheduleCommand(),
		a.reextractCommand(), a.verifyCommand(), a.repairCommand(), a.backupCommand(), a.exportCommand(), a.versionCommand(), a.completionCommand(), rulesTopic(),
		a.statusCommand(), a.doctorCommand(), a.sourceCommand(), a.alertCommand(),
	)
	root.SetHelpCommand(helpCommand())
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return plainFlagError(err) })
	return root
}

// many is the most arguments where there is no bound.
const many = 1 << 20

// takes wants from least to most arguments, and says in words which.
func takes(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < least || len(args) > most {
			return misusef("%s: give %s (storydiff help %s says more)", cmd.Name(), what, cmd.Name())
		}
		return nil
	}
}

// helpCommand is cobra's own, but what is no command is misuse.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Say more about a command",
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return misusef("help: there is no command %q", strings.Join(args, " "))
			}
			return about.Help()
		},
	}
}

// logger returns the log on stderr, at the given level unless a flag says otherwise.
func (a *app) logger(level slog.Level) (*slog.Logger, error) {
	if a.logLevel != "" {
		if err := level.UnmarshalText([]byte(a.logLevel)); err != nil {
			return nil, misusef("--log-level %q: want debug, info, warn or error", a.logLevel)
		}
	}
	options := &slog.HandlerOptions{Level: level}
	switch a.logFormat {
	case "text":
		return slog.New(slog.NewTextHandler(a.err, options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(a.err, options)), nil
	}
	return nil, misusef("--log-format %q: want text or json", a.logFormat)
}

// terminal returns the width of the terminal that w is; 0 where it is none.
func terminal(w any) int {
	if s, ok := w.(*sticky); ok {
		w = s.Writer
	}
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 {
		return 80
	}
	return width
}

// width returns how many columns a text for w may take: what COLUMNS says, also
// in a pipe, as with git and ls; else the terminal's; 0: as many as it likes.
func width(w any) int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	return terminal(w)
}

// colour reports whether w is a terminal that wants colour (no-color.org).
func colour(w io.Writer) bool {
	return terminal(w) > 0 && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
