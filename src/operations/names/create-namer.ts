import { clusterInstance } from '../../core/cluster/kinds.ts'
import type { ClusterObject } from '../../core/cluster/clusters-in.ts'
import { mostRoots } from '../../core/cluster/roots-to-render.ts'
import { objectsBelow } from '../../core/kustomization/objects-below.ts'
import { clustersRendered } from '../../core/render/clusters-rendered.ts'
import { readRender, type RenderedObject } from '../../core/render/rendered-object.ts'
import { RefusedError } from '../../errors.ts'
import { once } from '../../once.ts'
import type { Kustomize } from '../ports/kustomize.ts'
import type { Checkout } from '../ports/repository.ts'

/** The names of a cluster in the renders of some roots. */
export type Named = Readonly<{
  /** The roots that render it, and the object as it is called there. */
  rendering: readonly Readonly<{ root: string; object: ClusterObject }>[]
  /** The roots of which nobody knows: they cannot be rendered, or are too many. */
  unknown: readonly Readonly<{ root: string; error: RefusedError }>[]
}>

/** Renders roots for the names of their clusters. Throws what kustomize throws, but for its refusals. */
export type Namer = (
  checkout: Checkout,
  asked: Readonly<{ cluster: string; roots: readonly string[] }>,
) => Promise<Named>

/** Creates a namer that keeps which clusters each root of a commit renders. */
export const createNamer = (kustomize: Kustomize): Namer => {
  const kept = new Map<string, Promise<readonly ClusterObject[]>>()
  const clustersOf = (checkout: Checkout, root: string): Promise<readonly ClusterObject[]> =>
    once(kept, `${checkout.sha} ${root}`, async () => {
      const { onDisk, tree } = checkout
      const objects = objectsBelow(tree, root)
      const render = await kustomize.build(await onDisk(root), { path: root, tree, objects })
      return [...clustersRendered(readRender(render))].map(asObject)
    })
  return async (checkout, { cluster, roots }) => {
    const named = []
    const unknown = []
    for (const [index, root] of roots.entries())
      try {
        if (index >= mostRoots) throw tooMany(roots.length)
        const object = (await clustersOf(checkout, root)).find(({ name }) => name === cluster)
        if (object) named.push({ root, object })
      } catch (error) {
        if (!(error instanceof RefusedError)) throw error
        unknown.push({ root, error })
      }
    return { rendering: named, unknown }
  }
}

/** A copy of what is asked of it, so that the render itself is not kept. What is not a ClusterInstance comes from a SiteConfig. */
const asObject = ([cluster, object]: readonly [string, RenderedObject]): ClusterObject =>
  structuredClone({
    kind: object.kind === clusterInstance.kind ? clusterInstance.kind : 'SiteConfig',
    name: cluster,
    objectName: object.name(),
    namespace: object.namespace(),
    companions: [],
    imageSet: '',
  })

const tooMany = (count: number): RefusedError =>
  new RefusedError(
    'NAME_RENDERED',
    `${count} roots may name it by a patch or the like, and only ${mostRoots} are rendered to find it`,
    { fix: 'narrow `roots` in sower.yaml, or name clusters in the files of their objects' },
  )
