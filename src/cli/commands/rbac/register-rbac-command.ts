import type { Command } from 'commander'
import type { Surroundings } from '../../../surroundings.ts'
import type { RbacOptions } from './rbac-command.ts'

/** Declares `sower rbac`. */
export const registerRbacCommand = (program: Command, surroundings: Surroundings): void => {
  program
    .command('rbac')
    .description(
      "print the bot's rights to the clusters under `seeds`, as manifests for its overlay",
    )
    .option('-C, --directory <directory>', 'a directory of the repository', '.')
    .option('-n, --namespace <namespace>', 'the namespace of the bot', 'sower')
    .action(async (flags: RbacOptions) => {
      const { rbacCommand } = await import('./rbac-command.ts')
      rbacCommand(surroundings, flags)
    })
}
