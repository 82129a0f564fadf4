import fc from 'fast-check'
import t from 'tap'
import { decide } from '../../../src/core/run/decide.ts'
import type { Decision } from '../../../src/core/run/decision.ts'
import type { Observation, ObservationOf } from '../../../src/core/run/observation.ts'
import {
  activePhases,
  isAtMostOnce,
  isEnded,
  type Active,
  type Run,
} from '../../../src/core/run/run.ts'
import { holds } from '../../../src/core/seen.ts'
import { settle } from '../../../src/core/run/settle.ts'
import { arbitraryObservation, arbitraryRun } from '../../support/run/run-arbitraries.ts'
import * as scene from '../../support/run/run-scene.ts'
import {
  adopting,
  aLook,
  aRun,
  at,
  blockedBy,
  effects,
  order,
  otherHead,
} from '../../support/run/run-scene.ts'
import { friendlyWorld, silentLook } from '../../support/run/run-worlds.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const phase = fc.constantFrom(...activePhases)
const time = fc.integer({ min: 7200, max: 3 * 24 * 3600 }).map(at)
const question = phase.chain(phase =>
  fc.record({ run: arbitraryRun(phase), observation: arbitraryObservation(phase), now: time }),
)

type Answered = Readonly<{ run: Run; observation: Observation; decision: Decision }>

/** Says of every run, look and time what must hold of the answer. */
const always = (title: string, holds: (answered: Answered) => boolean): void => {
  t.test(title, async () => {
    fc.assert(
      fc.property(question, ({ run, observation, now }) =>
        holds({ run, observation, decision: decide(run, observation, now) }),
      ),
      { numRuns: propertyRuns(4000) },
    )
  })
}

const isOpen = (observation: Observation): boolean =>
  'klusterlet' in observation &&
  observation.klusterlet.seen === 'absent' &&
  observation.managedCluster.seen === 'absent'
const isHeld = ({ detachHolds }: Observation): boolean =>
  detachHolds.seen === 'present' && detachHolds.value

always('never goes towards a SeedGenerator while the cluster is attached or unknown', answered => {
  const { run, observation, decision } = answered
  const act = decision.effect?.do
  const towards =
    act === 'commit-seed-generator' ||
    act === 'deliver-secret' ||
    act === 'apply-seed-generator' ||
    (run.phase === 'Detaching' && decision.run.phase === 'Detached') ||
    (run.phase === 'Detached' && decision.run.phase === 'Delivering')
  return !towards || (isOpen(observation) && isHeld(observation))
})

always(
  'never commits the detach without access, passing checks and the head that was shown',
  it => {
    const { effect } = it.decision
    if (effect?.do !== 'commit-detach') return true
    if (it.observation.phase !== 'Requested') return false
    const { access, checks, pullRequest } = it.observation
    return (
      access.seen === 'present' &&
      access.value.proven &&
      checks.every(({ level, status }) => level === 'warn' || status === 'pass') &&
      pullRequest.seen === 'present' &&
      pullRequest.value.state === 'open' &&
      pullRequest.value.headSha === effect.onto
    )
  },
)

always('commits a detach only on the head that was asked for, or on its own commit', it => {
  const { effect } = it.decision
  if (effect?.do !== 'commit-detach') return true
  // Its own commit is the head again where the pull request went to another base and its edit does not hold there.
  return effect.onto === it.run.request.headSha || effect.onto === it.run.facts.pushedAs
})

always('never delivers or applies with an intent to, nor over what is there', it => {
  const act = it.decision.effect?.do
  if (act !== 'deliver-secret' && act !== 'apply-seed-generator') return true
  if (it.observation.phase !== 'Delivering') return false
  const { hubSecret, mayPush, seedGenerator, seedSecret, tag } = it.observation
  const intent = it.run.intent?.effect.do
  return (
    intent !== 'deliver-secret' &&
    intent !== 'apply-seed-generator' &&
    seedGenerator.seen === 'absent' &&
    hubSecret.seen === 'present' &&
    hubSecret.value.reason === null &&
    mayPush.seen === 'present' &&
    mayPush.value &&
    tag.seen !== 'unknown' &&
    (act === 'deliver-secret'
      ? seedSecret.seen === 'absent'
      : seedSecret.seen === 'present' && seedSecret.value.matches)
  )
})

