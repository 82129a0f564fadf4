import t from 'tap'
import { awaitMerge } from '../../../src/core/run/await-merge.ts'
import { decide } from '../../../src/core/run/decide.ts'
import type { OwnPullRequest } from '../../../src/core/run/observation.ts'
import '../../../src/core/run/own/own-fields.ts'
import { withOwnResult } from '../../../src/core/run/own/own-changes.ts'
import { settle } from '../../../src/core/run/settle.ts'
import { absent, present, unknown, type Seen } from '../../../src/core/seen.ts'
import { rules } from '../../support/run/run-rules.ts'
import {
  aLook,
  aRun,
  at,
  image,
  merge,
  order,
  ownPullRequest,
} from '../../support/run/run-scene.ts'

/** What a run does while a pull request of its own is to bring something to the base branch. */
const [detaching, detached, cleaning] = [rules('Detaching'), rules('Detached'), rules('CleaningUp')]
const forbidden = unknown('forbidden')
const silent = unknown('unreachable')
const closed = ownPullRequest({ state: 'closed' })
const merged = ownPullRequest({ state: 'merged' })
const undone = ownPullRequest({ state: 'merged', hasLanded: true })

const unrecorded = { recordHoldsMerge: present(false) }
const attached = { managedCluster: present({ uid: 'uid-1' }) }
const recording = { ...unrecorded, ...attached }
const inNine = { facts: { recordMergeIn: 9 } }
for (const [state, own] of Object.entries({ open: ownPullRequest(), closed, merged, undone }))
  detaching(
    `does not wait for its ${state} pull request with the record of the merge`,
    { ...recording, ownPullRequest: own },
    null,
    { then: inNine },
  )
detaching(
  'asks GitHub before it records the merge',
  { ...unrecorded, ownPullRequest: silent },
  null,
)
detaching(
  'says that it may not look for its pull request',
  { ...unrecorded, ownPullRequest: forbidden },
  'GITHUB_FAILED',
)
detaching('forgets its pull request once the record is there', attached, null, {
  run: inNine,
  then: { facts: { recordMergeIn: null } },
})
t.test('the record that comes after Detaching counts too, and its absence changes nothing', t => {
  const run = aRun('Generating', inNine)
  const after = (recordHoldsMerge: Seen<boolean>) =>
    decide(run, aLook('Generating', { recordHoldsMerge }), at(60)).run.facts.recordMergeIn
  t.equal(after(present(true)), null)
  for (const held of [present(false), absent, silent]) t.equal(after(held), 9)
  t.equal(decide(run, aLook('Generating'), at(60)).run.facts.recordMergeIn, 9)
  t.end()
})

const commit = { do: 'commit-seed-generator', image } as const
detached('commits the SeedGenerator while nothing brings it', {}, commit)
detached('waits for its pull request', { ownPullRequest: ownPullRequest() }, 'MERGE_AWAITED')
detached('asks what to do with a closed one', { ownPullRequest: closed }, 'PULL_REQUEST_CLOSED')
detached('lets git catch up with a merged one', { ownPullRequest: merged }, null)
detached('asks where it was undone', { ownPullRequest: undone }, 'PULL_REQUEST_CLOSED')
detached('does nothing without an answer', { ownPullRequest: silent }, null)
detached('says that it may not look', { ownPullRequest: forbidden }, 'GITHUB_FAILED')

const forSower = ownPullRequest({ isForSower: true })
const tried = (refusal: string | null, triedAt = at(0)) => ({
  facts: { own: { heads: { record: '1' }, triedAt, refusal } },
})
detached('merges what it may merge', { ownPullRequest: forSower }, commit)
detached('asks for the merge again after a minute', { ownPullRequest: forSower }, commit, {
  run: tried('a review is required'),
})
detached('waits for a minute in between', { ownPullRequest: forSower }, 'MERGE_AWAITED', {
  ...{ run: tried('a review is required', at(1)), then: tried('a review is required', at(1)) },
})
detached(
  'merges nothing that conflicts',
  { ownPullRequest: ownPullRequest({ isForSower: true, conflicts: true }) },
  'MERGE_AWAITED',
)
const recordIt = { do: 'record-merge', mergedAs: merge } as const
detaching(
  'merges its record, and waits for nothing',
  { ...recording, ownPullRequest: forSower },
  recordIt,
  {
    then: inNine,
  },
)
for (const own of [
  ownPullRequest({ isForSower: true, state: 'merged' }),
  ownPullRequest({ isForSower: true, conflicts: true }),
])
  detaching(
    'merges no record that is merged or conflicts',
    { ...recording, ownPullRequest: own },
    null,
    {
      then: inNine,
    },
  )
