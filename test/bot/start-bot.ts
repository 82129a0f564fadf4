import { join } from 'node:path'
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { fileAttempts } from '../../src/adapters/files/file-attempts.ts'
import { fileInbox } from '../../src/adapters/files/file-inbox.ts'
import { saySeldom } from '../../src/bot/say-seldom.ts'
import { startBot, type ToStart } from '../../src/bot/start-bot.ts'
import type { OpenChange, OpenChanges } from '../../src/operations/ports/pull-requests.ts'
import { unknown } from '../../src/core/seen.ts'
import { aRun } from '../support/run/run-scene.ts'
import { InputError, UnavailableError } from '../../src/errors.ts'
import {
  askInSeven,
  fakeWorld,
  openPullRequest,
  requestFile,
  type FakeWorld,
} from '../support/fake-world.ts'

const webhookSecret = 'sixteen letters!'
type Told = readonly [fields: object, message: string]

const optionsFor = (t: Test, world: FakeWorld, told: Told[] = []): ToStart => {
  const tell = (fields: object, message: string): void => {
    told.push([fields, message])
  }
  return {
    context: world.start(),
    inbox: fileInbox(t.testdir()),
    attempts: fileAttempts(join(t.testdirName, 'attempts')),
    webhookSecret,
    host: '127.0.0.1',
    port: 0,
    pollInterval: 5,
    stopping: new AbortController(),
    log: { debug: () => undefined, info: tell, warn: tell },
  }
}
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 5))
}
const deliver = async (address: string, name: string, payload: unknown): Promise<number> => {
  const body = JSON.stringify(payload)
  const signature = createHmac('sha256', webhookSecret).update(body).digest('hex')
  const headers = {
    'content-type': 'application/json',
    'x-github-event': name,
    'x-hub-signature-256': `sha256=${signature}`,
  }
  return (await fetch(`http://${address}/webhook`, { method: 'POST', body, headers })).status
}
const from = (login: string) => ({
  repository: { id: 4711, full_name: 'example/site' },
  sender: { login, type: 'User' },
})
const comment = (body: string, login = 'alice') => ({
  action: 'created',
  issue: { number: 7, pull_request: {} },
  comment: { id: 42, body },
  ...from(login),
})

t.test('does not start with a secret that can be guessed', async t => {
  const webhookSecret = 'my-webhook-secret'
  await t.rejects(startBot({ ...optionsFor(t, fakeWorld()), webhookSecret }), {
    ...{ code: 'WEBHOOK_SECRET_WEAK', exitCode: 2 },
  })
})

t.test(
  'knows its repository by number, also under another name, once GitHub has told it',
  async t => {
    const world = fakeWorld()
    openPullRequest(world, 7)
    openPullRequest(world, 8)
    let asked = 0
    world.faults.set('forge.repositoryId', () => {
      asked += 1
      if (asked === 1)
        throw new UnavailableError('GITHUB_FAILED', 'reading the repository: no answer')
      return undefined
    })
    const told: Told[] = []
    const options = optionsFor(t, world, told)
    const put: string[] = []
    const inbox = { ...options.inbox, put: ({ key }: { key: string }) => void put.push(key) }
    const bot = await startBot({ ...options, inbox })
    await until(() => asked > 1)
    t.match(
      told.filter(([, message]) => /the repository on GitHub/.test(message)),
      [[{ reason: 'reading the repository: no answer' }]],
    )
    const named = (id: number, full_name: string, comment: object) => ({
      ...{ ...comment, repository: { id, full_name } },
    })
    const asks = (id: number) => ({ ...comment('/seed help'), comment: { id, body: '/seed help' } })
    await deliver(bot.address, 'issue_comment', named(4711, 'example/renamed', asks(1)))
    await deliver(bot.address, 'issue_comment', named(4712, 'example/site', asks(2)))
    await deliver(bot.address, 'issue_comment', {
      ...asks(3),
      repository: { full_name: 'example/site' },
    })
    await bot.stop()
    t.strictSame(put, ['#7/comment/1'])
  },
)

t.test('only what concerns a run wakes it before its time', async t => {
  const world = fakeWorld()
  await askInSeven(world)
  let looks = 0
  world.faults.set('runs.list', () => void (looks += 1))
  const bot = await startBot({ ...optionsFor(t, world), pollInterval: 3_600_000 })
  await until(() => [...world.comments.values()].some(body => body.includes('Proposed')))
  const changed = (number: number) => ({
    ...{ action: 'edited', pull_request: { number }, ...from('mallory') },
  })
  const before = looks
  await deliver(bot.address, 'pull_request', changed(8))
  await deliver(bot.address, 'pull_request', changed(7))
  await until(() => looks > before)
  await bot.stop()
})

