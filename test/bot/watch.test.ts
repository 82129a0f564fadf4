import './watch/in-browser.ts'
import { createServer, get } from 'node:http'
import t from 'tap'
import { countCalls } from '../../src/bot/watch/count-calls.ts'
import { createMetrics } from '../../src/bot/watch/create-metrics.ts'
import { createRunGauges } from '../../src/bot/watch/create-run-gauges.ts'
import { metricsListener } from '../../src/bot/watch/metrics-listener.ts'
import { recordEvents } from '../../src/bot/watch/record-events.ts'
import { createStatusBoard } from '../../src/bot/watch/create-status-board.ts'
import { serveBeside } from '../../src/bot/watch/serve-beside.ts'
import { isServedHost } from '../../src/bot/watch/is-served-host.ts'
import { statusListener } from '../../src/bot/watch/status-listener.ts'
import { startWatching } from '../../src/bot/watch/start-watching.ts'
import { watchBy } from '../../src/bot/watch/watch.ts'
import { listen } from '../../src/bot/webhook/listen.ts'
import { absent, present, unknown } from '../../src/core/seen.ts'
import { RefusedError, UnavailableError } from '../../src/errors.ts'
import type { Pass } from '../../src/operations/create-reconcile.ts'
import type { Waiting } from '../../src/operations/ports/inbox.ts'
import { Registry } from 'prom-client'
import { fakeWorld } from '../support/fake-world.ts'
import { aRun, at } from '../support/run/run-scene.ts'

const passOf = (pass: Partial<Pass>): Pass => ({
  ...{ run: aRun('Detaching'), look: null, effect: null, error: null, wakeAt: null },
  ...pass,
})
const noInbox = {
  put: () => undefined,
  knows: () => false,
  waiting: (): readonly Waiting[] => [],
  postpone: () => undefined,
  done: () => undefined,
  setAside: () => undefined,
  rename: () => true,
}
const acting = { holds: () => true, renew: async () => undefined, release: async () => undefined }
const blocked = { code: 'DETACH_SLOW', reason: 'slow', fix: 'look', since: at(1) } as const

t.test('a call counts by how it ended, and ends as it would have', async t => {
  const results: string[] = []
  const boom = new Error('boom')
  const port = countCalls(
    {
      name: 'x',
      there: async () => present(1),
      gone: async () => absent,
      silent: async () => unknown('timeout'),
      plain: (a: number, b: number) => a + b,
      refused: async () => {
        throw new RefusedError('NOT_A_SEED', 'no')
      },
      broken: () => {
        throw boom
      },
    },
    result => results.push(result),
  )
  t.equal(port.name, 'x')
  t.strictSame(await port.there(), present(1))
  t.strictSame(await port.gone(), absent)
  t.strictSame(await port.silent(), unknown('timeout'))
  t.equal(port.plain(1, 2), 3)
  await t.rejects(port.refused(), { code: 'NOT_A_SEED' })
  t.throws(() => port.broken(), boom)
  t.strictSame(results, ['ok', 'absent', 'timeout', 'ok', 'NOT_A_SEED', 'INTERNAL'])
})

