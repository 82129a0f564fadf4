import type { Command } from 'commander'
import type { Surroundings } from '../../../surroundings.ts'

type Flags = Readonly<{ kubeconfig: string; namespace: string; data?: string }>

/** Declares `sower forget`. */
export const registerForgetCommand = (program: Command, surroundings: Surroundings): void => {
  const { SOWER_KUBECONFIG: hub } = surroundings.environment
  program
    .command('forget')
    .description('delete the access to a seed that Sower keeps on the hub, after its run')
    .argument('<cluster>', 'the seed, by its spec.clusterName')
    .requiredOption('--kubeconfig <file>', 'the hub (SOWER_KUBECONFIG)', hub || undefined)
    .option('--namespace <namespace>', 'the hub namespace of Sower', 'sower')
    .option(
      '--data <directory>',
      'the data directory, where runs are kept in files; default: they are SeedRuns on the hub',
    )
    .action(async (cluster: string, { kubeconfig, namespace, data = '' }: Flags) => {
      const { forgetCommand } = await import('./forget-command.ts')
      await forgetCommand(surroundings, {
        ...{ cluster, kubeconfig, namespace, data: data || null, now: new Date() },
      })
    })
}
