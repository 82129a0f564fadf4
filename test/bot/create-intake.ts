import t, { type Test } from 'tap'
import { join } from 'node:path'
import { fileAttempts } from '../../src/adapters/files/file-attempts.ts'
import { fileInbox } from '../../src/adapters/files/file-inbox.ts'
import { createIntake } from '../../src/bot/create-intake.ts'
import { createProjection } from '../../src/bot/projection.ts'
import { unknown } from '../../src/core/seen.ts'
import { FailedError, UnavailableError } from '../../src/errors.ts'
import type { Incoming } from '../../src/operations/ports/inbox.ts'
import { askInSeven, fakeWorld, openPullRequest, type FakeWorld } from '../support/fake-world.ts'

const start = (t: Test, world: FakeWorld, directory = t.testdir()) => {
  const told: [object, string][] = []
  const tell = (fields: object, message: string): void => void told.push([fields, message])
  const inbox = fileInbox(directory)
  const log = { debug: () => undefined, info: tell, warn: tell }
  const projection = createProjection(world.ports.forge, () => undefined)
  const attempts = fileAttempts(join(directory, 'attempts'))
  const context = world.start()
  return { told, inbox, intake: createIntake({ context, inbox, attempts, log, projection }) }
}
const said = (id: number, verb: 'retry' | 'abort', pullRequest = 7): Incoming => ({
  ...{ kind: 'comment', key: `#${pullRequest}/comment/${id}`, commentId: id, sender: 'root' },
  ...{ pullRequest, body: `/seed ${verb}` },
})
const orders = (world: FakeWorld) => world.runs.get('sno1')?.orders.map(({ verb }) => verb)

t.test('an order that GitHub keeps waiting is kept, in order, also by a new process', async t => {
  const world = fakeWorld()
  await askInSeven(world)
  const retryAt = new Date(world.now().getTime() + 90_000).toISOString()
  const reason = `reading the permission of root: a rate limit; next try at ${retryAt}`
  let asked = 0
  world.faults.set('forge.permission', () => {
    asked += 1
    throw new UnavailableError('GITHUB_FAILED', reason, { retryAt })
  })
  const directory = t.testdir()
  const { intake, inbox, told } = start(t, world, directory)
  inbox.put(said(1, 'retry'))
  inbox.put(said(2, 'abort'))
  await intake.take()
  t.equal(intake.retryAt(), Date.parse(retryAt))
  t.match(inbox.waiting(), [
    { ...said(1, 'retry'), retry: { at: retryAt, reason } },
    said(2, 'abort'),
  ])
  t.match(told, [[{ event: '#7/comment/1', reason, retryAt }, 'could not take in an event']])
  world.faults.clear()
  const again = start(t, world, directory)
  t.equal(await again.intake.take(), false)
  t.equal(again.intake.retryAt(), Date.parse(retryAt), 'before its time nothing is asked')
  t.strictSame([asked, orders(world)], [1, []])
  world.tick(90)
  t.equal(await again.intake.take(), true)
  t.equal(again.intake.retryAt(), null)
  t.strictSame([orders(world), inbox.waiting()], [['retry', 'abort'], []])
})

t.test(
  'an order that a clock which was ahead has put off is taken once it is put back',
  async t => {
    const world = fakeWorld()
    await askInSeven(world)
    world.tick(86_400)
    const retryAt = new Date(world.now().getTime() + 90_000).toISOString()
    world.faults.set('forge.permission', () => {
      throw new UnavailableError('GITHUB_FAILED', 'a rate limit', { retryAt })
    })
    const { intake, inbox } = start(t, world)
    inbox.put(said(1, 'retry'))
    await intake.take()
    world.faults.clear()
    t.equal(await intake.take(), false)
    world.tick(-86_400)
    t.equal(await intake.take(), true)
    t.strictSame([orders(world), inbox.waiting()], [['retry'], []])
  },
)

t.test('a limit on one pull request does not hold up what can be taken in', async t => {
  const world = fakeWorld()
  await askInSeven(world)
  const retryAt = new Date(world.now().getTime() + 90_000).toISOString()
  world.faults.set('forge.pullRequest', async () => unknown('forbidden', retryAt))
  const { intake, inbox } = start(t, world)
  inbox.put({ kind: 'label', key: 'l', pullRequest: 8, sender: 'root', headSha: 'a' })
  inbox.put(said(1, 'retry'))
  await intake.take()
  t.equal(intake.retryAt(), Date.parse(retryAt))
  t.strictSame(orders(world), ['retry'])
  t.match(inbox.waiting(), [
    {
      key: 'l',
      retry: {
        reason: `reading #8: GitHub does not let the bot's token read it; next try at ${retryAt}`,
      },
    },
  ])
})

t.test('a definite no ends an order, and the person who asked hears of it', async t => {
  const world = fakeWorld()
  openPullRequest(world, 7)
  world.faults.set('forge.permission', () => {
    throw new FailedError('GITHUB_FAILED', 'reading the permission: GitHub answered 403', {
      fix: 'give the token the right',
    })
  })
  const reactions: unknown[] = []
  world.faults.set('forge.react', given => void reactions.push(given))
  const { intake, inbox } = start(t, world)
  inbox.put(said(1, 'retry'))
  await intake.take()
  await intake.settled()
  t.strictSame(inbox.waiting(), [])
  t.match(
    [...world.comments.values()],
    [
      /\*\*Refused\*\* \(`GITHUB_FAILED`\): reading the permission: GitHub answered 403\. give the token/,
    ],
  )
  t.strictSame(reactions, [{ id: 1, content: 'confused' }])
})

t.test('an answer that cannot be written is written later, unless a newer one was', async t => {
  const world = fakeWorld()
  const retryAt = new Date(world.now().getTime() + 90_000).toISOString()
  let tries = 0
  world.faults.set('forge.upsertComment', () => {
    tries += 1
    throw new UnavailableError('GITHUB_FAILED', 'writing the report: a rate limit', { retryAt })
  })
  const { intake, inbox, told } = start(t, world)
  inbox.put(said(1, 'retry'))
  inbox.put(said(2, 'abort'))
  inbox.put(said(3, 'abort', 8))
  const turn = async (): Promise<void> => {
    await intake.take()
    await intake.settled()
  }
  await turn()
  await turn()
  t.equal(tries, 3, 'not before its time')
  t.equal(intake.retryAt(), Date.parse(retryAt), 'the loop comes back for it')
  t.equal(told.filter(([, message]) => message === 'could not answer an event').length, 3)
  world.faults.clear()
  world.tick(90)
  await turn()
  t.match(
    [...world.comments],
    [
      ['#7 <!-- sower:answer -->', /abort was asked for/],
      ['#8 <!-- sower:answer -->', /abort was asked for/],
    ],
  )
  t.equal(intake.retryAt(), null)
  world.comments.clear()
  await turn()
  t.equal(world.comments.size, 0, 'once')
})

t.test('an answer that GitHub refuses is given up', async t => {
  const world = fakeWorld()
  world.faults.set('forge.upsertComment', () => {
    throw new FailedError('GITHUB_FAILED', 'writing the report: GitHub answered 403')
  })
  const { intake, inbox, told } = start(t, world)
  inbox.put(said(1, 'retry'))
  await intake.take()
  await intake.settled()
  await intake.take()
  await intake.settled()
  t.equal(told.filter(([, message]) => message === 'could not answer an event').length, 1)
})
