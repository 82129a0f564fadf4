import { field, listAt, textAt } from '../../core/preflight/field.ts'
import { absent, present, type Seen } from '../../core/seen.ts'
import type { Configuration } from '../../core/settings/configuration.ts'
import type { Cluster, KubernetesObject } from '../ports/cluster.ts'
import { agentNamespace } from './agent-namespace.ts'
import { readOnSeed } from './connect-seed.ts'

/** The pod of the Lifecycle Agent in words: its phase, and why a container of it does not run. */
export const observeAgent = async (
  seed: Cluster | null,
  config: Pick<Configuration, 'lifecycleAgent'>,
): Promise<Seen<string>> => {
  const namespace = await agentNamespace(seed, config)
  if (namespace.seen !== 'present') return namespace
  const pods = await readOnSeed(seed, ({ list }) =>
    list({ apiVersion: 'v1', kind: 'Pod', namespace: namespace.value }),
  )
  if (pods.seen !== 'present') return pods
  const own = pods.value.filter(({ metadata }) => metadata.name.startsWith('lifecycle-agent-'))
  return own.length === 0 ? absent : present(own.map(describePod).join('; '))
}

const describePod = ({ metadata, status }: KubernetesObject): string => {
  const reasons = listAt(status, 'containerStatuses').flatMap(container =>
    ['waiting', 'terminated'].flatMap(state => {
      const reason = textAt(field(container, 'state', state), 'reason')
      return reason === '' ? [] : [reason]
    }),
  )
  const phase = textAt(status, 'phase') || 'in no phase'
  return `its pod ${metadata.name} is ${[phase, ...new Set(reasons)].join(', ')}`
}
