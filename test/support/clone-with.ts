import type { Test } from 'tap'
import type { GitPlace } from '../../src/adapters/git/run-git.ts'
import { repositoryWith, type Content } from './repository-with.ts'
import { temporaryDirectory } from './run-sower.ts'

type Repository = Awaited<ReturnType<typeof repositoryWith>>

/** A person's repository as an adapter gets it, and a directory outside of it. */
export const cloneWith = async (
  t: Pick<Test, 'teardown'>,
  content: Content = { a: '1' },
): Promise<
  Repository &
    Readonly<{
      directory: string
      environment: Record<string, string>
      place: GitPlace
      /** Commits all that lies in the work tree, and returns the commit. */
      commit: (content: Content) => Promise<string>
    }>
> => {
  const repository = await repositoryWith(t, content)
  const directory = temporaryDirectory(t)
  const environment = { PATH: process.env['PATH'] ?? '', HOME: directory, GIT_CONFIG_NOSYSTEM: '1' }
  return {
    ...repository,
    directory,
    environment,
    place: { directory: repository.top, environment },
    commit: async content => {
      await repository.write(content, 'Change')
      return (await repository.git('rev-parse', 'HEAD')).trim()
    },
  }
}
