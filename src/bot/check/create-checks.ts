import {
  checkComment,
  checkContext,
  checkMarker,
  checkStatus,
  type Checked,
} from '../../core/report/check-status.ts'
import { isEnded } from '../../core/run/run.ts'
import { UnavailableError } from '../../errors.ts'
import { checkPullRequest } from '../../operations/change/check-pull-request.ts'
import type { Context } from '../../operations/context.ts'
import { keepRenders } from '../../operations/names/keep-renders.ts'
import type { Attempts } from '../../operations/ports/attempts.ts'
import type { OpenChange, OpenChanges } from '../../operations/ports/pull-requests.ts'
import { errorFields, type Log } from '../log.ts'

/** Checks every pull request against the base branch, whether it asks for a run or not. */
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

type ToCheck = Readonly<{ base: string; change: OpenChange }>

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
  const { repository, forge, confirmations, runs, clean } = ports
  const kustomize = keepRenders(ports.kustomize)
  /** The last check of each open pull request, and what was written about it. */
  const checked = new Map<number, string>()
  const written = new Map<number, string>()
  const commented = new Set<number>()
  let queue: readonly ToCheck[] = []
  let fetchedFor = ''
  let lookedAt = -Infinity
  let nextAt = 0
  const required: { is: boolean | null; at: number } = { is: null, at: -Infinity }

  const keyOf = ({ base, change: { number, headSha } }: ToCheck): string =>
    JSON.stringify([
      ...[base, headSha],
      confirmations.list().filter(one => one.pullRequest === number && one.headSha === headSha),
    ])
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
    const { head, changes: open } = await changes.against(branch)
    const numbers = new Set(open.map(({ number }) => number))
    for (const number of checked.keys())
      if (!numbers.has(number))
        for (const kept of [checked, written, commented]) kept.delete(number)
    const all = open.map(change => ({ base: head, change }))
    queue = all.filter(each => checked.get(each.change.number) !== keyOf(each))
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
    const { base, change } = each
    const { number, headSha } = change
    const key = keyOf(each)
    const what = `check #${number} ${base} ${headSha}`
    const isTried = attempts.begin(what)
    try {
      const found = isTried
        ? await checkPullRequest(
            { repository, kustomize, changes, confirmed: confirmations.list() },
            each,
          )
        : setAside
      await write(each, cleaned(found))
      checked.set(number, key)
    } finally {
      if (isTried) attempts.end(what)
    }
  }
  const write = async (
    { base, change: { number, headSha } }: ToCheck,
    of: Checked,
  ): Promise<void> => {
    const status = checkStatus(of)
    const said = JSON.stringify([headSha, status])
    if (written.get(number) !== said) {
      await forge.setStatus({ sha: headSha, context: checkContext, ...status })
      log.info({ pullRequest: number, head: headSha, base, ...status }, 'checked a pull request')
      written.set(number, said)
    }
    const isBad = status.state === 'failure' && !(await isReported(number, of))
    if (!isBad && !commented.has(number)) return
    const beside = { branch, base, head: headSha, isRequired: required.is }
    await forge.upsertComment({
      ...{ pullRequest: number, marker: checkMarker },
      body: checkComment(of, beside),
    })
    if (isBad) commented.add(number)
    else commented.delete(number)
  }
  /** Tells whether the report of a run on that pull request says it already. */
  const isReported = async (number: number, of: Checked): Promise<boolean> => {
    const here = (await runs.list()).find(
      run => run.request.pullRequest === number && !isEnded(run.phase),
    )
    return (
      here !== undefined &&
      ('code' in of || of.clusters.every(one => one.announced || one.cluster === here.name))
    )
  }
  return {
    dueAt: () => (queue.length > 0 ? 0 : nextAt),
    wake: () => {
      nextAt = Math.min(nextAt, lookedAt + shortest)
    },
    look: async () => {
      try {
        if (now().getTime() >= nextAt) await refresh()
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