t.test('metrics show deliveries, orders that wait, calls, effects and runs', async t => {
  const world = fakeWorld()
  let time = Date.parse(at(0))
  const now = () => new Date(time)
  const seen = new Date(time - 60_000).toISOString()
  const order: Waiting = {
    ...{ kind: 'comment', key: 'k', pullRequest: 7, sender: 'a', commentId: 1, body: '/seed help' },
    seen,
  }
  const inbox = { ...noInbox, waiting: () => [order] }
  const metrics = createMetrics({ inbox, leadership: acting, now })
  const ports = metrics.measure(world.ports)
  await ports.forge.login()
  world.faults.set('hub.read', () => {
    throw new UnavailableError('CLUSTER_UNAVAILABLE', 'no answer')
  })
  await ports.hub.read({ apiVersion: 'v1', kind: 'Secret', name: 'a' }).catch(() => undefined)
  await ports.leadership.renew()
  const run = aRun('Detaching', { blocked })
  await ports.runs.create(run)
  const begun = await ports.runs.replace({
    ...{ ...run, version: '1' },
    intent: { effect: { do: 'save-access' }, at: at(0) },
  })
  time += 2000
  await ports.runs.replace({ ...begun, intent: null })
  metrics.passed(run, passOf({ run, effect: { do: 'save-access' } }))
  const error = new UnavailableError('CLUSTER_UNAVAILABLE', 'no answer')
  metrics.passed(run, passOf({ run, effect: { do: 'delete-secret' }, error }))
  metrics.passed(
    run,
    passOf({ run, effect: { do: 'delete-secret' }, error: new RefusedError('NOT_A_SEED', 'no') }),
  )
  metrics.looked([run, aRun('Completed', { name: 'sno2' })])
  const server = createServer(
    metrics.countDeliveries((request, response) => {
      response.writeHead(Number(request.headers['x-status'])).end()
    }),
  )
  const address = await listen(server, { host: '127.0.0.1', port: 0 })
  t.teardown(() => server.close())
  for (const [status, path] of [
    [202, '/webhook'],
    [401, '/webhook?x'],
    [503, '/webhook'],
    [500, '/webhook'],
    [404, '/'],
  ] as const)
    await fetch(`http://${address}${path}`, { headers: { 'x-status': String(status) } })
  const text = await metrics.text()
  for (const line of [
    'sower_acting 1',
    'sower_queue_orders 1',
    'sower_queue_oldest_seconds 62',
    'sower_calls_total{system="github",result="ok"} 1',
    'sower_calls_total{system="hub",result="CLUSTER_UNAVAILABLE"} 1',
    'sower_effect_seconds_sum{effect="save-access",result="done"} 2',
    'sower_effect_seconds_count{effect="delete-secret",result="unavailable"} 1',
    'sower_effect_seconds_count{effect="delete-secret",result="failed"} 1',
    'sower_runs{phase="Detaching"} 1',
    'sower_runs{phase="Completed"} 1',
    'sower_runs{phase="Failed"} 0',
    'sower_run_blocked{run="sno1",code="DETACH_SLOW"} 1',
    `sower_run_look_timestamp_seconds{run="sno1"} ${time / 1000}`,
    `sower_last_look_timestamp_seconds ${time / 1000}`,
    `sower_lease_renewed_timestamp_seconds ${time / 1000 - 2}`,
    ...['accepted', 'refused', 'standby', 'failed'].map(
      result => `sower_deliveries_total{result="${result}"} 1`,
    ),
  ])
    t.ok(text.includes(`\n${line}\n`), line)
  t.notMatch(text, /phase="Completed"\} \d{5}/, 'a run that ended entered no phase')
})

t.test('the gauges of a run go with it', async t => {
  const registry = new Registry()
  const gauges = createRunGauges([registry])
  gauges.seen(aRun('Detaching'), 5)
  gauges.show([aRun('Detaching')])
  t.match(await registry.metrics(), /run_look_timestamp_seconds\{run="sno1"\} 5/)
  gauges.show([])
  t.notMatch(await registry.metrics(), /sno1/)
})

t.test('Prometheus gets the metrics on their own port, and nothing else', async t => {
  let text = async (): Promise<string> => 'a 1\n'
  const server = createServer(metricsListener({ text: () => text(), contentType: 'text/x' }))
  const address = await listen(server, { host: '127.0.0.1', port: 0 })
  t.teardown(() => server.close())
  const ask = async (path: string, method = 'GET') => {
    const answer = await fetch(`http://${address}${path}`, { method })
    return [answer.status, await answer.text(), answer.headers.get('content-type')]
  }
  t.strictSame(await ask('/metrics'), [200, 'a 1\n', 'text/x'])
  t.match(await ask('/metrics', 'POST'), [405])
  t.match(await ask('/'), [404])
  text = async () => {
    throw new Error('canary')
  }
  t.match(await ask('/metrics'), [500, 'the metrics could not be collected\n'])
})

