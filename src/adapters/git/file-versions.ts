import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { execa } from 'execa'
import { UnavailableError } from '../../errors.ts'
import type { FileVersions } from '../../operations/ports/repository.ts'
import type { FileVersion } from '../../operations/ports/repository.ts'
import { gitReason } from './git-reason.ts'

/** A repository to read from, and the environment that git gets. */
export type GitPlace = Readonly<{
  directory: string
  environment: Readonly<Record<string, string>>
}>

/** Which versions are asked for: those that commits bring, those of one commit, or those of the index. */
export type WhichVersions =
  | Readonly<{ of: 'range'; base: string; head: string }>
  | Readonly<{ of: 'tree'; head: string }>
  | Readonly<{ of: 'index'; head: string | null }>

type Entry = Readonly<{ commit: string | null; path: string; id: string; isRemoved?: boolean }>

/** Larger files are told of and not read. */
const largest = 5 * 1024 * 1024
const largestBatch = 32 * 1024 * 1024

/** Runs git without a shell and returns its bytes. Throws UnavailableError GIT_FAILED. */
export const gitBytes = async (
  { directory, environment }: GitPlace,
  words: readonly string[],
  { input = '', nothing }: Readonly<{ input?: string; nothing?: number }> = {},
): Promise<Buffer> => {
  const { exitCode, stdout, stderr, originalMessage } = await execa('git', words, {
    cwd: directory,
    extendEnv: false,
    env: { ...environment, LC_ALL: 'C', GIT_NO_REPLACE_OBJECTS: '1', GIT_OPTIONAL_LOCKS: '0' },
    input,
    encoding: 'buffer',
    reject: false,
    stripFinalNewline: false,
    maxBuffer: 1024 * 1024 * 1024,
  })
  if (exitCode === 0) return Buffer.from(stdout)
  // A program that found nothing has not failed.
  if (exitCode !== undefined && exitCode === nothing) return Buffer.alloc(0)
  const said = Buffer.from(stderr).toString() || (originalMessage ?? '')
  throw new UnavailableError('GIT_FAILED', `git ${words[0] ?? ''}: ${gitReason(said)}`)
}

/** Reads file versions with a handful of processes, however many there are. */
export const fileVersions = async (
  place: GitPlace,
  which: WhichVersions,
): Promise<FileVersions> => {
  const entries = await listEntries(place, which)
  return { sealedPaths: await sealedPaths(place, which), versions: readVersions(place, entries) }
}

/**
 * The commits of a range whose parents a shallow clone left out, so that what led to them cannot be seen.
 */
export const cutOffCommits = async (
  place: GitPlace,
  { base, head }: Readonly<{ base: string; head: string }>,
): Promise<readonly string[]> => {
  const asked = await gitBytes(place, [
    'rev-parse',
    '--is-shallow-repository',
    '--git-path',
    'shallow',
  ])
  const [isShallow, file = ''] = asked.toString().split('\n')
  if (isShallow !== 'true') return []
  const cut = new Set(readFileSync(resolve(place.directory, file), 'utf8').split('\n'))
  const commits = await gitBytes(place, ['rev-list', head, `^${base}`, '--'])
  return commits
    .toString()
    .split('\n')
    .filter(commit => commit !== '' && cut.has(commit))
}

