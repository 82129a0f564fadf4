import { createHash } from 'node:crypto'
import posix from 'node:path/posix'
import { parse } from 'yaml'
import { ConflictError } from '../../src/errors.ts'
import type { Kustomize } from '../../src/operations/ports/kustomize.ts'
import type { Repository } from '../../src/operations/ports/repository.ts'
import type { Checkout } from '../../src/operations/ports/repository.ts'
import type { Change } from '../../src/core/change.ts'
import { memoryTree } from './memory-tree.ts'

type Commit = Readonly<{
  parents: readonly string[]
  files: ReadonlyMap<string, string>
  message: string
}>

/** A git repository in memory: commits, branches, and a kustomize that knows `resources` and JSON patches. */
export type FakeRepository = Readonly<{
  port: Repository
  kustomize: Kustomize
  branches: Map<string, string>
  /** A commit on a branch, as a human makes it; returns its id. */
  write: (branch: string, message: string, changes: readonly Change[]) => string
  /** What a merge button does; returns the commit of the merge. */
  merge: (base: string, branch: string) => string
  /** What a squash does: the same files in a commit with one parent. */
  squash: (base: string, branch: string) => void
  /** The messages of a branch, newest first. */
  log: (branch: string) => readonly string[]
  text: (branch: string, path: string) => string | undefined
}>

/** The texts of what a directory lists, with the fields that its JSON patches replace. */
const renderOf = (files: ReadonlyMap<string, string>, directory: string): readonly string[] => {
  const { resources, patches } = parse(files.get(`${directory}/kustomization.yaml`) ?? '') as {
    resources: readonly string[] | null
    patches?: readonly Readonly<{ patch?: string }>[] | null
  }
  const replaced = (patches ?? []).flatMap(
    ({ patch }) => parse(patch ?? '[]') as readonly Readonly<{ path: string; value: string }>[],
  )
  return (resources ?? [])
    .map(entry => posix.join(directory, entry))
    .flatMap(path => {
      const text = files.get(path)
      return text === undefined ? renderOf(files, path) : [text]
    })
    .map(text =>
      replaced.reduce(
        (now, { path, value }) =>
          now.replace(
            new RegExp(`^  ${posix.basename(path)}: .*$`, 'm'),
            `  ${posix.basename(path)}: ${value}`,
          ),
        text,
      ),
    )
}

