import type { Command } from 'commander'
import type { Surroundings } from '../../../surroundings.ts'

/** Declares `sower version`. */
export const registerVersionCommand = (program: Command, surroundings: Surroundings): void => {
  program
    .command('version')
    .description('show the versions of Sower and of the programs that it uses')
    .option('-o, --output <form>', 'text, json or yaml', 'text')
    .action(async ({ output }: Readonly<{ output: string }>) => {
      const { versionCommand } = await import('./version-command.ts')
      await versionCommand(surroundings, { output, sower: program.version() ?? '' })
    })
}
