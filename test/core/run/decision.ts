import t from 'tap'
import { decideDelivering } from '../../../src/core/run/decide-delivering.ts'
import { decideGenerating } from '../../../src/core/run/generating/decide-generating.ts'
import {
  decideProposed,
  decideRequested,
  followMerge,
} from '../../../src/core/run/decide-requested.ts'
import type { Run } from '../../../src/core/run/run.ts'
import { runOf } from '../../../src/core/run/run-of.ts'
import { decideCleaningUp, decideVerifying } from '../../../src/core/run/decide-verifying.ts'
import {
  act,
  block,
  enter,
  finish,
  later,
  obey,
  orderOf,
  secondsBetween,
  stay,
  wait,
  withoutRetries,
} from '../../../src/core/run/decision.ts'
import { absent, present, unknown } from '../../../src/core/seen.ts'
import {
  aLook,
  aRun,
  at,
  blockedBy,
  closed,
  image,
  merge,
  merged,
  mergedState,
  newImage,
  order,
  seedGenerator,
} from '../../support/run/run-scene.ts'

const unreachable = unknown('unreachable')

t.test('moves and measures time in seconds', t => {
  t.equal(later('2026-11-22T23:59:30.000Z', 30), '2026-11-23T00:00:00.000Z')
  t.equal(secondsBetween(at(0), at(90)), 90)
  t.equal(secondsBetween(at(1.5), at(0)), -1.5)
  t.end()
})

t.test('waiting clears what blocked, staying and acting keep it', t => {
  const blocked = aRun('Detaching', { blocked: blockedBy('DETACH_SLOW') })
  const free = { ...blocked, blocked: null }
  t.strictSame(wait(blocked, at(5)), { run: free, effect: null, wakeAt: at(5) })
  t.strictSame(wait(free), { run: free, effect: null, wakeAt: null })
  t.strictSame(stay(blocked), { run: blocked, effect: null, wakeAt: null })
  const effect = { do: 'save-access' } as const
  t.strictSame(act(blocked, effect), { run: blocked, effect, wakeAt: null })
  t.end()
})

t.test('a block keeps the time of its first look, and its newest words', t => {
  const words = { code: 'DETACH_SLOW', reason: 'still there', fix: 'look' } as const
  const first = block(aRun('Detaching'), words, at(10)).run
  t.strictSame(first.blocked, { ...words, since: at(10) })
  const second = block(first, { ...words, reason: 'there' }, at(20)).run
  t.strictSame(second.blocked, { ...words, reason: 'there', since: at(10) })
  const other = block(second, { ...words, code: 'GIT_FAILED' }, at(30)).run
  t.equal(other.blocked?.since, at(30))
  t.end()
})

t.test('another phase begins anew, with what is known', t => {
  const run = aRun('Requested', {
    blocked: blockedBy('HEAD_MOVED'),
    intent: { effect: { do: 'save-access' }, at: at(0) },
  })
  t.strictSame(enter(run, 'Proposed', at(9), { mergedAs: merge }), {
    run: {
      ...{ ...run, phase: 'Proposed', since: at(9), blocked: null, intent: null },
      facts: { ...run.facts, mergedAs: merge, times: { Requested: run.since } },
    },
    effect: null,
    wakeAt: at(9),
  })
  t.match(finish(run, 'Failed', at(9)).run, { phase: 'CleaningUp', outcome: 'Failed' })
  t.end()
})

t.test('orders are obeyed one by one, the oldest first', t => {
  const orders = [order('retry', 'a'), order('abort', 'b'), order('retry', 'c')]
  const run = aRun('Verifying', { orders })
  const keys = (of: typeof run): readonly string[] => of.orders.map(({ key }) => key)
  t.equal(orderOf(run, 'retry')?.key, 'a')
  t.equal(orderOf({ ...run, orders: [] }, 'retry'), undefined)
  t.strictSame(keys(obey(run, orders[0]!)), ['b', 'c'])
  t.strictSame(keys(withoutRetries(run)), ['b'])
  t.end()
})

t.test('a merge is followed as soon as its commit is known, in both phases before it', t => {
  const run = aRun('Requested')
  t.match(followMerge(run, { pullRequest: merged }, at(1)), {
    run: { phase: 'Detaching', facts: { mergedAs: merge } },
  })
  const pullRequest = present({ ...mergedState, mergedAs: null })
  t.strictSame(followMerge(run, { pullRequest }, at(1)), stay(run))
  for (const other of [closed, absent, unreachable])
    t.equal(followMerge(run, { pullRequest: other }, at(1)), undefined)
  const answers = [
    decideRequested(run, aLook('Requested', { pullRequest: merged }), at(1)),
    decideProposed(aRun('Proposed'), aLook('Proposed', { pullRequest: merged }), at(1)),
  ]
  for (const { run } of answers) t.equal(run.phase, 'Detaching')
  t.end()
})

