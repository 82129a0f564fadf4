import posix from 'node:path/posix'
import { documentsIn } from '../yaml/documents-in.ts'
import { fieldsOf, textOf } from '../yaml/fields-of.ts'
import { binaryTag, mayHide } from '../yaml/may-hide.ts'
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

// Base64 and UTF-16 are read by kustomize only; in quotes YAML can spell a kind with escapes.
const mayHold = (text: string): boolean => {
  if (binaryTag.test(text) || text.includes('\0')) return true
  if (!text.includes('SeedGenerator') && !mayHide(text)) return false
  return documentsIn(text).some(document => {
    const fields = fieldsOf(document)
    const isOne = textOf(fields, 'kind') === 'SeedGenerator'
    return (
      document === undefined ||
      (isOne && textOf(fields, 'apiVersion').startsWith('lca.openshift.io/'))
    )
  })
}
