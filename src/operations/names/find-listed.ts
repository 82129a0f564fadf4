import type { Found } from '../../core/cluster/find-cluster.ts'
import type { Entry } from '../../core/kustomization/parse-kustomization.ts'
import { fileOfRoot, rootsToRender } from '../../core/cluster/roots-to-render.ts'
import type { Checkout } from '../ports/repository.ts'
import { cannotTell } from './cannot-tell.ts'
import type { Namer } from './create-namer.ts'

/** Where a cluster is live: the kustomization, that of a root where only its render tells; and the entry, if files tell. */
export type Listed = Readonly<{ path: string; entry: Entry | null }>

/**
 * Says where a cluster is live, after what the files say (`found`); null where it is not. Only roots whose files do
 * not tell are rendered, and none where the others tell. Throws the RefusedError of a root that cannot be rendered
 * and may hold it, and what rendering throws.
 */
export const findListed = async (
  name: Namer,
  checkout: Checkout,
  {
    cluster,
    roots,
    found,
  }: Readonly<{ cluster: string; roots: readonly string[]; found: readonly Found[] }>,
): Promise<Listed | null> => {
  const asked = rootsToRender(checkout.tree, { cluster, roots })
  const listed = (isSo: (root: string) => boolean): Listed | null => {
    const first = found.find(one => one.roots.some(isSo))
    return first ? { path: first.kustomization.path, entry: first.entry } : null
  }
  const plain = listed(root => !asked.includes(root))
  if (plain || asked.length === 0) return plain
  const { rendering, unknown } = await name(checkout, { cluster, roots: asked })
  const [first] = rendering
  if (first) {
    const { root } = first
    return (
      listed(one => one === root) ?? {
        path: fileOfRoot(checkout.tree, root),
        entry: null,
      }
    )
  }
  const [trouble] = unknown
  if (!trouble) return null
  // Its files name the cluster, and nothing says that they do not mean it.
  const written = listed(root => unknown.some(one => one.root === root))
  if (written) return written
  throw cannotTell(checkout, cluster, trouble)
}
