import t from 'tap'
import type { Watched } from '../../../src/adapters/kubernetes/watch-changes.ts'
import { followHub } from '../../../src/bot/hub/follow-hub.ts'
import { aRun } from '../../support/run/run-scene.ts'

/** A watch that says what is watched, and lets the test change it. */
const scene = () => {
  const watched = new Map<string, () => void>()
  const keyOf = ({ plural, namespace = '', name = '' }: Watched): string =>
    `${plural} ${namespace}/${name}`
  const woken: string[] = []
  const hub = followHub({
    watch: (of, changed, signal) =>
      new Promise(resolve => {
        watched.set(keyOf(of), changed)
        signal.addEventListener('abort', () => {
          watched.delete(keyOf(of))
          resolve()
        })
      }),
    wake: run => woken.push(run),
  })
  return { watched, woken, hub }
}
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 5))
}

t.test('follows the objects that a detach waits for, and nothing of other runs', async t => {
  const { watched, woken, hub } = scene()
  const detaching = aRun('Detaching')
  hub.looked([detaching, { ...aRun('Proposed'), name: 'sno2' }])
  t.strictSame(
    [...watched.keys()],
    [
      'managedclusters /sno1',
      'clusterinstances sno1/',
      'baremetalhosts sno1/',
      'managedclusteraddons sno1/',
      'manifestworks sno1/',
      'namespaces /sno1',
    ],
  )
  for (const changed of watched.values()) changed()
  await until(() => woken.length > 0)
  t.strictSame(woken, ['sno1'], 'many events are one wake')
  const last = watched.get('namespaces /sno1')
  hub.looked([aRun('Detached')])
  t.equal(watched.size, 0, 'a run that waits for something else is followed no more')
  last?.()
  hub.looked([detaching])
  t.equal(watched.size, 6)
  await hub.stop()
  t.equal(watched.size, 0)
  t.strictSame(woken, ['sno1'])
})

t.test('follows so many runs and no more, and each once', async t => {
  const { watched, hub } = scene()
  const runs = Array.from({ length: 20 }, (_, index) => ({
    ...aRun('Detaching'),
    name: `sno${index}`,
  }))
  hub.looked(runs)
  t.equal(watched.size, 16 * 6)
  hub.looked(runs)
  t.equal(watched.size, 16 * 6)
  hub.looked(runs.slice(4))
  t.equal(watched.size, 16 * 6, 'one that ends makes room')
  t.ok(watched.has('namespaces /sno19'))
  await hub.stop()
})
