import type { Command } from 'commander'
import type { Surroundings } from '../../../surroundings.ts'

/** Declares `sower inventory`. */
export const registerInventoryCommand = (program: Command, surroundings: Surroundings): void => {
  program
    .command('inventory')
    .description('compare the clusters that a directory renders with its inventory, or write it')
    .argument('[directory]', 'the application path', '.')
    .option('--write', 'write the inventory that `generate` holds renders against')
    .action(async (directory: string, options: { write?: true }) => {
      const { inventoryCommand } = await import('./inventory-command.ts')
      await inventoryCommand(surroundings, { directory, write: options.write === true })
    })
}
