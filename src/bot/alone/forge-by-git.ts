import { readRecordIfValid } from '../../core/detach/read-record-at.ts'
import { seedPaths } from '../../core/detach/seed-record.ts'
import { isEnded, type Run, type Sha } from '../../core/run/run.ts'
import { absent, present, type Seen } from '../../core/seen.ts'
import { RefusedError, UnavailableError } from '../../errors.ts'
import type { Forge, PullRequest } from '../../operations/ports/forge.ts'
import type { PullRequests } from '../../operations/ports/pull-requests.ts'
import type { Repository } from '../../operations/ports/repository.ts'
import type { RunStore } from '../../operations/ports/run-store.ts'
import { readBase } from '../../operations/read-base.ts'

type Around = Readonly<{
  cluster: string
  repository: Repository
  runs: Pick<RunStore, 'get'>
  /** The branch that Argo CD tracks, and the one that asks for the run. */
  branch: string
  head: string
  /** Hears of a report or an answer, as Markdown behind its marker. */
  written: (text: Readonly<{ marker: string; body: string }>) => void
}>

/**
 * A forge that is git alone: the one pull request is a branch, and it is merged when the base branch holds what it brings. There
 * are no labels, checks and people: whoever runs this may do what their own Git and hub let them do. `create` throws RefusedError
 * MERGE_AWAITED, since it cannot be done from here.
 */
export const forgeByGit = (
  around: Around,
): Readonly<{ forge: Forge; pulls: Pick<PullRequests, 'open' | 'create' | 'merge'> }> => {
  const { repository, branch, head, written } = around
  const branchUse: Forge['branchUse'] = async name =>
    (await repository.branchHead(name)) === undefined
      ? absent
      : present({ isDefault: name === branch, isProtected: false, baseOf: [] })
  return {
    forge: {
      pullRequest: async number => readPullRequest(around, number),
      branchUse,
      branchRules: async () => absent,
      permission: async () => 'admin',
      isTeamMember: async () => false,
      // Those that a person opens elsewhere cannot be seen from here: what they bring is.
      pullRequestFrom: async () => absent,
      upsertComment: async ({ marker, body }) => {
        written({ marker, body })
        return 'changed'
      },
      setStatus: async () => undefined,
      react: async () => undefined,
      labelling: async () => null,
      repositoryId: async () => 0,
      login: async () => 'sower',
    },
    pulls: {
      open: async () => [],
      create: async ({ branch: from, base }) => {
        throw new RefusedError(
          'MERGE_AWAITED',
          `bringing ${from} to ${base}: without GitHub, a person does that`,
          {
            fix: `open a pull request from ${from} to ${base} and merge it; the run goes on by itself`,
          },
        )
      },
      merge: async () => `without GitHub a person merges ${head}`,
    },
  }
}

const readPullRequest = async (around: Around, number: number): Promise<Seen<PullRequest>> => {
  const { cluster, repository, runs, branch, head } = around
  await repository.fetch()
  const [base, now] = [await repository.branchHead(branch), await repository.branchHead(head)]
  if (base === undefined)
    throw new UnavailableError('GIT_FAILED', `reading the branch ${branch}: it is not there`)
  const stored = await runs.get(cluster)
  const run = stored && !isEnded(stored.phase) ? stored : null
  const is = {
    ...{ number, branch: head, base: branch, baseSha: base, isFork: false },
    // The person who starts this asks for it.
    ...{ labels: ['seed'], body: '', url: '' },
  }
  for (const sha of await headsOf(repository, run, now)) {
    const mergedAs = await mergedAt(around, run, { base, sha })
    if (mergedAs !== null) return present({ ...is, state: 'merged', headSha: sha, mergedAs })
  }
  if (now !== undefined) return present({ ...is, state: 'open', headSha: now, mergedAs: null })
  if (run === null) return absent
  throw new RefusedError(
    'REQUEST_INVALID',
    `reading the branch ${head}: it is gone, and ${branch} does not hold what it brought`,
    { fix: `push ${head} again, or end the run: \`sower run ${cluster} --abort\`` },
  )
}

/**
 * The commits that count as merged once the base has them: the commit of Sower, and the branch as it is now where it goes on from
 * what was asked for. A branch that was set back to the base is not merged by that.
 */
const headsOf = async (
  repository: Repository,
  run: Run | null,
  now: Sha | undefined,
): Promise<readonly Sha[]> => {
  if (run === null) return now === undefined ? [] : [now]
  const { headSha } = run.request
  const pushed = run.facts.pushedAs ?? []
  if (now === undefined) return [pushed, headSha].flat()
  return [pushed, (await repository.isAncestor(headSha, now)) ? now : []].flat()
}

/**
 * The commit by which the base holds what a head brings; null where it does not. A merge commit and a fast-forward have the head
 * among their ancestors. A squash and a rebase bring the record of this very run, or leave nothing that a merge would bring.
 */
const mergedAt = async (
  { cluster, repository, branch }: Around,
  run: Run | null,
  { base, sha }: Readonly<{ base: Sha; sha: Sha }>,
): Promise<Sha | null> => {
  if (await repository.isAncestor(sha, base)) return sha
  const { checkout, config } = await readBase({ ports: { repository }, settings: { branch } })
  const { directory } = config
  const record = readRecordIfValid(checkout.tree, { directory, cluster })
  if (run !== null && record?.request === run.request.key) {
    const { record: path } = seedPaths(directory, cluster)
    return (await repository.lastChange(base, path)) ?? base
  }
  // A head that nobody asked for may bring nothing by taking back all of it.
  if (sha !== run?.facts.pushedAs && sha !== run?.request.headSha) return null
  const left = await repository.mergedPaths(base, sha)
  return left?.length === 0 ? base : null
}