always('touches no cluster before the merge, nor when the merge may be gone', it => {
  const { run, observation, decision } = it
  const act = decision.effect?.do
  if (act === undefined || act === 'save-access') return true
  if (run.phase === 'Requested') return act === 'commit-detach'
  // What is left then is our own: the record in Git, and the access that Sower keeps.
  return isHeld(observation) || act === 'commit-record' || act === 'delete-access'
})

always(
  'asks nothing of Argo CD, and leaves Detaching, before the record holds the merge or a pull request brings it',
  it => {
    const act = it.decision.effect?.do
    const goesOn =
      act === 'refresh' || act === 'sync-with-prune' || it.decision.run.phase === 'Detached'
    if (it.observation.phase !== 'Detaching') return act !== 'record-merge'
    const { access, ownPullRequest, recordHoldsMerge } = it.observation
    if (goesOn) return ownPullRequest.seen === 'present' || holds(recordHoldsMerge, held => held)
    return act !== 'record-merge' || holds(access, ({ proven }) => proven)
  },
)

const ofDetach = ['save-access', 'commit-detach', 'refresh', 'hard-refresh', 'sync-with-prune']

always('edits nothing, saves no access and asks nothing of Argo CD in an adopted run', it => {
  const { effect } = it.decision
  return it.run.request.adopt !== true || effect === null || !ofDetach.includes(effect.do)
})

always('waits for no detach in an adopted run: what is attached blocks it', it => {
  const { observation, decision } = it
  if (it.run.request.adopt !== true || observation.phase !== 'Detaching') return true
  if (decision.run.phase !== 'Detaching' || !isHeld(observation)) return true
  const { access, recordHoldsMerge, managedCluster, klusterlet, addonNamespaces } = observation
  const reads = [managedCluster, klusterlet, addonNamespaces]
  const isAttached = [...reads, ...observation.remaining.map(({ read }) => read)].some(
    ({ seen }) => seen === 'present',
  )
  const isLooked =
    holds(access, ({ proven }) => proven) && holds(recordHoldsMerge, isRecorded => isRecorded)
  return !isAttached || !isLooked || decision.run.blocked !== null
})

always('goes on to the merge of an adopted run only with access that somebody has saved', it => {
  const { run, observation, decision } = it
  if (run.request.adopt !== true || observation.phase !== 'Requested') return true
  if (decision.run.phase !== 'Proposed') return true
  return holds(observation.access, ({ proven }) => proven) && observation.detach.seen === 'present'
})

always(
  'brings nothing a second time while a pull request of its own brings it, but to merge that',
  it => {
    const act = it.decision.effect?.do
    if (act !== 'record-merge' && act !== 'commit-seed-generator' && act !== 'commit-record')
      return true
    if (!('ownPullRequest' in it.observation)) return false
    const { ownPullRequest: own } = it.observation
    const mayMerge = holds(own, pull => pull.isForSower && pull.state === 'open' && !pull.conflicts)
    return own.seen === 'absent' || mayMerge
  },
)

always(
  'deletes the access only after a proven and recorded image',
  ({ run, observation, decision }) =>
    decision.effect?.do !== 'delete-access' ||
    (observation.phase === 'CleaningUp' &&
      observation.record.seen === 'present' &&
      run.outcome === 'Completed'),
)

always('deletes only the SeedGenerator that it saw', ({ observation, decision }) => {
  const { effect } = decision
  if (effect?.do !== 'delete-seed-generator') return true
  const seen = 'seedGenerator' in observation ? observation.seedGenerator : undefined
  return seen?.seen === 'present' && seen.value.uid === effect.uid
})

