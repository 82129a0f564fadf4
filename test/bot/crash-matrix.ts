import t from 'tap'
import { unknown } from '../../src/core/seen.ts'
import type { KubernetesObject } from '../../src/operations/ports/cluster.ts'
import {
  playOnFakes,
  whole,
  wholeByPullRequest,
  withOpenRecord,
  type Trouble,
} from '../support/run/play-on-fakes.ts'

t.test('a run on the hub ends the same when the bot dies after each effect', async t => {
  // The intent and the effect: one that always dies between the two gets nowhere.
  const { left, ends } = await playOnFakes(t, { fateOf: () => ({ diesAfter: 2 }) })
  t.strictSame(left, whole)
  for (const what of ['hub.putSecret', 'repository.push', 'seed.create', 'forge.upsertComment'])
    t.ok(ends.includes(what), `it died after ${what}`)
})

t.test('a run on the hub ends the same, after whichever one write the bot dies', async t => {
  const { left, writes } = await playOnFakes(t)
  t.strictSame(left, whole, 'nobody dies')
  const isWhole = process.env['SOWER_PROPERTY_RUNS'] === 'full'
  for (let after = 1; after <= writes.length; after += isWhole ? 1 : 9) {
    const { left, ends } = await playOnFakes(t, {
      fateOf: number => (number === 1 ? { diesAfter: after } : {}),
    })
    t.strictSame(left, whole, `dies after write ${after}, ${ends.join()}`)
    t.equal(ends.length, 1)
  }
})

t.test('of two bots one of which is frozen past its lease, nothing is made twice', async t => {
  const { writes } = await playOnFakes(t)
  const isWhole = process.env['SOWER_PROPERTY_RUNS'] === 'full'
  for (let at = 1; at <= writes.length; at += isWhole ? 3 : 9) {
    const { left, ends } = await playOnFakes(t, {
      fateOf: number => (number === 1 ? { freezesAt: at } : {}),
    })
    t.strictSame(left, whole, `freezes at write ${at}, ${ends.join()}`)
    t.equal(ends.length, 1)
  }
})

/** A Lifecycle Agent that takes its objects away and brings them back ten turns later; its API is gone meanwhile. */
const imaging = (): Pick<Trouble, 'before' | 'mayRetry'> => {
  const hidden: KubernetesObject[] = []
  let from = Infinity
  const isOurs = ({ kind, metadata }: KubernetesObject): boolean =>
    kind === 'SeedGenerator' || (kind === 'Secret' && metadata.name === 'seedgen')
  return {
    // A person who looks for the imager first, as the run says.
    mayRetry: () => hidden.length === 0,
    before: (turn, { seed, faults }) => {
      const taken = seed.find('SeedGenerator')
      if (from === Infinity && taken) {
        from = turn
        hidden.push(...[...seed.objects.values()].filter(isOurs))
        for (const [key, object] of seed.objects) if (isOurs(object)) seed.objects.delete(key)
      }
      if (turn === from + 2) faults.set('seed', async () => unknown('unreachable'))
      if (turn === from + 8) faults.delete('seed')
      if (turn !== from + 10) return
      for (const { metadata, ...object } of hidden.splice(0))
        seed.add({ ...object, metadata }, metadata.namespace)
    },
  }
}

t.test('nothing is created twice while the image is made, whenever the bot is killed', async t => {
  const { left, ends } = await playOnFakes(t, { ...imaging(), restarts: true })
  t.strictSame(left, whole, 'killed between any two looks')
  t.strictSame(ends, [])
  const peace = await playOnFakes(t, imaging())
  t.strictSame(peace.left, whole)
  const applied = peace.writes.lastIndexOf('seed.create') + 1
  const isWhole = process.env['SOWER_PROPERTY_RUNS'] === 'full'
  for (let after = applied - 1; after < applied + 8; after += isWhole ? 2 : 5) {
    const { left } = await playOnFakes(t, {
      ...{ ...imaging(), fateOf: number => (number === 1 ? { diesAfter: after } : {}) },
    })
    t.strictSame(left, whole, `dies after write ${after}: ${peace.writes[after - 1]}`)
  }
})

for (const [who, settings, opening] of [
  ['a person merges', 'commit: pull-request\n', 'pulls.create'],
  ['Sower merges', 'commit: pull-request\nmerge: sower\n', 'pulls.merge'],
] as const)
  t.test(
    `each own pull request is opened once where the bot dies after any write, and ${who}`,
    async t => {
      const { left, writes } = await playOnFakes(t, { settings })
      t.strictSame(left, wholeByPullRequest, 'nobody dies')
      t.equal(writes.filter(write => write === opening).length, 3)
      const isWhole = process.env['SOWER_PROPERTY_RUNS'] === 'full'
      const steps = writes.flatMap((write, index) =>
        write === opening || (isWhole && /^pulls|^repository.push/.test(write)) ? [index + 1] : [],
      )
      // Killed before it has kept what it pushed, Sower merges that no more, and the record of the merge is not waited for.
      const first = writes.findIndex(write => write.startsWith('pulls.')) + 1
      const pushed = writes.lastIndexOf('repository.push', first) + 1
      for (const after of steps) {
        const isLeft = who === 'Sower merges' && after >= pushed && after <= first
        const { left, ends } = await playOnFakes(t, {
          ...{ settings, fateOf: number => (number === 1 ? { diesAfter: after } : {}) },
        })
        const wanted = isLeft ? withOpenRecord : wholeByPullRequest
        t.strictSame(left, wanted, `dies after write ${after}, ${ends.join()}`)
        t.equal(ends.length, 1)
      }
    },
  )
