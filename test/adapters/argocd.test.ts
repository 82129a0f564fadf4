import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
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
