import type { Seen } from '../seen.ts'
import type { Check } from './check.ts'

type Condition = Readonly<{ type: string; status: string }>

const answer = (
  id: string,
  level: Check['level'],
  { ok, reason, fix }: Readonly<{ ok: boolean; reason: string; fix: string }>,
): Check => ({ id, level, status: ok ? 'pass' : 'fail', reason, fix: ok ? '' : fix })

/** A check that could not be asked: it blocks like a failed one, and says why. */
export const unanswered = (id: string, level: Check['level'], why: string): Check => ({
  id,
  level,
  status: 'unknown',
  reason: `no answer: ${why}`,
  fix: 'nothing, if it comes back: it is asked again by itself',
})

const judge = <T>(
  id: string,
  level: Check['level'],
  read: Seen<T>,
  missing: Readonly<{ reason: string; fix: string }>,
  test: (value: T) => Readonly<{ ok: boolean; reason: string; fix: string }>,
): Check => {
  switch (read.seen) {
    case 'unknown':
      return unanswered(id, level, read.why)
    case 'absent':
      return answer(id, level, { ok: false, ...missing })
    case 'present':
      return answer(id, level, test(read.value))
  }
}

/**
 * The ManagedCluster is Available and Joined. Detaching one that is not makes ACM clean the hub only, and
 * the Lifecycle Agent then refuses (resourcecleanup_controller.go:349-355).
 */
export const checkManagedCluster = (conditions: Seen<readonly Condition[]>): Check =>
  judge(
    'hub.managed-cluster-available',
    'block',
    conditions,
    {
      reason: 'there is no such ManagedCluster on the hub',
      fix: 'check that this hub manages the cluster',
    },
    found => {
      const missing = ['ManagedClusterConditionAvailable', 'ManagedClusterJoined'].filter(
        type => !found.some(condition => condition.type === type && condition.status === 'True'),
      )
      return {
        ok: missing.length === 0,
        reason: missing.length ? `not True: ${missing.join(', ')}` : 'Available and Joined',
        fix: 'bring the cluster back to Available; else the klusterlet stays on it after the detach',
      }
    },
  )

/** A BareMetalHost, read for whether its deletion would touch the machine. */
export type Host = Readonly<{ name: string; isDetached: boolean; danger: string | null }>

/**
 * Every BareMetalHost is detached and carries nothing that undoes it, or its deletion powers the node off
 * (host_state_machine.go:230-255, bmh_agent_controller.go:337-402).
 */
export const checkHosts = (hosts: Seen<readonly Host[]>): Check =>
  judge('hub.hosts-detached', 'block', hosts, { reason: 'no BareMetalHost', fix: '' }, found => {
    const wrong = found.filter(({ isDetached, danger }) => !isDetached || danger !== null)
    return {
      ok: found.length > 0 && wrong.length === 0,
      reason: wrong.length
        ? wrong.map(({ name, danger }) => `${name}: ${danger ?? 'not detached'}`).join(', ')
        : found.length
          ? `${found.length} detached`
          : 'there is no BareMetalHost',
      fix: 'a BareMetalHost that is not detached is powered off when it is deleted; wait until operationalStatus is detached and remove such annotations',
    }
  })

/** What is known of the Applications that render the edited file. */
export type ApplicationFacts = Readonly<{ name: string; prunes: boolean; allowsEmpty: boolean }>

/** Exactly one Application renders the file, and it prunes by itself. */
export const checkApplication = (applications: Seen<readonly ApplicationFacts[]>): Check =>
  judge(
    'hub.application-prunes',
    'block',
    applications,
    { reason: 'no Application', fix: '' },
    found => {
      const [first, second] = found
      const names = found.map(({ name }) => name).join(', ')
      const isOne = first !== undefined && second === undefined
      return {
        ok: isOne && first.prunes,
        reason: isOne
          ? `${names} ${first.prunes ? 'prunes' : 'does not prune'} by itself`
          : `${found.length} Applications render this kustomization${first ? `: ${names}` : ''}`,
        fix: 'exactly one Application with syncPolicy.automated.prune must render the kustomization',
      }
    },
  )

/**
 * Predicts Argo CD: without allowEmpty it refuses to prune the last object
 * (appcontroller.go:2631-2642).
 */
export const checkEmpty = (
  applications: Seen<readonly ApplicationFacts[]>,
  { left, canSync }: Readonly<{ left: number | null; canSync: boolean }>,
): Check =>
  judge(
    'hub.application-not-emptied',
    'warn',
    applications,
    { reason: 'no Application', fix: '' },
    found => {
      const refuses = left === 0 && found.some(({ allowsEmpty }) => !allowsEmpty)
      return {
        ok: !refuses || canSync,
        reason: !refuses
          ? `${left ?? 'some'} objects are left`
          : canSync
            ? 'nothing is left and Argo CD will refuse to prune; Sower then orders one sync with prune of this ClusterInstance'
            : 'nothing is left, and Argo CD will refuse: auto-sync will wipe out all resources',
        fix: 'after the merge a human must sync this one ClusterInstance with prune; or set syncPolicy.automated.allowEmpty, or configure an Argo CD token',
      }
    },
  )

/** The proof, as a check. */
export const checkProof = (refusal: string | null | undefined): Check =>
  refusal === undefined
    ? unanswered('git.proof', 'block', 'not rendered')
    : answer('git.proof', 'block', {
        ok: refusal === null,
        reason: refusal ?? 'exactly this ClusterInstance leaves the render',
        fix: 'change the branch so that nothing else leaves',
      })
