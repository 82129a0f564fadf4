// Measures the bot's webhook, its rounds on fakes and its calls of GitHub: `npm run bench -- bot`. Each part is a process of its own, which prints JSON.
import { execFileSync, spawn } from 'node:child_process'
import { createHmac, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

const root = join(import.meta.dirname, '..')
const secret = 'webhook-secret-0123456789'
const [perSecond, lasting] = [200, 30]

/** Starts a part of this file, and resolves to the first line that it prints, as JSON, and how to end it. */
const part = async (...words) => {
  const child = spawn(
    process.execPath,
    ['--import=./scripts/load-typescript.js', import.meta.filename, ...words],
    { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const lines = createInterface({ input: child.stdout })
  const printed = once(lines, 'line')
  const failed = once(child, 'close').then(([code]) => {
    throw new Error(`bench-bot ${words.join(' ')} ended with ${code}`)
  })
  const next = async () => JSON.parse((await Promise.race([printed, failed]))[0])
  const told = await next()
  failed.catch(() => undefined)
  return {
    told,
    /** Ends it, and resolves to the last line. */
    end: async () => {
      const last = once(lines, 'line')
      child.stdin.end()
      const [line] = await last
      return JSON.parse(line)
    },
  }
}

const delivery = number => {
  const body = JSON.stringify({
    action: 'created',
    repository: { id: 4711, full_name: 'example/site' },
    sender: { login: 'alice', type: 'User' },
    issue: { number: 7, pull_request: {} },
    comment: { id: number + 1, body: '/seed status' },
  })
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'x-github-event': 'issue_comment',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
  }
}

/** Sends signed deliveries at an even pace, and returns the milliseconds of each and how many were not taken. */
const load = async address => {
  const times = []
  let refused = 0
  const send = number =>
    new Promise(resolve => {
      const { body, headers } = delivery(number)
      const start = performance.now()
      const asked = request(
        `${address}/webhook`,
        { method: 'POST', headers, agent: false },
        answer => {
          answer.resume().on('end', () => {
            times.push(performance.now() - start)
            if (answer.statusCode !== 202) refused += 1
            resolve()
          })
        },
      )
      asked.on('error', () => {
        refused += 1
        resolve()
      })
      asked.end(body)
    })
  const sent = []
  const start = performance.now()
  for (let number = 0; number < perSecond * lasting; number += 1) {
    const due = start + (number * 1000) / perSecond - performance.now()
    if (due > 1) await pause(due)
    sent.push(send(number))
  }
  await Promise.all(sent)
  times.sort((a, b) => a - b)
  return { p99: times[Math.floor(times.length * 0.99)] ?? Infinity, refused }
}

/** Plays the demo, whose bot looks for news each second, and returns how often it asked GitHub. */
const askedInDemo = async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sower-bench-'))
  const words = ['demo', '--json', '--keep', join(directory, 'kept')]
  execFileSync(process.execPath, [join(root, 'dist', 'sower.js'), ...words], { stdio: 'ignore' })
  const { told } = await part('asked', join(directory, 'kept', 'github-requests.jsonl'))
  rmSync(directory, { recursive: true })
  return told
}

/** Prints the three tables. */
export const benchBot = async ({ row }) => {
  const empty = await part('empty')
  const beside = await load(empty.told.address)
  await empty.end()
  const bot = await part('webhook')
  const own = await load(bot.told.address)
  const { kept } = await bot.end()
  row(`bot: ${perSecond} deliveries a second for ${lasting} s`, 'empty server', 'bot', 'lost')
  const lost = perSecond * lasting - kept
  row('  p99', `${beside.p99.toFixed(1)} ms`, `${own.p99.toFixed(1)} ms`, `${lost} (<= 0)`)

  row('bot: one round over all runs', 'CPU', 'CPU a run', 'memory')
  for (const count of [1, 100, 500]) {
    const { told } = await part('round', String(count))
    row(
      `  ${count} in flight, on fakes`,
      `${told.cpu.toFixed(0)} ms`,
      `${(told.cpu / count).toFixed(1)} ms`,
      `${told.memory} MB${count === 500 ? ' (<= 250)' : ''}`,
    )
  }

  const { counted, news, free, looks, fetches } = await askedInDemo()
  row('bot: GitHub in a whole run', 'count', 'as before (304)', 'git')
  row('  the demo', `${counted} (<= 40)`, `${free}`, `${looks} looks, ${fetches} fetches`)
  row('  lists of news, each second', `${news}`, '', '')
}

/** Serves until standard input ends; then prints what `last` says. */
const serveUntilAsked = async (listener, last) => {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  console.log(JSON.stringify({ address: `http://127.0.0.1:${server.address().port}` }))
  process.stdin.resume()
  await once(process.stdin, 'end')
  console.log(JSON.stringify(last()))
  process.exit(0)
}

const parts = {
  empty: () =>
    serveUntilAsked(
      (incoming, answer) => incoming.resume().on('end', () => answer.writeHead(202).end()),
      () => ({}),
    ),
  webhook: async () => {
    const { webhookListener } = await import('../src/bot/webhook/webhook-listener.ts')
    const { fileInbox } = await import('../src/adapters/files/file-inbox.ts')
    const directory = mkdtempSync(join(tmpdir(), 'sower-bench-'))
    const inbox = fileInbox(directory)
    const listener = webhookListener({
      ...{ secret, repository: 'example/site', repositoryId: () => 4711, isActing: () => true },
      ...{ accept: inbox.put, refused: () => undefined },
    })
    await serveUntilAsked(listener, () => {
      const kept = inbox.waiting().length
      rmSync(directory, { recursive: true })
      return { kept }
    })
  },
  asked: async file => {
    const { countAsked } = await import('../test/support/count-asked.ts')
    console.log(JSON.stringify(countAsked(readFileSync(file, 'utf8'))))
    process.exit(0)
  },
  round: async count => {
    const { createTurn } = await import('../src/bot/create-turn.ts')
    const { fakeWorld } = await import('../test/support/fake-world.ts')
    const { aRun } = await import('../test/support/run/run-scene.ts')
    const world = fakeWorld()
    const context = world.start()
    for (let number = 0; number < Number(count); number += 1)
      await context.ports.runs.create(aRun('Detaching', { name: `sno${number}` }))
    const nothing = () => undefined
    const turn = createTurn({
      context,
      inbox: { waiting: () => [] },
      attempts: { begin: () => true, gotFurther: nothing, end: nothing, stop: nothing },
      log: { debug: nothing, info: nothing, warn: nothing },
    })
    // The first round also loads and remembers what the later ones only look up.
    await turn.take()
    const start = process.cpuUsage()
    await turn.take()
    await turn.settled()
    const { user, system } = process.cpuUsage(start)
    const memory = Math.round(process.resourceUsage().maxRSS / 1024)
    console.log(JSON.stringify({ cpu: (user + system) / 1000, memory }))
    process.exit(0)
  },
}
const [name, ...rest] = process.argv.slice(2)
if (process.argv[1] === import.meta.filename) await parts[name](...rest)
