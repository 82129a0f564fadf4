import t from 'tap'
import '../../../src/core/run/decide-detaching.ts'
import { decide, obeyAbort } from '../../../src/core/run/decide.ts'
import { activePhases, isEnded, type Effect, type Run } from '../../../src/core/run/run.ts'
import { absent, present, unknown } from '../../../src/core/seen.ts'
import { rules } from '../../support/run/run-rules.ts'
import * as scene from '../../support/run/run-scene.ts'
import {
  aLook,
  aRun,
  at,
  blockedBy,
  head,
  image,
  merge,
  newImage,
} from '../../support/run/run-scene.ts'
import { closed, merged, mergedState } from '../../support/run/run-scene.ts'
import { order, seedGenerator } from '../../support/run/run-scene.ts'

const forbidden = unknown('forbidden')
const unreachable = unknown('unreachable')
const brokenAccess = (reason: string | null) => present({ proven: false, reason })
const isDetached = present({ status: 'detached' } as const)
const notSplit = {
  status: 'refused',
  code: 'SHARED_FILE',
  reason: 'shared',
  fix: 'split',
} as const
const failing = { id: 'hub.x', level: 'block', status: 'fail', reason: 'no', fix: 'mend' } as const
const [retry, abort] = [order('retry'), order('abort')]

const commitDetach = { do: 'commit-detach', onto: head } as const
const requested = rules('Requested')
requested('saves access first', { access: absent }, { do: 'save-access' })
const pushes = { then: { facts: { pushedAs: scene.detachCommit } } }
requested('commits on the head that was shown, knowing what', {}, commitDetach, pushes)
requested('remembers the ManagedCluster that is to go', {}, commitDetach, {
  run: { facts: { managedClusterUid: null } },
  then: { facts: { managedClusterUid: 'uid-1', pushedAs: scene.detachCommit } },
})
requested('waits while GitHub gives no answer', { pullRequest: forbidden }, null)
requested('waits while the branch cannot be read', { detach: forbidden }, null)
requested('shows why it cannot edit', { detach: present(notSplit) }, 'SHARED_FILE')
const saveIt = { do: 'save-access' } as const
requested('saves access anew that does not work', { access: brokenAccess('expired') }, saveIt)
requested('wants access that it can read', { access: forbidden }, 'READ_FORBIDDEN')
requested('says that the hub gives no answer', { access: unreachable }, 'CLUSTER_UNAVAILABLE')
requested('stops at a failed check', { checks: [failing] }, 'PREFLIGHT_FAILED')
const unanswered = { ...failing, status: 'unknown', fix: '' } as const
requested(
  'stops at a credential in a commit',
  { checks: [{ ...failing, code: 'CREDENTIAL_LEAKED' }] },
  'CREDENTIAL_LEAKED',
)
requested('stops at a check without answer', { checks: [unanswered] }, 'PREFLIGHT_FAILED')
requested('passes a warning', { checks: [{ ...failing, level: 'warn' }] }, commitDetach, pushes)
requested(
  'goes on when the edit is there',
  { detach: isDetached, detachHolds: present(true) },
  'Proposed',
  { run: { blocked: blockedBy('PREFLIGHT_FAILED') } },
)
requested('ends after a day', {}, 'Failed', { now: 86_400 + 1 })

const proposed = rules('Proposed')
proposed('ends after two weeks', {}, 'Failed', { now: 14 * 86_400 + 1 })
proposed('waits for a human to merge', {}, null, { wakeAt: at(14 * 86_400) })
proposed('waits while GitHub gives no answer', { pullRequest: forbidden }, null)
proposed('goes back when the edit left the branch', { detachHolds: present(false) }, 'Requested')
proposed('saves access that someone deleted', { access: absent }, saveIt)
proposed('saves access anew that does not work any more', { access: brokenAccess(null) }, saveIt)
proposed('turns red when access cannot be read', { access: forbidden }, 'READ_FORBIDDEN')
proposed('turns red when a check fails', { checks: [failing] }, 'PREFLIGHT_FAILED')
const nullList = present({ allowed: false, reason: 'a null list', left: 0 })
proposed('turns red when more would leave', { proof: nullList }, 'PROOF_REFUSED')
proposed('waits for a proof', { proof: forbidden }, null, { wakeAt: null })
proposed('waits for the branch', { detachHolds: forbidden }, null, { wakeAt: null })
proposed('keeps the uid that it saw', { managedCluster: forbidden }, null)

