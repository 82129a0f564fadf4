import { createHmac } from 'node:crypto'
import type { Server } from 'node:http'
import { Duplex } from 'node:stream'
import t from 'tap'
import '../../../src/bot/webhook/create-body-reader.ts'
import { createWebhookServer } from '../../../src/bot/webhook/create-webhook-server.ts'
import { commented, secret, sign, startListener } from '../../support/bot/start-listener.ts'

const head = (change: Record<string, string> = {}): string =>
  ['POST /webhook HTTP/1.1', 'Host: sower', 'X-GitHub-Event: issue_comment', '']
    .concat(
      Object.entries({
        'Content-Type': 'application/json',
        'X-Hub-Signature-256': sign('x'),
        'Content-Length': '5',
        ...change,
      }).flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}`])),
    )
    .filter(line => line !== '')
    .join('\r\n')
    .concat('\r\n\r\n')

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise(resolve => setImmediate(resolve))
}

t.test('hole 12: refuses before a byte of the body has come', async t => {
  const { raw } = await startListener(t)
  const cases: readonly (readonly [string, Record<string, string>])[] = [
    ['401', { 'X-Hub-Signature-256': '' }],
    ['401', { 'X-Hub-Signature-256': 'sha256=00' }],
    ['401', { 'X-Hub-Signature-256': `sha1=${'0'.repeat(40)}` }],
    ['413', { 'Content-Length': String(2 * 1024 * 1024 + 1) }],
    ['415', { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['415', { 'Content-Type': 'application/json-patch+json' }],
    ['415', { 'Content-Type': 'application/json; charset=utf-7' }],
  ]
  for (const [status, change] of cases) {
    const answer = await raw(head(change)).ended
    t.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), JSON.stringify(change))
    t.match(answer, /\r\n\r\nrefused\n$/)
    t.notMatch(answer, /server:|powered|sower|node|\d\.\d\.\d/i, 'and says nothing of its version')
  }
})

t.test('an answer is there while the body still comes, and is read by who sends it', async t => {
  const { raw } = await startListener(t)
  const { socket, ended, got } = raw(head({ 'Content-Length': '', 'Transfer-Encoding': 'chunked' }))
  const part = `${(64 * 1024).toString(16)}\r\n${'x'.repeat(64 * 1024)}\r\n`
  while (!got().includes('413')) {
    if (!socket.write(part)) await new Promise(resolve => socket.once('drain', resolve))
    await new Promise(resolve => setImmediate(resolve))
  }
  socket.end('0\r\n\r\n')
  t.match(await ended, /^HTTP\/1\.1 413 /)
})

t.test('of all bodies together the longest makes room, and a short one gets through', async t => {
  const { raw, deliver } = await startListener(t, { body: { each: 100_000, all: 150_000 } })
  const holding = (size: number) => raw(head({ 'Content-Length': '95000' }), 'x'.repeat(size))
  const [longest, shorter] = [holding(90_000), holding(50_000)]
  const small = { ...commented, padding: 'x'.repeat(20_000) }
  while (!longest.got().includes('503')) t.equal(await deliver('issue_comment', small), 202)
  t.match(await longest.ended, /^HTTP\/1\.1 503 /)
  t.equal(shorter.got(), '')
})

t.test('slow heads and bodies end, and of too many connections the oldest', async t => {
  const slow = await startListener(t, { server: { connections: 9, head: 500, request: 1000 } })
  t.match(await slow.raw('').ended, /^HTTP\/1\.1 408 /, 'nothing')
  t.match(await slow.raw('POST /webhook HTTP/1.1\r\nHost: ').ended, /^HTTP\/1\.1 408 /, 'a head')
  t.match(await slow.raw(head(), 'x').ended, /^HTTP\/1\.1 408 /, 'a body')
  t.equal(await slow.deliver('issue_comment', commented), 202)

  const { raw, deliver, server } = await startListener(t, {
    server: { connections: 3, head: 600_000, request: 600_000 },
  })
  const first = raw(head(), 'x')
  await new Promise(resolve => first.socket.once('connect', resolve))
  const others = Array.from({ length: 5 }, () => raw('POST'))
  t.equal(await first.ended, '')
  t.equal(await deliver('issue_comment', commented), 202)
  t.ok((await connectionsOf(server)) <= 3)
  for (const { socket } of others) socket.destroy()
})

t.test('no connection ends before it was read from, however many are accepted at once', async t => {
  const limits = { connections: 3, head: 600_000, request: 600_000 }
  const server = createWebhookServer((_, response) => response.end('read'), limits)
  const answers: string[] = []
  const connect = (text: string): Duplex => {
    const socket: Duplex = new Duplex({
      read: () => undefined,
      write: (piece: Buffer, _, done) => {
        answers.push(piece.toString())
        done()
      },
    })
    socket.push(text)
    server.emit('connection', socket)
    return socket
  }
  connect('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  const others = Array.from({ length: 60 }, () => connect('POST'))
  await until(() => answers.join('').endsWith('read'))
  await until(() => others.filter(({ destroyed }) => !destroyed).length <= 3)
  t.match(answers.join(''), /^HTTP\/1\.1 200 /)
  for (const socket of others) socket.destroy()
})

const connectionsOf = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.getConnections((error, count) => {
      if (error) reject(error)
      else resolve(count)
    })
  })

t.test('a connection carries one request, with few fields', async t => {
  const { raw, deliver, server } = await startListener(t)
  const healthy = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'
  const answer = await raw(healthy.repeat(50)).ended
  t.equal(answer.match(/HTTP\/1\.1 200/g)?.length, 1)
  t.equal(server.maxHeadersCount, 64)
  t.match(await raw(`GET / HTTP/1.1\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`).ended, /^HTTP\/1\.1 431 /)
  t.equal(await deliver('issue_comment', commented), 202)
})

t.test('says why a delivery of GitHub itself was refused', async t => {
  const { deliver, refused } = await startListener(t)
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  await deliver('issue_comment', commented, { headers: form })
  await deliver('issue_comment', commented, { headers: { 'x-hub-signature-256': sign('x') } })
  t.match(refused, [/choose the content type application\/json/, /--webhook-secret-file/])
})

t.test('hole 7: the number of the repository counts, once it is known', async t => {
  const { accepted, deliver } = await startListener(t, { repositoryId: 5 })
  const named = (id: unknown, full_name: string) => ({
    ...commented,
    repository: { id, full_name },
  })
  for (const id of [6, undefined, '5', null, 5.5])
    await deliver('issue_comment', named(id, 'example/site'))
  t.strictSame(accepted, [])
  await deliver('issue_comment', named(5, 'example/renamed'))
  t.equal(accepted.length, 1)
  const unknown = await startListener(t)
  await unknown.deliver('issue_comment', named(6, 'Example/Site'))
  t.equal(unknown.accepted.length, 1, 'until then its name does, in any case')
})

t.test('hole 5: no field of a request chooses a host', async t => {
  const { accepted, deliver } = await startListener(t)
  const elsewhere = {
    'x-github-enterprise-host': 'evil.example',
    'x-forwarded-host': 'evil.example',
  }
  const urls = { url: 'https://evil.example', html_url: 'https://evil.example' }
  const payload = { ...commented, ...urls, issue: { ...commented.issue, ...urls } }
  t.equal(await deliver('issue_comment', payload, { headers: elsewhere }), 202)
  t.notMatch(JSON.stringify(accepted), 'evil')
})

t.test('bytes that are no text are signed as they came', async t => {
  const bytes = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')])
  const { send, port } = await startListener(t)
  const signature = `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signature }
  const answer = await fetch(`http://127.0.0.1:${port}/webhook`, {
    method: 'POST',
    headers,
    body: bytes,
  })
  t.equal(answer.status, 202)
  t.equal(await send({ headers, body: bytes.toString() }), 401, 'and not as text')
})

t.test('hole 18: nothing but a signed delivery changes anything, and nothing is shown', async t => {
  const { accepted, send } = await startListener(t)
  const headers = { 'content-type': 'application/json', 'x-github-event': 'issue_comment' }
  const body = JSON.stringify(commented)
  for (const path of [
    '/',
    '/webhook',
    '/healthz',
    '/runs',
    '/runs/sno1',
    '/lock',
    '/metrics',
    '/.git',
  ])
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const isAsked = path === '/healthz' && method === 'GET'
      const status = await send({ method, path, headers, body: method === 'GET' ? '' : body })
      t.equal(status === 200, isAsked, `${method} ${path}: ${status}`)
    }
  t.strictSame(accepted, [])
})
