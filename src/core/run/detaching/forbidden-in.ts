import type { ErrorCode } from '../../../errors.ts'
import type { UnknownBecause } from '../../seen.ts'
import type { ObservationOf } from '../observation.ts'

type Words = Readonly<{ code: ErrorCode; reason: string; fix: string }>

/** Why nothing is known of the saved access: Sower may not read it, or the hub gives no answer. */
export const unansweredAccess = (why: UnknownBecause): Words =>
  why === 'forbidden'
    ? {
        code: 'READ_FORBIDDEN',
        reason:
          'reading the Secret with the saved access: the hub answers that Sower may not (get)',
        fix: 'give its user that right: the Role `sower-access` of manifests/base holds it',
      }
    : {
        code: 'CLUSTER_UNAVAILABLE',
        reason: `the hub gives no answer (${why})`,
        fix: 'nothing, if it comes back: it is asked again by itself',
      }

/** What Sower may not read is known at once, and a person has to change it; all else may answer the next time. */
export const forbiddenIn = (observation: ObservationOf<'Detaching'>): Words | undefined => {
  const { application, managedCluster, klusterlet, addonNamespaces, remaining } = observation
  const reads = [
    { object: 'the Applications', read: application },
    ...remaining,
    { object: 'the ManagedCluster', read: managedCluster },
    { object: 'the klusterlet CRD on the seed', read: klusterlet },
    { object: 'the namespaces on the seed', read: addonNamespaces },
  ]
  const objects = reads.flatMap(({ object, read }) =>
    read.seen === 'unknown' && read.why === 'forbidden' ? [object] : [],
  )
  if (objects.length === 0) return undefined
  return {
    code: 'READ_FORBIDDEN',
    reason: `reading ${objects.join(', ')}: the API server answers that Sower may not (get, list)`,
    fix: 'give its user that right: the ClusterRole `sower` and the Roles of manifests/base hold each; on the seed use its admin kubeconfig',
  }
}
