import posix from 'node:path/posix'
import type { RepositoryTree } from '../repository-tree.ts'
import { containedFields } from './contained-fields.ts'
import type { RepositoryView } from '../kustomization/repository-view.ts'

/** More fields whose files lie at or below the directory, or that read none. */
const others: ReadonlySet<string> = new Set(['sortoptions', 'buildmetadata', 'vars'])

/**
 * The files that a render of a root can read: what its lists name, and every file at and below the directories that it reaches.
 * Null where it could read others: where an entry cannot be followed, a link lies in there, or a field may name
 * any path, as those of plugins and Helm do.
 */
export const filesRead = (view: RepositoryView, root: string): readonly string[] | null => {
  const { reached, troubles } = view.walk(root)
  if (troubles.length > 0) return null
  const files = new Set<string>()
  const seen = new Set<string>()
  for (const { directory, kustomization, targets } of reached) {
    const fields = Object.keys(kustomization.fields).map(name => name.toLowerCase())
    if (!fields.every(name => containedFields.has(name) || others.has(name))) return null
    if (leadsUp(kustomization.fields)) return null
    for (const { path, kind } of targets) if (kind === 'file') files.add(path)
    if (!addBelow(view, directory, { files, seen })) return null
  }
  return [...files]
}

const lists: ReadonlySet<string> = new Set(['resources', 'bases', 'components'])

/** True if anything but the lists names a path with `..`: kustomize refuses it by another message where it is not there. */
const leadsUp = (fields: object): boolean =>
  Object.entries(fields).some(
    ([name, value]) => !lists.has(name) && JSON.stringify(value).includes('../'),
  )

/** Adds the files below a directory; false where there is a link among them. */
const addBelow = (
  tree: RepositoryTree,
  top: string,
  { files, seen }: Readonly<{ files: Set<string>; seen: Set<string> }>,
): boolean => {
  const open = [top]
  for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
    if (seen.has(directory)) continue
    seen.add(directory)
    for (const name of tree.list(directory)) {
      const path = posix.join(directory, name)
      const kind = tree.entry(path)
      if (kind === 'directory') open.push(path)
      else if (kind === 'file') files.add(path)
      else return false
    }
  }
  return true
}
