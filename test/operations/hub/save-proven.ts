import t from 'tap'
import { saveProven } from '../../../src/operations/hub/save-proven.ts'
import { present } from '../../../src/core/seen.ts'
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
