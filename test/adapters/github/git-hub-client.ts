import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import t from 'tap'
import { z } from 'zod'
import { createHolds, type NoAnswer } from '../../../src/adapters/github/create-holds.ts'
import { createGitHubClient } from '../../../src/adapters/github/git-hub-client.ts'
import { createRepositoryApi } from '../../../src/adapters/github/repository-api.ts'
import { gitHub } from '../../../src/adapters/github/git-hub.ts'
import type { GitHub, Trouble } from '../../../src/sandbox/github/start-github.ts'
import { gitHubWith } from '../../support/sandbox/git-hub-with.ts'

let server: GitHub
t.before(async () => {
  server = await gitHubWith(t)
})

/** A forge with a clock, a token and a time limit of its own. */
const scene = () => {
  const clock = { at: Date.UTC(2026, 10, 22, 10), token: 'bot-token' }
  const stopping = new AbortController()
  const limits = { started: 0, lifted: 0, over: (): void => undefined }
  const options = {
    ...{ apiUrl: server.url, repository: 'acme/ztp', writeGap: 0, stopping: stopping.signal },
    token: () => clock.token,
    now: () => new Date(clock.at),
    limit: (isOver: () => void) => {
      limits.started += 1
      limits.over = isOver
      return () => void (limits.lifted += 1)
    },
  }
  const begin = server.requests.length
  return {
    ...{ clock, stopping, limits, options, forge: gitHub(options) },
    /** The requests since the last time, `GET /user`. */
    asked: () => server.requests.slice(begin).map(({ method, path }) => `${method} ${path}`),
    in: (seconds: number) => new Date(clock.at + seconds * 1000).toISOString(),
  }
}
/** Plays one trouble for the paths that match, and its end. */
const trouble = (kind: Trouble | null, of = /./): void => {
  server.setTrouble(kind === null ? null : ({ path }) => (of.test(path) ? kind : null))
}
t.afterEach(() => {
  trouble(null)
})
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise(resolve => setImmediate(resolve))
}

t.test('an answer that is too large is none, and ends before all of it is here', async t => {
  const { options, in: after } = scene()
  const login = (largest: number): Promise<string> => gitHub({ ...options, largest }).login()
  t.equal(await login(10_000), 'sower[bot]')
  await t.rejects(login(5), {
    name: 'UnavailableError',
    message: `reading our own account: GitHub gave no answer (it is too large); next try at ${after(10)}`,
  })
})

t.test('a limit is kept to: nothing is asked before its time, and then again', async t => {
  for (const [kind, seconds] of [
    ['secondary-limit', 90],
    ['secondary-limit-without-time', 60],
    ['too-many-requests', 60],
  ] as const) {
    const { forge, clock, asked, in: after } = scene()
    trouble(kind)
    const retryAt = after(seconds)
    const limited = { name: 'UnavailableError', code: 'GITHUB_FAILED', retryAt }
    await t.rejects(forge.permission('ada'), {
      ...limited,
      message: RegExp(
        `^reading the permission of ada: GitHub answered 4\\d\\d, a rate limit; next try at ${retryAt}$`,
      ),
    })
    trouble(null)
    clock.at += seconds * 1000 - 1
    await t.rejects(forge.login(), { ...limited, message: /^reading our own account: / })
    t.strictSame(await forge.pullRequest(7), { seen: 'unknown', why: 'unreachable', retryAt })
    await t.rejects(forge.setStatus({ sha: 'a', state: 'pending', description: '' }), limited)
    t.equal(asked().length, 1, 'the limited request was the only one')
    clock.at += 1
    t.equal(await forge.permission('ada'), 'admin')
  }
})

t.test('the hourly limit ends when GitHub says', async t => {
  const { forge, clock } = scene()
  trouble('rate-limit')
  const error = await forge.login().catch((error: unknown) => error)
  t.match(error, { name: 'UnavailableError', retryAt: String })
  const wait = Date.parse((error as { retryAt: string }).retryAt) - clock.at
  t.ok(wait > 1_790_000 && wait <= 1_801_000, 'by its clock, not by ours')
})

t.test(
  'a limit that does not say how long, or a token, is tried after longer each time',
  async t => {
    for (const kind of ['secondary-limit-without-time', 'bad-credentials'] as const) {
      const { forge, clock } = scene()
      trouble(kind)
      const waits: number[] = []
      for (let time = 0; time < 6; time += 1) {
        const error: unknown = await forge.login().catch((error: unknown) => error)
        const next = Date.parse((error as { retryAt: string }).retryAt)
        waits.push((next - clock.at) / 60_000)
        clock.at = next
      }
      t.strictSame(waits, [1, 2, 4, 8, 15, 15])
      trouble(null)
      t.equal(await forge.login(), 'sower[bot]')
    }
  },
)

