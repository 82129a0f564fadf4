import type { Command } from 'commander'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { hubFlags, type HubFlags } from '../../hub-flags.ts'
import { outputFlag, type OutputForm } from '../../output-flag.ts'

type Flags = HubFlags & Readonly<{ seedKubeconfig: string; namespace: string; output: OutputForm }>

/** Declares `sower access`. */
export const registerAccessCommand = (
  program: Command,
  surroundings: Surroundings,
  redactor: Redactor,
): void => {
  const access = program
    .command('access')
    .helpCommand('help [command]', 'show the help of a command')
    .description('manage the access to seed clusters that Sower keeps on the hub')
  const save = access
    .command('save')
    .description('prove the admin kubeconfig of a seed and save it on the hub')
    .argument('<cluster>', 'its spec.clusterName')
    .requiredOption('--seed-kubeconfig <file>', 'its admin kubeconfig, or - for standard input')
    .option(
      '-n, --namespace <namespace>',
      'the hub namespace in which Sower saves the access to seeds',
      'sower',
    )
    .action(async (cluster: string, flags: Flags) => {
      const { saveAccessCommand } = await import('./save-access-command.ts')
      const { kubeconfig = null, seedKubeconfig, namespace, context = null, output } = flags
      await saveAccessCommand(
        surroundings,
        { cluster, kubeconfig, seedKubeconfig, namespace, context, output },
        redactor,
      )
    })
  outputFlag(hubFlags(save, surroundings, { what: 'the hub', isNeeded: true }))
}
