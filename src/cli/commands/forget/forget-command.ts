import { readInput } from '../../../adapters/files/read-input.ts'
import { forgetAccess } from '../../../operations/access/forget-access.ts'
import { ageOf } from '../../../core/waiting/render-tree.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { requireClusterName } from '../../clone/require-cluster-name.ts'
import { neededHub } from '../../hub-flags.ts'
import type { OutputForm } from '../../output-flag.ts'
import { printAs } from '../../output/print-as.ts'
import { hubFrom } from '../seal/sealing-key-from.ts'

export type ForgetOptions = Readonly<{
  cluster: string
  /** The hub. */
  kubeconfig: string | null
  context?: string | undefined
  /** The hub namespace with the saved access and the SeedRuns. */
  namespace: string
  /** The bot's data directory, where it keeps runs in files; null: they are SeedRuns on the hub. */
  data: string | null
  now: Date
  output: OutputForm
}>

/**
 * `sower forget`: deletes the access to a seed that Sower keeps on the hub, once its run has ended. Throws InputError
 * ARGUMENT_INVALID and FILE_UNREADABLE, and what `forgetAccess` throws.
 */
export const forgetCommand = async (
  surroundings: Surroundings,
  { cluster, context, namespace, data, now, output, ...options }: ForgetOptions,
): Promise<void> => {
  requireClusterName(cluster)
  const kubeconfig = neededHub(options.kubeconfig)
  const hub = (await hubFrom(surroundings, kubeconfig, context)).cluster
  const runs = await runsFrom(surroundings, { kubeconfig, context, namespace, data })
  const { wasThere, since } = await forgetAccess(
    { ports: { hub, runs }, settings: { namespace } },
    cluster,
  )
  const kept = since === null ? '' : `, which was kept for ${ageOf(since, now.toISOString())}`
  const document = { apiVersion: 'sower.dev/v1alpha1', kind: 'ForgottenAccess' }
  surroundings.print(
    printAs(output, { ...document, cluster, namespace, wasThere, since }, () =>
      wasThere
        ? `deleted the access to ${cluster}${kept}\n`
        : `no access to ${cluster} is saved in namespace ${namespace}\n`,
    ),
  )
}

const runsFrom = async (
  { directory }: Surroundings,
  {
    kubeconfig,
    context,
    namespace,
    data,
  }: Pick<ForgetOptions, 'context' | 'namespace' | 'data'> & Readonly<{ kubeconfig: string }>,
) => {
  if (data !== null) {
    const { fileRunsIn } = await import('../status/kept-by-bot.ts')
    return fileRunsIn(directory, data)
  }
  const text = (await readInput(directory, kubeconfig)).toString('utf8')
  const [{ configurationOf }, { loadKubeconfig }, { seedRunStore }] = await Promise.all([
    import('../../../adapters/kubernetes/configuration-of.ts'),
    import('../../../adapters/kubernetes/load-kubeconfig.ts'),
    import('../../../adapters/kubernetes/seed-run-store.ts'),
  ])
  return seedRunStore(configurationOf(loadKubeconfig(text, context)), { namespace })
}
