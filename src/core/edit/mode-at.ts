import posix from 'node:path/posix'
import { foldersUp } from '../kustomization/folders-up.ts'
import { textAt, type RepositoryTree } from '../repository-tree.ts'
import { documentsIn } from '../yaml/documents-in.ts'
import { fieldsOf } from '../yaml/fields-of.ts'
import type { EditMode } from './edit.ts'

const names = ['.yamllint', '.yamllint.yaml', '.yamllint.yml']

/**
 * How an entry of a file leaves, as asked; but where it is commented out and the nearest yamllint configuration wants a
 * space behind `#`, with one (yamllint docs/rules.rst, `comments`, require-starting-space). Takes the tree, the path of
 * the file and what is asked. A configuration that cannot be read asks for nothing.
 */
export const modeAt = (tree: RepositoryTree, path: string, asked: EditMode): EditMode => {
  if (asked !== 'comment') return asked
  const configured = foldersUp(path)
    .flatMap(folder => names.map(name => posix.join(folder, name)))
    .find(file => tree.entry(file) === 'file')
  return configured !== undefined && asksForSpace(textAt(tree, configured))
    ? 'comment-spaced'
    : asked
}

/** The rule is on in yamllint's default configuration, off in `relaxed`, and off without either. */
const asksForSpace = (text: string): boolean => {
  const [configuration] = documentsIn(text)
  const fields = fieldsOf(configuration)
  const rule: unknown = fieldsOf(fields.get('rules')).get('comments')
  if (rule === undefined) return fields.get('extends') === 'default'
  if (rule === 'disable' || rule === false) return false
  const option: unknown = fieldsOf(rule).get('require-starting-space')
  return option === undefined || option === true
}