t.test('events tell of phases, blocks and effects, clean and in their order', async t => {
  const written: string[] = []
  const failures: unknown[] = []
  let isDown = false
  const watch = recordEvents({
    write: async (run, { type, reason, note }) => {
      if (isDown) throw new Error('down')
      written.push(`${run} ${type} ${reason}: ${note}`)
    },
    clean: text => text.replaceAll('canary', '[redacted]'),
    failed: (run, error) => failures.push([run, String(error)]),
  })
  const before = aRun('Proposed')
  const secret = { ...blocked, reason: 'it is canary' }
  watch.passed(before, passOf({ effect: { do: 'record-merge', mergedAs: 'a' } }))
  watch.passed(aRun('Detaching'), passOf({ run: aRun('Detaching', { blocked: secret }) }))
  watch.passed(
    aRun('Detaching', { blocked: secret }),
    passOf({ run: aRun('Detaching', { blocked: secret }) }),
  )
  watch.passed(aRun('Detaching', { blocked: secret }), passOf({}))
  watch.passed(
    aRun('Detaching'),
    passOf({
      effect: { do: 'refresh', application: 'a' },
      error: new RefusedError('NOT_A_SEED', 'canary'),
    }),
  )
  const waits = aRun('Detaching', { blocked: { ...blocked, reason: 'not pushed' } })
  const again = new RefusedError('PUSH_AWAITED', 'not pushed')
  watch.passed(
    waits,
    passOf({ run: waits, effect: { do: 'record-merge', mergedAs: 'a' }, error: again }),
  )
  watch.looked([])
  await new Promise(setImmediate)
  t.strictSame(written, [
    'sno1 Normal EffectDone: record-merge',
    'sno1 Normal Detaching: Proposed → Detaching',
    'sno1 Warning Blocked: DETACH_SLOW: it is [redacted]. look',
    'sno1 Normal Resumed: DETACH_SLOW',
    'sno1 Warning EffectFailed: refresh: NOT_A_SEED: [redacted]',
  ])
  isDown = true
  watch.passed(before, passOf({}))
  await new Promise(setImmediate)
  t.strictSame(failures, [['sno1', 'Error: down']])
})

t.test(
  'watches hear what they are there for, and metrics are there where they are asked for',
  async t => {
    const heard: string[] = []
    const one = (name: string) => ({
      passed: () => void heard.push(`${name} passed`),
      looked: () => void heard.push(`${name} looked`),
    })
    const both = watchBy([one('a'), one('b')])
    both.passed(aRun('Proposed'), passOf({}))
    both.looked([])
    t.strictSame(heard, ['a passed', 'b passed', 'a looked', 'b looked'])

    const warned: unknown[] = []
    const log = {
      debug: () => undefined,
      info: () => undefined,
      warn: (f: object) => warned.push(f),
    }
    const around = {
      ...{ inbox: noInbox, leadership: acting, now: () => new Date(0) },
      ...{ clean: (text: string) => text, log },
      ...{ status: undefined, statusHosts: [], gitUrl: 'https://github.com/o/n.git' },
    }
    const without = await startWatching({ ...around, address: undefined, writeEvent: null })
    t.match(without, { metrics: null, status: null })
    const writeEvent = async (): Promise<void> => {
      throw new RefusedError('NOT_A_SEED', 'no')
    }
    const { watch, metrics, status } = await startWatching({
      ...around,
      ...{ address: '127.0.0.1:0', status: '127.0.0.1:0', statusHosts: ['sower.example.com'] },
      writeEvent,
    })
    t.match(status, { at: { host: '127.0.0.1', port: 0 }, hosts: ['sower.example.com'] })
    t.match(metrics?.at, { host: '127.0.0.1', port: 0 })
    watch.passed(aRun('Proposed'), passOf({}))
    await new Promise(setImmediate)
    t.match(warned, [{ run: 'sno1', code: 'NOT_A_SEED' }])
  },
)

const boardAt = (clean = (text: string) => text) =>
  createStatusBoard({
    ...{ leadership: acting, now: () => new Date(at(60)), clean },
    webUrl: 'https://github.com/example/site',
  })

t.test('the status page shows what the last passes saw, and nothing registered', t => {
  const board = boardAt(text => text.replaceAll('canary', '[redacted]'))
  t.match(board.page(), /have not been looked at yet/)
  const tree = {
    ...{ what: 'canary Application', state: 'stuck', since: null, why: 'canary', next: null },
    parts: [],
  } as const
  const before = aRun('Proposed')
  const look = { tree } as unknown as Pass['look']
  const run = aRun('Detaching', { blocked: { ...blocked, reason: 'a canary' } })
  board.passed(before, passOf({ run, look }))
  board.looked([before])
  const page = board.page()
  t.match(page, /sno1 · Detaching/, 'a pass is newer than the list')
  t.match(page, /\[redacted\] Application: \[redacted\]/)
  t.notMatch(page, /canary/)
  board.looked([aRun('Generating')])
  t.match(board.page(), /sno1 · Generating/, 'a list is newer than an earlier pass')
  board.looked([])
  t.notMatch(board.page(), /sno1/)
  board.looked([run])
  t.notMatch(board.page(), /Application/, 'a later run of the name does not inherit the tree')
  t.end()
})

