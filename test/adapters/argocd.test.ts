import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { createAuthority } from '../../src/sandbox/kubernetes/authority.ts'
import { askArgoCd } from '../../src/adapters/argocd/ask-argo-cd.ts'
import { argoCdApi } from '../../src/adapters/argocd/argo-cd-api.ts'

const resource = {
  ...{ group: 'siteconfig.open-cluster-management.io', kind: 'ClusterInstance' },
  ...{ name: 'sno1', namespace: 'sno1' },
}
const request = { application: 'cluster/s', namespace: 'openshift-gitops', resource }

t.test('orders one sync with prune of one object, and sorts what Argo CD answers', async t => {
  const asked: object[] = []
  let status = 200
  const server = createServer((incoming, response) => {
    incoming.setEncoding('utf8')
    let body = ''
    incoming.on('data', (part: string) => (body += part))
    incoming.on('end', () => {
      const { method, url, headers } = incoming
      asked.push({ method, url, token: headers.authorization, body: JSON.parse(body) as unknown })
      response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end('{"message":"canary"}')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const api = argoCdApi({ url: `http://127.0.0.1:${port}`, token: 'token' })
  await api.syncWithPrune(request)
  t.strictSame(asked, [
    {
      ...{ method: 'POST', url: '/api/v1/applications/cluster%2Fs/sync', token: 'Bearer token' },
      body: { appNamespace: 'openshift-gitops', prune: true, resources: [resource] },
    },
  ])
  for (const [answer, name] of [
    [400, 'UnavailableError'],
    [503, 'UnavailableError'],
    [401, 'FailedError'],
    [403, 'FailedError'],
    [404, 'FailedError'],
    [301, 'UnavailableError'],
    [307, 'UnavailableError'],
  ] as const) {
    status = answer
    const error: unknown = await api.syncWithPrune(request).catch((thrown: unknown) => thrown)
    t.match(
      error,
      { name, code: 'ARGOCD_FAILED', message: /^ordering a sync of cluster\/s: / },
      String(answer),
    )
    t.notMatch(String(error), /canary|token/)
  }
  await t.rejects(api.syncWithPrune(request), { message: /307: it redirects/, fix: /--argocd-url/ })
  await t.rejects(argoCdApi({ url: 'http://127.0.0.1:1', token: 'x' }).syncWithPrune(request), {
    name: 'UnavailableError',
    message: /gave no answer/,
  })
})

t.test('an order counts as given where Argo CD answers with a large Application', async t => {
  let answer = JSON.stringify({ status: 'a'.repeat(1_600_000) })
  const server = createServer((incoming, response) => {
    incoming.resume().on('end', () => response.end(answer))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const api = argoCdApi({ url: `http://127.0.0.1:${port}`, token: 'token' })
  await t.resolves(api.syncWithPrune(request))
  answer = 'a'.repeat(5_000_000)
  await t.rejects(api.syncWithPrune(request), { code: 'ARGOCD_FAILED', message: /no answer/ })
})

t.test('asks what the token may do, and sorts what is no answer', async t => {
  const asked: (string | undefined)[] = []
  const state: { answer: readonly [number, string] } = { answer: [200, ''] }
  const server = createServer(({ url }, response) => {
    asked.push(url)
    const [status, body] = state.answer
    response.writeHead(status).end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const api = argoCdApi({ url: `http://127.0.0.1:${port}`, token: 'token' })
  for (const [status, body, seen] of [
    [200, '{"value":"yes"}', { seen: 'present', value: true }],
    [200, '{"value":"no"}', { seen: 'present', value: false }],
    [200, '{"value":"perhaps"}', { seen: 'unknown', why: 'unreachable' }],
    [200, '<html>a login page</html>', { seen: 'unknown', why: 'unreachable' }],
    [
      200,
      `{"value":"yes","a":"${'a'.repeat(5_000_000)}"}`,
      { seen: 'unknown', why: 'unreachable' },
    ],
    [401, '{}', { seen: 'unknown', why: 'forbidden' }],
    [307, '', { seen: 'unknown', why: 'unreachable' }],
    [404, '', { seen: 'unknown', why: 'unreachable' }],
  ] as const) {
    state.answer = [status, body]
    t.strictSame(
      await api.may('sync', 'z tp/apps/clusters'),
      seen,
      `${status} ${body.slice(0, 30)}`,
    )
  }
  t.equal(asked[0], '/api/v1/account/can-i/applications/sync/z%20tp/apps/clusters')
  const nowhere = argoCdApi({ url: 'http://127.0.0.1:1', token: 'x' })
  t.strictSame(await nowhere.may('get', 'a/b'), { seen: 'unknown', why: 'unreachable' })
})

t.test('trusts a private authority only where it is named', async t => {
  const authority = await createAuthority({ name: 'argocd' })
  const { certificate: cert, key } = await authority.issueServer({
    hosts: ['127.0.0.1'],
  })
  const server = createSecureServer({ cert, key }, (_request, response) => {
    response.end('{"value":"yes"}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const url = `https://127.0.0.1:${port}`
  const trusting = argoCdApi({ url, token: 'x', authority: authority.certificate })
  t.strictSame(await trusting.may('get', 'a/b'), { seen: 'present', value: true })
  const strict = argoCdApi({ url, token: 'x' })
  t.strictSame(await strict.may('get', 'a/b'), { seen: 'unknown', why: 'untrusted' })
  await t.rejects(strict.syncWithPrune(request), { code: 'ARGOCD_FAILED', fix: /--ca-file/ })
  await t.rejects(
    askArgoCd({ url: new URL(url), token: 'x', secureContext: undefined }),
    /certificate/,
  )
})
