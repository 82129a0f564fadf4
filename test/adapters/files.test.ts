import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileConfirmations } from '../../src/adapters/files/file-inbox.ts'
import t from 'tap'
import { fileAttempts } from '../../src/adapters/files/file-attempts.ts'
import {
  eventsAside,
  fileBookmark,
  fileInbox,
  readWaiting,
} from '../../src/adapters/files/file-inbox.ts'
import { fileRunStore } from '../../src/adapters/files/file-run-store.ts'
import { RefusedError } from '../../src/errors.ts'
import type { Incoming, Waiting } from '../../src/operations/ports/inbox.ts'
import './files/read.ts'
import './files/lock.ts'
import './files/write.ts'
import { raceForVersions } from '../support/race-for-versions.ts'
import { goesOn, storedRuns } from '../support/run/goes-on.ts'
import { aRun, at } from '../support/run/run-scene.ts'
import { keepsToContract } from '../support/run/run-store-contract.ts'

void t.test('files keep runs', t =>
  keepsToContract(t, async t => {
    const directory = t.testdir()
    return () => fileRunStore(directory)
  }),
)

t.test('a run that an earlier version has begun goes on to its end', async t => {
  for (const [file, run] of Object.entries(storedRuns).filter(([, run]) => !('kind' in run))) {
    const directory = t.testdir({ 'sno1.json': JSON.stringify(run) })
    const outcome = file.includes('cancelled') ? 'Cancelled' : 'Completed'
    t.match(await goesOn(fileRunStore(directory)), { name: 'sno1', phase: outcome }, file)
  }
})

t.test('a process that died while it wrote leaves the old run or the new one', async t => {
  const half = '{"name":"sno1","version":"2"'
  const directory = t.testdir({ '.sno1.0b5c': half, '.sno2.json': half, 'notes.txt': 'x' })
  const store = fileRunStore(directory)
  await store.create(aRun('Requested'))
  t.match(await store.list(), [{ name: 'sno1', phase: 'Requested' }])
  const replaced = await store.replace({ ...(await store.get('sno1'))!, phase: 'Proposed' })
  t.strictSame(await store.list(), [replaced])
  t.equal(readFileSync(join(directory, '.sno1.0b5c'), 'utf8'), half, 'it is left alone')
  const own = readdirSync(directory).filter(file => !['.sno1.0b5c', '.sno2.json'].includes(file))
  t.strictSame(own.sort(), ['notes.txt', 'sno1.json'], 'and nothing new is left over')
})

t.test('a lock that is held refuses, one of a dead process does not', async t => {
  const directory = t.testdir()
  const store = fileRunStore(directory)
  await store.create(aRun('Requested'))
  const run = (await store.get('sno1'))!
  const lock = join(directory, '.sno1.lock')
  writeFileSync(lock, '')
  await t.rejects(store.replace(run), { code: 'RUN_CHANGED' })
  t.strictSame(await store.get('sno1'), run)
  const before = new Date(Date.now() - 61_000)
  utimesSync(lock, before, before)
  const replaced = await store.replace({ ...run, phase: 'Proposed' })
  t.equal(replaced.phase, 'Proposed')
  await store.replace(replaced)
  t.notOk(readdirSync(directory).includes('.sno1.lock'), 'it is given back')
})

t.test('of four processes that race for a version past dead locks one wins, each time', async t => {
  const won = await raceForVersions(t, { processes: 4, rounds: 60 })
  t.strictSame(
    won.filter(count => count !== 1),
    [],
  )
})

t.test('what is no run of this version is refused and not guessed', async t => {
  const run = { ...aRun('Requested'), version: '1' }
  for (const wrong of [
    { ...run, phase: 'Baking' },
    { ...run, surprise: 1 },
    { ...run, intent: { effect: { do: 'format-disk' }, at: at(0) } },
    null,
  ]) {
    const told: string[] = []
    const other = { ...run, name: 'sno2' }
    const files = { 'sno1.json': JSON.stringify(wrong), 'sno2.json': JSON.stringify(other) }
    const store = fileRunStore(t.testdir(files), name => told.push(name))
    await t.rejects(store.get('sno1'), { constructor: RefusedError, code: 'RUN_UNREADABLE' })
    t.strictSame(await store.list(), [other], 'the other runs go on')
    t.strictSame(told, ['sno1'])
    t.equal(await store.create(run), false, 'its cluster stays locked')
  }
})

t.test('a directory that cannot be used is an error, not an empty store', async t => {
  const store = fileRunStore(t.testdir({ 'sno1.json': {} }))
  await t.rejects(store.get('sno1'), { code: 'EISDIR' } as Partial<Error> as Error)
})