for (const phase of ['Requested', 'Proposed'] as const) {
  const row = rules(phase)
  row('ends when the pull request is closed', { pullRequest: closed }, 'Cancelled')
  row('ends when the pull request is not found', { pullRequest: absent }, 'Cancelled')
  const follows = { facts: { mergedAs: merge, goneSince: null } }
  row('follows a merge, red or green', { pullRequest: merged }, 'Detaching', {
    run: { blocked: blockedBy('PREFLIGHT_FAILED'), facts: { goneSince: at(0) } },
    then: follows,
  })
  row('follows a merge before an abort', { pullRequest: merged }, 'Detaching', {
    run: { orders: [abort] },
    then: follows,
  })
  const unnamed = present({ ...mergedState, mergedAs: null })
  row('waits for the commit of a merge', { pullRequest: unnamed }, null)
  row('obeys an abort', {}, 'Cancelled', { run: { orders: [abort] }, then: { orders: [] } })
}

const detaching = rules('Detaching')
const there = { managedCluster: present({ uid: 'uid-1' }) }
const anew = { managedCluster: present({ uid: 'uid-2' }) }
const [begun, forgotten] = [{ facts: { goneSince: at(0) } }, { facts: { goneSince: null } }]
const unsaved = { access: absent, detachHolds: present(false) }
detaching('saves access before all else', unsaved, { do: 'save-access' })
detaching('says that the hub gives no answer', { access: unreachable }, 'CLUSTER_UNAVAILABLE')
detaching('wants access that it can read', { access: forbidden }, 'READ_FORBIDDEN', {
  run: begun,
  then: forgotten,
})
detaching('wants access that works', { access: brokenAccess('expired') }, 'ACCESS_NOT_PROVEN')
const first = { then: { facts: { goneSince: at(60) } }, wakeAt: at(90) }
detaching('remembers the first look in which all is gone', {}, null, first)
const early = { run: { facts: { goneSince: at(31) } }, wakeAt: at(61) }
detaching('waits 30 seconds for the second one', {}, null, early)
detaching('ends at the second one', {}, 'Detached', { run: { facts: { goneSince: at(30) } } })
for (const [what, look] of [
  ['the ManagedCluster is there', there],
  ['the ManagedCluster is unknown', { managedCluster: unreachable }],
  ['the klusterlet is there', { klusterlet: present(true as const) }],
  ['the klusterlet is unknown', { klusterlet: unreachable }],
  ['an add-on is there', { addonNamespaces: present(['open-cluster-management-addon-x']) }],
  ['the add-ons are unknown', { addonNamespaces: unreachable }],
  ['an object is there', { remaining: [{ object: 'a', read: present({ detail: null }) }] }],
  ['an object is unknown', { remaining: [{ object: 'a', read: unreachable }] }],
  ['the base branch is unknown', { detachHolds: forbidden }],
  ['the record is unknown', { recordHoldsMerge: forbidden }],
] as const)
  detaching(`begins to wait anew while ${what}`, look, null, { run: begun, then: forgotten })
detaching(
  'stops after a revert, and waits anew',
  { detachHolds: present(false) },
  'DETACH_REVERTED',
  {
    run: begun,
    then: forgotten,
  },
)
detaching('names a ManagedCluster that was created anew', anew, 'CLUSTER_RECREATED')
const never = { run: { facts: { managedClusterUid: null } } }
detaching('compares with nothing when it saw none before', anew, null, never)
const application = { name: 'clusters', isRefreshing: false, refusesToEmpty: false, reason: null }
const looking = present({ ...application, hasMerge: false, isRefreshing: true })
const refusing = present({ ...application, hasMerge: true, refusesToEmpty: true })
detaching('waits while Argo CD looks', { ...there, application: looking }, null)
const refused = {
  ...{ ...there, application: refusing },
  clusterInstance: present({ isBeingDeleted: false }),
}
detaching('orders the one sync', refused, { do: 'sync-with-prune', application: 'clusters' })
detaching(
  'asks for it without a token',
  { ...refused, canSync: false },
  'APPLICATION_WOULD_BE_EMPTY',
)
for (const [what, clusterInstance] of [
  ['while the ClusterInstance is being deleted', present({ isBeingDeleted: true })],
  ['when it is gone', absent],
  ['while nobody says whether it is there', unreachable],
] as const)
  for (const canSync of [true, false])
    detaching(`orders and asks for no sync ${what}`, { ...refused, canSync, clusterInstance }, null)
