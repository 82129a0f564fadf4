import type { Account } from '../account.ts'
import type { Host } from '../host.ts'
import type { PullRequest } from '../github-state.ts'
import { commitTree, mergedTree, webFlow } from '../git/merged-tree.ts'
import { pullDetail } from '../shapes/pull-detail.ts'

/** The ref under which a pull request's head stays reachable for ever. */
export const headRef = (number: number): string => `refs/pull/${number}/head`

/** Remembers who did what to a pull request, for the events of its issue. */
export const recordEvent = (
  host: Host,
  event: Readonly<{
    number: number
    actor: Account
    event: string
    label?: string
    commit?: string
  }>,
): void => {
  host.state.events.push({
    id: host.nextId(),
    number: event.number,
    actor: event.actor.login,
    event: event.event,
    commit: event.commit ?? null,
    label: event.label ?? null,
    createdAt: host.now(),
  })
}

/** Sends a pull_request event with the pull request as it is now. */
export const emitPull = async (
  host: Host,
  pull: PullRequest,
  sent: Readonly<{ action: string; by: Account; [field: string]: unknown }>,
): Promise<void> => {
  const { action, by, ...fields } = sent
  const detail = await pullDetail(host, pull)
  host.emit('pull_request', by, { action, number: pull.number, pull_request: detail, ...fields })
}

const end = (host: Host, pull: PullRequest, by: Account): void => {
  pull.state = 'closed'
  pull.closedAt = host.now()
  pull.closedBy = by.login
  pull.updatedAt = host.now()
}

/** Closes without a merge. */
export const closePull = async (host: Host, pull: PullRequest, by: Account): Promise<void> => {
  end(host, pull, by)
  recordEvent(host, { number: pull.number, actor: by, event: 'closed' })
  host.tell('github', `${by.login} closed pull request #${pull.number}`, { number: pull.number })
  await emitPull(host, pull, { action: 'closed', by })
}

/** Marks as merged; the base branch has been moved already. */
export const markMerged = async (
  host: Host,
  pull: PullRequest,
  merged: Readonly<{ by: Account; as: string }>,
): Promise<void> => {
  const { by, as } = merged
  end(host, pull, by)
  pull.merged = { at: host.now(), by: by.login, as }
  recordEvent(host, { number: pull.number, actor: by, event: 'merged', commit: as })
  recordEvent(host, { number: pull.number, actor: by, event: 'closed' })
  host.tell('github', `${by.login} merged pull request #${pull.number}`, {
    number: pull.number,
    sha: as,
  })
  await emitPull(host, pull, { action: 'closed', by })
}

/** Makes the test merge that `mergeable` speaks of, and keeps it as refs/pull/N/merge. */
export const testMerge = async (host: Host, pull: PullRequest): Promise<void> => {
  const base = await host.repository.resolve(`refs/heads/${pull.base.branch}`)
  if (pull.state === 'closed' || base === null) return
  const head = pull.head.sha
  if (pull.tested?.head === head && pull.tested.base === base) return
  const tree = await mergedTree(host.repository, { base, head })
  const commit =
    tree === null
      ? null
      : await commitTree(host.repository, {
          tree,
          parents: [base, head],
          message: `Merge ${head} into ${base}`,
          author: webFlow,
          committer: webFlow,
        })
  if (commit !== null)
    await host.repository.run(['update-ref', `refs/pull/${pull.number}/merge`, commit])
  pull.tested = { head, base, commit }
}
