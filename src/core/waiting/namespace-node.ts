import { conditionsIn, nameOf, objectNode, type HubObject } from './hub-object.ts'
import { waiting, type Waiting } from './waiting.ts'

const retained = 'open-cluster-management.io/retain-namespace'

/**
 * The namespace of the cluster on the hub. The detach does not wait for it. What keeps it says its conditions
 * (kubernetes pkg/controller/namespace/deletion).
 */
export const namespaceNode = (namespace: HubObject, now: string): Waiting => {
  const { annotations = {}, deletionTimestamp } = namespace.metadata
  if (deletionTimestamp === undefined)
    return waiting(nameOf(namespace), 'gone', {
      why:
        annotations[retained] === undefined
          ? 'stays; ACM deletes it last, and the detach does not wait for it'
          : `stays: it is annotated ${retained}`,
    })
  const kept = conditionsIn(namespace).filter(
    ({ type, status }) =>
      status === 'True' && /^Namespace(?:Deletion|Content|Finalizers)/.test(type),
  )
  return objectNode(namespace, {
    now,
    says: kept.map(({ type, message }) => `${type}: ${message}`).join('; '),
  })
}
