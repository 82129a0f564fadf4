import type { Command } from 'commander'
import type { Surroundings } from '../../../surroundings.ts'
import { outputFlag, type OutputForm } from '../../output-flag.ts'

/** Declares `sower version`. */
export const registerVersionCommand = (program: Command, surroundings: Surroundings): void => {
  const command = program
    .command('version')
    .description('show the versions of Sower and of the programs that it uses')
  outputFlag(command).action(async ({ output }: Readonly<{ output: OutputForm }>) => {
    const { versionCommand } = await import('./version-command.ts')
    await versionCommand(surroundings, { output, sower: program.version() ?? '' })
  })
}