t.test('a change on the hub wakes its run before its time, and no other run', async t => {
  const world = fakeWorld()
  const options = optionsFor(t, world)
  for (const name of ['sno1', 'sno2'])
    await options.context.ports.runs.create(aRun('Detaching', { name }))
  const observed: string[] = []
  const changes = new Map<string, () => void>()
  const bot = await startBot({
    ...{ ...options, pollInterval: 3_600_000 },
    log: {
      ...options.log,
      debug: fields => void observed.push(String(Reflect.get(fields, 'run'))),
    },
    watchHub: (of, changed, signal) =>
      new Promise(resolve => {
        if (of.plural === 'managedclusters') changes.set(of.name ?? '', changed)
        signal.addEventListener('abort', () => {
          resolve()
        })
      }),
  })
  await until(() => changes.size === 2)
  t.strictSame(observed.slice(0, 2), ['sno1', 'sno2'], 'the look at the start')
  // A look at all runs is one at each in turn: twice the same is a look at that one alone.
  await until(() => {
    changes.get('sno2')?.()
    return observed.join().includes('sno2,sno2')
  })
  await bot.stop()
  t.notMatch(observed.join(), 'sno1,sno1')
})

t.test('checks every pull request, also when a webhook tells of one without a run', async t => {
  const world = fakeWorld()
  const headSha = openPullRequest(world, 8, { files: { 'docs/a.md': 'x' } })
  const said: unknown[] = []
  world.faults.set('forge.setStatus', given => void said.push(given))
  let open: readonly OpenChange[] = []
  const changes: OpenChanges = {
    against: async () => ({
      head: world.repository.branches.get('main') ?? '',
      changes: open,
      groups: [],
    }),
    ...{ files: async () => null, requires: async () => true },
  }
  const options = optionsFor(t, world)
  const context = { ...options.context, now: () => new Date() }
  const bot = await startBot({
    ...{ ...options, context, pollInterval: 3_600_000 },
    checks: { changes, interval: 3_600_000 },
  })
  open = [{ number: 8, branch: 'seed-8', headSha, isFork: false }]
  const opened = { action: 'edited', pull_request: { number: 8 }, ...from('mallory') }
  await deliver(bot.address, 'pull_request', opened)
  await until(() => said.length > 0)
  t.match(said, [{ sha: headSha, context: 'sower/check', state: 'success' }])
  await bot.stop()
})

t.test('does not start on a port in use', async t => {
  const other = createServer()
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
  t.teardown(() => other.close())
  const { port } = other.address() as AddressInfo
  const error = await startBot({ ...optionsFor(t, fakeWorld()), port }).catch(
    (error: unknown) => error,
  )
  t.ok(error instanceof InputError)
  t.match(error, { code: 'PORT_IN_USE', exitCode: 2, message: new RegExp(`${port}`) })
})

t.test('begins a run for a label, proposes the edit and stops when told to', async t => {
  const world = fakeWorld()
  const sha = openPullRequest(world, 7, {
    files: { 'seeds/sno1/request.yaml': requestFile('sno1') },
  })
  const bot = await startBot(optionsFor(t, world))
  const labelled = {
    action: 'labeled',
    label: { name: 'seed' },
    pull_request: { number: 7, updated_at: '2026-11-22T10:00:00Z', head: { sha } },
    ...from('alice'),
  }
  t.equal(await deliver(bot.address, 'pull_request', labelled), 202)
  t.equal(await deliver(bot.address, 'pull_request', labelled), 202, 'redelivered')
  await until(() => world.runs.get('sno1')?.phase === 'Proposed')
  await until(() => [...world.comments.values()].some(body => body.includes('Proposed')))
  await bot.stop()
  t.strictSame(world.repository.log('seed-7'), ['Detach sno1', 'Ask in #7', 'Begin'])
  t.strictSame([...world.comments.keys()], ['#7 <!-- sower:run sno1 -->'])
  await t.rejects(fetch(`http://${bot.address}/healthz`), 'nothing listens any more')
})

t.test('an order whose answer cannot be written is not obeyed twice', async t => {
  const world = fakeWorld()
  await askInSeven(world)
  const told: Told[] = []
  const taken: string[] = []
  world.faults.set('forge.upsertComment', () => {
    throw new UnavailableError('GITHUB_FAILED', 'writing the comment: no answer')
  })
  world.faults.set('runs.replace', given => {
    const { orders } = given as { orders: readonly { verb: string }[] }
    taken.push(...orders.map(({ verb }) => verb))
    return undefined
  })
  const options = optionsFor(t, world, told)
  const bot = await startBot(options)
  await deliver(bot.address, 'issue_comment', comment('/seed retry\n/seed help'))
  await until(() => told.some(([, message]) => message === 'could not answer an event'))
  await until(() => world.runs.get('sno1')?.phase === 'Proposed')
  await bot.stop()
  t.strictSame(options.inbox.waiting(), [])
  t.strictSame(taken, ['retry'])
})

t.test('takes an event again until GitHub answers', async t => {
  const world = fakeWorld()
  openPullRequest(world, 7)
  let asked = 0
  world.faults.set('forge.permission', () => {
    asked += 1
    if (asked < 3) throw new UnavailableError('GITHUB_FAILED', 'reading the permission: no answer')
    return undefined
  })
  const bot = await startBot(optionsFor(t, world))
  await deliver(bot.address, 'issue_comment', comment('/seed detach sno1'))
  await until(() => world.runs.has('sno1'))
  await bot.stop()
  t.equal(asked, 3)
})

