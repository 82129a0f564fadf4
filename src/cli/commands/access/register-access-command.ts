import type { Command } from 'commander'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Surroundings } from '../../../surroundings.ts'

type Flags = Readonly<{
  kubeconfig: string
  context?: string
  seedKubeconfig: string
  namespace: string
}>

/** Declares `sower access`. */
export const registerAccessCommand = (
  program: Command,
  surroundings: Surroundings,
  redactor: Redactor,
): void => {
  const { SOWER_KUBECONFIG: hub } = surroundings.environment
  const access = program
    .command('access')
    .description('the access to seed clusters that Sower keeps on the hub')
  const save = access
    .command('save')
    .description('prove the admin kubeconfig of a seed and save it on the hub')
    .argument('<cluster>', 'its spec.clusterName')
    .requiredOption('--seed-kubeconfig <file>', 'its admin kubeconfig; - for standard input')
    .option('--context <name>', 'the context of the hub in --kubeconfig; default: its current one')
    .option(
      '--namespace <namespace>',
      'the hub namespace in which Sower saves the access to seeds',
      'sower',
    )
    .action(async (cluster: string, flags: Flags) => {
      const { saveAccessCommand } = await import('./save-access-command.ts')
      const { kubeconfig, seedKubeconfig, namespace, context = null } = flags
      await saveAccessCommand(
        surroundings,
        { cluster, kubeconfig, seedKubeconfig, namespace, context },
        redactor,
      )
    })
  save.requiredOption('--kubeconfig <file>', 'the hub (SOWER_KUBECONFIG)', hub || undefined)
}
