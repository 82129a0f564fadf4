import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { HttpMethod, RequestContext } from '@kubernetes/client-node'
import t, { type Test } from 'tap'
import { parse, stringify } from 'yaml'
import { askAgain } from '../../../src/adapters/kubernetes/ask-again.ts'
import { connectAs } from '../../../src/adapters/kubernetes/connect-as.ts'
import { isRead } from '../../../src/adapters/kubernetes/is-read.ts'
import { keepClusters } from '../../../src/adapters/kubernetes/keep-clusters.ts'
import { kubernetesCluster } from '../../../src/adapters/kubernetes/kubernetes-cluster.ts'
import { loadKubeconfig } from '../../../src/adapters/kubernetes/load-kubeconfig.ts'
import { createAuthority, kubeconfigOf } from '../../../src/sandbox/kubernetes/authority.ts'
import { temporaryDirectory } from '../../support/run-sower.ts'

const answers: Record<string, object> = {
  '/api/v1': {
    kind: 'APIResourceList',
    groupVersion: 'v1',
    resources: [{ name: 'namespaces', kind: 'Namespace', namespaced: false, verbs: ['get'] }],
  },
  '/api/v1/namespaces/default': {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'default' },
  },
}

/** A server that wants client certificates, and keeps its ticket keys when it comes to be of another authority. */
const start = async (t: Test) => {
  const ticketKeys = randomBytes(48)
  const newIdentity = async () => {
    const authority = await createAuthority({ name: 'test' })
    const { certificate: cert, key } = await authority.issueServer({ hosts: ['127.0.0.1'] })
    return { authority, tls: { cert, key, ca: authority.certificate, ticketKeys } }
  }
  const { authority, tls } = await newIdentity()
  const callers: string[] = []
  const redirect = { to: '', status: 302 }
  const cut = { next: 0 }
  const server = createServer(
    { ...tls, requestCert: true, rejectUnauthorized: true },
    ({ url = '', socket }, response) => {
      if (url !== '/api/v1' && cut.next > 0) {
        cut.next -= 1
        socket.destroy()
        return
      }
      if (url !== '/api/v1' && socket instanceof TLSSocket)
        callers.push(String(socket.getPeerCertificate().subject.CN))
      const to = redirect.to && url !== '/api/v1' ? redirect.to : undefined
      if (to) response.writeHead(redirect.status, { location: to + url }).end()
      else response.setHeader('content-type', 'application/json').end(JSON.stringify(answers[url]))
    },
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const kubeconfig = async (commonName: string): Promise<string> => {
    const client = await authority.issueClient({ commonName })
    return kubeconfigOf({ url, authority, client, name: 'c' })
  }
  const change = async (): Promise<void> => {
    server.setSecureContext((await newIdentity()).tls)
  }
  let connections = 0
  server.on('secureConnection', () => (connections += 1))
  return {
    ...{ callers, kubeconfig, change, redirect, tls, cut, url },
    opened: () => connections,
    /** Closes every connection, as a server does with those that were idle for too long. */
    hangUp: () => {
      server.closeAllConnections()
    },
  }
}

const isReady = { seen: 'present', value: true }

t.test('each connection looks at the certificates, also where the server would resume', async t => {
  const { kubeconfig, change, hangUp } = await start(t)
  const cluster = kubernetesCluster(await kubeconfig('admin'))
  t.same(await cluster.ready(), isReady)
  hangUp()
  t.same(await cluster.ready(), isReady)
  await change()
  hangUp()
  t.match(await cluster.ready(), { seen: 'unknown' }, 'of another authority')
})

t.test('reads share a connection, and each write has one of its own', async t => {
  const { kubeconfig, opened } = await start(t)
  const cluster = kubernetesCluster(await kubeconfig('admin'))
  for (let reads = 0; reads < 4; reads += 1) t.same(await cluster.ready(), isReady)
  t.equal(opened(), 1)
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'new' } } as const
  for (const writes of [2, 3]) {
    await t.rejects(cluster.create(namespace), 'the server knows no such path')
    t.equal(opened(), writes)
  }
  t.same(await cluster.ready(), isReady)
  t.equal(opened(), 3, 'the connection of the reads is still there')
})

t.test('a read asks once more when its connection is closed, and a write is sent once', async t => {
  const { kubeconfig, cut } = await start(t)
  const cluster = kubernetesCluster(await kubeconfig('admin'))
  t.same(await cluster.ready(), isReady)
  cut.next = 1
  t.same(await cluster.ready(), isReady)
  t.equal(cut.next, 0)
  cut.next = 2
  t.match(await cluster.ready(), { seen: 'unknown' })
  t.equal(cut.next, 0, 'twice, and no more')
  cut.next = 3
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'new' } } as const
  await t.rejects(cluster.create(namespace), { code: 'CLUSTER_UNAVAILABLE' })
  t.equal(cut.next, 2)
})

