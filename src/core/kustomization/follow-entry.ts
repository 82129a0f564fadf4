import posix from 'node:path/posix'
import { RefusedError, type ErrorCode } from '../../errors.ts'
import { realPath, type RepositoryTree } from '../repository-tree.ts'
import { withoutCredentials } from '../without-credentials.ts'
import type { Entry, Kustomization } from './parse-kustomization.ts'

/** A live entry and the place in the repository that it leads to. */
export type Target = Readonly<{ entry: Entry; path: string; kind: 'file' | 'directory' }>

/** A text that holds YAML instead of naming it: kustomize takes that under `generators` and the like. */
export const isInline = (value: string): boolean => /\n|^\s*[{[]/.test(value)

/** The path in the repository that an entry of a directory's kustomization means; null when it leads out. */
export const pathOf = (directory: string, value: string): string | null => {
  const path = posix.normalize(posix.join(directory, value)).replace(/\/$/, '')
  const isOutside = posix.isAbsolute(value) || path === '..' || path.startsWith('../')
  return isOutside ? null : path
}

/** Where an entry leads, or why it cannot be followed safely. */
export const followEntry = (
  tree: RepositoryTree,
  kustomization: Kustomization,
  entry: Entry,
): Target | RefusedError => {
  const { value } = entry
  const refuse = (code: ErrorCode, reason: string, fix: string): RefusedError =>
    new RefusedError(code, `reading ${kustomization.path}:${entry.line}: ${reason}`, { fix })
  const written = pathOf(posix.dirname(kustomization.path), value)
  const path = written === null ? null : realPath(tree, written)
  const kind = path === null ? undefined : tree.entry(path)
  // A file may be called like that, too, and kustomize takes it.
  if (isInline(value) && kind === undefined)
    return refuse('ENTRY_INLINE', 'the entry is inline YAML', 'put it into a file and list that')
  if (isRemote(value, kind))
    return refuse(
      'ENTRY_REMOTE',
      `${withoutCredentials(value)} is fetched from elsewhere`,
      'copy it into this repository, or leave this root out of `roots` in sower.yaml',
    )
  if (path === null)
    return refuse(
      'ENTRY_OUTSIDE',
      `${value} leads out of the repository`,
      'list paths of this repository only',
    )
  if (kind === 'symlink')
    return refuse(
      'ENTRY_SYMLINK',
      `${value} is a symbolic link, or lies behind one`,
      'list the place that the link points to',
    )
  if (value === '' || kind === undefined)
    return refuse(
      'ENTRY_MISSING',
      `${value || 'the empty entry'} is not there, or is not a plain file`,
      'correct the path, or remove the entry',
    )
  return { entry, path, kind }
}

/**
 * True if kustomize would fetch a path (repospec.go, IsRemoteFile): a scheme, `user@host`, `host:path`,
 * `?ref=`, and the one host that it knows without a scheme. Of an entry it looks for a file of that name
 * first, unless it is an address of the web: `kind` is what is there.
 */
export const isRemote = (value: string, kind: ReturnType<RepositoryTree['entry']>): boolean =>
  /^https?:/i.test(value) ||
  (kind !== 'file' && /:\/\/|^[^/]*@|^[^/]*:|\?ref=|^(?:www\.)?github\.com\//i.test(value))
