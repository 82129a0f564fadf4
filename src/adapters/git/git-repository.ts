import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { SimpleGit } from 'simple-git'
import { RefusedError, SowerError, UnavailableError } from '../../errors.ts'
import { repositoryView } from '../../core/kustomization/repository-view.ts'
import { pathOf } from '../../core/kustomization/follow-entry.ts'
import type { RepositoryTree } from '../../core/repository-tree.ts'
import type { Repository } from '../../operations/ports/repository.ts'
import type { Checkout } from '../../operations/ports/repository.ts'
import type { Change } from '../../core/change.ts'
import { once } from '../../once.ts'
import { directoryTree } from '../files/directory-tree.ts'
import { withUser, writeAskpass } from './write-askpass.ts'
import { gitClient } from './git-client.ts'
import { conflictOf, gitReason, pushError } from './git-reason.ts'
import { fileVersions } from './file-versions.ts'

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
  /** The objects of a clone on this machine: its commits are read where they are, without a fetch. */
  objects?: Readonly<{ directory: string; format: string }>
}>

const mostCheckouts = 6

/** A clone of the user's repository, driven by the real git (2.38 or newer). */
export const gitRepository = (options: GitOptions): Repository => {
  const { url, directory, tokenFile, path, objects } = options
  const mirror = join(directory, 'mirror.git')
  const checkoutsAt = join(directory, 'checkouts')
  const checkouts = new Map<string, Promise<Checkout>>()
  const merges = new Map<string, Promise<string | undefined>>()
  const askpass = writeAskpass(directory)
  const client = (at: string, environment: Readonly<Record<string, string>> = {}): SimpleGit =>
    gitClient({ at, home: directory, path, tokenFile, askpass, environment })

  const opened = (async (): Promise<SimpleGit> => {
    mkdirSync(mirror, { recursive: true })
    // A killed process leaves its locks behind; nobody else works in this directory.
    for (const file of readdirSync(mirror, { recursive: true, encoding: 'utf8' }))
      if (file.endsWith('.lock')) rmSync(join(mirror, file), { force: true })
    const git = client(mirror)
    // It completes one that was begun, and changes nothing of one that is there.
    await git.raw([
      ...['init', '--quiet', '--bare', '--template='],
      ...(objects === undefined ? [] : [`--object-format=${objects.format}`]),
    ])
    if (objects === undefined)
      await git.raw(['config', 'remote.origin.url', withUser(url, tokenFile !== null)])
    else writeFileSync(join(mirror, 'objects', 'info', 'alternates'), `${objects.directory}\n`)
    // Nobody knows any more whether those of an earlier process were completed.
    rmSync(checkoutsAt, { recursive: true, force: true })
    mkdirSync(checkoutsAt)
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

  /** Gives git a new, empty directory with an index of its own; the directory stays unless the work fails. */
  const inDirectory = async <T>(
    sha: string,
    work: (inside: SimpleGit, at: string) => Promise<T>,
  ): Promise<T> => {
    const at = mkdtempSync(join(checkoutsAt, `${sha.slice(0, 12)}-`))
    const index = `${at}.index`
    const inside = client(at, { GIT_DIR: mirror, GIT_WORK_TREE: at, GIT_INDEX_FILE: index })
    try {
      return await work(inside, at)
    } catch (error) {
      rmSync(at, { recursive: true, force: true })
      throw error
    } finally {
      rmSync(index, { force: true })
    }
  }

  const checkout: Repository['checkout'] = sha => {
    const known = checkouts.get(sha)
    // The most recently used comes last, so that the first is the one to drop.
    checkouts.delete(sha)
    const made =
      known ??
      doing(`checking out ${sha.slice(0, 12)}`, () =>
        inDirectory(sha, async (inside, at) => {
          await inside.raw(['read-tree', '--reset', '-u', sha])
          return { sha, directory: at, tree: repositoryView(directoryTree(at)) }
        }),
      )
    checkouts.set(sha, made)
    made.catch(() => checkouts.delete(sha))
    const [oldest] = checkouts
    if (oldest && checkouts.size > mostCheckouts) {
      checkouts.delete(oldest[0])
      oldest[1].then(
        dropped => {
          rmSync(dropped.directory, { recursive: true, force: true })
        },
        () => undefined,
      )
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
          'origin',
          '+refs/heads/*:refs/remotes/origin/*',
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
        doing(`merging ${head.slice(0, 12)} into ${base.slice(0, 12)}`, async git => {
          const tree = await git
            .raw(['merge-tree', '--write-tree', '--no-messages', base, head])
            .catch(conflictOf)
          if (tree === undefined) return undefined
          const parents = ['-p', base, '-p', head]
          return git.raw(['commit-tree', ...parents, '-m', 'merge for the proof', tree.trim()])
        }),
      )
      return sha === undefined ? undefined : checkout(sha.trim())
    },
    commit: ({ onto, message, changes }) =>
      doing('committing', async git => {
        const { tree } = await checkout(onto)
        // Before all else: other work may drop this checkout meanwhile.
        for (const change of changes) refuseUnlessFree(tree, change)
        const changed = await inDirectory(onto, async (inside, at) => {
          await inside.raw(['read-tree', onto])
          for (const { path: file, content } of changes) {
            if (content === null) {
              await inside.raw(['rm', '--quiet', '--cached', '--ignore-unmatch', '--', file])
            } else {
              mkdirSync(dirname(join(at, file)), { recursive: true })
              writeFileSync(join(at, file), content)
              // The index knows which files may be executed, the new directory does not.
              await inside.raw(['-c', 'core.fileMode=false', 'add', '--force', '--', file])
            }
          }
          const written = await inside.raw(['write-tree'])
          rmSync(at, { recursive: true, force: true })
          return written.trim()
        })
        // Already done is no failure.
        if (changed === (await git.raw(['rev-parse', `${onto}^{tree}`])).trim()) return onto
        return (await git.raw(['commit-tree', '-p', onto, '-m', message, changed])).trim()
      }),
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

/** What lies on the branch must not lead a write out of the checkout, nor stand in its way. */
const refuseUnlessFree = (tree: RepositoryTree, { path: file, content }: Change): void => {
  const isInside = pathOf('.', file) === file && !/(?:^|\/)\.git(?:\/|$)/i.test(file)
  const kind = isInside ? kindInTheWay(tree, file, content) : 'way out of its files'
  if (kind === null) return
  throw new RefusedError('ENTRY_SYMLINK', `writing ${file}: a ${kind} is in its way`, {
    fix: 'put plain directories and files there on the branch',
  })
}

const kindInTheWay = (
  tree: RepositoryTree,
  file: string,
  content: Change['content'],
): string | null => {
  const kind = tree.entry(file)
  if (kind === 'file') return null
  if (kind !== undefined) return kind
  // git would let the file go for a directory of its name.
  const above = [...file.matchAll(/\//g)].map(({ index }) => file.slice(0, index))
  return content !== null && above.some(path => tree.entry(path) === 'file') ? 'file' : null
}