always('deletes no SeedGenerator that may be at work, before its own is applied', it => {
  if (it.decision.effect?.do !== 'delete-seed-generator' || it.run.phase !== 'Delivering')
    return true
  if (it.observation.phase !== 'Delivering' || !isOpen(it.observation)) return false
  const { seedGenerator } = it.observation
  return (
    it.run.orders.some(({ verb }) => verb === 'retry') &&
    holds(seedGenerator, ({ progress }) => progress === 'completed' || progress === 'failed')
  )
})

always('takes no image for its own that was there before or is of something else', it => {
  if (it.decision.run.outcome !== 'Completed' || it.run.outcome === 'Completed') return true
  if (it.observation.phase !== 'Verifying' || it.observation.image.seen !== 'present') return false
  const { digest, cluster, format } = it.observation.image.value
  return digest !== it.run.facts.digestBefore && cluster === 'sno1' && format === '4'
})

const steps: Readonly<Record<Active, readonly Run['phase'][]>> = {
  Requested: ['Proposed', 'Detaching', 'Failed', 'Cancelled'],
  Proposed: ['Requested', 'Detaching', 'Failed', 'Cancelled'],
  Detaching: ['Detached', 'CleaningUp'],
  Detached: ['Detaching', 'Delivering', 'CleaningUp'],
  Delivering: ['Detaching', 'Generating', 'CleaningUp'],
  Generating: ['Verifying', 'CleaningUp'],
  Verifying: ['Delivering', 'CleaningUp'],
  CleaningUp: ['Completed', 'Failed'],
}
always('moves at most one phase, and then does nothing else', ({ observation, decision }) => {
  const { phase: from } = observation
  const { phase: to } = decision.run
  return to === from || (steps[from].includes(to) && decision.effect === null)
})

t.test('gives the same answer to the same question again', async t => {
  let asked = 0
  fc.assert(
    fc.property(question, ({ run, observation, now }) => {
      const { run: next, effect, wakeAt } = decide(run, observation, now)
      // Another phase, or the same entered again once a draft is ready, a settled intent, a head that was taken and a look that
      // Argo CD is asked for make it another question.
      const entered = next.phase !== run.phase || next.since !== run.since
      const settled = next.intent !== run.intent || next.request !== run.request
      const isAsked = next.facts.refreshedAt !== run.facts.refreshedAt
      if (entered || settled || isAsked) return
      asked += 1
      const again = decide(next, observation, now)
      if (JSON.stringify(again) !== JSON.stringify({ run: next, effect, wakeAt }))
        throw new Error(JSON.stringify({ next, effect, wakeAt, again }))
    }),
    // A third of them: with few runs the share would be too far from that now and then.
    { numRuns: 4000 },
  )
  t.ok(asked > propertyRuns(4000) / 4, 'most of them are the same')
})

t.test('changes nothing of what it is given', async () => {
  const freeze = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    Object.freeze(value)
    Object.values(value).forEach(freeze)
  }
  fc.assert(
    fc.property(question, given => {
      freeze(given)
      decide(given.run, given.observation, given.now)
    }),
  )
})

t.test('is Detached only after two looks 30 seconds apart, and nothing else between', async () => {
  const isGone = (look: Observation): boolean =>
    look.phase === 'Detaching' &&
    isHeld(look) &&
    isOpen(look) &&
    look.access.seen === 'present' &&
    look.access.value.proven &&
    (look.ownPullRequest.seen === 'present' || holds(look.recordHoldsMerge, held => held)) &&
    look.addonNamespaces.seen === 'absent' &&
    look.remaining.every(({ read }) => read.seen === 'absent')
  const gone: ObservationOf<'Detaching'> = aLook('Detaching')
  let detached = 0
  const look = fc.record({
    look: fc.oneof(
      { weight: 4, arbitrary: fc.constant<Observation>(gone) },
      { weight: 1, arbitrary: arbitraryObservation('Detaching') },
    ),
    pause: fc.integer({ min: 1, max: 25 }),
  })
  const change = fc.constantFrom({}, adopting())
  fc.assert(
    fc.property(change, fc.array(look, { minLength: 2, maxLength: 12 }), (change, looks) => {
      let run = aRun('Detaching', change)
      let now = 0
      let goneSince: number | null = null
      for (const { look, pause } of looks) {
        now += pause
        const { run: next, effect } = decide(run, look, at(now))
        run = next
        // Sower asks for the merge of its own pull request first; the look after that counts.
        const isAsking = effect?.do === 'record-merge'
        goneSince = isGone(look) ? (goneSince ?? (isAsking ? null : now)) : null
        const may = !isAsking && goneSince !== null && now - goneSince >= 30
        if ((run.phase === 'Detached') !== may) throw new Error(`${run.phase} at ${now}`)
        if (run.phase !== 'Detaching') {
          detached += 1
          break
        }
      }
    }),
    { numRuns: propertyRuns(1000) },
  )
  t.ok(detached > 0, 'some of them are')
})

