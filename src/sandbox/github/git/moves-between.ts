import type { Account } from '../account.ts'
import { changedFiles, emptyTree } from './changed-files.ts'
import { listCommits, type Commit } from './list-commits.ts'
import { loginOfEmail } from '../shapes/commit-shape.ts'
import { identityOf, webUrl, type Host } from '../host.ts'
import { isAncestor } from './merged-tree.ts'
import { closePull, emitPull, headRef, markMerged } from '../pulls/close-pull.ts'

/** A branch that is elsewhere now: created when `from` is null, deleted when `to` is null. */
export type Move = Readonly<{ branch: string; from: string | null; to: string | null }>

/** The moves between two readings of the branches. */
export const movesBetween = (
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly Move[] =>
  [...new Set([...before.keys(), ...after.keys()])]
    .map(branch => ({ branch, from: before.get(branch) ?? null, to: after.get(branch) ?? null }))
    .filter(move => move.from !== move.to)

const noObject = '0'.repeat(40)

const commitPayload = async (host: Host, commit: Commit): Promise<Record<string, unknown>> => {
  const from = commit.parents[0] ?? emptyTree
  const files = await changedFiles(host.repository, { from, to: commit.sha })
  const person = ({ name, email }: Commit['author']): Record<string, unknown> => {
    const username = loginOfEmail(host, email)
    return { name, email, ...(username === null ? {} : { username }) }
  }
  const paths = (status: string): string[] =>
    files.filter(file => file.status === status).map(file => file.path)
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: webUrl(host, `/commit/${commit.sha}`),
    author: person(commit.author),
    committer: person(commit.committer),
    added: paths('added'),
    removed: paths('removed'),
    modified: [...paths('modified'), ...paths('renamed')],
  }
}

const newCommits = async (
  host: Host,
  move: Move,
  before: ReadonlyMap<string, string>,
): Promise<readonly Commit[]> => {
  if (move.to === null) return []
  // A new branch brings what no other branch had; a moved one what it did not have itself.
  const known = move.from === null ? [...before.values()] : [move.from]
  return listCommits(host.repository, [move.to, ...known.map(sha => `^${sha}`)])
}

const announcePush = async (
  host: Host,
  move: Move,
  pushed: Readonly<{ commits: readonly Commit[]; by: Account }>,
): Promise<void> => {
  const { commits, by } = pushed
  const { branch, from, to } = move
  const payloads = await Promise.all(commits.map(commit => commitPayload(host, commit)))
  const isForced =
    from !== null &&
    to !== null &&
    !(await isAncestor(host.repository, { ancestor: from, descendant: to }))
  host.emit('push', by, {
    ref: `refs/heads/${branch}`,
    before: from ?? noObject,
    after: to ?? noObject,
    base_ref: null,
    created: from === null,
    deleted: to === null,
    forced: isForced,
    compare: webUrl(host, `/compare/${from ?? noObject}...${to ?? noObject}`),
    commits: payloads,
    head_commit: payloads.at(-1) ?? null,
    pusher: { name: by.login, email: identityOf(by.login).email },
  })
  if (commits.length === 0) return
  const count = commits.length === 1 ? 'a commit' : `${commits.length} commits`
  host.tell('github', `${by.login} pushed ${count} to ${branch}`, { branch, from, to })
  host.onPush(
    commits.map(commit => ({
      repository: `${host.owner}/${host.name}`,
      branch,
      sha: commit.sha,
      parents: commit.parents,
      author: commit.author.name,
      subject: commit.message.split('\n')[0] ?? '',
      message: commit.message,
      trailers: commit.trailers,
      pusher: by.login,
    })),
  )
}

const updatePulls = async (host: Host, move: Move, by: Account): Promise<void> => {
  const { branch, from, to } = move
  const open = [...host.state.pulls.values()].filter(pull => pull.state === 'open')
  for (const pull of open) {
    const isHead = pull.head.fork === null && pull.head.branch === branch
    if (!isHead && pull.base.branch !== branch) continue
    if (to === null) {
      await closePull(host, pull, by)
    } else if (isHead) {
      const base = await host.repository.resolve(`refs/heads/${pull.base.branch}`)
      pull.head = { ...pull.head, sha: to }
      pull.base = { ...pull.base, sha: base ?? pull.base.sha }
      pull.updatedAt = host.now()
      await host.repository.run(['update-ref', headRef(pull.number), to])
      await emitPull(host, pull, { action: 'synchronize', by, before: from, after: to })
    } else if (await isAncestor(host.repository, { ancestor: pull.head.sha, descendant: to })) {
      // Someone merged by hand: GitHub notices that the head is in the base branch.
      await markMerged(host, pull, { by, as: to })
    }
  }
}

/** Draws every consequence of moved branches: events, the story, and the pull requests they belong to. */
export const announceMoves = async (
  host: Host,
  moves: readonly Move[],
  by: Account,
): Promise<void> => {
  const now = await host.repository.heads()
  const before = new Map([...now].filter(([branch]) => !moves.some(move => move.branch === branch)))
  for (const { branch, from } of moves) if (from !== null) before.set(branch, from)
  if (moves.length > 0) host.state.lastPush.at = host.now()
  for (const move of moves) {
    const commits = await newCommits(host, move, before)
    await announcePush(host, move, { commits, by })
    await updatePulls(host, move, by)
  }
}
