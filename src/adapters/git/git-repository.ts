import { join } from 'node:path'
import type { SimpleGit } from 'simple-git'
import { SowerError, UnavailableError } from '../../errors.ts'
import { once } from '../../once.ts'
import type { Repository } from '../../operations/ports/repository.ts'
import { branchHeads } from './mirror/branch-heads.ts'
import { checkouts, type Checkouts } from './mirror/checkouts.ts'
import { commitChanges, refuseUnlessFree } from './commit-changes.ts'
import { fileVersions } from './file-versions.ts'
import { conflictOf, gitReason, pushError, adviceOn } from './git-reason.ts'
import { openMirror, type MirrorOptions } from './mirror/open-mirror.ts'
import { runGit, type GitPlace } from './run-git.ts'
import { placeOf, writeAskpass } from './write-askpass.ts'
import { writeAuthorities } from './write-authorities.ts'

/** The parts that one activity on the mirror works with. */
type Work = Readonly<{
  mirror: GitPlace
  kept: Checkouts
  /** Runs git in the mirror, or in another place. Throws UnavailableError GIT_FAILED, which names the activity. */
  git: (...words: readonly string[]) => Promise<string>
  gitIn: (place: GitPlace) => Work['git']
}>

const mostAncestors = 2000
/** Characters; a larger one is made again each time. */
const largestDiff = 64 * 1024

/** Opens a clone of the user's repository, driven by the real git (2.38 or newer). */
export const gitRepository = (options: MirrorOptions): Repository => {
  const { url, directory, tokenFile, path, agent, authority = null } = options
  const credential =
    tokenFile === null ? null : { askpass: writeAskpass(directory), tokenFile, place: placeOf(url) }
  const trusted = authority === null ? null : writeAuthorities(directory, authority)
  // What two commits determine is asked of git once.
  const merges = new Map<string, Promise<string | undefined>>()
  const ancestors = new Map<string, Promise<boolean>>()
  const diffs = new Map<string, Promise<string>>()
  const opened = openMirror(options).then(mirror => ({
    mirror,
    kept: checkouts(mirror, join(directory, 'checkouts')),
  }))
  opened.catch(() => undefined)

  /** Does an activity; whatever goes wrong becomes one error that names it. */
  const doing = async <T>(activity: string, work: (working: Work) => Promise<T>): Promise<T> => {
    const failed = ({ reason, cause }: Readonly<{ reason: string; cause: unknown }>) =>
      new UnavailableError('GIT_FAILED', `${activity}: ${reason}`, { ...adviceOn(reason), cause })
    const { mirror, kept } = await opened.catch((cause: unknown) => {
      throw failed({ reason: gitReason(cause), cause })
    })
    const gitIn: Work['gitIn'] =
      place =>
      async (...words) =>
        (await runGit(place, words, { failed })).toString()
    try {
      return await work({ mirror, kept, git: gitIn(mirror), gitIn })
    } catch (cause) {
      if (cause instanceof SowerError) throw cause
      throw failed({ reason: gitReason(cause), cause })
    }
  }

  /** Loads simple-git for what needs the network or the log; a clone on this machine needs neither. */
  const client = async (mirror: GitPlace): Promise<SimpleGit> => {
    const { gitClient } = await import('./git-client.ts')
    return gitClient({ at: mirror.directory, home: directory, path, agent, credential, trusted })
  }

  const checkout: Repository['checkout'] = sha =>
    doing(`checking out ${sha.slice(0, 12)}`, ({ kept }) => kept.of(sha))

  /** The commit of a merge; undefined where the two conflict. */
  const merged = (base: string, head: string): Promise<string | undefined> =>
    once(merges, `${base} ${head}`, () =>
      doing(`merging ${head.slice(0, 12)} into ${base.slice(0, 12)}`, async ({ git, kept }) => {
        await Promise.all([base, head].map(kept.measure))
        const merging = ['merge-tree', '--write-tree', '--no-messages']
        const tree = await git(...merging, base, head).catch(conflictOf)
        if (tree === undefined) return undefined
        const parents = ['-p', base, '-p', head]
        return (
          await git('commit-tree', ...parents, '-m', 'merge for the proof', tree.trim())
        ).trim()
      }),
    )

  const heads = branchHeads({
    ask: () =>
      doing('fetching the repository', async ({ mirror }) =>
        (await client(mirror)).raw(['ls-remote', '--heads', 'origin']),
      ),
    list: () =>
      doing('reading the branches', ({ git }) =>
        git('for-each-ref', '--format=%(objectname) %(refname)', '--', 'refs/remotes/origin/'),
      ),
    fetch: () =>
      doing('fetching the repository', async ({ mirror }) => {
        const refs = '+refs/heads/*:refs/remotes/origin/*'
        const words = ['fetch', '--quiet', '--prune', '--no-tags', 'origin', refs]
        return (await client(mirror)).raw(words)
      }),
  })

  return {
    fetch: heads.fetch,
    branchHead: heads.head,
    isAncestor: (ancestor, descendant) =>
      once(
        ancestors,
        `${ancestor} ${descendant}`,
        () =>
          doing('comparing commits', async ({ git }) => {
            const counting = ['rev-list', '--count', '--max-count=1']
            const count = await git(...counting, ancestor, `^${descendant}`, '--')
            return count.trim() === '0'
          }),
        mostAncestors,
      ),
    lastChange: (at, file) =>
      doing(`reading the history of ${file}`, async ({ mirror }) => {
        const words = ['log', '-1', '--format=%H', at, '--', file]
        return (await (await client(mirror)).raw(words)).trim() || undefined
      }),
    checkout,
    merge: async (base, head) => {
      const sha = await merged(base, head)
      return sha === undefined ? undefined : checkout(sha)
    },
    mergedPaths: async (base, head) => {
      const sha = await merged(base, head)
      if (sha === undefined) return undefined
      return doing('reading what a merge changes', async ({ git }) => {
        const words = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', base, sha, '--']
        return (await git(...words)).split('\0').filter(path => path !== '')
      })
    },
    commit: ({ onto, message, changes }) =>
      doing('committing', async ({ kept, git, gitIn }) => {
        const { tree } = await checkout(onto)
        // Before all else: other work may drop this checkout meanwhile.
        for (const change of changes) refuseUnlessFree(tree, change)
        const changed = await kept.within(onto, (inside, at) =>
          commitChanges(gitIn(inside), { onto, at, changes }),
        )
        // Already done is no failure.
        if (changed === (await git('rev-parse', `${onto}^{tree}`)).trim()) return onto
        return (await git('commit-tree', '-p', onto, '-m', message, changed)).trim()
      }),
    push: (sha, branch) =>
      doing(`pushing ${sha.slice(0, 12)} to ${branch}`, async ({ mirror, git }) => {
        const words = ['push', '--quiet', '--porcelain', 'origin', `${sha}:refs/heads/${branch}`]
        await (await client(mirror)).raw(words).catch((cause: unknown) => {
          throw pushError(branch, cause)
        })
        await git('update-ref', `refs/remotes/origin/${branch}`, sha).finally(heads.forget)
      }),
    diff: async (from, to) => {
      const key = `${from} ${to}`
      const text = await once(diffs, key, () =>
        doing('comparing commits', ({ git }) =>
          git('diff', '--no-color', '--no-ext-diff', from, to, '--'),
        ),
      )
      if (text.length > largestDiff) diffs.delete(key)
      return text
    },
    broughtBy: (base, head) =>
      doing('reading what the commits bring', async ({ mirror, kept }) => {
        await kept.measure(head)
        return fileVersions(mirror, { of: 'range', base, head })
      }),
  }
}