detaching('waits without an Application', { ...there, application: absent }, null)
const tooLate = { now: 45 * 60 + 1 }
detaching('names the blocker after 45 minutes', there, 'DETACH_SLOW', tooLate)
const broken = { ...application, hasMerge: false, reason: 'ComparisonError: no' }
const failingSync = { ...there, application: present(broken) }
detaching('asks a human when Argo CD never gets there', failingSync, 'DETACH_SLOW', tooLate)

const detached = rules('Detached')
const commit = { sha: scene.generatorCommit, differs: null }
const isCommitted = { then: { facts: { generatorAs: scene.generatorCommit } } }
detached('commits the SeedGenerator', {}, { do: 'commit-seed-generator', image })
detached('goes on when it is committed', { generator: present(commit) }, 'Delivering', isCommitted)
const foreign = present({ ...commit, differs: 'spec.recertImage' })
detached('refuses one that Sower did not write', { generator: foreign }, 'SEED_GENERATOR_DIFFERS')
detached('waits while Git is unknown', { generator: forbidden }, null)
for (const phase of ['Detached', 'Delivering'] as const) {
  const row = rules(phase)
  const back = { run: begun, then: forgotten }
  row('goes back when the ManagedCluster is there', there, 'Detaching', back)
  row('goes back when the klusterlet is there', { klusterlet: present(true) }, 'Detaching', back)
  row('waits while the ManagedCluster is unknown', { managedCluster: forbidden }, null)
  row('waits while the klusterlet is unknown', { klusterlet: unreachable }, null)
  row('stops after a revert', { detachHolds: present(false) }, 'DETACH_REVERTED')
  row('stops when nothing holds', { detachHolds: absent }, 'DETACH_REVERTED')
  row('waits while the base branch is unknown', { detachHolds: forbidden }, null)
}

const delivering = rules('Delivering')
const matching = { seedSecret: present({ matches: true }) }
const deliver = { do: 'deliver-secret' } as const
const apply = { do: 'apply-seed-generator', from: scene.generatorCommit } as const
delivering('delivers the Secret first', {}, deliver)
delivering('applies that commit, knowing the digest before', matching, apply, {
  then: { facts: { digestBefore: 'sha256:old' } },
})
delivering('knows that there was no image before', { ...matching, tag: absent }, apply, {
  run: { facts: { digestBefore: 'x' } },
  then: { facts: { digestBefore: null } },
})
const second = { run: { attempt: 2, facts: { digestBefore: null } } }
delivering('keeps the digest before the first attempt', matching, apply, second)
for (const [what, look, code] of [
  [
    'a SeedGenerator that it did not make',
    { seedGenerator: seedGenerator() },
    'SEED_GENERATOR_EXISTS',
  ],
  ['no Secret on the hub', { hubSecret: absent }, 'SECRET_NOT_READY'],
  ['a Secret with a problem', { hubSecret: present({ reason: 'no key' }) }, 'SECRET_NOT_READY'],
  ['no repository to push to', { mayPush: absent }, 'PUSH_DENIED'],
  ['a credential that may not push', { mayPush: present(false) }, 'PUSH_DENIED'],
  ['what would put seedgen back', { recreators: present(['SealedSecret x']) }, 'SEED_RECREATES'],
  ['a read-only registry', { mayPush: present({ is: 'read-only' } as const) }, 'PUSH_DENIED'],
  [
    'another seedgen on the seed',
    { seedSecret: present({ matches: false }) },
    'SEED_SECRET_EXISTS',
  ],
] as const)
  delivering(`stops at ${what}`, look, code)
