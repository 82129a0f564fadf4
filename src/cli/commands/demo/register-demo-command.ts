import type { Command } from 'commander'
import type { Surroundings } from '../../../surroundings.ts'
import { outputFlag, type OutputForm } from '../../output-flag.ts'

/** Declares `sower demo`. */
export const registerDemoCommand = (program: Command, surroundings: Surroundings): void => {
  const command = program
    .command('demo')
    .description('play a whole run on a simulated GitHub, hub and seed cluster')
    .option(
      '--scenario <name>',
      'run, last-cluster, no-webhook, foreground, protected-base, app or adopt',
      'run',
    )
    .option(
      '--keep <directory>',
      'where to leave the repositories; default: a new temporary directory',
    )
  outputFlag(command).action(
    async (options: { scenario: string; output: OutputForm; keep?: string }) => {
      const { demoCommand } = await import('./demo-command.ts')
      await demoCommand(surroundings, {
        scenario: options.scenario,
        output: options.output,
        keep: options.keep ?? null,
      })
    },
  )
}