export const fakeRepository = (files: Readonly<Record<string, string>>): FakeRepository => {
  const commits = new Map<string, Commit>()
  const branches = new Map<string, string>()
  const keep = (commit: Commit): string => {
    const content = JSON.stringify([commit.parents, [...commit.files].sort(), commit.message])
    const sha = createHash('sha1').update(content).digest('hex')
    commits.set(sha, commit)
    return sha
  }
  const find = (sha: string): Commit => {
    const commit = commits.get(sha)
    if (!commit) throw new Error(`there is no commit ${sha}`)
    return commit
  }
  const history = (sha: string): readonly string[] => [
    sha,
    ...(find(sha).parents[0] === undefined ? [] : history(find(sha).parents[0]!)),
  ]
  const ancestors = (sha: string): Set<string> =>
    new Set([sha, ...find(sha).parents.flatMap(parent => [...ancestors(parent)])])
  const commit = (onto: string, message: string, changes: readonly Change[]): string => {
    const next = new Map(find(onto).files)
    for (const { path, content } of changes)
      if (content === null) next.delete(path)
      else next.set(path, content)
    return keep({ parents: [onto], files: next, message })
  }
  const head = (branch: string): string => {
    const sha = branches.get(branch)
    if (sha === undefined) throw new Error(`there is no branch ${branch}`)
    return sha
  }
  const mergeOf = (base: string, other: string): string => {
    const common = history(other).find(sha => ancestors(base).has(sha))!
    const merged = new Map(find(base).files)
    const [before, after] = [find(common).files, find(other).files]
    for (const path of new Set([...before.keys(), ...after.keys()])) {
      const content = after.get(path)
      if (content === before.get(path)) continue
      if (content === undefined) merged.delete(path)
      else merged.set(path, content)
    }
    return keep({ parents: [base, other], files: merged, message: 'Merge' })
  }
  const checkout = (sha: string): Checkout => {
    const { files } = find(sha)
    return {
      sha,
      onDisk: async root => `/commits/${sha}/${root}`,
      tree: memoryTree(Object.fromEntries(files)),
    }
  }
  branches.set(
    'main',
    keep({ parents: [], files: new Map(Object.entries(files)), message: 'Begin' }),
  )
  return {
    branches,
    port: {
      fetch: async () => undefined,
      branchHead: async branch => branches.get(branch),
      isAncestor: async (ancestor, descendant) => ancestors(descendant).has(ancestor),
      lastChange: async (at, path) =>
        history(at).find(sha => {
          const [parent] = find(sha).parents
          const before = parent === undefined ? undefined : find(parent).files.get(path)
          return find(sha).files.get(path) !== before
        }),
      checkout: async sha => checkout(sha),
      merge: async (base, other) => checkout(mergeOf(base, other)),
      mergedPaths: async (base, other) => {
        const [before, after] = [find(base).files, find(mergeOf(base, other)).files]
        const paths = new Set([...before.keys(), ...after.keys()])
        return [...paths].filter(path => before.get(path) !== after.get(path))
      },
      // Already done is no failure.
      commit: async ({ onto, message, changes }) =>
        changes.every(({ path, content }) => (find(onto).files.get(path) ?? null) === content)
          ? onto
          : commit(onto, message, changes),
      push: async (sha, branch) => {
        const before = branches.get(branch)
        if (before !== undefined && !ancestors(sha).has(before))
          throw new ConflictError('GIT_CONFLICT', `pushing ${branch}: it moved`)
        branches.set(branch, sha)
      },
      diff: async (from, to) => {
        const [before, after] = [find(from).files, find(to).files]
        return [...new Set([...before.keys(), ...after.keys()])]
          .sort()
          .filter(path => before.get(path) !== after.get(path))
          .map(path => `diff --git a/${path} b/${path}\n${after.get(path) ?? '(deleted)'}\n`)
          .join('')
      },
      broughtBy: async (base, other) => {
        const known = ancestors(base)
        const versions = [...ancestors(other)]
          .filter(sha => !known.has(sha))
          .reverse()
          .flatMap(sha => {
            const parents = find(sha).parents.map(parent => find(parent).files)
            return [...find(sha).files]
              .filter(([path, content]) => parents.every(files => files.get(path) !== content))
              .map(([path, content]) => ({
                commit: sha,
                path,
                bytes: new TextEncoder().encode(content),
              }))
          })
        return {
          sealedPaths: [...find(other).files].flatMap(([path, content]) =>
            content.includes('SealedSecret') ? [path] : [],
          ),
          versions: (async function* () {
            yield* versions
          })(),
        }
      },
    },
    kustomize: {
      build: async directory => {
        const [, , sha = '', ...root] = directory.split('/')
        return renderOf(find(sha).files, root.join('/')).join('---\n')
      },
      version: async () => 'a kustomize v5.5.0',
    },
    write: (branch, message, changes) => {
      const sha = commit(branches.get(branch) ?? head('main'), message, changes)
      branches.set(branch, sha)
      return sha
    },
    squash: (base, branch) => {
      const [onto, { files: merged }] = [head(base), find(mergeOf(head(base), head(branch)))]
      branches.set(base, keep({ parents: [onto], files: merged, message: `Squash ${branch}` }))
    },
    merge: (base, branch) => {
      const sha = mergeOf(head(base), head(branch))
      branches.set(base, sha)
      return sha
    },
    log: branch => history(head(branch)).map(sha => find(sha).message.split('\n')[0]!),
    text: (branch, path) => find(head(branch)).files.get(path),
  }
}
