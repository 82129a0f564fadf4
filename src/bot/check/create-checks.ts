import { checkContext, type Checked } from '../../core/report/check-status.ts'
import { UnavailableError } from '../../errors.ts'
import { checkPullRequest } from '../../operations/change/check-pull-request.ts'
import type { Context } from '../../operations/context.ts'
import { keepRenders } from '../../operations/names/keep-renders.ts'
import type { Attempts } from '../../operations/ports/attempts.ts'
import type { MergeGroup, OpenChange, OpenChanges } from '../../operations/ports/pull-requests.ts'
import { errorFields, type Log } from '../log.ts'
import { createCheckWriter, runBefore, type Subject } from './create-check-writer.ts'

/** Checks every pull request against the base branch, and each group in its merge queue, whether it asks for a run or not. */
export type Checks = Readonly<{
  /** Looks, where it is time to, and checks at most one pull request; the next look goes on. Never throws. */
  look: () => Promise<void>
  /** When the next look is due, in epoch milliseconds. */
  dueAt: () => number
  /** Something happened on GitHub: the next look is due soon. */
  wake: () => void
}>

/** The means to make checks. */
export type ChecksOptions = Readonly<{
  context: Context
  changes: OpenChanges
  /** Between two looks, in milliseconds. */
  interval: number
  attempts: Attempts
  log: Log
}>

type ToCheck = Subject &
  Readonly<{ base: string; isFork: boolean; confirmed: readonly string[]; held: string | null }>

/** Between two looks that webhooks ask for, in milliseconds. */
const shortest = 2_000
const hour = 3_600_000

/** Creates checks that have checked nothing yet. A pull request is checked again when its head, its base or a confirmation moves. */
export const createChecks = ({
  context,
  changes,
  interval,
  attempts,
  log,
}: ChecksOptions): Checks => {
  const { ports, now } = context
  const { branch } = context.settings
  const { repository, confirmations, runs, clean } = ports
  const kustomize = keepRenders(ports.kustomize)
  const writer = createCheckWriter({ context, log })
  /** The last check of each subject. */
  const checked = new Map<string, string>()
  let queue: readonly ToCheck[] = []
  let fetchedFor = ''
  let lookedAt = -Infinity
  let nextAt = 0
  const required: { is: boolean | null; at: number } = { is: null, at: -Infinity }

  const keyOf = ({ base, headSha, confirmed, held }: ToCheck): string =>
    JSON.stringify([base, headSha, confirmed, held])
  const confirmedOf = (members: readonly OpenChange[]): readonly string[] =>
    confirmations
      .list()
      .filter(({ pullRequest, headSha }) =>
        members.some(one => one.number === pullRequest && one.headSha === headSha),
      )
      .map(({ cluster }) => cluster)
  const subjectsOf = async (
    open: readonly OpenChange[],
    groups: readonly MergeGroup[],
  ): Promise<readonly Omit<ToCheck, 'base'>[]> => {
    const all = await runs.list()
    const changes = open.map(change => {
      const subject = { name: `#${change.number}`, headSha: change.headSha, change }
      const held = runBefore(all, subject)?.blocked?.code ?? null
      return { ...subject, isFork: change.isFork, confirmed: confirmedOf([change]), held }
    })
    const queued = groups.flatMap(({ branch: name, headSha, pullRequests }) => {
      const members = open.filter(({ number }) => pullRequests.includes(number))
      // One that the list does not show yet, or no more: the next look knows.
      if (members.length < pullRequests.length) return []
      const isFork = members.some(one => one.isFork)
      const confirmed = confirmedOf(members)
      return [{ name, headSha, change: null, isFork, confirmed, held: null }]
    })
    // A queue waits for its groups alone.
    return [...queued, ...changes]
  }
  const askRequired = async (): Promise<void> => {
    if (now().getTime() - required.at < hour) return
    required.at = now().getTime()
    const is = await changes.requires(branch, checkContext)
    if (!is && required.is !== false)
      log.warn(
        { branch, check: checkContext },
        'the branch does not require the check: a pull request can be merged all the same',
      )
    required.is = is
  }
  const refresh = async (): Promise<void> => {
    lookedAt = now().getTime()
    nextAt = lookedAt + interval
    const { head: base, changes: open, groups } = await changes.against(branch)
    const all = (await subjectsOf(open, groups)).map(each => ({ base, ...each }))
    const names = new Set(all.map(({ name }) => name))
    for (const name of checked.keys()) if (!names.has(name)) checked.delete(name)
    writer.keep(names)
    queue = all.filter(each => checked.get(each.name) !== keyOf(each))
    if (queue.length === 0) return
    await askRequired().catch((error: unknown) => {
      log.warn(errorFields(error, {}), 'could not read which checks the branch requires')
    })
    const wanted = JSON.stringify(all.map(keyOf))
    if (wanted === fetchedFor) return
    await repository.fetch()
    fetchedFor = wanted
  }
  const cleaned = (of: Checked): Checked =>
    'code' in of
      ? { ...of, reason: clean(of.reason), fix: of.fix && clean(of.fix) }
      : { clusters: of.clusters.map(one => ({ ...one, cluster: clean(one.cluster) })) }

  const check = async (each: ToCheck): Promise<void> => {
    const { base, name, headSha, change, isFork, confirmed } = each
    const what = `check ${name} ${base} ${headSha}`
    const isTried = attempts.begin(what)
    try {
      const found = isTried
        ? await checkPullRequest(
            { repository, kustomize, changes },
            {
              ...{ base, change: { number: change?.number ?? null, headSha, isFork } },
              isConfirmed: cluster => confirmed.includes(cluster),
            },
          )
        : setAside
      await writer.write(each, cleaned(found), { base, isRequired: required.is })
      checked.set(name, keyOf(each))
    } finally {
      if (isTried) attempts.end(what)
    }
  }
  return {
    dueAt: () => (queue.length > 0 ? 0 : nextAt),
    wake: () => {
      nextAt = Math.min(nextAt, lookedAt + shortest)
    },
    look: async () => {
      try {
        const at = now().getTime()
        // A clock that was put back says nothing of when the last look was.
        if (at >= nextAt || at < lookedAt) await refresh()
        const [first, ...rest] = queue
        queue = rest
        if (first) await check(first)
      } catch (error) {
        if (error instanceof UnavailableError && error.retryAt !== undefined) {
          nextAt = Math.max(nextAt, Date.parse(error.retryAt))
          queue = []
        }
        log.warn(errorFields(error, {}), 'could not check a pull request')
      }
    },
  }
}

const setAside: Checked = {
  code: 'SET_ASIDE',
  reason: 'the bot ended twice while it checked this, and has set it aside',
  fix: 'look in its log for how it ended, and whether it had enough memory; push another commit to try again',
}
