import type { Command } from 'commander'
import type { Surroundings } from '../../../surroundings.ts'

/** Declares `sower scan`. */
export const registerScanCommand = (program: Command, surroundings: Surroundings): void => {
  program
    .command('scan')
    .description('look for credentials in what commits bring, removed files too')
    .option('-C, --directory <directory>', 'a directory of the repository, with sower.yaml', '.')
    .option('--base <revision>', 'scan every commit after it; default: the files of --head only')
    .option('--head <revision>', 'the last commit to scan; default: HEAD')
    .option('--staged', 'scan what is staged, as a pre-commit hook does')
    .option('--json', 'print the findings as JSON (docs/scan.md)')
    .action(
      async (flags: {
        directory: string
        base?: string
        head?: string
        staged?: boolean
        json?: boolean
      }) => {
        const { scanCommand } = await import('./scan-command.ts')
        await scanCommand(surroundings, {
          directory: flags.directory,
          base: flags.base ?? null,
          head: flags.head ?? null,
          staged: flags.staged === true,
          json: flags.json === true,
        })
      },
    )
}