t.test('a token that is not accepted is no answer, and a new one counts at once', async t => {
  const { forge, clock, asked, in: after } = scene()
  clock.token = 'expired'
  const refused = forge.permission('ada')
  await t.rejects(refused, {
    ...{ name: 'UnavailableError', retryAt: after(60), fix: /--token-file/ },
    message: `reading the permission of ada: GitHub answered 401: it does not accept the token; next try at ${after(60)}`,
  })
  t.strictSame(await forge.pullRequest(7), {
    ...{ seen: 'unknown', why: 'forbidden', retryAt: after(60) },
  })
  t.equal(asked().length, 1)
  // After several of these GitHub answers 403 for a while, to a valid token too.
  trouble('login-limit')
  clock.at += 60_000
  await t.rejects(forge.permission('ada'), { name: 'UnavailableError', retryAt: after(120) })
  trouble(null)
  clock.token = 'bot-token'
  t.equal(await forge.permission('ada'), 'admin')
  trouble('not-accessible')
  await t.rejects(forge.permission('ada'), {
    ...{ name: 'FailedError', fix: 'give the token the right: pull_requests=read' },
    message:
      'reading the permission of ada: GitHub answered 403: the token is not allowed to do this',
  })
  t.strictSame(await forge.pullRequest(7), { seen: 'unknown', why: 'forbidden' })
})

t.test('a 404 counts where the token reaches the repository, and more of the kind', async t => {
  t.strictSame(await scene().forge.pullRequest(4711), { seen: 'absent' })
  t.equal(await scene().forge.permission('who'), 'none')
  for (const [of, asked] of [
    [/repos/, ['/pulls/7', '']],
    [/pulls/, ['/pulls/7', '', '/pulls']],
  ] as const) {
    const lost = scene()
    trouble('not-found', of)
    const retryAt = lost.in(60)
    const unread = { seen: 'unknown', why: 'forbidden', retryAt }
    t.strictSame(await lost.forge.pullRequest(7), unread)
    t.strictSame(
      lost.asked().map(line => line.replace(/\?.*/, '')),
      asked.map(path => `GET /repos/acme/ztp${path}`),
    )
  }
  const { forge, options, in: after } = scene()
  trouble(null)
  const api = createRepositoryApi(options)
  t.equal(await api.doubt({ activity: 'reading' }), null)
  t.match(await api.reach({ activity: 'reading', list: '/pulls' }, z.array(z.unknown())), {
    ...{ got: 'value', value: [] },
  })
  trouble('not-found')
  await t.rejects(forge.permission('ada'), { name: 'UnavailableError', retryAt: after(60) })
  trouble('not-found', /branches/)
  t.strictSame(await scene().forge.branchUse('prod'), { seen: 'absent' })
  trouble('not-found', /branches|ztp(\?|$)/)
  t.match(await scene().forge.branchUse('prod'), { seen: 'unknown', why: 'forbidden' })
  trouble('page-not-found')
  const unreadable = scene()
  t.strictSame(await unreadable.forge.pullRequest(7), {
    ...{ seen: 'unknown', why: 'unreachable', retryAt: unreadable.in(10) },
  })
})

t.test('what had no usable answer is tried again after longer each time, alone', async t => {
  for (const kind of ['page', 'other-json', 'bad-gateway', 'cut'] as const) {
    const { forge, clock, asked, in: after } = scene()
    trouble(kind)
    const retryAt = after(10)
    const none = { name: 'UnavailableError', code: 'GITHUB_FAILED', retryAt }
    await t.rejects(forge.permission('ada'), {
      ...none,
      message: RegExp(`next try at ${retryAt}$`),
    })
    await t.rejects(forge.login(), none, 'another call is asked, and waits for itself')
    t.strictSame(await forge.pullRequest(7), { seen: 'unknown', why: 'unreachable', retryAt }, kind)
    trouble(null)
    await t.rejects(forge.permission('ada'), none)
    t.strictSame(await forge.pullRequest(7), { seen: 'unknown', why: 'unreachable', retryAt })
    t.equal(await forge.permission('root'), 'none', 'nobody else waits')
    t.equal(asked().filter(line => /ada|user$|pulls/.test(line)).length, 3, 'each was asked once')
    clock.at += 10_000
    trouble(kind, /ada/)
    await t.rejects(forge.permission('ada'), { ...none, retryAt: after(20) })
    trouble(null)
    t.equal(await forge.login(), 'sower[bot]')
    clock.at += 20_000
    t.equal(await forge.permission('ada'), 'admin')
    trouble(kind, /ada/)
    const again = { ...none, retryAt: after(10) }
    await t.rejects(forge.permission('ada'), again, 'after an answer from the start')
  }
})

t.test('the calls that wait are bounded in number, and a new token lifts their wait', t => {
  const clock = { at: 0, token: 'one' }
  const holds = createHolds({ now: () => new Date(clock.at), token: () => clock.token })
  const call = (number: number) => ({
    ...{ activity: 'reading', route: 'GET /pulls/{number}', parameters: { number, page: 1 } },
  })
  const by: NoAnswer = {
    ...({ is: 'nothing', why: 'unreachable' } as const),
    ...({ reason: '', fix: '', wait: 'longer-alone' } as const),
  }
  for (let number = 0; number <= 1000; number += 1) holds.add(call(number), by, 'one')
  t.equal(holds.on(call(0)), undefined, 'the oldest is forgotten')
  t.match(holds.on(call(1000)), { until: 10_000 })
  t.match(holds.on({ ...call(1000), parameters: { number: 1000, page: 2 } }), { until: 10_000 })
  t.equal(holds.onAll(), undefined)
  t.equal(holds.add(call(1), { ...by, wait: null }, 'one'), undefined)
  clock.token = 'two'
  t.equal(holds.on(call(1000)), undefined)
  t.end()
})

