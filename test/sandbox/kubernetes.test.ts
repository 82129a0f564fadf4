import './kubernetes/rights.ts'
import './kubernetes/troubles.ts'
import { Watch, type KubernetesObject } from '@kubernetes/client-node'
import { createAuthority } from '../../src/sandbox/kubernetes/authority.ts'
import t from 'tap'
import {
  admin,
  api,
  at,
  config,
  configMap,
  failure,
  merge,
  namespace,
  raw,
  server,
  type Written,
  written,
} from '../support/sandbox/kubernetes-scene.ts'

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 5))
}

t.test('creates, reads, changes, lists and deletes with the real client', async t => {
  t.match(await failure(admin.create(configMap('a', {}, { namespace: 'nowhere' }))), {
    kind: 'Status',
    code: 404,
    message: 'namespaces "nowhere" not found',
    details: { name: 'nowhere', kind: 'namespaces' },
  })
  const created = await admin.create(configMap('a', { data: { x: '1' } }))
  t.match(await failure(admin.create(configMap('a'))), { code: 409, reason: 'AlreadyExists' })
  t.match(await merge(configMap('a', { data: { y: '2' } })), { data: { x: '1', y: '2' } })
  t.match(await failure(admin.replace(created)), {
    code: 409,
    reason: 'Conflict',
    message: /^Operation cannot be fulfilled on configmaps "a": the object has been modified/,
  })
  await admin.create(configMap('b', {}, { labels: { l: '1' } }))
  const first = await api('/api/v1/namespaces/sower/configmaps?limit=1')
  const path = `/api/v1/configmaps?limit=1&continue=${String(at(first, 'metadata', 'continue'))}`
  t.match(await api(path), { kind: 'ConfigMapList', items: [{ metadata: { name: 'b' } }] })
  const selected = await api('/api/v1/configmaps?labelSelector=l%20in%20(1,2),!m')
  t.equal(at(selected, 'items', 'length'), 1)
  t.equal((await admin.list('v1', 'ConfigMap', 'sower')).items.length, 2)
  await admin.delete(configMap('a'))
  t.match(await failure(admin.read(configMap('a'))), {
    code: 404,
    message: 'configmaps "a" not found',
    details: { name: 'a', kind: 'configmaps' },
  })
})

t.test(
  'distinguishes an unknown kind, a missing object and a client without certificate',
  async t => {
    t.same(await raw('/apis/nothing.example/v1/things'), {
      code: 404,
      text: '404 page not found\n',
    })
    const missing = await raw('/apis/lca.openshift.io/v1/seedgenerators/seedimage')
    t.match(JSON.parse(missing.text), {
      reason: 'NotFound',
      details: { name: 'seedimage', group: 'lca.openshift.io', kind: 'seedgenerators' },
    })
    t.match(await api('/readyz', { client: null }), { reason: 'Unauthorized', code: 401 })
    const foreign = await createAuthority({ name: 'other' })
    const client = await foreign.issueClient({ commonName: 'admin' })
    t.match(await api('/api/v1/nodes', { client }), { code: 401 })
    t.same(await raw('/readyz'), { code: 200, text: 'ok' })
    t.match(await api('/version'), { major: '1' })
  },
)

t.test('serves what a CustomResourceDefinition in the store defines', async t => {
  await admin.create(
    written({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'seedruns.sower.dev' },
      spec: {
        group: 'sower.dev',
        names: { kind: 'SeedRun', plural: 'seedruns' },
        scope: 'Namespaced',
        versions: [{ name: 'v1alpha1', served: true, storage: true, subresources: { status: {} } }],
      },
    }),
  )
  const run = {
    apiVersion: 'sower.dev/v1alpha1',
    kind: 'SeedRun',
    metadata: { name: 'sno1', namespace: 'sower' },
  }
  await admin.create(written({ ...run, spec: { a: 1 }, status: { phase: 'Sneaked' } }))
  const path = '/apis/sower.dev/v1alpha1/namespaces/sower/seedruns/sno1'
  t.notOk(at(await api(path), 'status'), 'a create does not set the status')
  const type = 'application/merge-patch+json'
  const body = { spec: { a: 2 }, status: { phase: 'Requested' } }
  const main = await api(path, { method: 'PATCH', type, body })
  t.match(main, { spec: { a: 2 }, status: undefined, metadata: { generation: 2 } })
  const status = await api(`${path}/status`, {
    method: 'PATCH',
    type,
    body: { ...body, spec: { a: 3 } },
  })
  t.match(status, { spec: { a: 2 }, status: { phase: 'Requested' }, metadata: { generation: 2 } })
  t.match(await api(path, { method: 'PUT', body: run }), { code: 422, reason: 'Invalid' })
  const strategic = 'application/strategic-merge-patch+json'
  t.match(await api(path, { method: 'PATCH', type: strategic, body }), { code: 415 })
  const operations = [
    { op: 'test', path: '/spec/a', value: 2 },
    { op: 'add', path: '/spec/b', value: [1] },
    { op: 'add', path: '/spec/b/-', value: 2 },
    { op: 'remove', path: '/spec/a' },
  ]
  const patched = await api(path, {
    method: 'PATCH',
    type: 'application/json-patch+json',
    body: operations,
  })
  t.same(patched['spec'], { b: [1, 2] })
})

