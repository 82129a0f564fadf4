import type { Command } from 'commander'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Surroundings } from '../../../surroundings.ts'

/** Declares `sower status`. */
export const registerStatusCommand = (
  program: Command,
  surroundings: Surroundings,
  redactor: Redactor,
): void => {
  const { environment } = surroundings
  program
    .command('status')
    .description('tell of each seed whether it is listed, its record, its run and its credential')
    .argument('[cluster...]', 'default: every seed of sower.yaml')
    .option('-C, --directory <directory>', 'a directory of the repository, with sower.yaml', '.')
    .option(
      '--kubeconfig <file>',
      'the hub, to tell what became of the credential there (SOWER_KUBECONFIG)',
      environment['SOWER_KUBECONFIG'] || undefined,
    )
    .option(
      '--data <directory>',
      "the bot's data, to tell of its runs (SOWER_DATA)",
      environment['SOWER_DATA'] || undefined,
    )
    .option('--json', 'print it as JSON')
    .action(
      async (
        clusters: readonly string[],
        flags: Readonly<{ directory: string; kubeconfig?: string; data?: string; json?: boolean }>,
      ) => {
        const { statusCommand } = await import('./status-command.ts')
        await statusCommand(
          surroundings,
          {
            clusters,
            directory: flags.directory,
            kubeconfig: flags.kubeconfig ?? null,
            data: flags.data ?? null,
            json: flags.json === true,
          },
          redactor,
        )
      },
    )
}
