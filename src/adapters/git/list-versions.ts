import { runGit, type GitPlace } from './run-git.ts'

/** The versions to list: those that commits bring, those of one commit, or those of the index. */
export type WhichVersions =
  | Readonly<{ of: 'range'; base: string; head: string }>
  | Readonly<{ of: 'tree'; head: string }>
  | Readonly<{ of: 'index'; head: string | null }>

/** A version of a file, by the id of its bytes. */
export type Version = Readonly<{
  commit: string | null
  path: string
  id: string
  isRemoved?: boolean
}>

/**
 * Lists the versions of files that are asked for: those of one commit, those of the index that differ from it,
 * or those that the commits of a range bring, each with the first commit that has it. Throws UnavailableError
 * GIT_FAILED.
 */
export const listVersions = async (
  place: GitPlace,
  which: WhichVersions,
): Promise<readonly Version[]> => {
  switch (which.of) {
    case 'tree': {
      const listed = await runGit(place, ['ls-tree', '-r', '-z', '--full-tree', which.head])
      return splitNul(listed).flatMap(line => {
        const [, type, id = '', path = ''] = /^\d+ (\w+) (\w+)\t([^]*)$/.exec(line) ?? []
        return type === 'blob' ? [{ commit: which.head, path, id }] : []
      })
    }
    case 'index': {
      const against = which.head ?? (await emptyTree(place))
      const changed = await runGit(place, [
        ...['diff-index', '--cached', '--raw', '-z', '--no-abbrev', '--no-renames', '--full-index'],
        ...[against, '--'],
      ])
      return unique(readRaw(splitNul(changed), () => null))
    }
    case 'range': {
      // Parents come first, so that a version is told of with the commit that brought it.
      const commits = await runGit(place, [
        ...['rev-list', '--topo-order', '--reverse', which.head, `^${which.base}`, '--'],
      ])
      const changed = await runGit(
        place,
        [
          // Of a merge (-c) what none of its parents has: everything else came with one of them.
          ...['diff-tree', '--stdin', '--root', '-r', '-c', '--raw', '-z', '--no-abbrev'],
          ...['--no-renames', '--full-index'],
        ],
        { input: commits.toString() },
      )
      return unique(
        readRaw(splitNul(changed), line => (/^[0-9a-f]{40,64}$/.test(line) ? line : null)),
      )
    }
  }
}

/** Reads git's raw format: lines of modes and ids, each with a path after it, and lines that name a commit. */
const readRaw = (
  fields: readonly string[],
  commitIn: (field: string) => string | null,
): readonly Version[] => {
  const entries: Version[] = []
  let commit: string | null = null
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] ?? ''
    const raw = /^:+((?:\d{6} )+)((?:[0-9a-f]{40,64} )+)[A-Z]+\d*$/.exec(field)
    if (!raw) {
      commit = commitIn(field)
      continue
    }
    at += 1
    const path = fields[at] ?? ''
    const [modes = [], ids = []] = raw.slice(1).map(listed => listed.trim().split(' '))
    // What was there before, in one parent or several, then what is there now.
    for (const [place, id] of ids.entries()) {
      const mode = modes[place] ?? ''
      // A deletion brings nothing; a submodule is not a file of this repository.
      if (mode !== '000000' && mode !== '160000')
        entries.push({ commit, path, id, ...(place < ids.length - 1 && { isRemoved: true }) })
    }
  }
  return entries
}

/** Splits what git ends with NUL bytes. */
export const splitNul = (bytes: Buffer): readonly string[] =>
  bytes.toString('utf8').split('\0').slice(0, -1)

/** Each version once; of the removed ones those that are brought nowhere, which were there before. */
const unique = (entries: readonly Version[]): readonly Version[] => {
  const brought = new Set(entries.filter(({ isRemoved }) => !isRemoved).map(({ id }) => id))
  const first = new Map<string, Version>()
  for (const entry of entries) {
    if (entry.isRemoved && brought.has(entry.id)) continue
    const key = `${entry.id} ${entry.path}`
    if (!first.has(key)) first.set(key, entry)
  }
  return [...first.values()]
}

const emptyTree = async (place: GitPlace): Promise<string> =>
  (await runGit(place, ['hash-object', '-t', 'tree', '--stdin'])).toString().trim()