t.test('holds the rules of the SeedGenerator', async t => {
  const seedGenerator = (name: string, seedImage: string): Written =>
    written({
      apiVersion: 'lca.openshift.io/v1',
      kind: 'SeedGenerator',
      metadata: { name },
      spec: { seedImage },
    })
  t.match(await failure(admin.create(seedGenerator('other', 'a/b:c'))), {
    code: 422,
    reason: 'Invalid',
    message: /seedgen is a singleton, metadata.name must be 'seedimage'/,
  })
  await admin.create(seedGenerator('seedimage', 'a/b:c'))
  t.match(await failure(merge(seedGenerator('seedimage', 'a/b:d'))), {
    code: 422,
    message: /cannot modify spec, cr must be deleted and recreated/,
  })
  const path = '/apis/lca.openshift.io/v1/seedgenerators/seedimage'
  const wrong = { method: 'DELETE', body: { preconditions: { uid: 'another' } } }
  const uid = at(await api(path), 'metadata', 'uid')
  t.match(await api(path, wrong), {
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on SeedGenerator.lca.openshift.io "seedimage": the UID in the precondition (another) does not match the UID in record (${String(uid)}). The object might have been deleted and then recreated`,
    details: { kind: 'SeedGenerator' },
  })
  const right = { method: 'DELETE', body: { preconditions: { uid } } }
  t.match(await api(path, right), { status: 'Success', details: { uid } })
})

t.test(
  'keeps objects with finalizers, and namespaces with contents, until they are let go',
  async t => {
    await admin.create(namespace('going'))
    const held = configMap('held', {}, { namespace: 'going', finalizers: ['a/b'] })
    await admin.create(held)
    await admin.delete(namespace('going'))
    t.match(await api('/api/v1/namespaces/going'), { status: { phase: 'Terminating' } })
    t.match(await admin.read({ ...held, metadata: { name: 'held', namespace: 'going' } }), {
      metadata: { deletionTimestamp: Date },
    })
    t.match(await failure(admin.create(configMap('x', {}, { namespace: 'going' }))), {
      code: 403,
      message:
        'configmaps "x" is forbidden: unable to create new content in namespace going because it is being terminated',
    })
    await merge(configMap('held', {}, { namespace: 'going', finalizers: [] }))
    t.match(await api('/api/v1/namespaces/going'), { code: 404 })
  },
)

t.test('deletes or keeps what the deleted object owns, by the propagation policy', async t => {
  const owned = async (name: string): Promise<string> => {
    const owner = await admin.create(configMap(name))
    const uid = owner.metadata.uid ?? ''
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name, uid }
    await admin.create(configMap(`${name}-owned`, {}, { ownerReferences: [reference] }))
    return `/api/v1/namespaces/sower/configmaps/${name}`
  }
  for (const propagationPolicy of ['Background', 'Foreground', 'Orphan']) {
    const path = await owned(propagationPolicy.toLowerCase())
    t.match(await api(path, { method: 'DELETE', body: { propagationPolicy } }), {
      status: 'Success',
    })
    const { code } = await raw(`${path}-owned`)
    t.equal(code, propagationPolicy === 'Orphan' ? 200 : 404, propagationPolicy)
  }
})

t.test('streams a watch from a resourceVersion, and ends it cleanly', async t => {
  const resourceVersion = String(at(await api('/api/v1/configmaps'), 'metadata', 'resourceVersion'))
  await admin.create(configMap('seen'))
  const events: string[] = []
  const ended = new Promise<unknown>((resolve, reject) => {
    new Watch(config)
      .watch(
        '/api/v1/namespaces/sower/configmaps',
        { resourceVersion, timeoutSeconds: 1 },
        (type, object: KubernetesObject) => events.push(`${type} ${object.metadata?.name ?? ''}`),
        resolve,
      )
      .catch(reject)
  })
  await until(() => events.length === 1)
  await merge(configMap('seen', { data: { x: '1' } }))
  await admin.delete(configMap('seen'))
  t.equal(await ended, null)
  t.same(events, ['ADDED seen', 'MODIFIED seen', 'DELETED seen'])
  const { text: expired } = await raw('/api/v1/configmaps?watch=true&resourceVersion=1')
  t.match(JSON.parse(expired), { type: 'ERROR', object: { code: 410, reason: 'Expired' } })
})

t.test('refuses connections while it is not available', async t => {
  const watching = raw('/api/v1/configmaps?watch=true')
  await until(() => server.requests.at(-1)?.verb === 'watch')
  await server.setAvailable(false)
  await t.rejects(watching)
  await t.rejects(raw('/readyz'), { code: 'ECONNREFUSED' })
  await server.setAvailable(true)
  t.same(await raw('/readyz'), { code: 200, text: 'ok' })
})
