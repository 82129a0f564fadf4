import { Option, type Command } from 'commander'
import type { Surroundings } from '../../../surroundings.ts'
import type { CheckOptions } from './check-command.ts'

type Flags = Readonly<{
  directory: string
  base: string
  head: string
  format: CheckOptions['format']
}>

/** Declares `sower check`. */
export const registerCheckCommand = (program: Command, surroundings: Surroundings): void => {
  program
    .command('check')
    .description('show which clusters leave or come back when a change is merged')
    .requiredOption('--base <revision>', 'the commit that it is merged into, such as origin/main')
    .option('--head <revision>', 'the commit that is merged', 'HEAD')
    .addOption(
      new Option('--format <format>', 'how to print it')
        .choices(['text', 'json', 'github'])
        .default('text'),
    )
    .option('-C, --directory <directory>', 'a directory of the repository', '.')
    .action(async (flags: Flags) => {
      const { checkCommand } = await import('./check-command.ts')
      await checkCommand(surroundings, flags)
    })
}
