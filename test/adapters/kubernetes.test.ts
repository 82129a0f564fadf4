import './kubernetes/ask-once.ts'
import './kubernetes/lease-leadership.ts'
import './kubernetes/pieces.ts'
import './kubernetes/run-events.ts'
import './kubernetes/seed-run-store.ts'
import './kubernetes/token-file.ts'
import './kubernetes/tls.ts'
import './kubernetes/watch-changes.ts'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { createServer as createHttpsServer } from 'node:https'
import t, { type Test } from 'tap'
import { parse, stringify } from 'yaml'
import type { Right } from '../../src/core/right.ts'
import { present } from '../../src/core/seen.ts'
import { kubernetesCluster } from '../../src/adapters/kubernetes/kubernetes-cluster.ts'
import { createAuthority, kubeconfigOf } from '../../src/sandbox/kubernetes/authority.ts'
import { grant, type Rule } from '../support/sandbox/grant.ts'
import { hubResources, seedResources } from '../../src/sandbox/kubernetes/resource.ts'
import { startApi } from '../support/sandbox/start-api.ts'

const secretKey = { apiVersion: 'v1', kind: 'Secret', name: 'a', namespace: 'sower' }
const generatorKey = { apiVersion: 'lca.openshift.io/v1', kind: 'SeedGenerator', name: 'seedimage' }
const secret = (value: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'a', namespace: 'sower', ...more },
  type: 'Opaque',
  data: { key: Buffer.from(value).toString('base64') },
})

/** A cluster that serves these kinds to the users `admin`, who may all, and `sower`. */
const start = async (t: Test, rules: Record<string, Rule[]> = {}, resources = hubResources) => {
  const { store, authority, server } = await startApi(t, resources)
  for (const [user, granted] of Object.entries(rules)) grant(store, { user, rules: granted })
  return {
    store,
    authority,
    server,
    cluster: kubernetesCluster(await server.kubeconfig('admin')),
    connect: async (user: string) => kubernetesCluster(await server.kubeconfig(user)),
  }
}

t.test('every write is in the name of sower', async t => {
  const { store, cluster } = await start(t)
  await cluster.create(secret('x'))
  await cluster.putSecret(secret('y'))
  await cluster.annotate(secretKey, { looked: 'at' })
  const managers = store.get(secretKey)?.metadata.managedFields ?? []
  t.strictSame([...new Set(managers.map(({ manager }) => manager))], ['sower'])
})

t.test('an object, its absence and no answer are three things', async t => {
  const { store, cluster, connect, server } = await start(t)
  t.same(await cluster.read(secretKey), { seen: 'absent' })
  store.create(secret('x', { labels: { l: '1' } }))
  t.match(await cluster.read(secretKey), {
    seen: 'present',
    value: { kind: 'Secret', metadata: { name: 'a', labels: { l: '1' } }, data: { key: 'eA==' } },
  })
  t.same(await cluster.read({ ...secretKey, namespace: 'elsewhere' }), { seen: 'absent' })
  t.match(await cluster.list({ apiVersion: 'v1', kind: 'Secret', namespace: 'sower' }), {
    seen: 'present',
    value: [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } }],
  })
  t.same(await cluster.list({ apiVersion: 'v1', kind: 'Secret', namespace: 'default' }), {
    seen: 'present',
    value: [],
  })
  t.same(await cluster.ready(), { seen: 'present', value: true })

  const stranger = await connect('sower')
  const secrets = { group: '', resource: 'secrets' }
  const forbidden = (denied: Partial<Right>) => ({
    ...{ seen: 'unknown', why: 'forbidden', denied: { ...secrets, ...denied } },
  })
  const get = { verb: 'get', namespace: 'sower' }
  t.same(await stranger.read(secretKey), forbidden({ ...get, name: 'a' }))
  const nowhere = { ...secretKey, name: 'nowhere' }
  t.same(await stranger.read(nowhere), forbidden({ ...get, name: 'nowhere' }))
  t.same(await stranger.list({ apiVersion: 'v1', kind: 'Secret' }), forbidden({ verb: 'list' }))
  for (const who of [cluster, stranger])
    t.same(await who.may({ ...secrets, ...get, name: 'a' }), present(who === cluster))

  await server.setAvailable(false)
  const unreachable = { seen: 'unknown', why: 'unreachable' }
  t.same(await cluster.read(secretKey), unreachable)
  t.same(await cluster.list({ apiVersion: 'v1', kind: 'Secret' }), unreachable)
  t.same(await cluster.ready(), unreachable)
  t.same(await cluster.may({ verb: 'get', group: '', resource: 'secrets' }), unreachable)
  await t.rejects(cluster.remove(secretKey), {
    name: 'UnavailableError',
    code: 'CLUSTER_UNAVAILABLE',
  })
  await server.setAvailable(true)
  t.match(await cluster.read(secretKey), { seen: 'present' })
})

