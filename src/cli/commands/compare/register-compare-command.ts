import type { Command } from 'commander'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { hubFlags } from '../../hub-flags.ts'
import { outputFlag } from '../../output-flag.ts'
import type { CompareOptions } from './compare-options.ts'

type Flags = Pick<CompareOptions, 'directory' | 'namespace' | 'output'> &
  Readonly<{
    all?: boolean
    kubeconfig?: string
    context?: string
    seedKubeconfig?: string
    targetKubeconfig?: string[]
    mustGather?: string[]
    conformance?: string[]
    html?: string
    imageConfig?: string
  }>

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value]

/** Declares `sower compare`. */
export const registerCompareCommand = (
  program: Command,
  surroundings: Surroundings,
  redactor: Redactor,
): void => {
  const command = program
    .command('compare')
    .description(
      'compare a seed with the clusters that its image is for, from Git, kubeconfigs and must-gathers',
    )
    .argument('<cluster>', 'the seed: its spec.clusterName')
    .argument('[targets...]', 'default: all other clusters in Git, or `expect` of sower.yaml')
    .option('-C, --directory <directory>', 'a directory of the repository', '.')
    .option('--all', 'compare with all other clusters in Git, even where sower.yaml has `expect`')
  hubFlags(command, surroundings, {
    what: 'the hub, for the admin kubeconfig that it has of the seed',
  })
    .option('--seed-kubeconfig <file>', 'the seed; it is only read')
    .option('--target-kubeconfig <name=file>', 'a target; may be repeated', collect)
    .option(
      '--must-gather <name=path>',
      'the must-gather of a cluster, a directory or an archive; may be repeated',
      collect,
    )
    .option(
      '--conformance <name=file>',
      'what `oc cluster-compare -o json` printed for a target; may be repeated',
      collect,
    )
    .option(
      '--image-config <file>',
      'what `skopeo inspect --config` printed for the finished image',
    )
    .option(
      '-n, --namespace <namespace>',
      'the hub namespace in which Sower saves the access to seeds',
      'sower',
    )
    .option('--html <file>', 'write a page that holds all of it')
  outputFlag(command, ['wide', 'markdown']).action(
    async (cluster: string, targets: string[], flags: Flags) => {
      const { compareCommand } = await import('./compare-command.ts')
      const { directory, namespace, output, mustGather = [], conformance = [] } = flags
      await compareCommand(
        surroundings,
        {
          ...{ cluster, targets, directory, namespace, output, conformance },
          all: flags.all === true,
          kubeconfig: flags.kubeconfig ?? null,
          context: flags.context ?? null,
          seedKubeconfig: flags.seedKubeconfig ?? null,
          targetKubeconfigs: flags.targetKubeconfig ?? [],
          mustGathers: mustGather,
          html: flags.html ?? null,
          imageConfig: flags.imageConfig ?? null,
        },
        redactor,
      )
    },
  )
}
