import { RefusedError } from '../../errors.ts'
import type { RepositoryTree } from '../repository-tree.ts'
import { clustersRendered, seedGenerators } from '../render/clusters-rendered.ts'
import type { Guard } from './guard.ts'

/** A cluster is either managed by the hub or a seed: each half of this refuses the other. */
export const seedExclusive: Guard = {
  rule: 'seed-exclusive',
  refuses:
    'a SeedGenerator for a cluster that a kustomization still lists, or renders by a name that a patch or the like sets, and a ClusterInstance, SiteConfig or ManagedCluster whose `seeds/<cluster>` holds a SeedGenerator or a record that says detached, unless `sower reattach` has acknowledged it there',
  because:
    'siteconfig would render the hosts of a running cluster again and may reinstall them, as after a revert of the detach',
  isAlways: false,
  judge: async scene => {
    const { tree, objects, settings } = scene
    const generators = seedGenerators(objects)
    const rendered = clustersRendered(objects)
    if (generators.length === 0 && rendered.size === 0) return 'not applicable'
    const suspects = settings.directories.flatMap(directory => {
      const seeds = foldersIn(tree, directory)
      return [...rendered]
        .filter(([cluster]) => seeds.has(cluster))
        .map(([cluster, object]) => ({ cluster, object, directory }))
    })
    if (generators.length === 0 && suspects.length === 0) return []
    const { detachedStill, stillListed } = await import('./still-listed.ts')
    return [
      ...(await Promise.all(generators.map(one => stillListed(one, scene)))).flat(),
      ...suspects.flatMap(({ cluster, object, directory }) =>
        detachedStill(cluster, [object], { tree, directory }),
      ),
    ]
  },
}

const foldersIn = (tree: RepositoryTree, directory: string): ReadonlySet<string> => {
  const kind = tree.entry(directory)
  if (kind !== 'symlink') return new Set(kind === 'directory' ? tree.list(directory) : [])
  throw new RefusedError('ENTRY_SYMLINK', `reading ${directory}: it is a symbolic link`, {
    fix: 'replace the link by the directory that it points to',
  })
}
