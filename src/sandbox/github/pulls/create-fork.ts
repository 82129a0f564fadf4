import { accountOf, type Host } from '../host.ts'
import { emitPull, headRef } from './close-pull.ts'

/** A fork of the repository, which belongs to an account. */
export type Fork = Readonly<{
  /** Moves a branch of the fork to a commit that the bare repository holds, under any ref. */
  push: (branch: string, sha: string) => Promise<void>
  /** Deletes the fork: the head of its pull requests has no repository any more. */
  remove: () => void
}>

/** Makes a fork. Its branches are refs of the one bare repository, as GitHub keeps a network of forks in one. */
export const createFork = (host: Host, login: string): Fork => {
  const owner = accountOf(host, login)
  if (!owner) throw new Error(`nobody is called ${login}`)
  host.state.forks.add(owner.login)
  return {
    push: async (branch, sha) => {
      const from = await host.repository.resolve(forkRef(owner.login, branch))
      await host.repository.run(['update-ref', forkRef(owner.login, branch), sha])
      for (const pull of host.state.pulls.values()) {
        const isHead = pull.head.fork === owner.login && pull.head.branch === branch
        if (pull.state !== 'open' || !isHead) continue
        const base = await host.repository.resolve(`refs/heads/${pull.base.branch}`)
        pull.head = { ...pull.head, sha }
        pull.base = { ...pull.base, sha: base ?? pull.base.sha }
        pull.updatedAt = host.now()
        await host.repository.run(['update-ref', headRef(pull.number), sha])
        await emitPull(host, pull, { action: 'synchronize', by: owner, before: from, after: sha })
      }
    },
    remove: () => {
      host.state.forks.delete(owner.login)
    },
  }
}

/** The ref of a fork's branch; git clients that ask for branches do not get it. */
export const forkRef = (login: string, branch: string): string => `refs/forks/${login}/${branch}`

/** The ref that the head of a pull request follows. */
export const followedRef = ({
  branch,
  fork,
}: Readonly<{ branch: string; fork: string | null }>): string =>
  fork === null ? `refs/heads/${branch}` : forkRef(fork, branch)
