import { liveEntries } from '../../core/cluster/find-cluster.ts'
import { readRecordIfValid } from '../../core/detach/read-record-at.ts'
import { detachedStill } from '../../core/guard/still-listed.ts'
import { refuseUnsafe } from '../../core/kustomization/unsafe/refuse-unsafe.ts'
import { clustersRendered } from '../../core/render/clusters-rendered.ts'
import { readRender, type RenderedObject } from '../../core/render/rendered-object.ts'
import type { ClusterChange } from '../../core/report/change-report.ts'
import type { Kustomize } from '../ports/kustomize.ts'
import type { Checkout } from '../ports/repository.ts'
import { touchedRoots } from './touched-roots.ts'

/** Two commits, the roots to render in them, and where records are kept. */
export type Change = Readonly<{
  before: Checkout
  after: Checkout
  roots: readonly string[]
  directory: string
  /** The paths that differ, where somebody knows them: roots that they do not reach are rendered only if need be. */
  changed?: readonly string[]
}>

/**
 * Tells which clusters a change takes out of all renders, and which it brings back that the repository calls detached, by
 * the names that renders give them, as the plugin's guards read them. Each is announced where its record says so after
 * the change. Throws what unsafe entries (ENTRY_...) and failed renders (RENDER_...) throw.
 */
export const checkChange = async (
  kustomize: Pick<Kustomize, 'build'>,
  { before, after, roots, directory, changed }: Change,
): Promise<readonly ClusterChange[]> => {
  const touched = new Set(
    changed === undefined
      ? roots
      : [before, after].flatMap(({ tree }) => touchedRoots(tree, changed, { roots, directory })),
  )
  const differing = roots.filter(root => touched.has(root))
  const old = new Map(await clustersAt(kustomize, before, differing))
  const now = new Map(await clustersAt(kustomize, after, differing))
  const isSame = [...old.keys()].every(one => now.has(one)) && old.size === now.size
  // A cluster that a touched root loses may stay in another one.
  const others = isSame ? [] : roots.filter(root => !touched.has(root))
  for (const [cluster, rendered] of await clustersAt(kustomize, before, others))
    for (const clusters of [old, now]) if (!clusters.has(cluster)) clusters.set(cluster, rendered)
  const statusAfter = (cluster: string): string | undefined =>
    readRecordIfValid(after.tree, { directory, cluster })?.status
  const left = [...old].flatMap(([cluster, { roots }]) => {
    if (now.has(cluster)) return []
    const announced = statusAfter(cluster) === 'detached'
    return [
      { cluster, change: 'leaves' as const, announced, roots, ...placeIn(before, cluster, roots) },
    ]
  })
  const back = [...now].flatMap(([cluster, { roots, objects }]) => {
    const wasDetached = detachedStill(cluster, objects, { tree: before.tree, directory }).length > 0
    const isDetached = detachedStill(cluster, objects, { tree: after.tree, directory }).length > 0
    if (old.has(cluster) ? !isDetached || wasDetached : !wasDetached && !isDetached) return []
    const announced = statusAfter(cluster) === 'reattached'
    return [
      {
        cluster,
        change: 'comes-back' as const,
        announced,
        roots,
        ...placeIn(after, cluster, roots),
      },
    ]
  })
  return [...left, ...back].sort((one, other) => one.cluster.localeCompare(other.cluster, 'en'))
}

type Rendered = Readonly<{ roots: readonly string[]; objects: readonly RenderedObject[] }>

const clustersAt = async (
  kustomize: Pick<Kustomize, 'build'>,
  { onDisk, tree }: Checkout,
  roots: readonly string[],
): Promise<ReadonlyMap<string, Rendered>> => {
  const clusters = new Map<string, Rendered>()
  for (const path of roots.filter(root => tree.entry(root) === 'directory')) {
    refuseUnsafe(tree, path)
    const render = await kustomize.build(await onDisk(path), { path, tree })
    for (const [cluster, object] of clustersRendered(readRender(render))) {
      const known = clusters.get(cluster) ?? { roots: [], objects: [] }
      clusters.set(cluster, {
        roots: [...known.roots, path],
        objects: [...known.objects, object],
      })
    }
  }
  return clusters
}

const placeIn = (
  { tree }: Checkout,
  cluster: string,
  roots: readonly string[],
): Pick<ClusterChange, 'file' | 'line'> => {
  const [found] = liveEntries(tree, { cluster, roots })
  return { file: found?.kustomization.path ?? null, line: found?.entry.line ?? null }
}
