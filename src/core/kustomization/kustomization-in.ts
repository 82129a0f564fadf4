import posix from 'node:path/posix'
import { RefusedError } from '../../errors.ts'
import { bytesAt, realPath, type RepositoryTree } from '../repository-tree.ts'
import { sizeLimits } from '../size-limits.ts'
import { kustomizationNames } from './every-path.ts'
import { parseKustomization, type Kustomization } from './parse-kustomization.ts'

/**
 * Reads the kustomization file of a directory. Throws RefusedError KUSTOMIZATION_MISSING, ENTRY_SYMLINK,
 * FILE_TOO_LARGE or KUSTOMIZATION_UNREADABLE.
 */
export const kustomizationIn = (tree: RepositoryTree, directory: string): Kustomization => {
  const kind = tree.entry(directory)
  if (kind === 'symlink') throw notPlain(directory)
  const paths = kustomizationNames
    .map(name => posix.join(directory, name))
    .filter(path => tree.entry(path) !== undefined)
  const [path, other] = paths
  if (path === undefined || other !== undefined)
    throw new RefusedError(
      'KUSTOMIZATION_MISSING',
      `reading ${directory}: ${
        kind !== 'directory'
          ? 'there is no such directory'
          : path === undefined
            ? 'it has no kustomization file'
            : `it has several kustomization files: ${paths.join(', ')}`
      }`,
      {
        fix: 'a directory that is listed or configured as a root needs exactly one kustomization.yaml',
      },
    )
  const file = realPath(tree, path)
  if (tree.entry(file) !== 'file') throw notPlain(path)
  return parseKustomization(path, kustomizationText(tree, file))
}

const notPlain = (path: string): RefusedError =>
  new RefusedError('ENTRY_SYMLINK', `reading ${path}: it is a symbolic link`, {
    fix: 'replace the link by what it points to',
  })

/**
 * A file as text from which the same bytes can be written again. Throws RefusedError KUSTOMIZATION_UNREADABLE for what
 * is not UTF-8, and FILE_TOO_LARGE.
 */
export const kustomizationText = (tree: RepositoryTree, path: string): string => {
  const bytes = bytesAt(tree, path, sizeLimits.kustomization)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new RefusedError('KUSTOMIZATION_UNREADABLE', `reading ${path}: it is not UTF-8`, {
      fix: 'save the file in UTF-8',
    })
  }
}
