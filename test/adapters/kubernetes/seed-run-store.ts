import { CustomObjectsApi } from '@kubernetes/client-node'
import t, { type Test } from 'tap'
import { configurationOf } from '../../../src/adapters/kubernetes/configuration-of.ts'
import { loadKubeconfig } from '../../../src/adapters/kubernetes/load-kubeconfig.ts'
import { seedRunStore } from '../../../src/adapters/kubernetes/seed-run-store.ts'
import { specOf } from '../../../src/core/run/seed-run-fields.ts'
import { seedRunDefinition } from '../../../src/core/run/seed-run-definition.ts'
import { parseObject } from '../../../src/sandbox/kubernetes/requests/parse-object.ts'
import { startApi } from '../../support/sandbox/start-api.ts'
import { goesOn, storedRuns } from '../../support/run/goes-on.ts'
import { aRun, at } from '../../support/run/run-scene.ts'

type Body = Readonly<Record<string, unknown>>
const key = { apiVersion: 'sower.dev/v1alpha1', kind: 'SeedRun', name: 'sno1', namespace: 'sower' }

/** A hub that serves SeedRuns, as `admin`, who may all, and as `stranger`, who may nothing. */
const start = async (t: Test, { isServed = true } = {}) => {
  const { store, server } = await startApi(t)
  if (isServed) store.create(parseObject(seedRunDefinition()))
  const told: (readonly [string, string])[] = []
  const connect = async (user: string) =>
    seedRunStore(configurationOf(loadKubeconfig(await server.kubeconfig(user))), {
      namespace: 'sower',
      unreadable: (run, reason) => told.push([run, reason]),
    })
  return { store, server, told, connect, runs: await connect('admin') }
}

void t.test('a SeedRun that an earlier version has begun goes on to its end', async t => {
  const begun = Object.entries(storedRuns).filter(([, run]) => 'kind' in run)
  t.ok(begun.length > 4)
  const { store, runs } = await start(t)
  for (const [file, run] of begun) {
    store.create(parseObject(run))
    const { outcome } = (await runs.get('sno1'))!
    const phase = outcome ?? 'Completed'
    t.match(await goesOn(runs), { name: 'sno1', phase }, file)
    t.match(store.get(key), { status: { phase } }, file)
    store.remove(key)
  }
})

void t.test('a crash between the two writes of a new request leaves that request', async t => {
  const { store, runs } = await start(t)
  await runs.create(aRun('Requested'))
  const ended = await runs.replace({ ...(await runs.get('sno1'))!, phase: 'Completed' })
  const request = { ...ended.request, key: '#9/label/3', pullRequest: 9 }
  const spec = specOf({ ...ended, request, since: at(9) })
  store.replace({ ...store.get(key)!, spec })
  t.match(await runs.get('sno1'), { phase: 'Requested', since: at(9), request, outcome: null })
})

void t.test(
  'a run is restored as docs/operate.md says: created, and its status replaced',
  async t => {
    const { server, runs } = await start(t)
    const api = new CustomObjectsApi(
      configurationOf(loadKubeconfig(await server.kubeconfig('admin'))),
    )
    const all = { group: 'sower.dev', version: 'v1alpha1', namespace: 'sower', plural: 'seedruns' }
    await runs.create(aRun('Requested'))
    const { version } = (await runs.get('sno1'))!
    const run = await runs.replace({ ...aRun('Generating'), version })
    const saved = (await api.getNamespacedCustomObject({ ...all, name: 'sno1' })) as Body
    await runs.remove(run)
    const restored = { ...saved, metadata: { name: 'sno1', namespace: 'sower' } }
    await api.createNamespacedCustomObject({ ...all, body: restored })
    t.match(await runs.get('sno1'), { phase: 'Requested' }, 'a status is not created')
    const status = { ...all, name: 'sno1' }
    await t.rejects(api.replaceNamespacedCustomObjectStatus({ ...status, body: saved }), {
      ...{ code: 409 },
    })
    // kubectl takes the version that is there where a file has none.
    const { version: resourceVersion } = (await runs.get('sno1'))!
    const body = { ...restored, metadata: { ...restored.metadata, resourceVersion } }
    await api.replaceNamespacedCustomObjectStatus({ ...status, body })
    t.strictSame(await runs.get('sno1'), { ...run, version: (await runs.get('sno1'))!.version })
  },
)

void t.test('no answer, a missing kind and a missing right are three errors', async t => {
  const { runs, server, connect } = await start(t)
  await runs.create(aRun('Requested'))
  const run = (await runs.get('sno1'))!
  const stranger = await connect('stranger')
  const forbidden = { code: 'OBJECT_REFUSED', message: /forbids/, fix: /rights/ }
  await t.rejects(stranger.get('sno1'), forbidden)
  await t.rejects(stranger.list(), forbidden)
  await t.rejects(stranger.create(run), { code: 'OBJECT_REFUSED', message: /forbidden/ })
  await server.setAvailable(false)
  for (const act of [
    (): Promise<unknown> => runs.get('sno1'),
    () => runs.list(),
    () => runs.create(run),
    () => runs.replace(run),
  ])
    await t.rejects(act(), { code: 'CLUSTER_UNAVAILABLE' })
  const bare = await start(t, { isServed: false })
  const unserved = { code: 'OBJECT_REFUSED', fix: /manifests\/crd/ }
  await t.rejects(bare.runs.get('sno1'), unserved)
  await t.rejects(bare.runs.list(), unserved)
})
