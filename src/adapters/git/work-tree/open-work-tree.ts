import { join, resolve } from 'node:path'
import type { Change } from '../../../core/change.ts'
import { FailedError, InputError } from '../../../errors.ts'
import type { WorkTree } from '../../../operations/ports/work-tree.ts'
import { directoryTree } from '../../files/directory-tree.ts'
import { isDirectory } from '../../files/is-directory.ts'
import { notAClone, runGit, type GitFailure, type GitPlace } from '../run-git.ts'
import { failedHook } from './failed-hook.ts'
import { contentAt, isAlike, writeEdits } from './write-edits.ts'

// What a person's git needs to commit: who they are, how they sign. Never GIT_DIR and its like.
const passedOn =
  /^(?:PATH|HOME|USER|LOGNAME|EMAIL|TERM|TMPDIR|XDG_CONFIG_HOME|GNUPGHOME|GPG_TTY|SSH_AUTH_SOCK|GIT_(?:AUTHOR|COMMITTER)_\w+|GIT_CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM))$/

/**
 * Opens the work tree that a directory lies in, with the person's own git. `asked` is that directory relative to
 * the one where the person is. Throws InputError GIT_FAILED where it lies in no clone with a commit.
 */
export const openWorkTree = async ({
  directory,
  environment,
  asked,
}: Readonly<{
  directory: string
  environment: Readonly<Record<string, string | undefined>>
  asked: string
}>): Promise<WorkTree> => {
  const start: GitPlace = {
    directory: resolve(directory, asked),
    environment: { HOME: '/', ...passOn(environment) },
  }
  if (!isDirectory(start.directory))
    throw new InputError(
      'GIT_FAILED',
      `reading the repository at ${asked}: there is no such directory`,
      { fix: 'name a directory of a clone with -C' },
    )
  const place = await locate(start, failure =>
    notAClone(asked, failure, 'it is not a git repository with a commit'),
  )
  const { top } = place
  const git = personsGit({ ...start, directory: top })
  const contentOf = (path: string): Buffer | null => contentAt(join(top, path))
  return {
    ...place,
    tree: directoryTree(top),
    differs: (path, committed) =>
      !isAlike(contentOf(path), committed.entry(path) === 'file' ? committed.read(path) : null),
    holds: changes =>
      changes.every(({ path, content }) => isAlike(contentOf(path), bytesOf(content))),
    changed: async paths => {
      const status = (await git('status', '--porcelain', '-z', '--', ...paths)).toString()
      const told = new Set(status.split('\0').map(line => line.slice(3)))
      return paths.find(path => told.has(path))
    },
    write: writing =>
      writeEdits(
        { top, git, traced: file => personsGit({ ...start, directory: top }, file) },
        writing,
      ),
  }
}

type Place = Pick<WorkTree, 'top' | 'head' | 'directory' | 'objects'>

const locate = async (
  start: GitPlace,
  failed: (failure: GitFailure) => InputError,
): Promise<Place> => {
  const words = [
    ...['rev-parse', '--show-toplevel', '--show-prefix', 'HEAD', '--show-object-format'],
    ...['--git-path', 'objects'],
  ]
  const told = (await runGit(start, words, { failed })).toString()
  const [top = '', prefix = '', head = '', format = '', objects = ''] = told.split('\n')
  return {
    ...{ top, head },
    directory: prefix.replace(/\/$/, ''),
    objects: { directory: resolve(start.directory, objects), format },
  }
}

/** Runs git at the top level; its errors say that nothing was lost, and name the hook that failed where `trace` shows one. */
const personsGit =
  (place: GitPlace, trace?: string) =>
  (...words: readonly string[]): Promise<Buffer> => {
    const environment = {
      ...place.environment,
      ...(trace === undefined ? {} : { GIT_TRACE2_EVENT: trace }),
    }
    return runGit({ ...place, environment }, words, {
      failed: ({ reason, isSilent, cause }) => {
        const hook = trace === undefined ? null : failedHook(trace)
        const ended = hook && `the hook ${hook.name} ended with exit code ${hook.exitCode}`
        const why = !ended
          ? reason
          : isSilent
            ? `${ended} and printed nothing`
            : `${ended}: ${reason}`
        return new FailedError(
          'GIT_FAILED',
          `git ${words[0] ?? ''} in ${place.directory}: ${why}`,
          {
            fix: ended
              ? 'the files are as they were; see `git rev-parse --git-path hooks` for what it checks, or leave out --commit and commit by hand'
              : 'the files are as they were; fix what git reports, or commit by hand',
            cause,
          },
        )
      },
    })
  }

const passOn = (
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value !== undefined && passedOn.test(name) ? [[name, value]] : [],
    ),
  )

const bytesOf = (content: Change['content']): Buffer | null =>
  content === null ? null : Buffer.from(content)