const listEntries = async (place: GitPlace, which: WhichVersions): Promise<readonly Entry[]> => {
  switch (which.of) {
    case 'tree': {
      const listed = await gitBytes(place, ['ls-tree', '-r', '-z', '--full-tree', which.head])
      return splitNul(listed).flatMap(line => {
        const [, type, id = '', path = ''] = /^\d+ (\w+) (\w+)\t([^]*)$/.exec(line) ?? []
        return type === 'blob' ? [{ commit: which.head, path, id }] : []
      })
    }
    case 'index': {
      const against = which.head ?? (await emptyTree(place))
      const changed = await gitBytes(place, [
        ...['diff-index', '--cached', '--raw', '-z', '--no-abbrev', '--no-renames', '--full-index'],
        ...[against, '--'],
      ])
      return unique(readRaw(splitNul(changed), () => null))
    }
    case 'range': {
      // Parents come first, so that a version is told of with the commit that brought it.
      const commits = await gitBytes(place, [
        ...['rev-list', '--topo-order', '--reverse', which.head, `^${which.base}`, '--'],
      ])
      const changed = await gitBytes(
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
): readonly Entry[] => {
  const entries: Entry[] = []
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
      // A deletion brings nothing; a submodule is no file of this repository.
      if (mode !== '000000' && mode !== '160000')
        entries.push({ commit, path, id, ...(place < ids.length - 1 && { isRemoved: true }) })
    }
  }
  return entries
}

const splitNul = (bytes: Buffer): readonly string[] =>
  bytes.toString('utf8').split('\0').slice(0, -1)

/** Each version once; of the removed ones those that are brought nowhere, which were there before. */
const unique = (entries: readonly Entry[]): readonly Entry[] => {
  const brought = new Set(entries.filter(({ isRemoved }) => !isRemoved).map(({ id }) => id))
  const first = new Map<string, Entry>()
  for (const entry of entries) {
    if (entry.isRemoved && brought.has(entry.id)) continue
    const key = `${entry.id} ${entry.path}`
    if (!first.has(key)) first.set(key, entry)
  }
  return [...first.values()]
}

const emptyTree = async (place: GitPlace): Promise<string> =>
  (await gitBytes(place, ['hash-object', '-t', 'tree', '--stdin'])).toString().trim()

/** The files that mention a SealedSecret, in the commit that is looked at last. */
const sealedPaths = async (place: GitPlace, which: WhichVersions): Promise<readonly string[]> => {
  if (which.of === 'index' && which.head === null) return []
  const found = await gitBytes(
    place,
    [
      ...['grep', '-I', '-l', '-z', '-F', '--full-name', '-e', 'SealedSecret'],
      ...(which.of === 'index' ? ['--cached', '--'] : [which.head, '--', ':/']),
    ],
    { nothing: 1 },
  )
  return splitNul(found).map(path =>
    which.of === 'index' ? path : path.slice(path.indexOf(':') + 1),
  )
}

const readVersions = async function* (
  place: GitPlace,
  entries: readonly Entry[],
): AsyncGenerator<FileVersion> {
  const sizes = await sizesOf(place, entries)
  let batch: Entry[] = []
  let size = 0
  for (const entry of entries) {
    const bytes = sizes.get(entry.id) ?? 0
    if (bytes > largest) {
      yield { ...entry, bytes: null }
      continue
    }
    if (size + bytes > largestBatch) {
      yield* readBatch(place, batch)
      batch = []
      size = 0
    }
    batch.push(entry)
    size += bytes
  }
  yield* readBatch(place, batch)
}

const sizesOf = async (
  place: GitPlace,
  entries: readonly Entry[],
): Promise<ReadonlyMap<string, number>> => {
  const ids = [...new Set(entries.map(({ id }) => id))]
  if (ids.length === 0) return new Map()
  const told = await gitBytes(place, ['cat-file', '--batch-check=%(objectname) %(objectsize)'], {
    input: ids.map(id => `${id}\n`).join(''),
  })
  return new Map(
    told
      .toString()
      .split('\n')
      .map(line => {
        const [id = '', size] = line.split(' ')
        return [id, Number(size) || 0]
      }),
  )
}

const readBatch = async function* (
  place: GitPlace,
  batch: readonly Entry[],
): AsyncGenerator<FileVersion> {
  if (batch.length === 0) return
  const told = await gitBytes(place, ['cat-file', '--batch'], {
    input: batch.map(({ id }) => `${id}\n`).join(''),
  })
  let at = 0
  for (const entry of batch) {
    const end = told.indexOf('\n', at)
    const [, type, size] = told.toString('latin1', at, end).split(' ')
    if (type !== 'blob')
      throw new UnavailableError(
        'GIT_FAILED',
        `git cat-file: the object ${entry.id} is not in this clone`,
      )
    const from = end + 1
    at = from + Number(size) + 1
    yield { ...entry, bytes: told.subarray(from, at - 1) }
  }
}
