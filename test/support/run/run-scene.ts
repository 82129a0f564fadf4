import type { ObservationOf, OwnPullRequest } from '../../../src/core/run/observation.ts'
import {
  activePhases,
  newRun,
  type Active,
  type Effect,
  type Instant,
  type Run,
} from '../../../src/core/run/run.ts'
import { absent, present, type Seen } from '../../../src/core/seen.ts'
import { errorCodes } from '../../../src/error-codes.ts'

/** Runs and looks for tests of the decisions: one of each phase, in which all is well. */
export const at = (seconds: number): Instant =>
  new Date(Date.UTC(2026, 10, 22, 10) + seconds * 1000).toISOString()

export const head = '1'.repeat(40)
export const otherHead = '2'.repeat(40)
export const merge = '3'.repeat(40)
export const generatorCommit = '4'.repeat(40)
/** The detach commit on `head`. */
export const detachCommit = '5'.repeat(40)
export const image = 'registry.example.com/ibu/sno1:4.18.5'
export const newImage = { digest: 'sha256:new', format: '4', cluster: 'sno1', version: '4.18.5' }

const fresh = newRun(
  {
    key: '#7/label/1',
    cluster: 'sno1',
    image,
    repository: 'example/site',
    pullRequest: 7,
    by: 'alice',
    headSha: head,
  },
  at(0),
)

/** A change of a run to one that adopts the seed as it is. */
export const adopting = (adopt = true): Readonly<{ request: Run['request'] }> => ({
  request: { ...fresh.request, adopt },
})

export type Change = Partial<Omit<Run, 'facts'>> & Readonly<{ facts?: Partial<Run['facts']> }>

/** A run in a phase, with what the phases before have left in it. */
export const aRun = (phase: Run['phase'], { facts, ...change }: Change = {}): Run => {
  const index = activePhases.findIndex(active => active === phase)
  return {
    ...fresh,
    phase,
    outcome: phase === 'CleaningUp' ? 'Completed' : null,
    ...change,
    facts: {
      ...fresh.facts,
      managedClusterUid: 'uid-1',
      mergedAs: index >= 2 ? merge : null,
      generatorAs: index >= 4 ? generatorCommit : null,
      digestBefore: index >= 5 ? 'sha256:old' : null,
      digest: phase === 'CleaningUp' ? newImage.digest : null,
      ...facts,
    },
  }
}

export const order = (verb: 'retry' | 'abort', key: string = verb): Run['orders'][number] => ({
  key,
  verb,
  by: 'bob',
  at: at(0),
})
export const blockedBy = (code: (typeof errorCodes)[number], reason = 'why'): Run['blocked'] => ({
  code,
  reason,
  fix: 'what',
  since: at(0),
})

/** Pull requests that are not open on the head that was asked for. */
export const closed = present({ state: 'closed', headSha: head, mergedAs: null } as const)
export const mergedState = { state: 'merged', headSha: head, mergedAs: merge } as const
export const merged = present(mergedState)
export const moved = present({ state: 'open', headSha: otherHead, mergedAs: null } as const)
export const movedAgain = present({ state: 'open', headSha: merge, mergedAs: null } as const)

const proven = present({ proven: true, reason: null })
const open = present({ state: 'open', headSha: head, mergedAs: null } as const)
const passing = [
  { id: 'git.proof', level: 'block', status: 'pass', reason: 'one leaves', fix: '' },
] as const

const looks: { readonly [P in Active]: ObservationOf<P> } = {
  Requested: {
    phase: 'Requested',
    detachHolds: present(false),
    pullRequest: open,
    detach: present({ status: 'detachable', commit: detachCommit }),
    checks: passing,
    access: proven,
    managedCluster: present({ uid: 'uid-1' }),
  },
  Proposed: {
    phase: 'Proposed',
    detachHolds: present(true),
    pullRequest: open,
    proof: present({ allowed: true, reason: '', left: 3 }),
    checks: passing,
    access: proven,
    managedCluster: present({ uid: 'uid-1' }),
  },
  Detaching: {
    phase: 'Detaching',
    detachHolds: present(true),
    access: proven,
    recordHoldsMerge: present(true),
    ownPullRequest: absent,
    application: present({
      name: 'clusters',
      hasMerge: true,
      isRefreshing: false,
      refusesToEmpty: false,
      reason: null,
    }),
    clusterInstance: absent,
    canSync: true,
    ...{ remaining: [{ object: 'ClusterInstance sno1', read: absent }], blockers: [] },
    managedCluster: absent,
    klusterlet: absent,
    addonNamespaces: absent,
  },
  Detached: {
    phase: 'Detached',
    detachHolds: present(true),
    managedCluster: absent,
    klusterlet: absent,
    ownPullRequest: absent,
    generator: absent,
  },
  Delivering: {
    phase: 'Delivering',
    detachHolds: present(true),
    managedCluster: absent,
    klusterlet: absent,
    hubSecret: present({ reason: null }),
    mayPush: present(true),
    tag: present('sha256:old'),
    recreators: absent,
    seedSecret: absent,
    seedGenerator: absent,
  },
  Generating: {
    ...{ phase: 'Generating', detachHolds: present(true), seedGenerator: absent },
    ...{ image: absent, agent: absent },
  },
  Verifying: {
    phase: 'Verifying',
    detachHolds: present(true),
    image: present(newImage),
    seedGenerator: absent,
  },
  CleaningUp: {
    phase: 'CleaningUp',
    detachHolds: present(true),
    seedGenerator: absent,
    seedSecret: absent,
    ownPullRequest: absent,
    record: present(true),
    access: absent,
  },
}

/** What is seen in a phase when all is well, changed where a test says so. */
export const aLook = <P extends Active>(
  phase: P,
  change: Partial<ObservationOf<P>> = {},
): ObservationOf<P> => ({ ...looks[phase], ...change })

export const seedGenerator = (change: Partial<ObservedGenerator> = {}): Seen<ObservedGenerator> =>
  present({
    ...{ uid: 'uid-cr', image, isBeingDeleted: false, progress: 'running', message: 'going on' },
    isWanted: (change.image ?? image) === image,
    ...change,
  })
/** Sower's own pull request #9, open unless a test says otherwise. */
export const ownPullRequest = (change: Partial<OwnPullRequest> = {}): Seen<OwnPullRequest> =>
  present({
    ...{
      number: 9,
      branch: 'sower-sno1-x',
      state: 'open',
      conflicts: false,
      hasLanded: false,
      isForSower: false,
    },
    ...change,
  })
type ObservedGenerator = Readonly<{
  uid: string
  resourceVersion?: string
  isWanted: boolean
  image: string
  isBeingDeleted: boolean
  progress: 'none' | 'running' | 'completed' | 'failed'
  message: string | null
}>

export const effects: readonly Effect[] = [
  { do: 'save-access' },
  { do: 'commit-detach', onto: head },
  { do: 'record-merge', mergedAs: merge },
  { do: 'refresh', application: 'clusters' },
  { do: 'hard-refresh', application: 'clusters' },
  { do: 'sync-with-prune', application: 'clusters' },
  { do: 'commit-seed-generator', image },
  { do: 'deliver-secret' },
  { do: 'apply-seed-generator', from: generatorCommit },
  { do: 'delete-seed-generator', uid: 'uid-cr' },
  { do: 'delete-secret' },
  { do: 'commit-record', digest: null },
  { do: 'delete-access' },
]
