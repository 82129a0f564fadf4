import type { BareRepository } from './bare-repository.ts'

/** Name and address of an author or committer. */
export type Identity = Readonly<{ name: string; email: string }>

/** GitHub itself commits what is made on its web site. */
export const webFlow: Identity = { name: 'GitHub', email: 'noreply@github.com' }

/** The tree of merging two commits, or null when they conflict or share no history. */
export const mergedTree = async (
  repository: BareRepository,
  sides: Readonly<{ base: string; head: string }>,
): Promise<string | null> => {
  const output = await repository.attempt(['merge-tree', '--write-tree', sides.base, sides.head])
  return output === null ? null : (output.toString('utf8').split('\n')[0] ?? null)
}

/** Makes a commit out of a tree, without moving any branch. */
export const commitTree = async (
  repository: BareRepository,
  commit: Readonly<{
    tree: string
    parents: readonly string[]
    message: string
    author: Identity
    committer: Identity
  }>,
): Promise<string> => {
  const parents = commit.parents.flatMap(parent => ['-p', parent])
  const sha = await repository.run(['commit-tree', commit.tree, ...parents, '-F', '-'], {
    input: `${commit.message.trimEnd()}\n`,
    environment: {
      GIT_AUTHOR_NAME: commit.author.name,
      GIT_AUTHOR_EMAIL: commit.author.email,
      GIT_COMMITTER_NAME: commit.committer.name,
      GIT_COMMITTER_EMAIL: commit.committer.email,
    },
  })
  return sha.trim()
}

/** Tells whether every commit of `ancestor` is in `descendant`. */
export const isAncestor = async (
  repository: BareRepository,
  commits: Readonly<{ ancestor: string; descendant: string }>,
): Promise<boolean> => {
  const test = ['merge-base', '--is-ancestor', commits.ancestor, commits.descendant]
  return (await repository.attempt(test)) !== null
}

/** The best common ancestor of two commits, or null. */
export const mergeBase = async (
  repository: BareRepository,
  one: string,
  other: string,
): Promise<string | null> =>
  (await repository.attempt(['merge-base', one, other]))?.toString('utf8').trim() ?? null
