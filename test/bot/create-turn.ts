import { rmSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { fileAttempts } from '../../src/adapters/files/file-attempts.ts'
import { eventsAside, fileInbox } from '../../src/adapters/files/file-inbox.ts'
import { setRunAside } from '../../src/bot/set-run-aside.ts'
import { createTurn } from '../../src/bot/create-turn.ts'
import { FailedError, UnavailableError } from '../../src/errors.ts'
import type { Incoming } from '../../src/operations/ports/inbox.ts'
import { askInSeven, fakeWorld, openPullRequest, type FakeWorld } from '../support/fake-world.ts'

const start = (t: Test, world: FakeWorld, directory = t.testdir()) => {
  const told: string[] = []
  const tell = (_: object, message: string): void => void told.push(message)
  const inbox = fileInbox(join(directory, 'inbox'))
  const attempts = fileAttempts(join(directory, 'attempts'))
  const log = { debug: () => undefined, info: tell, warn: tell }
  const turn = createTurn({ context: world.start(), inbox, attempts, log })
  return { told, inbox, attempts, turn }
}
const asked: Incoming = {
  ...{ kind: 'comment', key: '#7/comment/1', pullRequest: 7, commentId: 1, sender: 'alice' },
  body: '/seed retry',
}

t.test('a turn passes over each run, and says when the first wants another look', async t => {
  const world = fakeWorld()
  await askInSeven(world)
  const { turn, told } = start(t, world)
  const phases: unknown[] = []
  for (let turns = 0; turns < 10 && world.runs.get('sno1')?.phase !== 'Proposed'; turns += 1) {
    await turn.take()
    phases.push(world.runs.get('sno1')?.phase)
  }
  await turn.settled()
  t.equal(phases.at(-1), 'Proposed')
  const wakeAt = await turn.take()
  t.ok((wakeAt ?? 0) > world.now().getTime(), 'later, now that it waits for people')
  t.ok(told.includes('phase') && told.includes('effect done'))
  t.match([...world.comments.values()], [/Proposed/])
  t.equal(await start(t, fakeWorld()).turn.take(), null, 'without runs nothing wants a look')
})

t.test('an event goes out of the inbox when it is taken in or refused, and else stays', async t => {
  for (const [error, left] of [
    [null, 0],
    [new FailedError('GITHUB_FAILED', 'reading the permission: no'), 0],
    [new UnavailableError('GITHUB_FAILED', 'reading the permission: no answer'), 1],
  ] as const) {
    const world = fakeWorld()
    openPullRequest(world, 7)
    if (error)
      world.faults.set('forge.permission', () => {
        throw error
      })
    const { turn, inbox, told } = start(t, world)
    inbox.put(asked)
    await turn.take()
    t.equal(inbox.waiting().length, left, String(error))
    t.strictSame(told, [error ? 'could not take in an event' : 'took in'])
  }
})

t.test('a turn that goes wrong is told of, and the next one comes', async t => {
  const world = fakeWorld()
  await askInSeven(world)
  world.faults.set('runs.list', () => {
    throw new TypeError('a mistake')
  })
  const { turn, told } = start(t, world)
  t.equal(await turn.take(), null)
  t.strictSame(told.splice(0), ['a turn failed'])
  world.faults.clear()
  await turn.take()
  t.notOk(told.includes('a turn failed'))
})

/** As when the process dies at an attempt: nothing after its beginning happens. */
const die = ({ attempts }: ReturnType<typeof start>, what: string, at?: string): void =>
  void attempts.begin(what, at)

t.test(
  'an event at which the bot ended twice is set aside, shown, and taken in no more',
  async t => {
    const world = fakeWorld()
    openPullRequest(world, 7)
    const directory = t.testdir()
    const first = start(t, world, directory)
    first.inbox.put(asked)
    first.inbox.put({ ...asked, key: '#7/comment/2', body: '/seed status' })
    for (let deaths = 0; deaths < 2; deaths += 1)
      die(start(t, world, directory), 'event #7/comment/1')
    const { turn, inbox, told } = start(t, world, directory)
    await turn.take()
    await turn.settled()
    t.strictSame(told, ['set an event aside', 'took in'], 'the other one is taken in')
    t.match([...world.comments.values()].join(), /SET_ASIDE[^]*write a new comment/)
    inbox.put(asked)
    t.strictSame(inbox.waiting(), [], 'a second delivery changes nothing')
    t.match(eventsAside(join(directory, 'inbox')), [{ key: '#7/comment/1' }])
  },
)

t.test('a run at which the bot ended twice waits for a person, and others go on', async t => {
  const world = fakeWorld()
  await askInSeven(world)
  const directory = t.testdir()
  const { request } = world.runs.get('sno1')!
  const what = `run sno1 ${request.key}`
  for (let deaths = 0; deaths < 2; deaths += 1) {
    die(start(t, world, directory), what, 'Requested 1 between effects')
    // It was stored before the process died, which is no step forward.
    world.runs.set('sno1', { ...world.runs.get('sno1')!, version: `stored-${deaths}` })
  }
  const { turn, told } = start(t, world, directory)
  await turn.take()
  await turn.take()
  await turn.settled()
  t.strictSame(told, ['set a run aside'], 'once')
  t.match(world.runs.get('sno1'), { phase: 'Requested', blocked: { code: 'SET_ASIDE' } })
  t.match([...world.comments.values()], [/SET_ASIDE/])

  const order = { key: 'o', verb: 'retry', by: 'alice', at: world.now().toISOString() } as const
  world.runs.set('sno1', { ...world.runs.get('sno1')!, orders: [order] })
  t.equal(await turn.take(), world.now().getTime(), 'a retry lets it go on at once')
  t.match(world.runs.get('sno1'), { blocked: null, orders: { length: 0 } })
  await turn.take()
  t.ok(told.includes('effect done'))
})

t.test('a run that got further between two deaths goes on', async t => {
  const world = fakeWorld()
  await askInSeven(world)
  const directory = t.testdir()
  const what = `run sno1 ${world.runs.get('sno1')!.request.key}`
  for (const done of ['save-access', 'commit-detach', 'refresh', 'record-merge']) {
    const dying = start(t, world, directory)
    die(dying, what, 'Requested 1 between effects')
    dying.attempts.gotFurther(what, done)
  }
  const { turn, told } = start(t, world, directory)
  await turn.take()
  t.notOk(told.includes('set a run aside'))
  t.ok(told.includes('effect done'))
})

t.test('a run that does the same again and again, and ends the process, is set aside', async t => {
  const world = fakeWorld()
  await askInSeven(world)
  const directory = t.testdir()
  const what = `run sno1 ${world.runs.get('sno1')!.request.key}`
  for (let deaths = 0; deaths < 3; deaths += 1) {
    const dying = start(t, world, directory)
    die(dying, what, 'Requested 1 between effects')
    dying.attempts.gotFurther(what, 'refresh')
  }
  const { turn, told } = start(t, world, directory)
  await turn.take()
  t.strictSame(told, ['set a run aside'])
})

t.test('a run that is aside is aborted without a look', async t => {
  const world = fakeWorld()
  await askInSeven(world)
  const order = { key: 'o', verb: 'abort', by: 'alice', at: world.now().toISOString() } as const
  const run = { ...world.runs.get('sno1')!, orders: [order] }
  world.runs.set('sno1', run)
  t.match(await setRunAside(world.start(), run), { run: { phase: 'Cancelled' }, isResumed: true })
})

t.test('a turn that the bot is asked to end counts as no death', async t => {
  const world = fakeWorld()
  const directory = t.testdir()
  for (let ends = 0; ends < 3; ends += 1) {
    const { attempts } = start(t, world, directory)
    t.ok(attempts.begin('event e'))
    attempts.stop()
    t.ok(attempts.begin('event f'))
  }
})

t.test('an inbox that cannot be read does not keep the runs from going on', async t => {
  const world = fakeWorld()
  await askInSeven(world)
  const directory = t.testdir()
  const { turn, told } = start(t, world, directory)
  rmSync(join(directory, 'inbox', 'waiting'), { recursive: true })
  await turn.take()
  await turn.settled()
  t.strictSame(told.slice(0, 2), ['a turn failed', 'effect done'])
})

t.test('where no look is due, runs are passed over only after an order that counts', async t => {
  const world = fakeWorld()
  await askInSeven(world)
  const { turn, inbox } = start(t, world)
  t.ok(turn.concerns(8), 'before the first pass any pull request may be one of a run')
  await turn.take()
  t.strictSame([turn.concerns(7), turn.concerns(8)], [true, false])
  let looks = 0
  world.faults.set('forge.pullRequest', () => void (looks += 1))
  t.equal(await turn.take(false), undefined)
  inbox.put({ ...asked, key: '#7/comment/2', sender: 'mallory' })
  t.equal(await turn.take(false), undefined, 'a stranger moves nothing')
  t.equal(looks, 0)
  inbox.put(asked)
  t.not(await turn.take(false), undefined)
  t.ok(looks > 0)
  await turn.settled()
})

t.test('who gets no answer gets no reaction either', async t => {
  const world = fakeWorld()
  const reactions: unknown[] = []
  world.faults.set('forge.react', given => void reactions.push(given))
  const { turn, inbox } = start(t, world)
  for (let comments = 1; comments <= 5; comments += 1)
    inbox.put({ ...asked, key: `#7/comment/${comments}`, sender: 'mallory' })
  await turn.take()
  t.equal(reactions.length, 3)
  t.strictSame(inbox.waiting(), [])
})
