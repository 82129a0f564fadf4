import { isEnded, type Order, type Run, type Verb } from '../../core/run/run.ts'
import { runOf } from '../../core/run/run-of.ts'
import { RefusedError } from '../../errors.ts'
import type { Context } from '../context.ts'
import { authorise } from './authorise.ts'
import { openPullRequest } from './open-pull-request.ts'
import { requireHead } from './require-head.ts'
import type { Answer, Sender } from './sender.ts'

/** GitHub's clock is not ours. */
const tolerance = 60_000

/**
 * Refuses an order that was written before the run came to where it is: it was meant for something else, or was obeyed
 * then and is found again by a bot that knows nothing of it. Throws RefusedError COMMAND_LATE.
 */
const refuseOlder = ({ phase, since }: Run, { at, pullRequest }: Sender, verb: Verb): void => {
  if (at === undefined || Date.parse(at) + tolerance >= Date.parse(since)) return
  throw new RefusedError(
    'COMMAND_LATE',
    `reading #${pullRequest}: ${verb} was written before the run came to ${phase}`,
    { fix: 'look at the report, then write it again if you still want it' },
  )
}

/** Puts an authorised order on the run of a pull request, once. Throws RefusedError. */
export const placeOrder = async (
  context: Context,
  from: Sender,
  { verb, sha }: Readonly<{ verb: Verb; sha?: string }>,
): Promise<Answer> => {
  const { config } = await authorise(context, from, verb)
  const run = runOf(await context.ports.runs.list(), from.pullRequest)
  if (!run || isEnded(run.phase))
    throw new RefusedError(
      'REQUEST_INVALID',
      `${verb} was asked for on #${from.pullRequest}, which has no run under way`,
      {
        fix: 'comment on the pull request of the run',
      },
    )
  refuseOlder(run, from, verb)
  // To go on with a head that nobody has asked for is to ask for it.
  const isForHead = verb === 'retry' && run.blocked?.code === 'HEAD_MOVED'
  if (isForHead) await authorise(context, from, 'detach')
  if (isForHead || sha !== undefined) {
    const { headSha: head } = await openPullRequest(context, config, from.pullRequest)
    requireHead(context, from, { head, sha })
  }
  const placed: Order = { key: from.key, verb, by: from.sender, at: context.now().toISOString() }
  if (!run.orders.some(({ key }) => key === placed.key))
    await context.ports.runs.replace({ ...run, orders: [...run.orders, placed] })
  return null
}
