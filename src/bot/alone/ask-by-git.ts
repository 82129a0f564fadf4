import { isEnded, type Verb } from '../../core/run/run.ts'
import { RefusedError } from '../../errors.ts'
import type { Feed, Incoming } from '../../operations/ports/inbox.ts'
import type { Repository } from '../../operations/ports/repository.ts'
import type { RunStore } from '../../operations/ports/run-store.ts'

type Asking = Readonly<{
  cluster: string
  pullRequest: number
  /** The branch that asks for the run. */
  head: string
  repository: Pick<Repository, 'fetch' | 'branchHead'>
  runs: Pick<RunStore, 'get'>
  now: () => Date
  say: (text: string) => void
}>

/** Nobody on GitHub can be called that. */
const person = 'the person at this terminal'

/**
 * The news where there is no forge: whoever starts `sower run` asks for the run of that branch, once a process and head, and not
 * while a run is under way or has ended for the same number.
 */
export const askByGit = ({
  cluster,
  pullRequest,
  head,
  repository,
  runs,
  now,
  say,
}: Asking): Feed => {
  const seen = new Map<string, string>()
  let isMissed = false
  return {
    since: async () => {
      const run = await runs.get(cluster)
      if (run && (!isEnded(run.phase) || run.request.pullRequest === pullRequest)) return []
      await repository.fetch()
      const sha = await repository.branchHead(head)
      if (sha === undefined && !isMissed) say(`waiting for the branch ${head}: push it\n`)
      isMissed = sha === undefined
      if (sha === undefined) return []
      const at = seen.get(sha) ?? now().toISOString()
      seen.set(sha, at)
      const by = { login: person, type: 'User' }
      return [{ what: 'label', id: Date.parse(at), pullRequest, at, by, label: 'seed' }]
    },
  }
}

/**
 * The order of a person at the terminal, as a comment on the pull request of the run would give it. Throws RefusedError
 * REQUEST_INVALID where no run is under way.
 */
export const orderByGit = async (
  verb: Verb,
  { cluster, runs, now }: Pick<Asking, 'cluster' | 'runs' | 'now'>,
): Promise<Incoming> => {
  const run = await runs.get(cluster)
  if (!run || isEnded(run.phase))
    throw new RefusedError('REQUEST_INVALID', `${verb}: no run of ${cluster} is under way`, {
      fix: `start it: the same command without --${verb}`,
    })
  const { pullRequest } = run.request
  const at = now().toISOString()
  const key = `#${pullRequest}/comment/${Date.parse(at)}`
  const from = { pullRequest, sender: person, at, commentId: null }
  return { ...from, kind: 'comment', key, body: `/seed ${verb}` }
}