t.test('ends in a friendly world, from any state', async () => {
  fc.assert(
    fc.property(phase.chain(arbitraryRun), any => {
      if (isEnded(any.phase)) return
      const world = friendlyWorld(any.phase, { isDetached: any.request.adopt === true })
      let run: Run = { ...any, orders: any.orders.filter(({ verb }) => verb === 'retry') }
      let now = Date.parse(at(7200))
      for (let step = 0; step < 60 && !isEnded(run.phase); step += 1) {
        now += 31_000
        const instant = new Date(now).toISOString()
        const { run: next, effect } = decide(run, world.look(run.phase), instant)
        run = next
        if (effect) {
          run = settle({ ...run, intent: { effect, at: instant } }, effect, {}, instant)
          world.act(effect)
        }
        run = { ...run, orders: [...run.orders, ...world.human(run)] }
      }
      if (!isEnded(run.phase)) throw new Error(`stuck: ${JSON.stringify(run)}`)
    }),
  )
})

t.test('ends in a world that answers nothing, from any state, after an abort', async () => {
  fc.assert(
    fc.property(phase.chain(arbitraryRun), any => {
      let run: Run = { ...any, orders: [order('abort', 'now')] }
      let now = Date.parse(run.since)
      for (let step = 0; step < 4 && !isEnded(run.phase); step += 1) {
        now += 60_000
        const { run: next, effect } = decide(
          run,
          silentLook(run.phase),
          new Date(now).toISOString(),
        )
        if (effect) throw new Error(`${effect.do} in a world that answers nothing`)
        run = next.phase === 'CleaningUp' && run.phase !== 'CleaningUp' ? again(next) : next
      }
      if (!isEnded(run.phase)) throw new Error(`stuck: ${JSON.stringify(run)}`)
    }),
  )
})

/** Whoever aborted before the cleaning up may abort that too. */
const again = (run: Run): Run => ({ ...run, orders: [order('abort', 'again')] })

t.test('settles an effect: its intent and what blocked it are gone', async t => {
  for (const effect of effects) {
    const intent = { effect, at: at(0) }
    const run = aRun('Delivering', { intent, blocked: blockedBy('INTERNAL') })
    const settled = settle(run, effect, { sha: otherHead }, at(60))
    const isApplied = effect.do === 'apply-seed-generator'
    t.match(settled, { intent: null, blocked: null }, effect.do)
    t.equal(settled.phase, isApplied ? 'Generating' : 'Delivering')
    t.equal(settled.since, isApplied ? at(60) : at(0))
    const isCommit = effect.do === 'commit-seed-generator'
    t.equal(settled.facts.generatorAs, isCommit ? otherHead : scene.generatorCommit)
    t.equal(settle(run, effect, {}, at(60)).facts.generatorAs, scene.generatorCommit)
    const versions = { openshift: '4.18.5', operators: [] }
    const uses = { clusterID: 'id-1', sealedSecretDigest: null, versions }
    if (effect.do === 'deliver-secret') t.match(settle(run, effect, { uses }, at(60)).facts, uses)
    t.equal(isAtMostOnce(effect), isApplied || effect.do === 'deliver-secret')
  }
})
