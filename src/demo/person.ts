import { join } from 'node:path'
import { z } from 'zod'
import { openFolder, type Folder } from '../adapters/files/open-folder.ts'
import { runGit, type GitPlace } from '../adapters/git/run-git.ts'
import { FailedError } from '../errors.ts'

/** A person with a clone and a GitHub account, who does everything by hand. */
export type Person = Readonly<{
  clone: Folder
  /** Writes files, commits and pushes them to a branch, which is made from main when it is new. */
  push: (
    request: Readonly<{ branch: string; message: string; files: Readonly<Record<string, string>> }>,
  ) => Promise<void>
  /** Calls GitHub's REST API; returns what it answers. */
  call: (method: string, path: string, body?: object) => Promise<unknown>
}>

type Options = Readonly<{
  directory: string
  gitUrl: string
  apiUrl: string
  repository: string
  token: string
  /** A directory to start the repository from, with texts to replace in its files. */
  example: string
  replace: Readonly<Record<string, string>>
  path: string
}>

/** Makes the clone from the example and pushes it as the repository's first commit. */
export const createPerson = async (options: Options): Promise<Person> => {
  const clone = openFolder(join(options.directory, 'clone'))
  const askpass = openFolder(options.directory).write(
    'askpass',
    '#!/bin/sh\necho "$DEMO_TOKEN"\n',
    0o700,
  )
  const git = gitOf({
    directory: clone.directory,
    environment: {
      PATH: options.path,
      HOME: options.directory,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_ASKPASS: askpass,
      GIT_TERMINAL_PROMPT: '0',
      DEMO_TOKEN: options.token,
      GIT_AUTHOR_NAME: 'Ada',
      GIT_AUTHOR_EMAIL: 'ada@example.com',
      GIT_COMMITTER_NAME: 'Ada',
      GIT_COMMITTER_EMAIL: 'ada@example.com',
    },
  })
  clone.copy(options.example)
  for (const file of clone.files()) {
    const text = clone.read(file)
    const replaced = Object.entries(options.replace).reduce(
      (now, [from, to]) => now.replaceAll(from, to),
      text,
    )
    if (replaced !== text) clone.write(file, replaced)
  }
  await git('init', '--quiet', '--initial-branch', 'main')
  await git('add', '--all')
  await git('commit', '--quiet', '-m', 'Add the sites')
  await git('remote', 'add', 'origin', options.gitUrl.replace('://', '://ada@'))
  await git('push', '--quiet', 'origin', 'main')

  return {
    clone,
    push: async ({ branch, message, files }) => {
      await git('fetch', '--quiet', 'origin')
      await git('checkout', '--quiet', '-B', branch, 'origin/main')
      for (const [path, content] of Object.entries(files)) {
        clone.write(path, content)
        await git('add', '--', path)
      }
      await git('commit', '--quiet', '-m', message)
      await git('push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`)
    },
    call: async (method, path, body) => {
      const answer = await fetch(`${options.apiUrl}/repos/${options.repository}${path}`, {
        method,
        headers: { authorization: `Bearer ${options.token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      const value: unknown = text === '' ? null : JSON.parse(text)
      if (answer.ok) return value
      throw new Error(
        `GitHub answered ${answer.status} to ${method} ${path}: ${z.looseObject({ message: z.string() }).safeParse(value).data?.message ?? ''}`,
      )
    },
  }
}

const gitOf =
  (place: GitPlace) =>
  (...words: readonly string[]): Promise<Buffer> =>
    runGit(place, words, {
      failed: ({ reason, cause }) =>
        new FailedError('DEMO_FAILED', `git ${words[0] ?? ''}: ${reason}`, { cause }),
    })
