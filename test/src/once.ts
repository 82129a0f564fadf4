import { mock } from 'node:test'
import t from 'tap'
import { RefusedError, UnavailableError } from '../../src/errors.ts'
import { once } from '../../src/once.ts'

/** A cache that counts how often each key was made. */
const counting = () => {
  const cache = new Map<string, Promise<string>>()
  const made: string[] = []
  return {
    cache,
    made,
    get: (key: string, fails?: Error): Promise<string> =>
      once(cache, key, async () => {
        made.push(key)
        if (fails) throw fails
        return `value of ${key}`
      }),
  }
}

t.test('makes a value once, also for those who ask while it is being made', async t => {
  const { made, get } = counting()
  t.strictSame(await Promise.all([get('a'), get('a'), get('b')]), [
    'value of a',
    'value of a',
    'value of b',
  ])
  t.equal(await get('a'), 'value of a')
  t.strictSame(made, ['a', 'b'])
})

t.test('tries again after a failure', async t => {
  const { made, get } = counting()
  await t.rejects(get('a', new UnavailableError('GIT_FAILED', 'asking git: no answer')))
  t.equal(await get('a'), 'value of a')
  t.strictSame(made, ['a', 'a'])
})

t.test('gives a refusal again without asking', async t => {
  const { made, get } = counting()
  const refusal = new RefusedError('RENDER_FAILED', 'rendering site: broken')
  await t.rejects(get('a', refusal), refusal)
  await t.rejects(get('a'), refusal)
  t.strictSame(made, ['a'])
})

t.test('keeps a hundred values, and lets the oldest go', async t => {
  const { cache, made, get } = counting()
  const keys = Array.from({ length: 101 }, (_, index) => `key ${index}`)
  for (const key of keys) await get(key)
  t.equal(cache.size, 100)
  await get('key 100')
  await get('key 1')
  t.strictSame(made, keys, 'these were kept')
  await get('key 0')
  t.strictSame(made, [...keys, 'key 0'], 'this one was not')
})

t.test('a failure that comes late leaves what was made since', async t => {
  const { cache, made, get } = counting()
  let fail: (error: Error) => void = () => undefined
  const late = once(cache, 'a', () => new Promise<string>((_, reject) => (fail = reject)))
  for (let index = 0; index < 100; index += 1) await get(`key ${index}`)
  t.equal(await get('a'), 'value of a')
  fail(new UnavailableError('GIT_FAILED', 'asking git: no answer'))
  await t.rejects(late)
  t.equal(await get('a'), 'value of a')
  t.equal(made.filter(key => key === 'a').length, 1)
})

t.test('a refusal is over after a minute, and takes away itself only', async t => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => {
    mock.timers.reset()
  })
  const { made, get } = counting()
  const refusal = new RefusedError('RENDER_FAILED', 'rendering site: broken')
  await t.rejects(get('a', refusal))
  for (let index = 0; index < 100; index += 1) await get(`key ${index}`)
  await get('a')
  await t.rejects(get('b', refusal))
  mock.timers.tick(60_000)
  await get('a')
  await get('b')
  t.strictSame(
    made.filter(key => key === 'a' || key === 'b'),
    ['a', 'a', 'b', 'b'],
  )
})