t.test('only GET of the page is answered, with headers that let nothing else in', async t => {
  const server = createServer(statusListener({ ...boardAt(), hosts: [] }))
  const address = await listen(server, { host: '127.0.0.1', port: 0 })
  t.teardown(() => server.close())
  const ask = (path: string, method = 'GET') => fetch(`http://${address}${path}`, { method })
  const answer = await ask('/?x=<script>')
  t.match(await answer.text(), /^<!doctype html>/)
  t.match(Object.fromEntries(answer.headers), {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': /^default-src 'none'; style-src 'sha256-.*frame-ancestors 'none'$/,
    ...{ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' },
    'referrer-policy': 'no-referrer',
  })
  t.equal(await (await ask('/', 'HEAD')).text(), '')
  t.equal((await ask('/', 'POST')).status, 405)
  t.equal((await ask('/runs')).status, 404)
})

/** A port that was free just now. */
const place = async (): Promise<{ host: string; port: number }> => {
  const server = createServer()
  const [host = '', port] = (await listen(server, { host: '127.0.0.1', port: 0 })).split(':')
  await new Promise(resolve => server.close(resolve))
  return { host, port: Number(port) }
}

/** The status of an answer to a request whose Host header is this one; undici sets no other than that of its URL. */
const askAs = (port: number, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const asked = get({ host: '127.0.0.1', port, headers: { host } }, answer => {
      answer.resume()
      resolve(answer.statusCode)
    })
    asked.on('error', reject)
  })

t.test(
  'hole 18: a name that is not served is refused, so that no rebound name reads the page',
  async t => {
    for (const [header, isServed, more = {}] of [
      ['localhost', true],
      ['LOCALHOST:8082', true],
      ['127.0.0.1:18082', true],
      ['[::1]:8082', true],
      ['10.0.0.7:8082', false],
      ['10.0.0.7:8082', true, { localAddress: '10.0.0.7' }],
      ['10.0.0.7', true, { localAddress: '::ffff:10.0.0.7' }],
      ['[fd00::7]:8082', true, { localAddress: 'fd00::7' }],
      ['sower.example.com', false],
      ['sower.example.com:443', true, { hosts: ['Sower.example.com'] }],
      ['sower.example.com:8443', true, { hosts: ['sower.example.com:8443'] }],
      ['sower.example.com:8444', false, { hosts: ['sower.example.com:8443'] }],
      ['evil.example.com', false, { hosts: ['example.com'] }],
      ['localhost.evil.example.com', false],
      ['evil.example.com@localhost', false],
      ['localhost, evil.example.com', false],
      ['localhost:8082:1', false],
      ['', false],
      [undefined, false],
    ] as const)
      t.equal(isServedHost(header, { hosts: [], ...more }), isServed, String(header))

    const at = await place()
    const close = await serveBeside(
      { status: { at, of: boardAt(), hosts: ['sower.example.com'] } },
      { silentFor: () => 0, missing: () => [] },
    )
    t.teardown(close)
    for (const [host, status] of [
      [`127.0.0.1:${at.port}`, 200],
      [`localhost:${at.port}`, 200],
      ['sower.example.com', 200],
      ['evil.example.com', 421],
      [`evil.example.com:${at.port}`, 421],
    ] as const)
      t.equal(await askAs(at.port, host), status, host)
  },
)

t.test('each address has a server of its own, and all end together', async t => {
  const [health, status] = [await place(), await place()]
  const close = await serveBeside(
    { health, status: { at: status, of: boardAt(), hosts: ['sower.example.com'] } },
    { silentFor: () => 0, missing: () => [] },
  )
  t.equal(await (await fetch(`http://127.0.0.1:${health.port}/healthz`)).text(), 'ok\n')
  t.match(await (await fetch(`http://127.0.0.1:${status.port}/`)).text(), /No run is under way/)
  close()
  await t.rejects(fetch(`http://127.0.0.1:${health.port}/healthz`))
  await t.rejects(fetch(`http://127.0.0.1:${status.port}/`))
})
