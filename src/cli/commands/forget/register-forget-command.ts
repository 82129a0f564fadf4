import type { Command } from 'commander'
import type { Surroundings } from '../../../surroundings.ts'
import { hubFlags, type HubFlags } from '../../hub-flags.ts'
import { outputFlag, type OutputForm } from '../../output-flag.ts'

type Flags = HubFlags & Readonly<{ namespace: string; data?: string; output: OutputForm }>

/** Declares `sower forget`. */
export const registerForgetCommand = (program: Command, surroundings: Surroundings): void => {
  const command = program
    .command('forget')
    .description('delete the access to a seed that Sower keeps on the hub, after its run')
    .argument('<cluster>', 'the seed, by its spec.clusterName')
  hubFlags(command, surroundings, { what: 'the hub', isNeeded: true })
    .option(
      '-n, --namespace <namespace>',
      'the hub namespace of Sower, with the access and the SeedRuns',
      'sower',
    )
    .option(
      '--data <directory>',
      'the data directory, where runs are kept in files; default: they are SeedRuns on the hub',
    )
  outputFlag(command).action(async (cluster: string, flags: Flags) => {
    const { namespace, data = '', context, output } = flags
    const { forgetCommand } = await import('./forget-command.ts')
    await forgetCommand(surroundings, {
      ...{ cluster, kubeconfig: flags.kubeconfig ?? null, context },
      ...{ namespace, data: data || null, now: new Date(), output },
    })
  })
}
