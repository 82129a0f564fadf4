import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { fetchTrusting } from '../../../src/adapters/github/hearing/fetch-trusting.ts'
import { gitHub } from '../../../src/adapters/github/git-hub.ts'
import { createAuthority } from '../../../src/sandbox/kubernetes/authority.ts'
import { gitHubWith } from '../../support/sandbox/git-hub-with.ts'
import { tlsFront } from '../../support/sandbox/tls-front.ts'

t.test('GitHub behind a private authority is believed with it, and not without', async t => {
  const server = await gitHubWith(t)
  const front = await tlsFront(t, server.url)
  const common = {
    ...{ apiUrl: front.url, repository: 'acme/ztp', writeGap: 0, token: () => 'bot-token' },
    ...{ now: () => new Date(), stopping: new AbortController().signal },
  }
  const trusting = gitHub({ ...common, authority: front.authority })
  t.equal(await trusting.permission('ada'), 'admin')
  const before = server.requests.length
  t.equal(await trusting.permission('ada'), 'admin')
  t.ok(server.requests.length > before, 'it was asked again, and said that nothing has changed')
  t.same(await trusting.pullRequest(7), { seen: 'absent' }, 'a definite no is one')
  await t.rejects(gitHub(common).permission('ada'), {
    code: 'GITHUB_FAILED',
    message:
      /GitHub gave no answer \((?:SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE)\)/,
    fix: "name the authority of GitHub's certificate with --ca-file",
  })
  const other = await createAuthority({ name: 'another' })
  await t.rejects(gitHub({ ...common, authority: other.certificate }).permission('ada'), {
    code: 'GITHUB_FAILED',
  })
  const plain = gitHub({ ...common, apiUrl: server.url, authority: front.authority })
  t.equal(await plain.permission('ada'), 'admin', 'it changes nothing without TLS')
})

/** A server behind a private authority that answers as the test says. */
const serverWith = async (
  listener: Parameters<typeof createServer>[1],
): Promise<Readonly<{ server: Server; url: string; authority: string }>> => {
  const authority = await createAuthority({ name: 'private-ca' })
  const { certificate: cert, key } = await authority.issueServer({ hosts: ['127.0.0.1'] })
  const server = createServer({ cert, key }, listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { server, url: `https://127.0.0.1:${port}/`, authority: authority.certificate }
}

t.test('an answer is what was sent, whole, and reads share a connection', async t => {
  const { server, url, authority } = await serverWith((request, response) => {
    const status = Number(request.headers['x-status'])
    response.setHeader('link', ['<a>; rel="next"', '<b>; rel="last"'])
    response.writeHead(status, { location: 'https://127.0.0.1:1/' })
    if (request.method === 'GET') response.end(status === 200 ? 'ä' : '')
    else request.pipe(response)
  })
  const connections: unknown[] = []
  server.on('secureConnection', socket => connections.push(socket))
  const fetching = fetchTrusting(authority)
  const { signal } = new AbortController()
  const get = (status: number) =>
    fetching(url, { method: 'GET', headers: { 'x-status': String(status) }, signal })
  const first = await get(200)
  t.equal(await first.text(), 'ä')
  t.equal(first.headers.get('link'), '<a>; rel="next", <b>; rel="last"')
  for (const status of [204, 304, 301, 500]) t.equal((await get(status)).status, status)
  t.equal(connections.length, 1)
  const headers = { 'x-status': '201' }
  const made = await fetching(url, { method: 'POST', headers, body: '{"a":1}', signal })
  t.same(await made.json(), { a: 1 })
  t.equal(connections.length, 2, 'a write has a connection of its own')
})

t.test('an answer that does not come to its end is none', async t => {
  const stop = new AbortController()
  const { url, authority } = await serverWith((request, response) => {
    response.writeHead(200, { 'content-length': '10' }).write('half')
    if (request.url === '/cut') setImmediate(() => response.destroy())
    else stop.abort()
  })
  const fetching = fetchTrusting(authority)
  const ask = { method: 'GET', headers: {} }
  const { signal } = new AbortController()
  await t.rejects(fetching(`${url}cut`, { ...ask, signal }))
  await t.rejects(fetching(url, { ...ask, signal: stop.signal }), { name: 'AbortError' })
})
