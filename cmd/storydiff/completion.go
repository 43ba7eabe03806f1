package main

import (
	"slices"

	"github.com/spf13/cobra"
)

func (a *app) completionCommand() *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	const which = "one of the shells bash, zsh, fish and powershell"
	return &cobra.Command{
		Use:       "completion SHELL",
		Short:     "Print the script that completes commands in a shell",
		Long:      "Prints the script that completes commands in bash, zsh, fish or powershell. For bash:\n\n  source <(storydiff completion bash)",
		ValidArgs: shells,
		Args:      takes(1, 1, which),
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch slices.Index(shells, args[0]) {
			case 0:
				return root.GenBashCompletionV2(a.out, true)
			case 1:
				return root.GenZshCompletion(a.out)
			case 2:
				return root.GenFishCompletion(a.out, true)
			case 3:
				return root.GenPowerShellCompletionWithDesc(a.out)
			}
			return misusef("completion: give %s", which)
		},
	}
}
