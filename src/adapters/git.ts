import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { SimpleGit } from 'simple-git'
import { RefusedError, SowerError, UnavailableError } from '../errors.ts'
import type { Sha } from '../core/run/run.ts'
import type { Checkout, Repository } from '../operations/ports.ts'
import { once } from '../once.ts'
import { directoryTree } from './directory-tree.ts'
import { withUser, writeAskpass } from './git-askpass.ts'
import { gitClient } from './git-client.ts'
import { gitReason, pushError } from './git-errors.ts'
import { fileVersions } from './git-versions.ts'

/** Where to clone from and how. */
export type GitOptions = Readonly<{
  /** `https://host/owner/name.git`, or a local path. */
  url: string
  /** A directory of ours: the mirror and the checkouts go below it. */
  directory: string
  /** A file with the token; git asks for it through a program, so it is in no argument and no URL. */
  tokenFile: string | null
  /** Directories for finding git. */
  path: string
  /** A commit to fetch although it may be on no branch, such as the HEAD of a person's clone. */
  commit?: Sha
}>

const mostCheckouts = 6

/** A clone of the user's repository, driven by the real git. */
export const gitRepository = (options: GitOptions): Repository => {
  const { url, directory, tokenFile, path, commit } = options
  const mirror = join(directory, 'mirror.git')
  const checkouts = new Map<string, Promise<Checkout>>()
  const merges = new Map<string, Promise<string | undefined>>()
  const askpass = writeAskpass(directory)
  const client = (at: string): SimpleGit =>
    gitClient({ at, home: directory, path, tokenFile, askpass })

  const opened = (async (): Promise<SimpleGit> => {
    mkdirSync(directory, { recursive: true })
    if (!existsSync(join(mirror, 'HEAD'))) {
      mkdirSync(mirror, { recursive: true })
      await client(mirror).raw(['init', '--quiet', '--bare'])
    }
    // A killed process leaves its locks behind; nobody else works in this directory.
    for (const file of readdirSync(mirror, { recursive: true, encoding: 'utf8' }))
      if (file.endsWith('.lock')) rmSync(join(mirror, file), { force: true })
    const git = client(mirror)
    await git.raw(['config', 'remote.origin.url', withUser(url, tokenFile !== null)])
    // Checkouts of an earlier process are gone or stale; their bookkeeping goes too.
    rmSync(join(directory, 'checkouts'), { recursive: true, force: true })
    mkdirSync(join(directory, 'checkouts'))
    await git.raw(['worktree', 'prune'])
    return git
  })()
  opened.catch(() => undefined)

  /** Runs an activity on the mirror; whatever goes wrong becomes one error that names the activity. */
  const doing = async <T>(activity: string, work: (git: SimpleGit) => Promise<T>): Promise<T> => {
    try {
      return await work(await opened)
    } catch (cause) {
      if (cause instanceof SowerError) throw cause
      throw new UnavailableError('GIT_FAILED', `${activity}: ${gitReason(cause)}`, { cause })
    }
  }

  // git takes the bookkeeping's directory away when it is empty, also from under one that is being added.
  let bookkeeping: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = bookkeeping.then(work)
    bookkeeping = mine.catch(() => undefined)
    return mine
  }
  const addWorktree = async (git: SimpleGit, sha: string): Promise<string> => {
    const at = mkdtempSync(join(directory, 'checkouts', `${sha.slice(0, 12)}-`))
    await inTurn(() => git.raw(['worktree', 'add', '--quiet', '--detach', '--force', at, sha]))
    return at
  }
  const inWorktree = async <T>(
    git: SimpleGit,
    sha: string,
    work: (inside: SimpleGit, at: string) => Promise<T>,
  ): Promise<T> => {
    const at = await addWorktree(git, sha)
    try {
      return await work(client(at), at)
    } finally {
      await dropWorktree(git, at)
    }
  }
  const dropWorktree = async (git: SimpleGit, at: string): Promise<void> => {
    rmSync(at, { recursive: true, force: true })
    await inTurn(() => git.raw(['worktree', 'prune']))
  }

  const checkout: Repository['checkout'] = sha => {
    const known = checkouts.get(sha)
    // The most recently used comes last, so that the first is the one to drop.
    checkouts.delete(sha)
    const made =
      known ??
      doing(`checking out ${sha.slice(0, 12)}`, async git => {
        const at = await addWorktree(git, sha)
        return { sha, directory: at, tree: directoryTree(at) }
      })
    checkouts.set(sha, made)
    made.catch(() => checkouts.delete(sha))
    const [oldest] = checkouts
    if (oldest && checkouts.size > mostCheckouts) {
      checkouts.delete(oldest[0])
      void doing('dropping a checkout', async git => {
        await dropWorktree(git, (await oldest[1]).directory)
      }).catch(() => undefined)
    }
    return made
  }

  return {
    fetch: () =>
      doing('fetching the repository', async git => {
        await git.raw([
          'fetch',
          '--quiet',
          '--prune',
          '--no-tags',
          // A person's clone may be a shallow one, which git leaves out otherwise.
          '--update-shallow',
          'origin',
          '+refs/heads/*:refs/remotes/origin/*',
          ...(commit === undefined ? [] : [`+${commit}:refs/sower/commit`]),
        ])
      }),
    branchHead: branch =>
      doing(`reading branch ${branch}`, async git => {
        const ref = `refs/remotes/origin/${branch}`
        const found = await git.raw([
          'for-each-ref',
          '--format=%(objectname) %(refname)',
          '--',
          ref,
        ])
        return found
          .split('\n')
          .find(line => line.endsWith(` ${ref}`))
          ?.slice(0, 40)
      }),
    isAncestor: (ancestor, descendant) =>
      doing('comparing commits', async git => {
        const count = await git.raw([
          'rev-list',
          '--count',
          '--max-count=1',
          ancestor,
          `^${descendant}`,
          '--',
        ])
        return count.trim() === '0'
      }),
    lastChange: (at, file) =>
      doing(`reading the history of ${file}`, async git => {
        const sha = await git.raw(['log', '-1', '--format=%H', at, '--', file])
        return sha.trim() || undefined
      }),
    checkout,
    merge: async (base, head) => {
      const sha = await once(merges, `${base} ${head}`, () =>
        doing(`merging ${head.slice(0, 12)} into ${base.slice(0, 12)}`, git =>
          inWorktree(git, base, async inside => {
            const conflicts = await inside
              .raw(['merge', '--quiet', '--no-ff', '--no-edit', '-m', 'merge for the proof', head])
              .then(() => false)
              .catch(async (cause: unknown) => {
                if ((await inside.raw(['ls-files', '--unmerged'])) === '') throw cause
                return true
              })
            return conflicts ? undefined : (await inside.raw(['rev-parse', 'HEAD'])).trim()
          }),
        ),
      )
      return sha === undefined ? undefined : checkout(sha)
    },
    commit: ({ onto, message, changes }) =>
      doing('committing', git =>
        inWorktree(git, onto, async (inside, at) => {
          for (const { path: file, content } of changes) {
            // A link on the branch would lead the write out of the checkout.
            const kind = directoryTree(at).entry(file)
            if (kind === 'symlink' || kind === 'directory')
              throw new RefusedError('ENTRY_SYMLINK', `writing ${file}: a ${kind} is in its way`, {
                fix: 'put plain directories and files there on the branch',
              })
            if (content === null) {
              await inside.raw(['rm', '--quiet', '--ignore-unmatch', '--', file])
            } else {
              mkdirSync(dirname(join(at, file)), { recursive: true })
              writeFileSync(join(at, file), content)
              await inside.raw(['add', '--force', '--', file])
            }
          }
          // Already done is no failure.
          if ((await inside.raw(['diff', '--cached', '--name-only'])) === '') return onto
          await inside.raw(['commit', '--quiet', '--no-verify', '-m', message])
          return (await inside.raw(['rev-parse', 'HEAD'])).trim()
        }),
      ),
    push: (sha, branch) =>
      doing(`pushing ${sha.slice(0, 12)} to ${branch}`, async git => {
        try {
          await git.raw(['push', '--quiet', '--porcelain', 'origin', `${sha}:refs/heads/${branch}`])
        } catch (cause) {
          throw pushError(branch, cause)
        }
        await git.raw(['update-ref', `refs/remotes/origin/${branch}`, sha])
      }),
    diff: (from, to) =>
      doing('comparing commits', git =>
        git.raw(['diff', '--no-color', '--no-ext-diff', from, to, '--']),
      ),
    broughtBy: (base, head) =>
      doing('reading what the commits bring', () =>
        fileVersions(
          { directory: mirror, environment: { PATH: path, HOME: directory } },
          { of: 'range', base, head },
        ),
      ),
  }
}
