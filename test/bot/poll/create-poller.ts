import t from 'tap'
import { createPoller } from '../../../src/bot/poll/create-poller.ts'
import { unknown } from '../../../src/core/seen.ts'
import { UnavailableError } from '../../../src/errors.ts'
import type { Happening, Incoming } from '../../../src/operations/ports/inbox.ts'
import { fakeWorld, openPullRequest } from '../../support/fake-world.ts'

const alice = { login: 'alice', type: 'User' }
const comment = (id: number, at: string, change: object = {}): Happening => ({
  ...{ what: 'comment', id, by: alice, body: '/seed status', pullRequest: 7, at },
  ...{ editedAt: null, isAnswered: false, ...change },
})

/** A poller on a fake GitHub at 10:00, and what it asked for and accepted. */
const scene = (readTo: string | null = '2026-11-22T09:00:00Z') => {
  const world = fakeWorld()
  const happenings: Happening[] = []
  const asked: string[] = []
  const accepted: Incoming[] = []
  const marks: string[] = []
  const told: string[] = []
  const inbox = new Set<string>()
  const faults: { since: (() => never) | null } = { since: null }
  const tell = (_: object, message: string): void => void told.push(message)
  const poller = createPoller({
    feed: {
      since: async at => {
        asked.push(at)
        faults.since?.()
        return happenings
      },
    },
    bookmark: { read: () => readTo, write: at => void marks.push(at) },
    forge: world.ports.forge,
    repository: 'example/site',
    interval: 30_000,
    accept: event => void accepted.push(event),
    knows: key => inbox.has(key),
    log: { debug: () => undefined, info: tell, warn: tell },
    now: world.now,
  })
  const keys = () => accepted.map(({ key }) => key)
  return { world, happenings, asked, accepted, marks, told, faults, inbox, poller, keys }
}

t.test('looks again from where it was, with an overlap, and at no more than that', async t => {
  const { world, happenings, asked, marks, poller, keys } = scene()
  happenings.push(comment(1, '2026-11-22T09:59:50Z'))
  await poller.look()
  await poller.look()
  t.equal(asked.length, 1, 'not before its time')
  t.equal(poller.dueAt(), world.now().getTime() + 30_000)
  world.tick(30)
  await poller.look()
  world.tick(30)
  await poller.look()
  t.strictSame(asked.slice(1), ['2026-11-22T09:57:50Z', '2026-11-22T09:57:50Z'], 'one question')
  t.strictSame(marks, ['2026-11-22T09:59:50Z'])
  t.strictSame(keys(), ['#7/comment/1'], 'and each once')
})

t.test(
  'goes back at the start to where it ended, and once an hour over the whole hour',
  async t => {
    const { world, asked, poller } = scene('2026-11-20T09:00:00Z')
    await poller.look()
    t.strictSame(asked, ['2026-11-20T08:58:00Z'])
    world.tick(1800)
    await poller.look()
    t.equal(asked[1], '2026-11-20T08:58:00Z')
    const other = scene('2026-11-22T10:00:00Z')
    await other.poller.look()
    t.strictSame(
      other.asked,
      ['2026-11-22T08:58:00Z'],
      'also what was written before the last look',
    )
    other.world.tick(3599)
    await other.poller.look()
    other.world.tick(31)
    await other.poller.look()
    t.strictSame(other.asked.slice(1), ['2026-11-22T09:58:00Z', '2026-11-22T09:58:00Z'])
  },
)

t.test('a clock that was ahead, and is put back, keeps no look from being due', async t => {
  const { world, asked, poller } = scene()
  world.tick(86_400)
  await poller.look()
  world.tick(-86_400)
  await poller.look()
  await poller.look()
  t.equal(asked.length, 2)
})

t.test('a start that knows of no look before it leaves out what was answered', async t => {
  const { happenings, asked, poller, keys, told } = scene(null)
  happenings.push(comment(1, '2026-11-22T09:40:00Z', { isAnswered: true }))
  happenings.push(comment(2, '2026-11-22T09:41:00Z'))
  await poller.look()
  t.strictSame(asked, ['2026-11-22T08:58:00Z'])
  t.strictSame(keys(), ['#7/comment/2'])
  t.match(told, [/^took a comment from before the start for answered/])
})

