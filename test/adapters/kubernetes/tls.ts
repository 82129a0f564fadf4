import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import t, { type Test } from 'tap'
import { parse, stringify } from 'yaml'
import { kubernetesCluster } from '../../../src/adapters/kubernetes/kubernetes-cluster.ts'
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
  const server = createServer(
    { ...tls, requestCert: true, rejectUnauthorized: true },
    ({ url = '', socket }, response) => {
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
  return { callers, kubeconfig, change, redirect, tls }
}

const isReady = { seen: 'present', value: true }

t.test('each call looks at the certificates anew, also where the server would resume', async t => {
  const { kubeconfig, change } = await start(t)
  const cluster = kubernetesCluster(await kubeconfig('admin'))
  t.same(await cluster.ready(), isReady)
  t.same(await cluster.ready(), isReady)
  await change()
  t.match(await cluster.ready(), { seen: 'unknown' }, 'of another authority')
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
