import type { Command } from 'commander'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { outputFlag, type OutputForm } from '../../output-flag.ts'
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

type Flags = Readonly<Record<string, string | boolean | undefined>> &
  Readonly<{ output: OutputForm; json?: boolean }>

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
      'the pull request that asks for it; default: the open one with its request file',
    )
    .option('--head <branch>', 'drive it without GitHub: the branch that asks for it')
    .option('--retry', 'begin with the order `/seed retry`, with --head')
    .option('--abort', 'begin with the order `/seed abort`, with --head')
  outputFlag(command).action(
    async (cluster: string, { pullRequest, head, retry, abort, output, ...flags }: Flags) => {
      const { runCommand } = await import('./run-command.ts')
      const text = (flag: string | boolean | undefined): string | null =>
        typeof flag === 'string' ? flag : null
      const asked = {
        ...{ cluster, pullRequest: text(pullRequest), head: text(head), output },
        ...{ retry: retry === true, abort: abort === true },
      }
      await runCommand(surroundings, { ...asked, given: asWords(flags) }, redactor)
    },
  )
  if (!words.includes('run') && !words.includes('completion')) return
  await declareFlags(command, surroundings, {
    without: ofServers,
    // A person drives it, and it cannot work without a hub: as for other such commands.
    standards: {
      '--log-level': 'warn',
      '--kubeconfig': surroundings.environment['KUBECONFIG'] || undefined,
    },
  })
}
