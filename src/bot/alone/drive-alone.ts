import { isSeedLabel } from '../../core/command/seed-label.ts'
import { isEnded, type Run } from '../../core/run/run.ts'
import { RefusedError } from '../../errors.ts'
import { requestsIn } from '../../operations/intake/requests-in.ts'
import type { Look } from '../../operations/observe/observe.ts'
import type { Feed } from '../../operations/ports/inbox.ts'
import type { PullRequests } from '../../operations/ports/pull-requests.ts'
import type { Repository } from '../../operations/ports/repository.ts'
import type { RunStore } from '../../operations/ports/run-store.ts'
import { fetchBase } from '../../operations/read-base.ts'
import type { Watch } from '../watch/watch.ts'
import type { ByGit } from './compose-by-git.ts'

/** The one run that a person drives in the foreground. */
export type Alone = Readonly<{
  cluster: string
  /** The pull request that asks for it; null: the open one with the label `seed` and a request file of the cluster. */
  pullRequest: number | null
  /** Without GitHub; null: with it. */
  byGit: ByGit | null
  /** Hears of the run after each pass. */
  show: (run: Run, look: Look | null) => void
}>

type Outside = Readonly<{
  runs: RunStore
  feed: Feed
  pulls: Pick<PullRequests, 'open'>
  repository: Repository
  /** The base branch. */
  branch: string
}>

/** The parts of a bot that see one cluster and its pull request only. `ended` resolves to the run when it has ended. */
export type DrivenAlone = Readonly<{
  runs: RunStore
  feed: Feed
  watch: Watch
  ended: Promise<Run>
}>

/**
 * Narrows a bot to one cluster: it hears of one pull request, sees one run, and creates no other. A run that had ended before
 * counts as the one while no open pull request asks for another.
 */
export const driveAlone = (
  { cluster, pullRequest, show }: Omit<Alone, 'byGit'>,
  { runs, feed, pulls, repository, branch }: Outside,
): DrivenAlone => {
  const refuseOther = ({ name }: Run): void => {
    if (name === cluster) return
    throw new RefusedError(
      'REQUEST_INVALID',
      `starting a run of ${name}: this process drives the run of ${cluster} alone`,
      { fix: `start \`sower run ${name}\`` },
    )
  }
  let asks: number | null = null
  const findRequest = async (): Promise<number | null> => {
    const run = await runs.get(cluster)
    if (run && !isEnded(run.phase)) return run.request.pullRequest
    if (pullRequest !== null) return pullRequest
    const base = await fetchBase({ ports: { repository }, settings: { branch } })
    const labelled = (await pulls.open(branch)).filter(({ labels }) => labels.some(isSeedLabel))
    for (const { number, branch: headBranch } of labelled) {
      const head = await repository.branchHead(headBranch)
      if (head === undefined) continue
      const requests = requestsIn(await repository.checkout(head), base)
      if (requests.some(request => request.cluster === cluster)) return number
    }
    return null
  }
  let end: (run: Run) => void = () => undefined
  const ended = new Promise<Run>(resolve => {
    end = resolve
  })
  return {
    ended,
    runs: {
      ...runs,
      list: async () => (await runs.list()).filter(({ name }) => name === cluster),
      create: async run => {
        refuseOther(run)
        return runs.create(run)
      },
      replace: async run => {
        refuseOther(run)
        return runs.replace(run)
      },
    },
    feed: {
      since: async at => {
        asks = await findRequest()
        return (await feed.since(at)).filter(({ pullRequest: number }) => number === asks)
      },
    },
    watch: {
      passed: (_before, { run, look }) => {
        show(run, look)
        if (isEnded(run.phase)) end(run)
      },
      looked: ([run]) => {
        if (!run || !isEnded(run.phase)) return
        if (asks === null || asks === run.request.pullRequest) end(run)
      },
    },
  }
}
