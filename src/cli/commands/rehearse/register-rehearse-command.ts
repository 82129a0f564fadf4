import type { Command } from 'commander'
import type { Surroundings } from '../../../surroundings.ts'

/** Declares `sower rehearse`. */
export const registerRehearseCommand = (program: Command, surroundings: Surroundings): void => {
  program
    .command('rehearse')
    .description('play a whole run with a copy of your repository, on a simulated GitHub and hub')
    .argument('<cluster>', 'the seed cluster')
    .option('-C, --directory <directory>', 'a directory of the repository', '.')
    .option('--json', 'print the events as JSON lines')
    .option(
      '--keep <directory>',
      'where to leave the copy; default: a new directory in the temporary one',
    )
    .action(
      async (cluster: string, options: { directory: string; json?: boolean; keep?: string }) => {
        const { rehearseCommand } = await import('./rehearse-command.ts')
        await rehearseCommand(surroundings, {
          cluster,
          directory: options.directory,
          json: options.json === true,
          keep: options.keep ?? null,
        })
      },
    )
}
