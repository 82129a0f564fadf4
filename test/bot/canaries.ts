import { join } from 'node:path'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { fileAttempts } from '../../src/adapters/files/file-attempts.ts'
import { fileInbox } from '../../src/adapters/files/file-inbox.ts'
import { createMetrics } from '../../src/bot/watch/create-metrics.ts'
import { createStatusBoard } from '../../src/bot/watch/create-status-board.ts'
import { recordEvents } from '../../src/bot/watch/record-events.ts'
import { watchBy } from '../../src/bot/watch/watch.ts'
import { cleanForge } from '../../src/bot/github/clean-forge.ts'
import { createTurn } from '../../src/bot/create-turn.ts'
import { plain } from '../../src/core/report/plain.ts'
import { RefusedError, SowerError, UnavailableError } from '../../src/errors.ts'
import { createRedactor } from '../../src/redact/redactor.ts'
import { askInSeven, fakeWorld, type FakeWorld } from '../support/fake-world.ts'
import { alter, base64, places } from '../support/saved-world.ts'

const key = `-----BEGIN KEY-----\n${'canary/KEY+0123456789abcdefghijk'.repeat(2)}\n-----END KEY-----\n`
const token = 'ghs_canary*token_0123<4567>&89'
const password = `can"ary's \\pass|word`
const kubeconfig = `users: [{user: {client-key-data: ${base64(key)}, token: seed-canary_token}}]`
const auths = {
  'registry.example.com': { auth: base64(`robot:${password}`), identitytoken: 'canary-refresh_1' },
}
const authfile = JSON.stringify({ auths })
const canaries = [
  token,
  password,
  key,
  kubeconfig,
  authfile,
  base64(key),
  'seed-canary_token',
  'canary-refresh_1',
]

/** What an adapter might quote; the padding puts the places where a report is cut into the middle of a canary. */
const echoes = canaries.flatMap(canary => [
  canary,
  base64(canary),
  encodeURIComponent(canary),
  plain(canary),
])
const echo = (padding: number): string =>
  `${'x'.repeat(padding)} ${echoes.join(' ')}\n${JSON.stringify(echoes)}`

/** All that a bot tells while one of its ports fails with these words. */
const toldOf = async (t: Test, call: string, error: Error): Promise<string> => {
  const world: FakeWorld = fakeWorld()
  const redactor = createRedactor()
  redactor.add(token)
  const lines = redactor.stream()
  let told = ''
  const print = (line: string): void => void (told += lines.write(line))
  alter(world.hub.objects, places.original, { data: { kubeconfig: base64(kubeconfig) } })
  alter(world.hub.objects, places.unsealed, { data: { seedAuth: base64(authfile) } })
  await askInSeven(world)
  const started = world.start()
  const { clean, add: conceal } = redactor
  const statuses: unknown[] = []
  const setStatus = async (status: unknown): Promise<void> => void statuses.push(status)
  const forge = cleanForge({ ...started.ports.forge, setStatus }, clean)
  const directory = t.testdir()
  const inbox = fileInbox(join(directory, 'inbox'))
  const metrics = createMetrics({ inbox, leadership: started.ports.leadership, now: world.now })
  const board = createStatusBoard({
    ...{ leadership: started.ports.leadership, now: world.now, clean, webUrl: null },
  })
  const pages: string[] = []
  const events: unknown[] = []
  const write = async (...event: readonly unknown[]): Promise<void> => void events.push(event)
  const ports = metrics.measure({ ...started.ports, clean, conceal, forge })
  const turn = createTurn({
    context: { ...started, ports },
    inbox,
    watch: watchBy([metrics, board, recordEvents({ write, clean, failed: () => undefined })]),
    attempts: fileAttempts(join(directory, 'attempts')),
    log: pino({ level: 'debug', base: null }, { write: print }),
  })
  for (let turns = 0; turns < 8; turns += 1) {
    // The first look registers what it reads.
    if (turns === 2)
      world.faults.set(call, () => {
        throw error
      })
    await turn.take()
    pages.push(board.page())
    world.turn()
    world.tick(16 * 60)
  }
  await turn.settled()
  const kept = JSON.stringify([...world.runs.values(), ...world.comments.values(), ...statuses])
  return (
    told + lines.end() + kept + pages.join('') + JSON.stringify(events) + (await metrics.text())
  )
}

t.test(
  'hole 11: a credential that an adapter echoes is in no comment, status, log, event, metric, page or run',
  async t => {
    let shown = 0
    for (const padding of [0, 100, 3_970, 3_990])
      for (const [call, kind] of [
        ['hub.read', RefusedError],
        ['repository.fetch', UnavailableError],
        ['registry.mayPush', RefusedError],
        ['forge.pullRequest', RefusedError],
        ['repository.commit', RefusedError],
        ['hub.list', Error],
      ] as const) {
        const error =
          kind === Error
            ? new Error(echo(padding))
            : new kind('INTERNAL', echo(padding), { fix: echo(9) })
        const told = await toldOf(t, call, error)
        if (error instanceof SowerError && told.includes('[redacted]')) shown += 1
        for (const [index, canary] of canaries.entries())
          for (const form of [
            canary,
            JSON.stringify(canary).slice(1, -1),
            base64(canary),
            plain(canary),
          ])
            for (const at of [0, form.length - 12])
              if (
                !/^(?:-----BEGIN|users: \[|\{\\?"auths|\{&#34|LS0tLS1CRUdJ|dXNlcnM6)/.test(
                  form.slice(at),
                )
              )
                t.notOk(
                  told.includes(form.slice(at, at + 12)),
                  `${call} ${padding} ${index} ${form.slice(at, at + 12)}`,
                )
      }
    t.ok(shown > 8, 'the errors were told')
  },
)
