import fc, { type Arbitrary } from 'fast-check'
import type { Observation, ObservationOf } from '../../../src/core/run/observation.ts'
import { activePhases, type Active, type Run } from '../../../src/core/run/run.ts'
import { absent, present, unknown, type Seen } from '../../../src/core/seen.ts'
import { errorCodes } from '../../../src/error-codes.ts'
import {
  aLook,
  adopting,
  aRun,
  at,
  blockedBy,
  detachCommit,
  effects,
  head,
  image,
  merge,
  order,
  otherHead,
} from './run-scene.ts'

/** Arbitrary runs and looks: whatever could be stored, and whatever could be seen. */
const seen = <T>(value: Arbitrary<T>): Arbitrary<Seen<T>> =>
  fc.oneof(
    { weight: 3, arbitrary: value.map(present) },
    { weight: 3, arbitrary: fc.constant(absent) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('forbidden', 'unreachable', 'timeout', 'not-served')
        .map(why => unknown(why as 'forbidden')),
    },
  )
const sha = fc.constantFrom(head, detachCommit, otherHead, merge)
const uid = fc.record({ uid: fc.constantFrom('uid-1', 'uid-2') })
const yes = fc.constant(true as const)
const access = seen(
  fc.record({ proven: fc.boolean(), reason: fc.constantFrom(null, 'the certificate expired') }),
)
const pullRequest = seen(
  fc.record({
    state: fc.constantFrom('open', 'open', 'closed', 'merged'),
    headSha: sha,
    mergedAs: fc.constantFrom(null, merge),
  }),
)
const checks = fc.array(
  fc.record({
    id: fc.constant('hub.x'),
    level: fc.constantFrom('block', 'warn'),
    status: fc.constantFrom('pass', 'pass', 'fail', 'unknown'),
    reason: fc.constant('found'),
    fix: fc.constantFrom('', 'mend it'),
  }),
  { maxLength: 2 },
)
const detach = seen(
  fc.constantFrom(
    { status: 'detachable', commit: detachCommit } as const,
    { status: 'detached' } as const,
    { status: 'refused', code: 'CLUSTER_NOT_FOUND', reason: 'not there', fix: 'look' } as const,
  ),
)
const generatorState = seen(
  fc.record({
    uid: fc.constantFrom('uid-cr', 'uid-other'),
    image: fc.constantFrom(image, 'registry.example.com/other:1'),
    isWanted: fc.boolean(),
    isBeingDeleted: fc.boolean(),
    progress: fc.constantFrom('none', 'running', 'completed', 'failed'),
    message: fc.constantFrom(null, 'going on'),
  }),
)
const secretState = seen(fc.record({ matches: fc.boolean() }))
const application = seen(
  fc.record({
    name: fc.constant('clusters'),
    hasMerge: fc.boolean(),
    isRefreshing: fc.boolean(),
    refusesToEmpty: fc.boolean(),
    reason: fc.constantFrom(null, 'ComparisonError: x'),
  }),
)
const remaining = fc.array(
  fc.record({
    object: fc.constant('BareMetalHost sno1'),
    read: seen(fc.record({ detail: fc.constantFrom(null, 'being deleted') })),
  }),
  { maxLength: 2 },
)

const own = seen(
  fc.record({
    number: fc.constant(9),
    branch: fc.constant('sower-sno1-x'),
    state: fc.constantFrom('open', 'closed', 'merged'),
    conflicts: fc.boolean(),
    hasLanded: fc.boolean(),
    isForSower: fc.boolean(),
  }),
)