detaching('goes on in between', { ...recording, ownPullRequest: forSower }, null, {
  run: tried(null, at(1)),
  then: { facts: { ...tried(null, at(1)).facts, ...inNine.facts } },
})
const begun = { facts: { goneSince: at(40) } }
detaching(
  'a merge does not begin the looks anew',
  { ...unrecorded, ownPullRequest: forSower },
  recordIt,
  {
    run: begun,
    then: { facts: { ...begun.facts, ...inNine.facts } },
  },
)
detaching('asks no more once the record is there', { ...attached, ownPullRequest: forSower }, null)

const record = { do: 'commit-record', digest: 'sha256:new' } as const
const unended = { record: absent }
cleaning('commits the record while nothing brings it', unended, record)
cleaning(
  'waits for its pull request with the record',
  { ...unended, ownPullRequest: ownPullRequest() },
  'MERGE_AWAITED',
)
const impatient = { run: { orders: [order('abort')] }, then: { orders: [] } }
for (const own of [ownPullRequest(), closed, merged, undone, silent])
  cleaning(
    `an abort ends the waiting (${own.seen === 'present' ? own.value.state : own.seen})`,
    { ...unended, ownPullRequest: own },
    'Completed',
    impatient,
  )
cleaning('an abort leaves nothing unwritten', unended, record, {
  run: { orders: [order('abort')] },
})

t.test('a person is told what to do with which pull request', t => {
  const words = (change: Partial<OwnPullRequest>) =>
    awaitMerge(
      aRun('Detached'),
      { pullRequest: ownPullRequest(change), brings: 'it', effect: commit },
      at(0),
    ).run.blocked
  t.match(words({}), { reason: '#9 brings it and is not merged', fix: /^review and merge #9;/ })
  t.match(words({ isForSower: true, conflicts: true }), { fix: /^close #9/ })
  const held = awaitMerge(
    aRun('Detached', tried('a review is required')),
    { pullRequest: forSower, brings: 'it', effect: commit },
    at(59),
  ).run.blocked
  t.match(held, {
    reason: '#9 brings it and is not merged: a review is required',
    fix: /^nothing, if that passes: Sower asks again/,
  })
  const asked = { pullRequest: forSower, brings: 'it', effect: commit }
  t.equal(
    awaitMerge(aRun('Detached', tried(null)), asked, at(59)).run.blocked?.reason,
    '#9 brings it and is not merged',
  )
  t.match(words({ conflicts: true }), {
    reason: '#9 brings it and is not merged; it conflicts with the base branch',
    fix: /^close #9 and delete its branch sower-sno1-x: /,
  })
  t.match(words({ state: 'closed' }), { reason: /closed without a merge/, fix: /sower-sno1-x/ })
  t.match(words({ state: 'merged', hasLanded: true }), { reason: /does not hold it any more/ })
  t.equal(aRun('Detaching').facts.mergedAs, merge)
  t.end()
})

t.test('knows its own heads, and since when it has asked for a merge', t => {
  const [effect, generator] = [recordIt, commit]
  const opened = settle(
    aRun('Detaching'),
    effect,
    { own: { step: 'record-merge', head: 'a' } },
    at(1),
  )
  t.strictSame(opened.facts.own, { heads: { 'record-merge': 'a' }, triedAt: null, refusal: null })
  const refused = settle(opened, effect, { own: { step: 'record-merge', refusal: 'no' } }, at(2))
  t.strictSame(refused.facts.own, {
    ...{ heads: { 'record-merge': 'a' }, triedAt: at(2), refusal: 'no' },
  })
  const next = settle(refused, generator, { own: { step: 'seed-generator', head: 'b' } }, at(3))
  t.strictSame(next.facts.own, {
    heads: { 'record-merge': 'a', 'seed-generator': 'b' },
    ...{ triedAt: null, refusal: null },
  })
  t.strictSame(withOwnResult(undefined, { step: 'record', refusal: null }, at(4)), {
    ...{ heads: {}, triedAt: at(4), refusal: null },
  })
  t.end()
})
