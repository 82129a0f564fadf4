import t from 'tap'
import { loadKubeconfig } from '../../../src/adapters/kubernetes/load-kubeconfig.ts'
import { watchChanges } from '../../../src/adapters/kubernetes/watch-changes.ts'
import { startApi } from '../../support/sandbox/start-api.ts'

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 5))
}
const of = { apiVersion: 'v1', plural: 'configmaps', namespace: 'sower' }
const configMap = (name: string, namespace = 'sower') => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { at: '0' } },
})

t.test('hears of each change, over ends, cuts and versions that are too old', async t => {
  const { store, server } = await startApi(t)
  const config = loadKubeconfig(await server.kubeconfig('admin'))
  const stop = new AbortController()
  let heard = 0
  store.create(configMap('there'))
  const watching = watchChanges(config, { lasting: 1, first: 10 })(
    of,
    () => void (heard += 1),
    stop.signal,
  )
  const watches = () => server.requests.filter(({ verb }) => verb === 'watch').length
  await until(() => heard === 1)
  t.pass('what is there when it begins is told of')
  const change = (at: string) =>
    store.change({ ...of, kind: 'ConfigMap', name: 'there' }, object => {
      object['data'] = { at }
    })
  change('1')
  await until(() => heard === 2)
  store.create(configMap('elsewhere', 'default'))
  await until(() => watches() >= 3)
  t.equal(heard, 2, 'it goes on from where it ended: nothing is told twice, nor what is elsewhere')

  await server.setAvailable(false)
  change('2')
  await server.setAvailable(true)
  // The version that the watch knows is too old then (410): it begins anew, and is told of what is there.
  await until(() => heard === 3)
  t.pass('a change while it was cut off is heard of')
  const before = heard
  store.remove({ ...of, kind: 'ConfigMap', name: 'there' })
  await until(() => heard === before + 1)
  stop.abort()
  await watching
  const ended = watches()
  store.create(configMap('later'))
  t.equal(watches(), ended)
})

t.test('watches one object by its name, and asks less often where it may not', async t => {
  const { store, server } = await startApi(t)
  const stop = new AbortController()
  let heard = 0
  const config = loadKubeconfig(await server.kubeconfig('admin'))
  const fast = { lasting: 60, first: 5 }
  const one = watchChanges(config, fast)(
    { apiVersion: 'v1', plural: 'namespaces', name: 'sower' },
    () => void (heard += 1),
    stop.signal,
  )
  await until(() => heard === 1)
  store.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } })
  store.change({ apiVersion: 'v1', kind: 'Namespace', name: 'sower' }, object => {
    object.metadata.labels = { a: 'b' }
  })
  await until(() => heard === 2)
  const stranger = loadKubeconfig(await server.kubeconfig('stranger'))
  const denied = watchChanges(stranger, fast)(of, () => t.fail('it may not'), stop.signal)
  const refused = () => server.requests.filter(({ status }) => status === 403).length
  await until(() => refused() === 3)
  stop.abort()
  await Promise.all([one, denied])
  t.equal(heard, 2, 'the other namespace is none of its business')
})
