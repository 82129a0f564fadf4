import type { Test } from 'tap'
import type { Right } from '../../src/core/right.ts'
import { present } from '../../src/core/seen.ts'
import { kubernetesCluster } from '../../src/adapters/kubernetes/kubernetes-cluster.ts'
import { withToken } from '../support/peers/peer.ts'
import { at, inNamespace, type PeerScene } from '../support/peers/peer-scene.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const secretIn =
  (namespace: string) =>
  (value: string, more: object = {}) => ({
    ...{ apiVersion: 'v1', kind: 'Secret', type: 'Opaque' },
    metadata: { name: 'a', namespace, ...more },
    data: { key: base64(value) },
  })

/** What the adapter of a cluster promises, asked of an API. */
export const clusterKeepsItsWord = async (t: Test, scene: PeerScene): Promise<void> => {
  const { admin, namespace, grant } = scene

  await t.test('an object, its absence, a denial and an unserved kind are told apart', async t => {
    const cluster = await scene.cluster('admin')
    const where = await namespace()
    const key = { apiVersion: 'v1', kind: 'Secret', name: 'a', namespace: where }
    t.same(await cluster.read(key), { seen: 'absent' })
    await cluster.create(secretIn(where)('x', { labels: { l: '1' } }))
    t.match(await cluster.read(key), {
      seen: 'present',
      value: { kind: 'Secret', metadata: { name: 'a', labels: { l: '1' } }, data: { key: 'eA==' } },
    })
    t.match(await cluster.list({ apiVersion: 'v1', kind: 'Secret', namespace: where }), {
      seen: 'present',
      value: [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } }],
    })
    t.same(await cluster.read({ ...key, namespace: 'nowhere' }), { seen: 'absent' })
    t.same(await cluster.list({ apiVersion: 'v1', kind: 'Secret', namespace: 'nowhere' }), {
      ...present([]),
    })
    t.same(await cluster.ready(), present(true))

    const unserved = { seen: 'unknown', why: 'not-served' }
    t.same(await cluster.read({ ...key, kind: 'Sekret' }), unserved)
    const foreign = { apiVersion: 'nothing.example/v1', kind: 'Thing' }
    t.same(await cluster.read({ ...foreign, name: 'a', namespace: where }), unserved)
    t.same(await cluster.list(foreign), unserved)

    const stranger = await scene.cluster('stranger')
    const secrets = { group: '', resource: 'secrets' }
    const forbidden = (denied: Partial<Right>) => ({
      ...{ seen: 'unknown', why: 'forbidden', denied: { ...secrets, ...denied } },
    })
    const get = { verb: 'get', namespace: where, name: 'a' }
    t.same(await stranger.read(key), forbidden(get))
    t.same(await stranger.list({ apiVersion: 'v1', kind: 'Secret' }), forbidden({ verb: 'list' }))
    for (const who of [cluster, stranger])
      t.same(await who.may({ ...secrets, ...get }), present(who === cluster))

    const kubeconfig = withToken(await scene.peer.kubeconfig('admin'), 'wrong')
    const wrong = kubernetesCluster(kubeconfig, { credentials: 'any' })
    t.same(await wrong.read(key), { seen: 'unknown', why: 'forbidden' })
    await t.rejects(wrong.create(secretIn(where)('x')), { code: 'OBJECT_REFUSED' })
  })

  await t.test(
    'writes in the name of sower, overwrites nothing, and says why it may not',
    async t => {
      const cluster = await scene.cluster('admin')
      const where = await namespace()
      const key = { apiVersion: 'v1', kind: 'Secret', name: 'a', namespace: where }
      const secret = secretIn(where)
      await cluster.create(secret('first'))
      await t.rejects(cluster.create(secret('second')), { code: 'OBJECT_CONFLICT' })
      t.match(await cluster.read(key), { value: { data: { key: base64('first') } } })
      const { uid } = (await seen(cluster.read(key))).metadata
      await cluster.putSecret(secret('third'))
      t.match(await cluster.read(key), {
        value: { data: { key: base64('third') }, metadata: { uid } },
      })
      await cluster.annotate(key, { added: '1' })
      t.match(await cluster.read(key), {
        value: { data: { key: base64('third') }, metadata: { annotations: { added: '1' } } },
      })
      const { body } = await admin(`${inNamespace('v1', where, 'secrets')}/a`)
      const managers = at(body, 'metadata', 'managedFields') as { manager: string }[]
      t.strictSame([...new Set(managers.map(({ manager }) => manager))], ['sower'])
      const refused = { name: 'FailedError', code: 'OBJECT_REFUSED' }
      await t.rejects(cluster.annotate({ ...key, name: 'nowhere' }, { a: '1' }), refused)
      await t.rejects(cluster.create(secretIn('nowhere')('x')), {
        ...{ ...refused, message: /namespaces "nowhere" not found/ },
      })
      await t.rejects(cluster.create({ ...secret('x', { name: 'A_b' }) }), {
        ...{ ...refused, message: /^creating Secret A_b: .*metadata\.name: Invalid value/ },
      })
      const rule = {
        apiGroups: [''],
        resources: ['secrets'],
        verbs: ['patch'],
        resourceNames: ['b'],
      }
      await grant('half', where, [rule])
      const half = await scene.cluster('half')
      for (const [name, verb] of [
        ['a', 'patch'],
        ['b', 'create'],
      ] as const) {
        const denied = half.putSecret(secret('canary', { name }))
        const message = new RegExp(`^saving Secret ${name}: .*cannot ${verb} resource`)
        await t.rejects(denied, { ...refused, message })
        t.notMatch(await denied.catch(String), new RegExp(`canary|${base64('canary')}`))
      }
      await grant('whole', where, [{ ...rule, verbs: ['create', 'patch'] }])
      const whole = await scene.cluster('whole')
      await whole.putSecret(secret('x', { name: 'b' }))
      await whole.putSecret(secret('y', { name: 'b' }))
      t.match(await cluster.read({ ...key, name: 'b' }), { value: { data: { key: base64('y') } } })
      await t.rejects(whole.create(secret('x', { name: 'c' })), {
        ...{ ...refused, message: /cannot create resource/ },
      })
    },
  )

  await t.test('removes the object that was seen, and no later one', async t => {
    const cluster = await scene.cluster('admin')
    const where = await namespace()
    const key = { apiVersion: 'v1', kind: 'Secret', name: 'a', namespace: where }
    const secret = secretIn(where)
    await cluster.create(secret('x'))
    const first = (await seen(cluster.read(key))).metadata
    await cluster.remove(key)
    await cluster.create(secret('another'))
    const conflict = { name: 'ConflictError', code: 'OBJECT_CONFLICT' }
    await t.rejects(cluster.remove(key, { uid: first.uid }), conflict)
    const { uid, resourceVersion = '' } = (await seen(cluster.read(key))).metadata
    await cluster.annotate(key, { later: '1' })
    await t.rejects(cluster.remove(key, { uid, resourceVersion }), conflict)
    t.match(await cluster.read(key), { seen: 'present' })
    await cluster.remove(key, { uid })
    t.same(await cluster.read(key), { seen: 'absent' })
    await t.resolves(cluster.remove(key, { uid }), 'one that is gone is removed')
  })

  await t.test('a service account is who its token says, until it is gone', async t => {
    const where = await namespace()
    const accounts = inNamespace('v1', where, 'serviceaccounts')
    await scene.make(accounts, { metadata: { name: 'bot' } })
    const user = `system:serviceaccount:${where}:bot`
    await grant(user, where, [
      { apiGroups: [''], resources: ['secrets'], verbs: ['get'], resourceNames: ['a'] },
    ])
    const token = await scene.peer.tokenOf(where, 'bot')
    const kubeconfig = withToken(await scene.peer.kubeconfig('admin'), token)
    const bot = kubernetesCluster(kubeconfig, { credentials: 'any' })
    const key = { apiVersion: 'v1', kind: 'Secret', namespace: where }
    t.same(await bot.read({ ...key, name: 'a' }), { seen: 'absent' })
    t.match(await bot.read({ ...key, name: 'b' }), {
      ...{ why: 'forbidden', denied: { verb: 'get', resource: 'secrets', name: 'b' } },
    })
  })
}

const seen = async <T>(read: Promise<{ seen: string; value?: T }>): Promise<T> => {
  const { value } = await read
  if (value === undefined) throw new Error('it is not there')
  return value
}
