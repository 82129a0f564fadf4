import t from 'tap'
import { absent, present, unknown } from '../../../src/core/seen.ts'
import { observeRecreators } from '../../../src/operations/seed/observe-recreators.ts'
import { readBase } from '../../../src/operations/read-base.ts'
import { fakeWorld } from '../../support/fake-world.ts'

t.test('looks for what would re-create the objects on the seed and on the hub', async t => {
  const world = fakeWorld()
  const { ports, ...context } = world.start()
  const { config } = await readBase({ ports, ...context })
  const look = () =>
    observeRecreators(ports, { cluster: 'sno1', config, seed: ports.connect('the kubeconfig') })
  t.strictSame(await look(), absent)
  world.hub.add(
    {
      kind: 'Application',
      metadata: { name: 'seedgen-of-sno1', uid: '' },
      spec: { destination: { name: 'sno1' }, syncPolicy: { automated: { selfHeal: true } } },
      status: { resources: [{ kind: 'Secret', name: 'seedgen' }] },
    },
    'openshift-gitops',
  )
  const onHub = 'Application openshift-gitops/seedgen-of-sno1 (heals itself)'
  t.strictSame(await look(), present([onHub]))
  world.seed.add({ kind: 'ExternalSecret', metadata: { name: 'seedgen', uid: '' } }, 'ns')
  t.strictSame(await look(), present(['ExternalSecret ns/seedgen', onHub]))
  for (const system of ['hub.list', 'seed.list']) {
    world.faults.set(system, async () => unknown('timeout'))
    t.strictSame(await look(), unknown('timeout'), system)
    world.faults.delete(system)
  }
  world.faults.set('seed.list', async () => unknown('not-served'))
  t.strictSame(await look(), present([onHub]), 'the seed has none of these operators')
})
