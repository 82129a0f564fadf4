import { guardExplicitEmpty } from '../src/core/guard/explicit-empty.ts'
import type { RepositoryTree } from '../src/core/repository-tree.ts'
import type { Kustomize } from '../src/operations/ports.ts'

/** What is rendered: a directory on disk, and the same place in the repository's tree. */
export type Generate = Readonly<{
  kustomize: Kustomize
  tree: RepositoryTree
  directory: string
  /** `directory` relative to the tree. */
  path: string
}>

/**
 * What Argo CD gets for an application: kustomize's own output, byte for byte, after the guards. It is
 * returned whole or not at all; anything that is thrown fails the sync of the application (fail closed),
 * and its message is what the person sees in Argo CD. Throws RefusedError RENDER_EMPTY,
 * and what kustomize's refusal is.
 */
export const generate = async ({ kustomize, tree, directory, path }: Generate): Promise<string> => {
  const render = await kustomize.build(directory, { path })
  guardExplicitEmpty(tree, { directory: path, render })
  return render
}
