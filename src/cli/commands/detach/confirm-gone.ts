import { rootsReaching } from '../../../core/detach/plan-detach.ts'
import { RefusedError } from '../../../errors.ts'
import type { Exploring } from './exploring.ts'

/**
 * Renders the roots that reach the file with a cluster's commented-out entry, whatever its lists say: a patch or the
 * like may bring the cluster in a way that files do not tell. Gives warnings for roots that cannot be rendered. Throws
 * RefusedError NAME_RENDERED where one still holds the cluster.
 */
export const confirmGone = async (
  { clone, cluster, preparing }: Exploring,
  file: string,
): Promise<readonly string[]> => {
  const { checkout, shown } = clone
  const roots = rootsReaching(checkout.tree, { roots: clone.roots, paths: [file] })
  const { rendering, unknown } = await preparing.namer(checkout, { cluster, roots })
  const [first] = rendering
  if (first)
    throw new RefusedError(
      'NAME_RENDERED',
      `looking for cluster ${cluster}: its entry is taken out in ${shown(file)}, but the render of ${shown(first.root)} still holds it, as ${first.object.kind} ${first.object.namespace}/${first.object.objectName}`,
      { fix: 'look for the patch or the like that brings it there, and take that out by hand' },
    )
  return unknown.map(
    ({ root, error }) =>
      `${shown(root)} cannot be rendered, so nothing confirms that ${cluster} is out of it, and Argo CD removes nothing while it cannot render it either: ${error.message}`,
  )
}
