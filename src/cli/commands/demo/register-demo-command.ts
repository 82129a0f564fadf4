import type { Command } from 'commander'
import type { Surroundings } from '../../../surroundings.ts'

/** Declares `sower demo`. */
export const registerDemoCommand = (program: Command, surroundings: Surroundings): void => {
  program
    .command('demo')
    .description('play a whole run on a simulated GitHub, hub and seed cluster')
    .option(
      '--scenario <name>',
      'run, last-cluster, no-webhook, foreground, protected-base, app or adopt',
      'run',
    )
    .option('--json', 'print the events as JSON lines')
    .option(
      '--keep <directory>',
      'where to leave the repositories; default: a new directory in the temporary one',
    )
    .action(async (options: { scenario: string; json?: boolean; keep?: string }) => {
      const { demoCommand } = await import('./demo-command.ts')
      await demoCommand(surroundings, {
        scenario: options.scenario,
        json: options.json === true,
        keep: options.keep ?? null,
      })
    })
}
