import type { Command } from 'commander'
import { applicationArgument } from '../../clone/application-argument.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { outputFlag, type OutputForm } from '../../output-flag.ts'

/** Declares `sower inventory`. */
export const registerInventoryCommand = (program: Command, surroundings: Surroundings): void => {
  const command = program
    .command('inventory')
    .description('compare the clusters that a directory renders with its inventory, or write it')
    .argument('[directory]', 'the application path, relative to -C', '.')
    .option('-C, --directory <directory>', 'a directory of the repository', '.')
    .option('--write', 'write the inventory that `generate` holds renders against')
  outputFlag(command, ['wide']).action(
    async (path: string, flags: { directory: string; write?: true; output: OutputForm }) => {
      const { inventoryCommand } = await import('./inventory-command.ts')
      await inventoryCommand(surroundings, {
        directory: applicationArgument(flags.directory, path),
        write: flags.write === true,
        output: flags.output,
      })
    },
  )
}
