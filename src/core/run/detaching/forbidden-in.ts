import type { ErrorCode } from '../../../errors.ts'
import { describeRight, rightWithRole } from '../../right.ts'
import type { Seen, UnknownBecause } from '../../seen.ts'
import type { ObservationOf } from '../observation.ts'

type Words = Readonly<{ code: ErrorCode; reason: string; fix: string }>
type Unanswered = Extract<Seen<unknown>, { seen: 'unknown' }>
type Looked = Readonly<{ object: string; on?: 'hub' | 'seed'; read: Seen<unknown> }>

const mayNot = ({ object, on = 'hub', read }: Looked): readonly string[] => {
  if (read.seen !== 'unknown' || read.why !== 'forbidden') return []
  if (!read.denied) return [`${object} (the API server denies it, or does not take the credential)`]
  return [on === 'hub' ? rightWithRole(read.denied) : `${describeRight(read.denied)} on the seed`]
}

const forbiddenAmong = (looks: readonly Looked[]): Words | undefined => {
  const denied = looks.flatMap(mayNot)
  if (denied.length === 0) return undefined
  return {
    code: 'READ_FORBIDDEN',
    reason: `Sower is not allowed to: ${denied.join(', ')}`,
    fix: 'give its user that right: manifests/base and your overlay hold the role that is named; on the seed use its admin kubeconfig',
  }
}

/** Why nothing is known of the saved access: Sower may not read it, or the hub gives no answer. */
export const unansweredAccess = (
  read: Readonly<{ why: UnknownBecause }> & Pick<Unanswered, 'denied'>,
): Words =>
  forbiddenAmong([
    { object: 'get the Secret with the saved access', read: { seen: 'unknown', ...read } },
  ]) ?? {
    code: 'CLUSTER_UNAVAILABLE',
    reason: `the hub gives no answer (${read.why})`,
    fix: 'nothing, if it comes back: Sower asks again by itself',
  }

/** The first read that is forbidden: a person has to change it, while everything else may answer the next time. */
export const forbiddenIn = (observation: ObservationOf<'Detaching'>): Words | undefined => {
  const { application, managedCluster, klusterlet, addonNamespaces, remaining } = observation
  return forbiddenAmong([
    { object: 'list the Applications', read: application },
    ...remaining.map(({ object, read }) => ({ object: `read ${object}`, read })),
    { object: 'get the ManagedCluster', read: managedCluster },
    { object: 'get the klusterlet CRD on the seed', on: 'seed', read: klusterlet },
    { object: 'list the namespaces on the seed', on: 'seed', read: addonNamespaces },
  ])
}

/** After the detach the seed's API may answer anything; only a denial that names the right is definite. */
export const deniedIn = (
  reads: Readonly<{
    hub: readonly Seen<unknown>[]
    seed: readonly Seen<unknown>[]
  }>,
): Words | undefined => {
  const definite = (on: 'hub' | 'seed'): readonly Looked[] =>
    reads[on]
      .filter(read => read.seen === 'unknown' && read.denied !== undefined)
      .map(read => ({ object: '', on, read }))
  return forbiddenAmong([...definite('hub'), ...definite('seed')])
}