const event = (number: number): Incoming => ({
  kind: 'comment',
  key: `#7/comment/${number}`,
  pullRequest: 7,
  sender: 'alice',
  commentId: number,
  body: `/seed detach sno1\n/seed retry ${number}`,
})
const keys = (events: readonly Incoming[]): readonly string[] => events.map(({ key }) => key)
/** Events without the time of their arrival. */
const unseen = (events: readonly Waiting[]): readonly Waiting[] =>
  events.map(({ seen, ...event }) => {
    // A file that something else has put there says nothing of its arrival.
    if (seen !== undefined) t.match(seen, /^\d{4}-\d\d-\d\dT/)
    return event
  })

t.test('events wait in the order of arrival and survive a restart', async t => {
  const directory = t.testdir()
  const label: Incoming = { kind: 'label', key: 'l', pullRequest: 7, sender: 'a', headSha: 'b' }
  const wake: Incoming = { kind: 'wake', key: 'w', pullRequest: 7, sender: 'a' }
  const events = [...Array.from({ length: 12 }, (_, index) => event(12 - index)), label, wake]
  const inbox = fileInbox(directory)
  events.forEach(inbox.put)
  t.strictSame(unseen(inbox.waiting()), events)
  t.strictSame(unseen(fileInbox(directory).waiting()), events)
})

t.test('an event counts once: while it waits, and after it is done', async t => {
  const directory = t.testdir()
  const inbox = fileInbox(directory)
  inbox.put(event(1))
  inbox.put(event(1))
  t.strictSame(keys(inbox.waiting()), ['#7/comment/1'])
  inbox.put(event(2))
  inbox.done(event(1))
  inbox.done(event(1))
  inbox.put(event(1))
  fileInbox(directory).put(event(1))
  t.strictSame(keys(fileInbox(directory).waiting()), ['#7/comment/2'])
})

t.test('a run that 0.1.0 has kept has pushed what nobody wrote down', async t => {
  const { pushedAs, ...facts } = aRun('Proposed').facts
  t.equal(pushedAs, null)
  const runs = { 'sno1.json': JSON.stringify({ ...aRun('Proposed'), facts }) }
  const stored = await fileRunStore(t.testdir(runs)).get('sno1')
  t.strictSame(stored, aRun('Proposed'))
})

t.test('a comment that 0.1.0 has kept is read in its commands', t => {
  const { body, ...rest } = { ...event(1), body: '/seed detach sno1\n/seed retry\n/seed' }
  const commands = [
    { verb: 'detach', cluster: 'sno1' },
    { verb: 'retry' },
    { verb: 'unknown', problem: 'there is no such command' },
  ]
  const waiting = { 'x.json': JSON.stringify({ ...rest, commands }) }
  t.strictSame(unseen(fileInbox(t.testdir({ waiting })).waiting()), [{ ...rest, body }])
  t.end()
})

t.test('an event that has to wait keeps its place, with the time of the next try', t => {
  const directory = t.testdir()
  const inbox = fileInbox(directory)
  const [first, second] = [
    { at: '2026-11-22T10:00:00Z', reason: 'a limit' },
    { at: '2026-11-22T10:01:00Z', reason: 'silence' },
  ]
  t.strictSame(readWaiting(join(directory, 'none')), [])
  inbox.put(event(1))
  inbox.put(event(2))
  inbox.postpone(event(1), first)
  const waiting = [{ ...event(1), retry: first }, event(2)]
  t.strictSame(
    [unseen(inbox.waiting()), unseen(fileInbox(directory).waiting())],
    [waiting, waiting],
  )
  inbox.postpone({ ...event(1), ...{ retry: first } }, second)
  writeFileSync(join(directory, 'waiting', '000000000000000-000000-x.json'), '')
  t.strictSame(unseen(readWaiting(directory)), [{ ...event(1), retry: second }, event(2)])
  t.equal(readdirSync(join(directory, 'waiting')).length, 3, 'which changes nothing')
  inbox.done(event(1))
  inbox.put(event(1))
  t.strictSame(unseen(readWaiting(directory)), [event(2)])
  t.end()
})

t.test('an event that was half written is not there', async t => {
  const directory = t.testdir()
  const inbox = fileInbox(directory)
  writeFileSync(join(directory, '000000000000001-000001-x.json'), '{"kind":"com')
  inbox.put(event(1))
  t.strictSame(keys(inbox.waiting()), ['#7/comment/1'])
})

t.test('keys are names of files only as hashes', async t => {
  const directory = t.testdir()
  const inbox = fileInbox(directory)
  const hostile = { ...event(1), key: '../../../x\0/y' }
  inbox.put(hostile)
  t.strictSame(unseen(inbox.waiting()), [hostile])
  t.strictSame(readdirSync(directory).sort(), ['broken', 'done', 'waiting'])
})

