import { liveSuspects } from '../../core/cluster/live-suspects.ts'
import { notFoundElsewhere } from '../../core/cluster/opaque/not-found-elsewhere.ts'
import { shownOpaque } from '../../core/cluster/opaque/opaque-entries.ts'
import type { RefusedError } from '../../errors.ts'
import type { Checkout } from '../ports/repository.ts'

/**
 * The reason why nobody knows whether a root that could not be rendered brings a cluster: the entry in it that names the
 * cluster, such as a chart (HELM_RENDERED), else the error of the render with the entry that only a render shows.
 */
export const cannotTell = (
  { tree }: Checkout,
  cluster: string,
  { root, error }: Readonly<{ root: string; error: RefusedError }>,
): RefusedError => {
  const [suspect] = liveSuspects(tree, { cluster, walks: [tree.walk(root)] })
  return suspect ?? notFoundElsewhere(cluster, error, shownOpaque(tree, root))
}
