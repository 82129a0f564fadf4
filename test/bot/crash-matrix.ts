import t from 'tap'
import { playOnFakes, whole } from '../support/run/play-on-fakes.ts'

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
