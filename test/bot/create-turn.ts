import t, { type Test } from 'tap'
import { fileInbox } from '../../src/adapters/files/file-inbox.ts'
import { createTurn } from '../../src/bot/create-turn.ts'
import { FailedError, UnavailableError } from '../../src/errors.ts'
import type { Incoming } from '../../src/operations/ports/inbox.ts'
import { askInSeven, fakeWorld, openPullRequest, type FakeWorld } from '../support/fake-world.ts'

const start = (t: Test, world: FakeWorld) => {
  const told: string[] = []
  const tell = (_: object, message: string): void => void told.push(message)
  const inbox = fileInbox(t.testdir())
  const log = { debug: () => undefined, info: tell, warn: tell }
  return { told, inbox, turn: createTurn({ context: world.start(), inbox, log }) }
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
