import { RefusedError } from '../../errors.ts'
import { isExplicitlyEmpty } from '../kustomization/explicit-empty.ts'
import { splitRender } from '../kustomization/prove-difference.ts'
import type { RepositoryTree } from '../repository-tree.ts'

/**
 * Guard `explicit-empty`: zero objects reach Argo CD only where the kustomization says `[]`, because an
 * empty render with exit code 0 prunes everything. `directory` is relative to the tree.
 * Throws RefusedError RENDER_EMPTY.
 */
export const guardExplicitEmpty = (
  tree: RepositoryTree,
  { directory, render }: Readonly<{ directory: string; render: string }>,
): void => {
  if (splitRender(render).length > 0 || isExplicitlyEmpty(tree, directory)) return
  throw new RefusedError(
    'RENDER_EMPTY',
    `explicit-empty: the render of ${directory} holds no object, and no list of its kustomization is \`[]\``,
    { fix: 'write `resources: []` if nothing is meant to be there' },
  )
}
