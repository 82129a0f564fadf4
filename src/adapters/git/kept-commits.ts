import { join } from 'node:path'
import { ownEnvironment } from './own-environment.ts'
import { runGit, type GitPlace } from './run-git.ts'

/** Commits that no branch holds, each under a name of ours. They outlast the process, and git deletes none of them. */
export type KeptCommits = Readonly<{
  /** The commit under a name of hexadecimal digits; undefined where there is none. */
  find: (name: string) => Promise<string | undefined>
  keep: (name: string, sha: string) => Promise<void>
}>

/** Keeps commits in the mirror below a directory, which has to be open. Both throw UnavailableError GIT_FAILED. */
export const keptCommits = ({
  directory,
  path,
}: Readonly<{ directory: string; path: string }>): KeptCommits => {
  const place: GitPlace = {
    directory: join(directory, 'mirror.git'),
    environment: ownEnvironment({ home: directory, path }),
    timeLimit: 60_000,
  }
  const refOf = (name: string): string => `refs/sower/${name}`
  return {
    find: async name => {
      const words = ['rev-parse', '--verify', '--quiet', `${refOf(name)}^{commit}`]
      return (await runGit(place, words, { nothing: 1 })).toString().trim() || undefined
    },
    keep: async (name, sha) => {
      await runGit(place, ['update-ref', refOf(name), sha])
    },
  }
}
