import type { Command } from 'commander'
import type { Surroundings } from '../../../surroundings.ts'
import { outputFlag, type OutputForm } from '../../output-flag.ts'

/** Declares `sower scan`. */
export const registerScanCommand = (program: Command, surroundings: Surroundings): void => {
  const command = program
    .command('scan')
    .description('look for credentials in commits, removed files included')
    .option('-C, --directory <directory>', 'a directory of the repository, with sower.yaml', '.')
    .option(
      '--base <revision>',
      'scan every commit after this one; default: only the files of --head',
    )
    .option('--head <revision>', 'the last commit to scan; default: HEAD')
    .option('--staged', 'scan what is staged, as a pre-commit hook does')
  outputFlag(command, ['wide']).action(
    async (flags: {
      directory: string
      base?: string
      head?: string
      staged?: boolean
      output: OutputForm
    }) => {
      const { scanCommand } = await import('./scan-command.ts')
      await scanCommand(surroundings, {
        directory: flags.directory,
        base: flags.base ?? null,
        head: flags.head ?? null,
        staged: flags.staged === true,
        output: flags.output,
      })
    },
  )
}