t.test(
  'a comment that counted is not read again where something else in it is changed',
  async t => {
    const { world, happenings, accepted, poller, inbox, keys } = scene()
    const [at, editedAt] = ['2026-11-22T09:59:50Z', '2026-11-22T09:59:55Z']
    const edited = (body: string) => [comment(1, at, { body, editedAt })]
    happenings.push(comment(1, at, { body: '/seed retry\n\nthx' }))
    const lookAt = async (found: readonly Happening[]): Promise<void> => {
      happenings.splice(0, 9, ...found)
      world.tick(30)
      await poller.look()
    }
    await poller.look()
    await lookAt(edited('/seed retry\n\nthank you'))
    t.strictSame(keys(), ['#7/comment/1'])
    await lookAt(edited('/seed abort\n\nthank you'))
    t.match(accepted.slice(1), [{ key: `#7/comment/1/edited/${editedAt}`, unread: 'edited' }])
    inbox.add('#7/comment/2')
    await lookAt([comment(2, at, { editedAt }), comment(3, at, { editedAt })])
    t.match(accepted.slice(2), [{ key: `#7/comment/3/edited/${editedAt}` }], 'nor after a start')
  },
)

t.test('a review that is found late may have been changed, and is not obeyed', async t => {
  const { happenings, accepted, poller } = scene()
  const review = (id: number, at: string): Happening => ({
    ...{ what: 'review', id, by: alice, body: '/seed retry', state: 'commented', pullRequest: 7 },
    ...{ headSha: 'a'.repeat(40), at },
  })
  happenings.push(review(1, '2026-11-22T09:57:59Z'), review(2, '2026-11-22T09:59:00Z'))
  await poller.look()
  t.match(accepted, [
    { key: '#7/review/1', unread: 'edited' },
    { key: '#7/review/2', unread: undefined },
  ])
})

t.test('a label is bound to the head that is there, and to who set it', async t => {
  const { world, happenings, accepted, poller, told } = scene()
  const headSha = openPullRequest(world, 7)
  openPullRequest(world, 8, { state: 'closed' })
  for (const pullRequest of [7, 8])
    happenings.push({
      ...{ what: 'label', id: pullRequest, by: alice, label: 'seed', pullRequest },
      at: '2026-11-22T10:04:00Z',
    })
  world.faults.set('forge.pullRequest', () => unknown('unreachable', '2026-11-22T10:05:00Z'))
  await poller.look()
  t.strictSame(accepted, [], 'without an answer it is found again')
  t.match(told, ['could not look for news on GitHub'])
  t.equal(poller.dueAt(), Date.UTC(2026, 10, 22, 10, 5), 'when GitHub is asked again')
  world.faults.clear()
  world.tick(300)
  await poller.look()
  t.match(accepted, [{ kind: 'label', key: '#7/label/7', sender: 'alice', headSha }])
  t.equal(accepted.length, 1, 'a closed one asks for nothing')
})

t.test('what is found late is bound to no head, and a description then is not obeyed', async t => {
  const { world, happenings, accepted, poller } = scene()
  const sha = openPullRequest(world, 7)
  const opened = (pullRequest: number, at: string, headSha = sha): Happening => ({
    ...{ what: 'opened', by: alice, body: '/seed detach sno1', headSha, pullRequest, at },
  })
  const [late, now] = ['2026-11-22T09:57:59Z', '2026-11-22T09:59:00Z']
  happenings.push({ what: 'label', id: 1, by: alice, label: 'seed', pullRequest: 7, at: late })
  happenings.push(opened(7, late), opened(8, now), opened(9, now, ''))
  await poller.look()
  t.match(accepted, [
    { kind: 'label', headSha: '' },
    { kind: 'comment', pullRequest: 7, unread: 'edited' },
    { kind: 'comment', pullRequest: 8, key: '#8/description', headSha: sha, unread: undefined },
    { kind: 'comment', pullRequest: 9, key: '#9/description', unread: 'edited' },
  ])
})

t.test('what bots write is nothing, and a limit is waited for', async t => {
  const { world, happenings, accepted, poller, faults } = scene()
  const retryAt = '2026-11-22T10:15:00.000Z'
  faults.since = () => {
    throw new UnavailableError('GITHUB_FAILED', 'looking for news: a limit', { retryAt })
  }
  await poller.look()
  t.equal(poller.dueAt(), Date.parse(retryAt))
  faults.since = null
  happenings.push(comment(1, '2026-11-22T09:59:00Z', { by: { login: 'x[bot]', type: 'Bot' } }))
  world.tick(900)
  await poller.look()
  t.strictSame(accepted, [])
})