const observations: { readonly [P in Active]: Arbitrary<Observation> } = (() => {
  const every = { detachHolds: seen(fc.boolean()), recordHoldsMerge: seen(fc.boolean()) }
  const gates = { managedCluster: seen(uid), klusterlet: seen(yes) }
  const of = <P extends Active>(
    phase: P,
    fields: {
      [K in keyof Omit<ObservationOf<P>, 'phase' | 'detachHolds'>]: Arbitrary<unknown>
    },
  ): Arbitrary<Observation> =>
    fc.record({
      phase: fc.constant(phase),
      ...every,
      ...fields,
    }) as unknown as Arbitrary<Observation>
  const seedImage = seen(
    fc.record({
      digest: fc.constantFrom('sha256:old', 'sha256:new'),
      format: fc.constantFrom('4', '3', null),
      cluster: fc.constantFrom('sno1', 'sno2', null),
      version: fc.constantFrom('4.18.5', '4.18.5', '4.17.1', null),
    }),
  )
  return {
    Requested: of('Requested', { pullRequest, detach, checks, access, managedCluster: seen(uid) }),
    Proposed: of('Proposed', {
      pullRequest,
      proof: seen(fc.record({ allowed: fc.boolean(), reason: fc.constant('x'), left: fc.nat(2) })),
      checks,
      access,
      managedCluster: seen(uid),
    }),
    Detaching: of('Detaching', {
      access,
      recordHoldsMerge: seen(fc.boolean()),
      ownPullRequest: own,
      application,
      clusterInstance: seen(fc.record({ isBeingDeleted: fc.boolean() })),
      canSync: fc.boolean(),
      remaining,
      blockers: fc.constant([]),
      ...gates,
      addonNamespaces: seen(fc.constant(['open-cluster-management-addon-x'])),
    }),
    Detached: of('Detached', {
      ...gates,
      ownPullRequest: own,
      generator: seen(fc.record({ sha, differs: fc.constantFrom(null, 'spec.recertImage') })),
    }),
    Delivering: of('Delivering', {
      ...gates,
      hubSecret: seen(fc.record({ reason: fc.constantFrom(null, 'no key') })),
      mayPush: seen(fc.boolean()),
      tag: seen(fc.constantFrom('sha256:old', 'sha256:new')),
      recreators: seen(fc.constant(['SealedSecret x/seedgen'])),
      seedSecret: secretState,
      seedGenerator: generatorState,
    }),
    Generating: of('Generating', {
      ...{ seedGenerator: generatorState, image: seedImage },
      agent: seen(fc.constant('its pod is Pending')),
    }),
    Verifying: of('Verifying', {
      image: seedImage,
      seedGenerator: generatorState,
    }),
    CleaningUp: of('CleaningUp', {
      seedGenerator: generatorState,
      seedSecret: secretState,
      ownPullRequest: own,
      record: seen(yes),
      access,
    }),
  }
})()

/** Any run that could be stored in a phase: any orders, blocked by anything, with any intent. */
export const arbitraryRun = (phase: Active): Arbitrary<Run> =>
  fc
    .record({
      since: fc.integer({ min: 0, max: 7200 }).map(at),
      attempt: fc.integer({ min: 1, max: 2 }),
      outcome: fc.constantFrom('Completed', 'Failed', null),
      blocked: fc.option(fc.constantFrom(...errorCodes).map(code => blockedBy(code))),
      orders: fc.uniqueArray(
        fc.constantFrom(order('retry'), order('retry', 'r2'), order('abort'), order('abort', 'a2')),
        { maxLength: 2, selector: ({ key }) => key },
      ),
      intent: fc.option(fc.constantFrom(...effects).map(effect => ({ effect, at: at(0) }))),
      facts: fc.record({
        pushedAs: fc.constantFrom(null, detachCommit),
        managedClusterUid: fc.constantFrom(null, 'uid-1'),
        goneSince: fc.option(fc.integer({ min: 0, max: 7200 }).map(at)),
        digestBefore: fc.constantFrom(null, 'sha256:old'),
        lastMessage: fc.constantFrom(null, 'going on'),
        imageVersion: fc.constant('4.18.5'),
        versions: fc.constantFrom(
          { operators: [] },
          { openshift: '4.18.5', operators: [{ name: 'lifecycle-agent', version: '4.18.1' }] },
        ),
        times: fc.dictionary(fc.constantFrom(...activePhases), fc.constantFrom(at(0), at(60)), {
          noNullPrototype: true,
        }),
        recordMergeIn: fc.constantFrom(null, 9),
      }),
    })
    .chain(change =>
      fc
        .constantFrom(undefined, undefined, false, true)
        .map(adopt => (adopt === undefined ? {} : adopting(adopt)))
        .map(request => aRun(phase, { ...change, ...request })),
    )

/** Any look, and often one in which all is well but for a field or two. */
export const arbitraryObservation = (phase: Active): Arbitrary<Observation> =>
  fc.oneof(
    observations[phase],
    observations[phase].chain(any =>
      fc
        .subarray(Object.entries(any), { maxLength: 2 })
        .map(some => ({ ...aLook(phase), ...Object.fromEntries(some) })),
    ),
  )
