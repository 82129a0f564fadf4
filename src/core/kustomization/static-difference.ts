import type { RepositoryTree } from '../repository-tree.ts'
import { isDeepEqual } from './deep-equal.ts'
import { documentsIn } from './documents-in.ts'
import { clustersOf, isClusterKind, objectIdentity } from './object-identity.ts'
import type { Difference } from './prove-difference.ts'
import { countObjects } from './references.ts'
import { walkRoots } from './walk.ts'

/**
 * The difference of one root as far as its files say it, for where kustomize needs a plugin that is not
 * here: the listed files that leave, come or differ, and kustomizations that differ in more than their
 * lists. Nothing is rendered, so what a plugin makes of the files is not seen.
 * Throws what stands in the way of following the root.
 */
export const staticDifference = (
  trees: Readonly<{ before: RepositoryTree; after: RepositoryTree }>,
  root: string,
): Difference => {
  const [old, now] = [listedBy(trees.before, root), listedBy(trees.after, root)]
  const gone = [...old.files].filter(([path]) => !now.files.has(path))
  const leaving = gone.flatMap(([, text]) => documentsIn(text))
  const come = [...now.files].filter(([path]) => !old.files.has(path))
  const order = (of: Listed, other: Listed): readonly string[] =>
    [...of.files.keys()].filter(path => other.files.has(path))
  return {
    removed: leaving.map(objectIdentity),
    removedClusters: leaving
      .filter(object => isClusterKind(objectIdentity(object)))
      .flatMap(clustersOf),
    added: come.map(([path]) => path),
    changed: [
      ...[...old.files].filter(([path, text]) => (now.files.get(path) ?? text) !== text),
      ...[...old.fields].filter(([path, fields]) => !isDeepEqual(now.fields.get(path), fields)),
    ].map(([path]) => path),
    orderKept: isDeepEqual(order(old, now), order(now, old)),
    left: [...now.files.values()].reduce((sum, text) => sum + countObjects(text), 0),
  }
}

type Listed = Readonly<{
  /** The text of each listed file, by its path. */
  files: ReadonlyMap<string, string>
  /** What each kustomization says beside its lists. */
  fields: ReadonlyMap<string, unknown>
}>

const lists = ['resources', 'generators', 'bases', 'components']

const listedBy = (tree: RepositoryTree, root: string): Listed => {
  const files = new Map<string, string>()
  const fields = new Map<string, unknown>()
  for (const { reached, troubles } of walkRoots(tree, [root])) {
    const [trouble] = troubles
    if (trouble) throw trouble
    for (const { kustomization, targets } of reached) {
      const others = Object.entries(kustomization.fields).filter(
        ([name]) => !lists.includes(name.toLowerCase()),
      )
      fields.set(kustomization.path, Object.fromEntries(others))
      for (const { path, kind } of targets)
        if (kind === 'file') files.set(path, new TextDecoder().decode(tree.read(path)))
    }
  }
  return { files, fields }
}