t.test('a clock that is put back before a wait began ends it', async t => {
  const { forge, clock, asked } = scene()
  trouble('secondary-limit')
  await t.rejects(forge.login(), { name: 'UnavailableError' })
  trouble(null)
  await t.rejects(forge.login(), { name: 'UnavailableError' })
  t.equal(asked().length, 1)
  clock.at -= 24 * 60 * 60 * 1000
  t.equal(await forge.login(), 'sower[bot]')
})

t.test('nothing is sent twice, whatever the answer is', async t => {
  const comment = { pullRequest: 7, marker: '<!-- m -->', body: 'b' }
  for (const kind of ['not-accessible', 'bad-gateway', 'cut', 'page'] as const) {
    const { forge, asked } = scene()
    trouble(kind, /statuses|comments$|reactions/)
    await t.rejects(forge.setStatus({ sha: 'a'.repeat(40), state: 'pending', description: '' }))
    await t.rejects(forge.upsertComment(comment))
    await forge.react({ id: 1, content: 'eyes' })
    const writes = asked().filter(line => line.startsWith('POST'))
    t.equal(writes.length, new Set(writes).size, kind)
  }
})

t.test(
  'hole 6: the token is used for the one repository and for our own account alone',
  async t => {
    const { forge, asked } = scene()
    const sha = 'a'.repeat(40)
    for (const call of [
      () => forge.login(),
      () => forge.repositoryId(),
      () => forge.pullRequest(7),
      () => forge.branchUse('../../other/repo'),
      () => forge.permission('../../../../orgs/acme'),
      () => forge.upsertComment({ pullRequest: 7, marker: '<!-- m -->', body: 'b' }),
      () => forge.setStatus({ sha, state: 'pending', description: 'd' }),
      () => forge.react({ id: 1, content: 'eyes' }),
    ])
      await Promise.resolve(call()).catch(() => undefined)
    const paths = asked().map(line => line.replace(/^[A-Z]+ /, ''))
    t.ok(paths.length >= 8)
    t.strictSame(
      paths.filter(path => !/^\/(?:user$|repos\/acme\/ztp(?:[/?]|$))/.test(path)),
      [],
    )
  },
)

t.test('a silent connection ends at its limit, and the next calls do not wait for it', async t => {
  const { forge, clock, limits, asked, in: after } = scene()
  trouble('silence')
  const reading = forge.pullRequest(7)
  await until(() => asked().length === 1)
  limits.over()
  const timeout = { seen: 'unknown', why: 'timeout', retryAt: after(10) }
  t.strictSame(await reading, timeout)
  t.strictSame(await forge.pullRequest(8), timeout)
  await t.rejects(forge.permission('ada'), {
    message: `reading the permission of ada: GitHub gave no answer (too late); next try at ${after(10)}`,
  })
  t.equal(asked().length, 1)
  trouble(null)
  clock.at += 10_000
  t.equal(await forge.permission('ada'), 'admin')
  t.strictSame(limits, { ...limits, started: 2, lifted: 2 })
})

t.test('stopping ends what is under way, and lets nothing begin', async t => {
  const { forge, stopping, asked } = scene()
  trouble('silence')
  const [read, written] = [forge.login(), forge.react({ id: 1, content: 'eyes' })]
  await until(() => asked().length === 2)
  const stopped = { message: 'reading our own account: the bot is stopping', retryAt: undefined }
  stopping.abort()
  await t.rejects(read, stopped)
  await written
  await t.rejects(forge.login(), stopped)
  t.equal(asked().length, 2)
})

t.test('writes go one after the other; what cannot be reached is named by its code', async t => {
  const { options, limits, asked } = scene()
  const client = createGitHubClient({ ...options, writeGap: 1 })
  const write = { activity: 'writing', route: 'POST /user', parameters: {} }
  trouble('silence')
  const first = client.ask(write, z.unknown())
  const second = client.ask(write, z.unknown())
  await until(() => asked().length === 1)
  limits.over()
  t.match(await first, { got: 'nothing', why: 'timeout' })
  t.match(await second, { got: 'nothing', why: 'timeout' })
  t.equal(asked().length, 1, 'the second one did not begin before the first one had ended')
  const closed = createServer()
  await once(closed.listen(0, '127.0.0.1'), 'listening')
  const { port } = closed.address() as AddressInfo
  await new Promise(resolve => closed.close(resolve))
  const nowhere = createGitHubClient({ ...options, apiUrl: `http://127.0.0.1:${port}` })
  t.match(await nowhere.ask({ ...write, route: 'GET /user' }, z.unknown()), {
    error: {
      message: /^writing: GitHub gave no answer \(ECONNREFUSED\); next try at /,
      retryAt: String,
    },
  })
})
