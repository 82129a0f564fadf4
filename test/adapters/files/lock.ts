import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { holdDirectory } from '../../../src/adapters/files/hold-directory.ts'
import { takeLock } from '../../../src/adapters/files/take-lock.ts'

const take = (directory: string) => takeLock({ directory, name: 'x', tries: 2 })

t.test('a lock has one holder, whoever asks, until it is given back', t => {
  const directory = t.testdir()
  const lock = take(directory)
  t.match(take(directory), { pid: process.pid, host: hostname() })
  t.equal(readdirSync(directory).length, 1, 'who gives way leaves nothing')
  t.ok('release' in takeLock({ directory, name: 'x.y', tries: 1 }), 'another name is another lock')
  if ('release' in lock) lock.release()
  t.ok('release' in take(directory))
  t.end()
})

t.test('the lock of a dead process is taken over, also where another has its id now', async t => {
  const directory = t.testdir()
  const lock = take(directory)
  const [mine = ''] = readdirSync(directory)
  if ('release' in lock) lock.release()
  const child = spawn('/bin/true')
  await once(child, 'exit')
  for (const [field, value] of [
    [0, `.x.lock.${child.pid}`],
    [1, '1'],
  ] as const) {
    writeFileSync(join(directory, mine.split('+').with(field, value).join('+')), '')
    const taken = take(directory)
    t.ok('release' in taken)
    t.equal(readdirSync(directory).length, 1, 'the dead one is gone')
    if ('release' in taken) taken.release()
  }
})

t.test('a process that cannot be seen lives for a minute after its last sign', t => {
  const directory = t.testdir()
  const elsewhere = join(directory, '.x.lock.7+1+2+elsewhere+0')
  writeFileSync(elsewhere, '')
  t.strictSame({ ...take(directory) }, { pid: 7, start: '1', namespace: '2', host: 'elsewhere' })
  const before = new Date(Date.now() - 61_000)
  utimesSync(elsewhere, before, before)
  t.ok('release' in take(directory))
  t.end()
})

const hold = (t: Test, directory: string): (() => void) => {
  const giveBack = holdDirectory({ directory, shown: 'data', lost: () => undefined })
  t.teardown(giveBack)
  return giveBack
}

t.test('a directory has one holder, which a second one is told of', t => {
  const directory = join(t.testdir(), 'new', 'data')
  const giveBack = hold(t, directory)
  t.throws(() => hold(t, directory), {
    ...{ name: 'InputError', code: 'DATA_IN_USE', fix: /--data/ },
    message: `using the data directory data: process ${process.pid} on ${hostname()} holds it`,
  })
  giveBack()
  hold(t, directory)()
  t.strictSame(readdirSync(directory), [])
  t.end()
})

t.test('what cannot be a data directory is refused in one sentence', t => {
  const directory = t.testdir({ file: 'text' })
  for (const [name, reason] of [
    ['file', 'it is a file'],
    ['file/below', 'ENOTDIR'],
  ] as const)
    t.throws(() => hold(t, join(directory, name)), {
      ...{ name: 'InputError', code: 'FILE_UNREADABLE' },
      message: `using the data directory data: ${reason}`,
    })
  t.end()
})

t.test('all in a held directory is for its owner alone, whatever the mask', t => {
  const directory = t.testdir({ runs: { 'sno1.json': '{}' }, askpass: '' })
  chmodSync(directory, 0o775)
  chmodSync(join(directory, 'runs'), 0o777)
  chmodSync(join(directory, 'runs', 'sno1.json'), 0o664)
  chmodSync(join(directory, 'askpass'), 0o755)
  const mask = process.umask(0)
  t.teardown(() => process.umask(mask))
  const giveBack = hold(t, directory)
  mkdirSync(join(directory, 'made'))
  writeFileSync(join(directory, 'made', 'file'), '')
  const modes = ['.', 'runs', 'runs/sno1.json', 'askpass', 'made', 'made/file'].map(path =>
    (statSync(join(directory, path)).mode & 0o777).toString(8),
  )
  t.strictSame(modes, ['700', '700', '600', '700', '700', '600'])
  giveBack()
  t.equal(process.umask(mask), 0, 'the mask comes back')
  t.end()
})

t.test('who lost a directory hears of it', async t => {
  const directory = t.testdir()
  const told = new Promise<void>(lost => {
    t.teardown(holdDirectory({ directory, shown: 'data', lost, every: 1 }))
  })
  for (const name of readdirSync(directory)) rmSync(join(directory, name))
  // The signs of life keep no process alive.
  const alive = setInterval(() => undefined, 1_000)
  await told
  clearInterval(alive)
})