t.test('a kind that is not served is not an absent object', async t => {
  const { cluster, store } = await start(t)
  const unserved = { seen: 'unknown', why: 'not-served' }
  t.same(await cluster.read(generatorKey), unserved)
  t.same(await cluster.list({ apiVersion: 'lca.openshift.io/v1', kind: 'SeedGenerator' }), unserved)
  t.same(
    await cluster.read({ apiVersion: 'v1', kind: 'Sekret', name: 'a', namespace: 'sower' }),
    unserved,
  )
  // Its definition comes later, as on a cluster that is being installed.
  store.create({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'seedgenerators.lca.openshift.io' },
    spec: {
      group: 'lca.openshift.io',
      names: { kind: 'SeedGenerator', plural: 'seedgenerators' },
      scope: 'Cluster',
      versions: [{ name: 'v1', served: true }],
    },
  })
  t.same(await cluster.read(generatorKey), { seen: 'absent' })
})

/** An HTTPS server in the place of an API server, with an answer of its own. */
const impostor = async (t: Test, answer: (path: string) => [number, string] | null) => {
  const authority = await createAuthority({ name: 'impostor' })
  const { certificate, key } = await authority.issueServer({ hosts: ['127.0.0.1'] })
  const server = createHttpsServer({ cert: certificate, key }, (request, response) => {
    const given = answer(request.url ?? '')
    if (given) response.writeHead(given[0], { 'content-type': 'application/json' }).end(given[1])
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = await authority.issueClient({ commonName: 'admin' })
  return { url, authority, client, kubeconfig: kubeconfigOf({ url, authority, client, name: 'i' }) }
}

const discovery = JSON.stringify({
  kind: 'APIResourceList',
  groupVersion: 'v1',
  resources: [{ name: 'secrets', kind: 'Secret', namespaced: true, verbs: ['get'] }],
})

t.test('only a NotFound that names the object says that it is absent', async t => {
  const state = { answer: [404, ''] as [number, string] }
  const { kubeconfig } = await impostor(t, path =>
    path === '/api/v1' ? [200, discovery] : state.answer,
  )
  const cluster = kubernetesCluster(kubeconfig)
  const status = (more: object): string =>
    JSON.stringify({ kind: 'Status', status: 'Failure', code: 404, ...more })
  const notFound = (name: string) =>
    status({ reason: 'NotFound', details: { name, kind: 'secrets' } })
  for (const [code, body, seen] of [
    [404, notFound('a'), { seen: 'absent' }],
    [404, notFound('b'), { seen: 'unknown', why: 'not-served' }],
    [404, status({ reason: 'NotFound' }), { seen: 'unknown', why: 'not-served' }],
    [404, '404 page not found\n', { seen: 'unknown', why: 'not-served' }],
    [404, '<html>a proxy</html>', { seen: 'unknown', why: 'not-served' }],
    [401, status({ code: 401 }), { seen: 'unknown', why: 'forbidden' }],
    [403, status({ code: 403 }), { seen: 'unknown', why: 'forbidden' }],
    [503, status({ code: 503 }), { seen: 'unknown', why: 'unreachable' }],
    [200, '<html>a login page</html>', { seen: 'unknown', why: 'unreachable' }],
    [200, '{}', { seen: 'unknown', why: 'unreachable' }],
  ] as const) {
    state.answer = [code, body]
    t.same(await cluster.read(secretKey), seen, `${code} ${body}`)
  }
})

t.test('an API server that never answers, or is another one, is unknown', async t => {
  const silent = await impostor(t, () => null)
  const slow = kubernetesCluster(silent.kubeconfig)
  const began = Date.now()
  t.same(await slow.read(secretKey), { seen: 'unknown', why: 'timeout' })
  t.ok(Date.now() - began < 25_000, 'within its time limit')

  const other = await createAuthority({ name: 'other' })
  const mistrusted = kubeconfigOf({
    url: silent.url,
    authority: other,
    client: silent.client,
    name: 'o',
  })
  t.same(await kubernetesCluster(mistrusted).read(secretKey), {
    seen: 'unknown',
    why: 'untrusted',
  })
  const closed = createServer()
  await once(closed.listen(0, '127.0.0.1'), 'listening')
  const { port } = closed.address() as AddressInfo
  await new Promise(resolve => closed.close(resolve))
  const nowhere = kubeconfigOf({ ...silent, url: `https://127.0.0.1:${port}`, name: 'n' })
  const cluster = kubernetesCluster(nowhere)
  t.same(await cluster.read(secretKey), { seen: 'unknown', why: 'unreachable' })
  await t.rejects(cluster.create(secret('canary')), {
    name: 'UnavailableError',
    code: 'CLUSTER_UNAVAILABLE',
    message: 'creating Secret a: the API server gave no answer',
  })
})

t.test('a creation never overwrites; a Secret of ours is created or replaced', async t => {
  const { cluster, store } = await start(t)
  await cluster.create(secret('first'))
  await t.rejects(cluster.create(secret('second')), {
    name: 'ConflictError',
    code: 'OBJECT_CONFLICT',
  })
  t.same(store.get(secretKey)?.['data'], { key: Buffer.from('first').toString('base64') })
  const uid = store.get(secretKey)?.metadata.uid
  await cluster.putSecret(secret('third'))
  t.same(store.get(secretKey)?.['data'], { key: Buffer.from('third').toString('base64') })
  t.equal(store.get(secretKey)?.metadata.uid, uid, 'it is the same object')
  store.remove(secretKey)
  await cluster.putSecret(secret('fourth'))
  t.same(store.get(secretKey)?.['data'], { key: Buffer.from('fourth').toString('base64') })
  await t.rejects(cluster.create(secret('x', { namespace: 'nowhere' })), {
    name: 'FailedError',
    code: 'OBJECT_REFUSED',
    message: /namespaces "nowhere" not found/,
  })
})

t.test('annotates without touching anything else', async t => {
  const { cluster, store } = await start(t)
  store.create(secret('x', { annotations: { kept: 'yes' }, labels: { l: '1' } }))
  const before = store.get(secretKey)
  await cluster.annotate(secretKey, { added: '1' })
  const after = store.get(secretKey)
  t.same(after?.metadata.annotations, { kept: 'yes', added: '1' })
  t.same([after?.['data'], after?.metadata.labels], [before?.['data'], before?.metadata.labels])
  await t.rejects(cluster.annotate({ ...secretKey, name: 'nowhere' }, { a: '1' }), {
    name: 'FailedError',
    code: 'OBJECT_REFUSED',
  })
  t.equal(store.get({ ...secretKey, name: 'nowhere' }), undefined)
})

t.test('removes the object that was seen, and no later one', async t => {
  const { cluster, store } = await start(t)
  const uid = store.create(secret('x')).metadata.uid ?? ''
  store.remove(secretKey)
  store.create(secret('another'))
  await t.rejects(cluster.remove(secretKey, { uid }), {
    name: 'ConflictError',
    code: 'OBJECT_CONFLICT',
  })
  t.ok(store.get(secretKey))
  const seen = store.get(secretKey)!.metadata
  const { uid: now = '', resourceVersion } = seen
  store.change(secretKey, live => {
    live.metadata.labels = { a: 'b' }
  })
  await t.rejects(cluster.remove(secretKey, { uid: now, resourceVersion }), {
    ...{ name: 'ConflictError', code: 'OBJECT_CONFLICT' },
  })
  await cluster.remove(secretKey, { uid: now })
  t.equal(store.get(secretKey), undefined)
  await cluster.remove(secretKey)
  await cluster.remove(secretKey, { uid })
})

t.test('asks what it may, and says what it was refused', async t => {
  const rule = { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'create'] }
  const { connect } = await start(t, { sower: [rule] }, [...hubResources, ...seedResources])
  const sower = await connect('sower')
  const may = (verb: string, resource: string) => sower.may({ verb, group: '', resource })
  t.same(await may('create', 'secrets'), { seen: 'present', value: true })
  t.same(await may('delete', 'secrets'), { seen: 'present', value: false })
  await t.rejects(sower.remove(secretKey), {
    name: 'FailedError',
    code: 'OBJECT_REFUSED',
    message: /^deleting Secret a: .*forbidden/,
  })
  await sower.create(secret('x'))
  const refused = sower.putSecret(secret('canary'))
  await t.rejects(refused, { code: 'OBJECT_REFUSED' })
  t.notMatch(await refused.catch(String), /canary|Y2FuYXJ5/)
})

t.test(
  'an access without a client certificate of its own is refused, and never quoted',
  async t => {
    const { server } = await start(t)
    const good = await server.kubeconfig('admin')
    type Config = {
      users: { user: Record<string, unknown> }[]
      clusters: { cluster: Record<string, unknown> }[]
    }
    const changed = (
      change: (user: Record<string, unknown>, cluster: Record<string, unknown>) => void,
    ): string => {
      const config = parse(good) as Config
      change(config.users[0]?.user ?? {}, config.clusters[0]?.cluster ?? {})
      return stringify(config)
    }
    const refused: Record<string, [string, RegExp]> = {
      token: [
        changed(user => {
          user['token'] = 'canary'
        }),
        /a token/,
      ],
      exec: [
        changed(user => {
          user['exec'] = {
            apiVersion: 'client.authentication.k8s.io/v1',
            command: 'touch',
            args: ['canary'],
          }
        }),
        /login program/,
      ],
      password: [
        changed(user => {
          Object.assign(user, { username: 'a', password: 'canary' })
        }),
        /a password/,
      ],
      file: [
        changed(user => {
          delete user['client-key-data']
          user['client-key'] = '/etc/canary.key'
        }),
        /names files/,
      ],
      'no key': [
        changed(user => {
          delete user['client-key-data']
        }),
        /no client certificate with its key/,
      ],
      'no verification': [
        changed((_, cluster) => {
          cluster['insecure-skip-tls-verify'] = true
          delete cluster['certificate-authority-data']
        }),
        /does not verify/,
      ],
      'plain HTTP': [
        changed((_, cluster) => {
          cluster['server'] = 'http://127.0.0.1:1'
        }),
        /does not verify/,
      ],
      'no context': [
        stringify({ ...(parse(good) as object), 'current-context': 'canary' }),
        /no current cluster/,
      ],
      'no kubeconfig': ['canary: [', /it is not one/],
      'plain text': ['canary', /reading a kubeconfig/],
      nothing: ['', /reading a kubeconfig/],
    }
    for (const [title, [kubeconfig, says]] of Object.entries(refused)) {
      const error = await Promise.resolve(kubeconfig)
        .then(kubernetesCluster)
        .then(
          () => null,
          (reason: unknown) => reason,
        )
      t.match(
        error,
        { name: 'RefusedError', code: 'ACCESS_MISSING', message: says, fix: /admin kubeconfig/ },
        title,
      )
      t.notMatch(`${String(error)} ${String((error as Error).cause)}`, /canary/)
    }
    const hub = kubernetesCluster(refused['token']?.[0] ?? '', { credentials: 'any' })
    t.match(
      await hub.read(secretKey),
      { seen: /absent|unknown/ },
      'the hub may be reached with any',
    )
    const tokenless = kubernetesCluster(good)
    t.same(await tokenless.ready(), { seen: 'present', value: true })
  },
)