const questions = ['hubSecret', 'mayPush', 'tag', 'recreators', 'seedSecret'] as const
for (const what of [...questions, 'seedGenerator'] as const)
  delivering(`waits while ${what} is unknown`, { [what]: forbidden }, null)
delivering('waits without a commit', matching, null, { run: { facts: { generatorAs: null } } })
const began = (effect: Effect, orders: Run['orders'] = []) => ({
  run: { intent: { effect, at: at(0) }, blocked: blockedBy('DELIVERY_UNKNOWN'), orders },
})
for (const effect of [deliver, apply]) {
  delivering(`does not repeat ${effect.do}`, {}, 'DELIVERY_UNKNOWN', began(effect))
  delivering(`repeats ${effect.do} only when told to`, {}, null, {
    ...began(effect, [retry]),
    then: { intent: null, orders: [] },
    wakeAt: at(60),
  })
}
const goesOn = { ...began(deliver), then: { intent: null }, wakeAt: at(60) }
delivering('goes on when the Secret is seen', matching, null, goesOn)
const own = { seedGenerator: seedGenerator() }
delivering('goes on when the SeedGenerator is seen', own, 'Generating', began(apply))
const others = { seedGenerator: seedGenerator({ image: 'registry.example.com/other:1' }) }
delivering('takes no other for its own', others, 'DELIVERY_UNKNOWN', began(apply))
delivering('passes the intent of what may be repeated', {}, deliver, began({ do: 'delete-secret' }))

const over = { seedGenerator: seedGenerator({ progress: 'completed' }) }
const verifying = rules('Verifying')
const proven = {
  outcome: 'Completed',
  facts: { digest: newImage.digest, imageVersion: '4.18.5' },
} as const
const retried = { run: { orders: [retry], facts: { lastMessage: 'no' } } }
const deleteIt = { do: 'delete-seed-generator', uid: 'uid-cr' } as const
verifying('ends when the image is proven', {}, 'CleaningUp', { then: proven })
const noneBefore = { run: { facts: { digestBefore: null } }, then: proven }
verifying('takes an image without a predecessor', {}, 'CleaningUp', noneBefore)
verifying('wants an image', { image: absent }, 'IMAGE_NOT_PROVEN')
for (const [what, wrong] of [
  ['was there before', { digest: 'sha256:old' }],
  ['has another format', { format: '3' }],
  ['has no format', { format: null }],
  ['is of another cluster', { cluster: 'sno2' }],
  ['names no cluster', { cluster: null }],
] as const)
  verifying(
    `takes no image that ${what}`,
    { image: present({ ...newImage, ...wrong }) },
    'IMAGE_NOT_PROVEN',
    { run: { facts: { lastMessage: 'no' } } },
  )
verifying('waits for the registry', { image: unreachable }, 'REGISTRY_UNREACHABLE')
verifying(
  'does not generate again before the registry has answered',
  { image: unreachable },
  'REGISTRY_UNREACHABLE',
  {
    run: { orders: [retry] },
    then: { orders: [] },
  },
)
verifying('proves before it retries', {}, 'CleaningUp', {
  ...retried,
  then: { ...proven, orders: [] },
})
const hopeless = { blocked: blockedBy('HEAD_MOVED'), orders: [retry] }
requested(
  'forgets a retry of what it no longer waits for',
  { checks: [failing] },
  'PREFLIGHT_FAILED',
  {
    run: hopeless,
    then: { orders: [] },
  },
)
requested('keeps a retry while GitHub gives no answer', { pullRequest: forbidden }, null, {
  run: hopeless,
  then: { blocked: hopeless.blocked },
})
verifying('deletes what it saw for a retry', { image: absent, ...over }, deleteIt, retried)
const unseen = { image: absent, seedGenerator: forbidden }
verifying('waits until it is known to be gone', unseen, null, retried)
verifying('delivers again when it is gone', { image: absent }, 'Delivering', {
  ...retried,
  then: { orders: [], attempt: 2, facts: { lastMessage: null } },
})
const cameBack = { image: absent, ...over, detachHolds: present(false) }
verifying('does not retry after a revert', cameBack, 'DETACH_REVERTED', retried)

