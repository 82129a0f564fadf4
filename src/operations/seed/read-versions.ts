import { z } from 'zod'
import { isLifecycleAgent } from '../../core/preflight/seed/seed-queries.ts'
import type { Versions } from '../../core/run/run.ts'
import type { Seen } from '../../core/seen.ts'
import type { Cluster, KubernetesObject } from '../ports/cluster.ts'
import { versionIn } from './read-seed-version.ts'

const operator = z.looseObject({ version: z.string().min(1).max(512) })

/** A ClusterServiceVersion is called after its package and its version. */
const packageOf = (name: string): string => name.replace(/\.v?\d.*$/, '')

const mostOperators = 100

/**
 * Reads what runs on a seed whose ClusterVersion was read: OpenShift, the Lifecycle Agent and the other operators, each once. What gives no answer is left
 * out: a record with gaps is no reason to stop a run. Operators that OLM copied to further namespaces are the same ones.
 */
export const readVersions = async (
  seed: Cluster,
  clusterVersion: Seen<KubernetesObject>,
): Promise<Versions> => {
  const csvs = await seed.list({
    apiVersion: 'operators.coreos.com/v1alpha1',
    kind: 'ClusterServiceVersion',
  })
  const openshift = clusterVersion.seen === 'present' ? versionIn(clusterVersion.value) : undefined
  const found = (csvs.seen === 'present' ? csvs.value : []).flatMap(csv => {
    const version = operator.safeParse(csv.spec).data?.version
    return version === undefined ? [] : [{ csv, version, name: packageOf(csv.metadata.name) }]
  })
  const lifecycleAgent = found.find(({ csv }) => isLifecycleAgent(csv))?.version
  const byName = new Map(found.map(({ name, version }) => [name, version]))
  const operators = [...byName]
    .map(([name, version]) => ({ name, version }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, mostOperators)
  return {
    ...(openshift === undefined ? {} : { openshift }),
    ...(lifecycleAgent === undefined ? {} : { lifecycleAgent }),
    operators,
  }
}
