import type { Command } from 'commander'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { asWords, declareFlags } from '../bot/register-bot-command.ts'

/** Options of the bot that make no sense for one run in the foreground. */
const ofServers = [
  '--listen',
  '--webhook-secret-file',
  '--no-webhook',
  '--health',
  '--metrics',
  '--status',
  '--status-host',
]

type Flags = Readonly<Record<string, string | boolean | undefined>>

/** Declares `sower run`, and its options only where the words of the command line name it. */
export const registerRunCommand = async (
  program: Command,
  {
    surroundings,
    redactor,
    words,
  }: Readonly<{ surroundings: Surroundings; redactor: Redactor; words: readonly string[] }>,
): Promise<void> => {
  const command = program
    .command('run')
    .description('drive the run of one seed in the foreground, without the bot')
    .argument('<cluster>', 'the seed, by its spec.clusterName')
    .option(
      '--pull-request <number>',
      'the one that asks for it; default: the open one with its request file',
    )
    .action(async (cluster: string, { pullRequest, ...flags }: Flags) => {
      const { runCommand } = await import('./run-command.ts')
      const number = typeof pullRequest === 'string' ? pullRequest : null
      const given = asWords(flags)
      await runCommand(surroundings, { cluster, given, pullRequest: number }, redactor)
    })
  if (!words.includes('run') && !words.includes('completion')) return
  await declareFlags(command, surroundings, {
    without: ofServers,
    standards: { '--log-level': 'warn' },
  })
}