t.test('answers a refusal with its code, in words that are no command', async t => {
  const world = fakeWorld()
  openPullRequest(world, 7)
  const reactions: unknown[] = []
  world.faults.set('forge.react', given => {
    reactions.push(given)
    return undefined
  })
  const bot = await startBot(optionsFor(t, world))
  await deliver(bot.address, 'issue_comment', comment('/seed detach sno1', 'mallory'))
  await until(() => reactions.length > 0)
  await bot.stop()
  t.strictSame(reactions, [{ id: 42, content: 'confused' }])
  t.strictSame([...world.comments.keys()], ['#7 <!-- sower:answer -->'])
  t.match([...world.comments.values()], [/\*\*Refused\*\* \(`PERMISSION_DENIED`\)/])
  t.equal(world.runs.size, 0)
})

t.test('goes on after a turn in which the store gave no answer', async t => {
  const world = fakeWorld()
  await askInSeven(world)
  const told: Told[] = []
  let failures = 0
  world.faults.set('runs.list', () => {
    failures += 1
    if (failures < 3) throw new UnavailableError('CLUSTER_UNAVAILABLE', 'listing runs: no answer')
    return undefined
  })
  const bot = await startBot(optionsFor(t, world, told))
  await until(() => world.runs.get('sno1')?.phase === 'Proposed')
  await bot.stop()
  t.equal(told.filter(([, message]) => message === 'a turn failed').length, 2)
})

t.test('stopping ends what is under way outside', async t => {
  const world = fakeWorld()
  await askInSeven(world)
  const options = optionsFor(t, world)
  const { signal } = options.stopping
  let asked = 0
  world.faults.set('forge.pullRequest', () => {
    asked += 1
    return new Promise(resolve => {
      signal.addEventListener('abort', () => {
        resolve(unknown('unreachable'))
      })
    })
  })
  const bot = await startBot(options)
  await until(() => asked === 1)
  await bot.stop()
  t.equal(asked, 1)
})

t.test('stopping lets the effect under way come to its end, and begins nothing else', async t => {
  const world = fakeWorld()
  await askInSeven(world)
  const options = optionsFor(t, world)
  const { runs } = options.context.ports
  for (const name of ['sno2', 'sno3']) await runs.create(aRun('Detaching', { name }))
  openPullRequest(world, 8)
  let push: () => void = () => undefined
  let looks = 0
  const pushing = new Promise<void>(begun => {
    world.faults.set('repository.push', () => {
      begun()
      return new Promise(resolve => {
        push = () => {
          resolve(undefined)
        }
      })
    })
  })
  const inbox = { ...options.inbox, waiting: () => [] }
  const done: unknown[] = []
  const info = (fields: object, message: string): void => {
    if (message === 'effect done') done.push(fields)
  }
  const bot = await startBot({ ...options, inbox, log: { ...options.log, info } })
  await pushing
  world.faults.set('hub.read', () => void (looks += 1))
  const stopped = bot.stop()
  push()
  await stopped
  t.match(done.at(-1), { run: 'sno1', effect: { do: 'commit-detach' } })
  t.match(world.runs.get('sno1'), { intent: null }, 'its result is kept')
  t.equal(looks, 0, 'no other run is looked at')
})

t.test('says once why a pull request cannot be read', async t => {
  const world = fakeWorld()
  await askInSeven(world)
  const told: Told[] = []
  let looks = 0
  world.faults.set('forge.pullRequest', async () => {
    looks += 1
    return unknown('forbidden', '2026-11-22T10:00:00Z')
  })
  const bot = await startBot(optionsFor(t, world, told))
  await until(() => looks > 3)
  await bot.stop()
  const reason =
    "reading the pull request: GitHub does not let the bot's token read it; next try at 2026-11-22T10:00:00Z"
  t.strictSame(
    told.filter(([, message]) => message === 'could not do it'),
    [[{ run: 'sno1', reason }, 'could not do it']],
  )
})

t.test('says the same problem once', async t => {
  const world = fakeWorld()
  await askInSeven(world)
  const told: Told[] = []
  let fetches = 0
  world.faults.set('repository.fetch', () => {
    fetches += 1
    throw new UnavailableError('GIT_FAILED', 'fetching: no answer')
  })
  const bot = await startBot(optionsFor(t, world, told))
  await until(() => fetches > 5)
  await bot.stop()
  t.equal(told.filter(([, message]) => message === 'could not do it').length, 1)
})

t.test('says the same at most once a minute', t => {
  const said: string[] = []
  const clock = { at: 0 }
  const say = saySeldom(
    text => said.push(text),
    () => new Date(clock.at),
  )
  for (const at of [0, 1, 59_999, 60_000, 60_001]) {
    clock.at = at
    say('a')
    say('b')
  }
  t.strictSame(said, ['a', 'b', 'a', 'b'])
  t.end()
})
