import t from 'tap'
import { installedName, saveProven } from '../../../src/operations/hub/save-proven.ts'
import { present, unknown } from '../../../src/core/seen.ts'
import { fakeCluster } from '../../support/fake-cluster.ts'
import { fakeWorld } from '../../support/fake-world.ts'
import { base64, places } from '../../support/saved-world.ts'

t.test('what is saved has been tried out before', async t => {
  const world = fakeWorld()
  const given = { cluster: 'sno1', kubeconfig: 'a kubeconfig' }
  world.faults.set('seed.may', async () => present(false))
  await t.rejects(saveProven(world.start(), given), { code: 'ACCESS_NOT_PROVEN' })
  t.strictSame(world.acts, [])
  world.faults.clear()
  await saveProven(world.start(), given)
  t.match(world.hub.objects.get(places.saved), { data: { kubeconfig: base64('a kubeconfig') } })
})

t.test('a cluster is called as its API server is', async t => {
  const metadata = { name: 'cluster', uid: '' }
  const named = async (status?: unknown): Promise<string | null> => {
    const seed = fakeCluster()
    if (status !== undefined) seed.add({ kind: 'Infrastructure', metadata, status })
    return installedName(seed.port)
  }
  t.equal(await named({ apiServerURL: 'https://api.sno-1.example.com:6443' }), 'sno-1')
  t.equal(await named({ apiServerURL: 'https://10.0.0.1:6443' }), null)
  t.equal(await named({}), null)
  t.equal(await named(), null)
  const silent = { read: async () => unknown('timeout') }
  await t.rejects(installedName(silent), { code: 'CLUSTER_UNAVAILABLE' }, 'no answer is no name')
})
