import { clustersOf, groupOf, objectsIn } from '../cluster/object-identity.ts'
import { clusterInstance } from '../cluster/kinds.ts'
import { listAt, textAt } from '../preflight/field.ts'

/**
 * Why a ClusterInstance in Git is not a seed: it says that the cluster has several nodes, and the Lifecycle Agent makes an image
 * of a single-node cluster only (lifecycle-agent healthcheck.go:285-287). Null where the text does not say so.
 */
export const whyMultiNode = (text: string, cluster: string): string | null => {
  const instance = objectsIn(text).find(
    object =>
      object !== null &&
      object.kind === clusterInstance.kind &&
      groupOf(object.apiVersion) === clusterInstance.group &&
      clustersOf(object).some(({ name }) => name === cluster),
  )
  const type = textAt(instance, 'spec', 'clusterType')
  const nodes = listAt(instance, 'spec', 'nodes').length
  if (nodes > 1) return `it lists ${nodes} nodes`
  return type === '' || type === 'SNO' ? null : `its clusterType is ${type}`
}
