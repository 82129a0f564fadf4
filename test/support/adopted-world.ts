import { requestManifest } from '../../src/core/seedgen/read-request.ts'
import { takeIn } from '../../src/operations/intake/take-in.ts'
import { image, openPullRequest, type FakeWorld } from './fake-world.ts'
import { places, savedWorld } from './saved-world.ts'

const infrastructure = (name: string) => ({
  ...{ kind: 'Infrastructure', metadata: { name: 'cluster', uid: '' } },
  status: {
    infrastructureTopology: 'SingleReplica',
    apiServerURL: `https://api.${name}.example.com:6443`,
  },
})

/** A world in which sno1 was detached by hand: Git and the hub know nothing of it, and a person has saved its access. */
export const adoptedWorld = (name = 'sno1'): FakeWorld => {
  const world = savedWorld()
  const { hub, seed, repository } = world
  for (const kind of ['ClusterInstance', 'BareMetalHost', 'ManagedCluster']) hub.drop(kind)
  hub.objects.delete(places.original)
  seed.drop('CustomResourceDefinition')
  seed.drop('Infrastructure')
  seed.add(infrastructure(name))
  repository.write('main', 'Detach by hand', [
    { path: 'clusters/kustomization.yaml', content: 'resources:\n  - sno2.yaml\n' },
  ])
  return world
}

/** Sets the label on #7, which asks for a run that adopts sno1. */
export const adoptInSeven = async (world: FakeWorld): Promise<void> => {
  const content = requestManifest({ cluster: 'sno1', image, adopt: true })
  const headSha = openPullRequest(world, 7, { files: { 'seeds/sno1/request.yaml': content } })
  await takeIn(world.start(), {
    ...{ kind: 'label', key: '#7/label/1', pullRequest: 7, sender: 'alice', headSha },
  })
}