t.test('the transport takes the connection that the authentication chose', async t => {
  const { kubeconfig, url } = await start(t)
  const authentication = connectAs(loadKubeconfig(await kubeconfig('admin')))
  const prepared = async (method: HttpMethod): Promise<RequestContext> => {
    const request = new RequestContext(`${url}/api/v1/namespaces/default`, method)
    await authentication.applySecurityAuthentication(request)
    return request
  }
  const [read, other] = [await prepared(HttpMethod.GET), await prepared(HttpMethod.GET)]
  t.equal(read.getAgent(), other.getAgent())
  const [write, next] = [await prepared(HttpMethod.POST), await prepared(HttpMethod.POST)]
  t.not(write.getAgent(), next.getAgent())
  const review = `${url}/apis/authorization.k8s.io/v1/selfsubjectaccessreviews`
  t.ok(isRead(new RequestContext(review, HttpMethod.POST)), 'a question changes nothing')
  t.notOk(isRead(write))
  t.not(write.getAgent(), read.getAgent())
  for (const request of [read, write])
    t.match(await askAgain().send(request).toPromise(), { httpStatusCode: 200 })
})

t.test('who a login program says that we are counts from its next word on', async t => {
  type Kubeconfig = { users: { user: Record<string, unknown> }[] }
  const { callers, kubeconfig } = await start(t)
  const file = join(temporaryDirectory(t), 'credential.json')
  const become = async (user: string): Promise<void> => {
    const { users } = parse(await kubeconfig(user)) as Kubeconfig
    const text = (field: string): string =>
      Buffer.from(String(users[0]?.user[field]), 'base64').toString()
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: {
        clientCertificateData: text('client-certificate-data'),
        clientKeyData: text('client-key-data'),
        expirationTimestamp: '2020-01-01T00:00:00Z',
      },
    }
    writeFileSync(file, JSON.stringify(credential))
  }
  const config = parse(await kubeconfig('admin')) as Kubeconfig
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'cat', args: [file] }
  config.users[0]!.user = { exec }
  const cluster = kubernetesCluster(stringify(config), { credentials: 'any' })
  for (const user of ['admin', 'sower', 'admin']) {
    await become(user)
    t.same(await cluster.ready(), isReady)
    t.same(await cluster.ready(), isReady)
  }
  t.same(callers, ['admin', 'admin', 'sower', 'sower', 'admin', 'admin'])
})

t.test(
  'an API server that redirects sends nobody elsewhere, and the other place decides nothing',
  async t => {
    const { kubeconfig, redirect, callers, tls } = await start(t)
    const asked: string[] = []
    const absent = { kind: 'Status', reason: 'NotFound', details: { name: 'default' } }
    const other = createServer(tls, ({ url = '' }, response) => {
      asked.push(url)
      response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify(absent))
    }).listen(0, '127.0.0.1')
    await once(other, 'listening')
    t.teardown(() => {
      other.closeAllConnections()
      other.close()
    })
    const cluster = kubernetesCluster(await kubeconfig('admin'))
    const object = { apiVersion: 'v1', kind: 'Namespace' } as const
    for (const status of [301, 302, 307, 308]) {
      Object.assign(redirect, {
        status,
        to: `https://127.0.0.1:${(other.address() as AddressInfo).port}`,
      })
      t.match(
        await cluster.read({ ...object, name: 'default' }),
        { seen: 'unknown' },
        String(status),
      )
      t.match(await cluster.list(object), { seen: 'unknown' })
      await t.rejects(cluster.create({ ...object, metadata: { name: 'new' } }), {
        code: 'CLUSTER_UNAVAILABLE',
      })
    }
    t.strictSame(asked, [])
    t.ok(callers.length >= 12)
    redirect.to = ''
    t.same(await cluster.ready(), isReady)
  },
)

t.test('the same kubeconfig is the same cluster, and another one is another', async t => {
  const { kubeconfig } = await start(t)
  const [one, other] = [await kubeconfig('admin'), await kubeconfig('sower')]
  const connect = keepClusters()
  const first = connect(one)
  t.equal(connect(one), first)
  t.not(connect(other), first)
  for (let others = 0; others < 63; others += 1) connect(`${other}\n# ${others}\n`)
  t.not(connect(one), first, 'no more than 64 are kept')
  t.throws(() => connect('no kubeconfig'), { code: 'ACCESS_MISSING' })
})
