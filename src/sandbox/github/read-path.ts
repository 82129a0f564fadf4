import type { BareRepository } from './git/bare-repository.ts'

/** The entry of a commit at a path. */
export type TreeEntry = Readonly<{
  path: string
  mode: string
  type: 'blob' | 'tree' | 'commit'
  sha: string
  size: number
}>

const parse = (line: string): TreeEntry[] => {
  const match = /^(\d{6}) (blob|tree|commit) ([0-9a-f]{40}) +(\d+|-)\t(.*)$/s.exec(line)
  if (!match) return []
  const [, mode = '', kind, sha = '', size, path = ''] = match
  const type = kind === 'blob' || kind === 'tree' ? kind : 'commit'
  return [{ mode, type, sha, path, size: Number(size) || 0 }]
}

const list = async (
  repository: BareRepository,
  words: readonly string[],
): Promise<readonly TreeEntry[]> => {
  const output = await repository.attempt(['ls-tree', '-z', '--long', '--full-tree', ...words])
  return (output?.toString('utf8') ?? '').split('\0').flatMap(parse)
}

/** The file at a path, the entries of a directory, or null. */
export const readPath = async (
  repository: BareRepository,
  at: Readonly<{ commit: string; path: string }>,
): Promise<TreeEntry | readonly TreeEntry[] | null> => {
  const path = at.path.replace(/^\/+|\/+$/g, '')
  if (path === '') return list(repository, [at.commit])
  if (path.split('/').some(part => part === '.' || part === '..' || part === '')) return null
  const [entry] = await list(repository, [at.commit, '--', path])
  if (entry?.type !== 'tree') return entry ?? null
  return list(repository, [at.commit, '--', `${path}/`])
}
