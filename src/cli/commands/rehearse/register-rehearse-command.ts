import type { Command } from 'commander'
import type { Surroundings } from '../../../surroundings.ts'
import { outputFlag, type OutputForm } from '../../output-flag.ts'

/** Declares `sower rehearse`. */
export const registerRehearseCommand = (program: Command, surroundings: Surroundings): void => {
  const command = program
    .command('rehearse')
    .description(
      'play a whole run with a copy of your repository, on a simulated GitHub, hub and seed cluster',
    )
    .argument('<cluster>', 'the seed cluster')
    .option('-C, --directory <directory>', 'a directory of the repository', '.')
    .option('--keep <directory>', 'where to leave the copy; default: a new temporary directory')
  outputFlag(command).action(
    async (cluster: string, options: { directory: string; output: OutputForm; keep?: string }) => {
      const { rehearseCommand } = await import('./rehearse-command.ts')
      await rehearseCommand(surroundings, {
        cluster,
        directory: options.directory,
        output: options.output,
        keep: options.keep ?? null,
      })
    },
  )
}
