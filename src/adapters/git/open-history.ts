import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { InputError } from '../../errors.ts'
import { refuseLarger, sizeLimits } from '../../core/size-limits.ts'
import type { FileVersions } from '../../operations/ports/repository.ts'
import { fileVersions, onlyReading } from './file-versions.ts'
import { splitNul, type WhichVersions } from './list-versions.ts'
import { notAClone, runGit, type GitFailure, type GitPlace } from './run-git.ts'

/** The contents of a clone's commits and index. Each function throws UnavailableError GIT_FAILED. */
export type History = Readonly<{
  /** The directory that was asked for, relative to the top level, with `/` at its end; empty for that itself. */
  prefix: string
  /** The commit that a revision names; null where it names none. */
  commitOf: (revision: string) => Promise<string | null>
  /** Tells whether the clone leaves out older commits. */
  isShallow: () => Promise<boolean>
  /** The commits of a range whose parents a shallow clone left out, so that what led to them cannot be seen. */
  cutOff: (range: Readonly<{ base: string; head: string }>) => Promise<readonly string[]>
  /** The first of these settings files that a commit has. Paths are relative to the top level. Throws RefusedError FILE_TOO_LARGE. */
  firstFile: (
    commit: string,
    paths: readonly string[],
  ) => Promise<Readonly<{ path: string; text: string }> | null>
  versions: (which: WhichVersions) => Promise<FileVersions>
}>

/**
 * Opens the clone that a place lies in, for reading only; `asked` is how the person named it. Throws InputError
 * GIT_FAILED where there is none.
 */
export const openHistory = async (start: GitPlace, asked: string): Promise<History> => {
  const place = onlyReading(start)
  const failed = (failure: GitFailure): InputError => notAClone(asked, failure, 'it is not a clone')
  const words = ['rev-parse', '--show-toplevel', '--show-prefix']
  const [top = '', prefix = ''] = (await runGit(place, words, { failed })).toString().split('\n')
  const inside = { ...place, directory: top }
  const textOf = async (...words: readonly string[]): Promise<string> =>
    (await runGit(inside, words)).toString()
  return {
    prefix,
    commitOf: async revision => {
      const words = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]
      return (await textOrNone(inside, words)).trim() || null
    },
    isShallow: async () =>
      (await textOf('rev-parse', '--is-shallow-repository')).startsWith('true'),
    cutOff: async ({ base, head }) => {
      const told = await textOf('rev-parse', '--is-shallow-repository', '--git-path', 'shallow')
      const [isShallow, file = ''] = told.split('\n')
      if (isShallow !== 'true') return []
      const cut = new Set(readFileSync(resolve(top, file), 'utf8').split('\n'))
      const commits = await textOf('rev-list', head, `^${base}`, '--')
      return commits.split('\n').filter(commit => commit !== '' && cut.has(commit))
    },
    firstFile: async (commit, paths) => {
      const listed = await runGit(inside, ['ls-tree', '-z', '-l', commit, '--', ...paths])
      const there = new Map(
        splitNul(listed).map(line => {
          const [meta = '', path = ''] = line.split('\t')
          return [path, Number(meta.split(/ +/)[3])]
        }),
      )
      const path = paths.find(one => there.has(one))
      if (path === undefined) return null
      refuseLarger(path, there.get(path) ?? 0, sizeLimits.settings)
      return { path, text: await textOf('cat-file', 'blob', `${commit}:${path}`) }
    },
    versions: which => fileVersions(inside, which),
  }
}

/** Runs a command whose failure is an answer, too. */
const textOrNone = async (place: GitPlace, words: readonly string[]): Promise<string> => {
  const bytes = await runGit(place, words).catch(() => Buffer.alloc(0))
  return bytes.toString()
}
