import posix from 'node:path/posix'
import { objectsIn } from '../cluster/object-identity.ts'
import { textAt, type RepositoryTree } from '../repository-tree.ts'

/**
 * The files below a folder with a SeedGenerator, whatever they are called, and those that may hold one: links, and
 * what cannot be read and speaks of it.
 */
export const generatorsIn = (tree: RepositoryTree, folder: string): readonly string[] =>
  (tree.entry(folder) === 'directory' ? tree.list(folder) : [])
    .map(name => posix.join(folder, name))
    .flatMap(path => {
      const kind = tree.entry(path)
      if (kind === 'directory') return generatorsIn(tree, path)
      return kind !== 'file' || mayHold(textAt(tree, path)) ? [path] : []
    })

// In quotes YAML can spell a kind with escapes.
const mayHold = (text: string): boolean =>
  /SeedGenerator|\\[xuU]/.test(text) &&
  objectsIn(text).some(object =>
    object === null
      ? text.includes('SeedGenerator')
      : object.kind === 'SeedGenerator' && object.apiVersion.startsWith('lca.openshift.io/'),
  )