const cleaning = rules('CleaningUp')
const saved = { access: present({ proven: true, reason: null }) }
const limit = { wakeAt: at(15 * 60) }
const record = { do: 'commit-record', digest: newImage.digest } as const
const late = { now: 15 * 60 + 1 }
const lost = { run: { outcome: 'Failed', facts: { digest: null } } } as const
const ended = { generation: { awaySince: null, waited: 0, ended: true } }
const deletes = { then: { facts: ended } }
cleaning('deletes the SeedGenerator that it saw', { ...saved, ...over }, deleteIt, deletes)
cleaning('deletes seedgen', { ...saved, ...matching }, { do: 'delete-secret' })
cleaning('waits for the seed', { ...saved, seedGenerator: unreachable }, null, limit)
const unheld = { ...saved, ...over, detachHolds: forbidden }
cleaning('touches nothing while the base branch is unknown', unheld, null, limit)
cleaning('gives up the seed in time', { ...saved, ...over, record: absent }, record, late)
const itIsBack = { ...saved, ...over, detachHolds: present(false), record: absent }
cleaning('touches no cluster that is back', itIsBack, { do: 'commit-record', digest: null }, lost)
cleaning('cleans Git without access', { ...over, record: absent }, record)
cleaning('waits while the record is unknown', { record: forbidden }, null)
cleaning('deletes the access last', saved, { do: 'delete-access' })
cleaning('waits while the access is unknown', { access: forbidden }, null)
cleaning('ends', {}, 'Completed')
cleaning('ends and keeps the access', saved, 'Failed', {
  ...lost,
  then: { facts: { accessSince: at(60) } },
})
cleaning('ends without an outcome', {}, 'Failed', { run: { outcome: null } })
const impatient = { run: { orders: [abort] } }
cleaning('still deletes after an abort', { ...saved, ...over }, deleteIt, {
  ...impatient,
  ...deletes,
})
cleaning('still records after an abort', { record: absent }, record, impatient)
const nobody = { seedGenerator: forbidden, record: forbidden, access: forbidden }
const alone = { ...impatient, then: { orders: [] } }
cleaning('waits for nobody after an abort', nobody, 'Completed', alone)
cleaning('waits for no access after an abort', { access: forbidden }, 'Completed', alone)

for (const phase of ['Detaching', 'Detached', 'Delivering', 'Generating', 'Verifying'] as const)
  rules(phase)('cleans up after an abort', {}, 'CleaningUp', {
    run: { orders: [retry, abort] },
    then: { orders: [], outcome: 'Failed' },
  })
t.test('forgets a retry that fits nothing, and decides as without it', async t => {
  for (const phase of activePhases.filter(phase => phase !== 'Verifying')) {
    const run = aRun(phase, { blocked: blockedBy('PREFLIGHT_FAILED') })
    const decision = decide({ ...run, orders: [retry] }, aLook(phase), at(60))
    t.strictSame(decision, decide(run, aLook(phase), at(60)), phase)
    t.strictSame(decision.run.orders, [])
  }
})

t.test('does nothing after the end, whatever is ordered or seen', async t => {
  for (const phase of ['Completed', 'Failed', 'Cancelled'] as const) {
    const run = aRun(phase, { orders: [abort] })
    t.strictSame(decide(run, aLook('CleaningUp', saved), at(60)), {
      run,
      effect: null,
      wakeAt: null,
    })
    t.ok(isEnded(phase))
    t.equal(obeyAbort(run, at(60)), undefined)
  }
})

t.test('looks again after a look that was made for another phase', async t => {
  const run = aRun('Delivering')
  t.strictSame(decide(run, aLook('CleaningUp', saved), at(60)), {
    run,
    effect: null,
    wakeAt: at(60),
  })
})

t.test(
  'names what is still there after 45 minutes in the words of the tree, not all of many',
  t => {
    const blockers = ['BareMetalHost sno1/a: no BMC', 'b', 'c', 'd', 'e', 'f', 'g']
    const look = aLook('Detaching', { ...there, blockers })
    const { blocked } = decide(aRun('Detaching'), look, at(46 * 60)).run
    t.equal(blocked?.code, 'DETACH_SLOW')
    t.match(
      blocked?.reason,
      /^still there after 45 minutes: BareMetalHost sno1\/a: no BMC; b; c; d; e$/,
    )
    t.end()
  },
)