t.test('what is delivered once is not delivered again without an order', t => {
  const intent = { effect: { do: 'deliver-secret' }, at: at(0) } as const
  const [begun, look] = [aRun('Delivering', { intent }), aLook('Delivering')]
  t.match(decideDelivering(aRun('Delivering'), look, at(1)).effect, { do: 'deliver-secret' })
  t.match(decideDelivering(begun, look, at(1)), {
    effect: null,
    run: { blocked: { code: 'DELIVERY_UNKNOWN' }, intent },
  })
  const ordered = { ...begun, orders: [order('retry')] }
  t.match(decideDelivering(ordered, look, at(1)), {
    effect: null,
    run: { intent: null, orders: [] },
  })
  const there = aLook('Delivering', { seedSecret: present({ matches: true }) })
  t.match(decideDelivering(begun, there, at(1)), { effect: null, run: { intent: null } })
  t.end()
})

t.test('generating ends with a last word or with its time, and never with silence', t => {
  const decide = (seen: ReturnType<typeof seedGenerator>, seconds = 60) =>
    decideGenerating(aRun('Generating'), aLook('Generating', { seedGenerator: seen }), at(seconds))
      .run
  for (const [seen, seconds, phase] of [
    [absent, 60, 'Generating'],
    [unreachable, 5400, 'Generating'],
    [unreachable, 5401, 'Verifying'],
    [seedGenerator(), 60, 'Generating'],
    [seedGenerator({ progress: 'completed' }), 60, 'Verifying'],
    [seedGenerator({ progress: 'failed' }), 60, 'Verifying'],
  ] as const)
    t.equal(decide(seen, seconds).phase, phase)
  t.equal(decide(seedGenerator({ message: 'step 2' })).facts.lastMessage, 'step 2')
  t.end()
})

t.test('only the registry ends a run well, whatever the Lifecycle Agent said', t => {
  const run = aRun('Verifying', { facts: { lastMessage: 'failed to push' } })
  t.match(decideVerifying(run, aLook('Verifying'), at(1)).run, {
    ...{ phase: 'CleaningUp', outcome: 'Completed', facts: { digest: newImage.digest } },
  })
  const { digest, format, cluster } = newImage
  const untagged = { ...run, request: { ...run.request, image: 'quay.io/ibu/sno1:latest' } }
  for (const [given, imageVersion] of [
    [newImage, newImage.version],
    [{ digest, format, cluster }, null],
  ] as const)
    t.match(decideVerifying(untagged, aLook('Verifying', { image: present(given) }), at(1)).run, {
      ...{ phase: 'CleaningUp', facts: { imageVersion } },
    })
  for (const [seen, code, reason] of [
    [
      present({ ...newImage, cluster: 'sno2' }),
      'IMAGE_NOT_PROVEN',
      /the cluster sno2, not sno1; .* said: failed to push/,
    ],
    [absent, 'IMAGE_NOT_PROVEN', new RegExp(`${image} is not in the registry`)],
    [unreachable, 'REGISTRY_UNREACHABLE', /no answer for .*: unreachable/],
  ] as const)
    t.match(decideVerifying(run, aLook('Verifying', { image: seen }), at(1)), {
      effect: null,
      run: { phase: 'Verifying', blocked: { code, reason } },
    })
  t.end()
})

t.test('cleans the seed, then Git, then the access, and ends', t => {
  const access = present({ proven: true, reason: null })
  const secret = present({ matches: true })
  const decide = (look: Parameters<typeof aLook<'CleaningUp'>>[1]) =>
    decideCleaningUp(aRun('CleaningUp'), aLook('CleaningUp', { access, ...look }), at(1))
  for (const [look, effect] of [
    [
      { seedGenerator: seedGenerator({ progress: 'completed' }), seedSecret: secret },
      'delete-seed-generator',
    ],
    [{ seedSecret: secret }, 'delete-secret'],
    [{ record: absent }, 'commit-record'],
    [{}, 'delete-access'],
  ] as const)
    t.equal(decide(look).effect?.do, effect)
  t.match(decide({ access: absent }), { effect: null, run: { phase: 'Completed' } })
  t.end()
})

t.test('a pull request is about its run under way, else about its first ended one', t => {
  const of = (name: string, pullRequest: number, phase: Run['phase']): Run => ({
    ...aRun('Requested'),
    name,
    phase,
    request: { ...aRun('Requested').request, pullRequest },
  })
  const [ended, active, other] = [
    of('a', 7, 'Failed'),
    of('b', 7, 'Detaching'),
    of('c', 8, 'Proposed'),
  ]
  t.equal(runOf([ended, active, other], 7), active)
  t.equal(runOf([ended, other], 7), ended)
  t.equal(runOf([other], 7), undefined)
  t.end()
})
