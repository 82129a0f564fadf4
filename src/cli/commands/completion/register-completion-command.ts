import type { Command } from 'commander'
import type { Surroundings } from '../../../surroundings.ts'
import type { Completed } from './completion-command.ts'

/** Declares `sower completion`, which reads the commands that are declared when it is called. */
export const registerCompletionCommand = (program: Command, surroundings: Surroundings): void => {
  program
    .command('completion')
    .description('print a script that completes commands and flags in a shell')
    .argument('<shell>', 'bash or zsh')
    .action(async (shell: string) => {
      const { completionCommand } = await import('./completion-command.ts')
      completionCommand(surroundings, shell, program.commands.map(completed))
    })
}

const completed = (command: Command): Completed => ({
  name: command.name(),
  words: [...new Set(wordsOf(command))],
  formats: formatsOf(command),
})

const formatsOf = (command: Command): readonly string[] =>
  [command, ...command.commands].flatMap(
    ({ options }) => options.find(({ short }) => short === '-o')?.argChoices ?? [],
  )

const wordsOf = (command: Command): readonly string[] => [
  ...command.options.flatMap(({ long }) => long ?? []),
  ...command.commands.flatMap(below => [below.name(), ...wordsOf(below)]),
]