t.test('a damaged event is put aside, and the others are read', async t => {
  const directory = t.testdir()
  const inbox = fileInbox(directory)
  inbox.put(event(1))
  writeFileSync(join(directory, 'waiting', '000000000000000-000000-x.json'), '')
  t.strictSame(unseen(inbox.waiting()), [event(1)])
  t.equal(readdirSync(join(directory, 'broken')).length, 1)
  t.strictSame(unseen(inbox.waiting()), [event(1)])
})

t.test('an event that is set aside waits no more, and counts no second time', async t => {
  const directory = t.testdir()
  const inbox = fileInbox(directory)
  t.strictSame(eventsAside(directory), [])
  inbox.put(event(1))
  inbox.put(event(2))
  inbox.setAside(event(1))
  inbox.put(event(1))
  t.strictSame(keys(inbox.waiting()), ['#7/comment/2'])
  t.strictSame(eventsAside(directory), [event(1)])
})

t.test('attempts are counted until one comes to its end, also across a restart', t => {
  const directory = t.testdir()
  const begin = (): boolean => fileAttempts(directory).begin('event 1')
  t.strictSame([begin(), begin(), begin(), begin()], [true, true, false, false])
  t.ok(fileAttempts(directory).begin('event 2'))
  fileAttempts(directory).end('event 1')
  t.strictSame([begin(), begin(), begin()], [true, true, false])
  const at = (step: string): boolean => fileAttempts(directory).begin('event 1', step)
  t.strictSame(
    ['one', 'two', 'one', 'two', 'one', 'two', 'three'].map(at),
    [true, true, true, true, false, false, true],
    'each step is counted for itself, also where others come in between',
  )
  const afterDoing = (done: string): boolean => {
    fileAttempts(directory).gotFurther('event 1', done)
    return at('one')
  }
  t.strictSame(
    ['that', 'this', 'this', 'that', 'this', 'that'].map(afterDoing),
    [true, true, true, true, false, false],
    'what does the same again and again gets no further',
  )
  for (const file of readdirSync(directory)) writeFileSync(join(directory, file), '{"what"')
  t.ok(begin(), 'a damaged count is none')
  t.end()
})

t.test('an event that cannot be kept is an error, so that GitHub hears no "accepted"', async t => {
  const directory = t.testdir()
  const inbox = fileInbox(directory)
  rmSync(join(directory, 'waiting'), { recursive: true })
  t.throws(() => {
    inbox.put(event(1))
  })
})

t.test('a bookmark is kept, and one that is none is not believed', t => {
  const file = join(t.testdir(), 'news')
  const bookmark = fileBookmark(file)
  t.equal(bookmark.read(), null)
  bookmark.write('2026-11-22T10:00:00Z')
  t.equal(fileBookmark(file).read(), '2026-11-22T10:00:00Z')
  writeFileSync(file, 'yesterday')
  t.equal(bookmark.read(), null)
  t.end()
})

t.test('an event gets the key that it is known by, once', t => {
  const directory = t.testdir()
  const inbox = fileInbox(directory)
  const [one, other] = [event(1), event(2)]
  inbox.put(one)
  inbox.put(other)
  t.ok(inbox.rename(one, 'known'))
  t.strictSame(keys(inbox.waiting()), ['known', other.key], 'at its place')
  t.ok(inbox.rename(other, 'known'), 'the last that was heard of stands')
  t.strictSame(keys(inbox.waiting()), ['known'])
  t.match(inbox.waiting(), [{ commentId: 2 }])
  inbox.done({ ...other, key: 'known' })
  inbox.put(event(3))
  t.notOk(inbox.rename(event(3), 'known'), 'dealt with')
  for (const again of [one, other, event(3)]) inbox.put(again)
  t.strictSame(inbox.waiting(), [])
  t.end()
})

t.test(
  'confirmations are kept, the newest where there are many, and a damaged file holds none',
  t => {
    const file = join(t.testdir(), 'reattach')
    const confirmations = fileConfirmations(file)
    t.strictSame(confirmations.list(), [])
    const word = { pullRequest: 7, cluster: 'sno1', headSha: 'a'.repeat(40), by: 'alice' }
    const many = Array.from({ length: 1000 }, (_, index) => ({ ...word, key: String(index) }))
    writeFileSync(file, JSON.stringify(many))
    confirmations.add({ ...word, key: 'last' })
    const kept = fileConfirmations(file).list()
    t.strictSame([kept.length, kept[0]?.key, kept.at(-1)?.key], [1000, '1', 'last'])
    writeFileSync(file, '[{}]')
    t.strictSame(confirmations.list(), [])
    t.end()
  },
)
