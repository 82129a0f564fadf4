import type { Command } from 'commander'
import type { Surroundings } from '../../../surroundings.ts'
import { outputFlag } from '../../output-flag.ts'
import type { CheckOptions } from './check-command.ts'

/** Declares `sower check`. */
export const registerCheckCommand = (program: Command, surroundings: Surroundings): void => {
  const command = program
    .command('check')
    .description('show which clusters would leave or come back if a change were merged')
    .requiredOption('--base <revision>', 'the commit to merge into, such as origin/main')
    .option('--head <revision>', 'the commit to merge', 'HEAD')
    .option('-C, --directory <directory>', 'a directory of the repository', '.')
  outputFlag(command, ['github']).action(async (flags: CheckOptions) => {
    const { checkCommand } = await import('./check-command.ts')
    await checkCommand(surroundings, flags)
  })
}
