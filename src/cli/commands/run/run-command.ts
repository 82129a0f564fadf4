import { runBot } from '../../../bot/run-bot.ts'
import type { Run } from '../../../core/run/run.ts'
import { renderTree } from '../../../core/waiting/render-tree.ts'
import { FailedError, InputError } from '../../../errors.ts'
import type { Look } from '../../../operations/observe/observe.ts'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { requireClusterName } from '../../clone/require-cluster-name.ts'
import { describeRun } from './describe-run.ts'

export type RunOptions = Readonly<{
  cluster: string
  /** The number of the pull request, as it was typed; null: it is looked for. */
  pullRequest: string | null
  /** The options of the bot. */
  given: Readonly<Record<string, string | undefined>>
}>

/**
 * `sower run`: drives the run of one cluster in the foreground until it has ended, with the gates and effects of the bot, and
 * prints its tree whenever that changes. Ends at once on SIGINT or SIGTERM: started again, it goes on. Throws InputError
 * ARGUMENT_INVALID, FailedError RUN_FAILED where the run ended otherwise than Completed, and what `runBot` throws.
 */
export const runCommand = async (
  surroundings: Surroundings,
  { cluster, pullRequest, given }: RunOptions,
  redactor: Redactor,
): Promise<void> => {
  requireClusterName(cluster)
  if (pullRequest !== null && !/^[1-9]\d{0,9}$/.test(pullRequest))
    throw new InputError('ARGUMENT_INVALID', 'reading --pull-request: it is not a number', {
      fix: 'give the number of the pull request, such as 7',
    })
  const said = { last: '' }
  const show = (run: Run, look: Look | null): void => {
    const tree = describeRun(run, look?.tree ?? null)
    const lines = renderTree(tree, { now: null, isColoured: false })
    const text = `${lines.join('\n')}\n`
    if (text === said.last) return
    said.last = text
    surroundings.print(text)
  }
  const number = pullRequest === null ? null : Number(pullRequest)
  const options = { ...given, noWebhook: 'true', listen: '127.0.0.1:0' }
  const ended = await runBot(surroundings, options, redactor, {
    ...{ cluster, show, pullRequest: number },
  })
  if (ended === null) {
    surroundings.report(`stopped; \`sower run ${cluster}\` goes on where this was\n`)
    return
  }
  show(ended, null)
  if (ended.phase !== 'Completed')
    throw new FailedError(
      'RUN_FAILED',
      `driving the run of ${cluster}: it has ended ${ended.phase}`,
      {
        fix: `read the report on #${ended.request.pullRequest}`,
      },
    )
}
