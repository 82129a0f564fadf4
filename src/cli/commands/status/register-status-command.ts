import type { Command } from 'commander'
import { InputError } from '../../../errors.ts'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { hubFlags, type HubFlags } from '../../hub-flags.ts'
import { outputFlag, type OutputForm } from '../../output-flag.ts'

/** Declares `sower status` and `sower wait`. */
export const registerStatusCommand = (
  program: Command,
  surroundings: Surroundings,
  redactor: Redactor,
): void => {
  const { environment } = surroundings
  const status = program
    .command('status')
    .description(
      'show each seed: whether Git lists it, its record, its run and its push credential',
    )
    .argument('[cluster...]', 'default: every seed of sower.yaml')
    .option('-C, --directory <directory>', 'a directory of the repository, with sower.yaml', '.')
  hubFlags(status, surroundings, { what: 'the hub, to show what became of the credential there' })
    .option(
      '--data <directory>',
      "the bot's data, to show its runs (SOWER_DATA)",
      environment['SOWER_DATA'] || undefined,
    )
    .option('--watch', 'show what the detach of each cluster waits for, until you stop it')
    .option(...seedOption)
    .option(...namespaceOption)
    .option(...intervalOption)
  outputFlag(status, ['wide']).action(
    async (
      clusters: readonly string[],
      flags: Watching & Readonly<{ data?: string; watch?: boolean }>,
    ) => {
      if (flags.watch) {
        await watch(surroundings, { clusters, flags, settled: null, timeout: null })
        return
      }
      const { statusCommand } = await import('./status-command.ts')
      await statusCommand(
        surroundings,
        {
          clusters,
          directory: flags.directory,
          ...{ kubeconfig: flags.kubeconfig ?? null, context: flags.context },
          data: flags.data ?? null,
          output: flags.output,
        },
        redactor,
      )
    },
  )
  const wait = program
    .command('wait')
    .description('wait until hub and seed have let go of a cluster, and show what is still there')
    .argument('<cluster>', 'its spec.clusterName')
    .option('-C, --directory <directory>', 'a directory of the repository, with sower.yaml', '.')
  hubFlags(wait, surroundings, { what: 'the hub', isNeeded: true })
    .option(...seedOption)
    .option(...namespaceOption)
    .option(...intervalOption)
    .option(
      '--timeout <minutes>',
      'give up after so long, with exit code 75',
      numberOf('--timeout'),
    )
  outputFlag(wait).action(
    async (cluster: string, flags: Watching & Readonly<{ timeout?: number }>) => {
      const timeout = flags.timeout ?? null
      await watch(surroundings, { clusters: [cluster], flags, settled: 30, timeout })
      surroundings.report(`detached: ${cluster}\n`)
    },
  )
}

type Watching = HubFlags &
  Readonly<{
    directory: string
    seedKubeconfig?: string
    namespace: string
    interval: number
    output: OutputForm
  }>

const numberOf =
  (flag: string) =>
  (text: string): number => {
    const value = Number(text)
    if (Number.isFinite(value) && value > 0) return value
    throw new InputError('ARGUMENT_INVALID', `reading ${flag}: ${text} is not a number above 0`, {
      fix: 'give a number, such as 5',
    })
  }
const seedOption = [
  '--seed-kubeconfig <file>',
  'the seed cluster; default: the access to it on the hub',
] as const
const namespaceOption = [
  '-n, --namespace <namespace>',
  'the hub namespace in which Sower saves the access to seeds',
  'sower',
] as const
const intervalOption = [
  '--interval <seconds>',
  'the time between two looks',
  numberOf('--interval'),
  5,
] as const

const watch = async (
  surroundings: Surroundings,
  {
    clusters,
    flags,
    settled,
    timeout,
  }: Readonly<{
    clusters: readonly string[]
    flags: Watching
    settled: number | null
    timeout: number | null
  }>,
): Promise<void> => {
  const { composeWatch } = await import('./compose-watch.ts')
  const { watchDetach } = await import('./watch-detach.ts')
  const { directory, namespace, interval, context, output } = flags
  const { kubeconfig = null, seedKubeconfig = null } = flags
  const look = await composeWatch(surroundings, {
    ...{ clusters, directory, namespace, kubeconfig, context, seedKubeconfig },
  })
  await watchDetach(surroundings, {
    ...{ look, now: () => new Date(), interval, settled, timeout, output },
  })
}
