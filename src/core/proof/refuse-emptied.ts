import { whyEmpty } from '../kustomization/why-empty.ts'
import type { RepositoryView } from '../kustomization/repository-view.ts'
import { RefusedError } from '../../errors.ts'
import type { Proof } from './proof.ts'

/**
 * Refuses an edit after which a root renders no object though no list says that this is intended, as where the other listed files
 * hold none: the plugin refuses such a render, so that nothing would be pruned. Takes the tree after the edit. Throws
 * RefusedError RENDER_EMPTY_LIST.
 */
export const refuseEmptied = (
  view: RepositoryView,
  { roots }: Pick<Proof, 'roots'>,
  cluster: string,
): void => {
  for (const { path, isStatic, left, removed } of roots) {
    const why = isStatic || left > 0 || removed.length === 0 ? null : whyEmpty(view, path)
    if (why === null) continue
    throw new RefusedError(
      'RENDER_EMPTY_LIST',
      `detaching ${cluster}: the last object leaves with it, and then ${why.reason}`,
      { fix: `${why.fix}; do that first` },
    )
  }
}
