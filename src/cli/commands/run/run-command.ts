import { resolve } from 'node:path'
import { reportIn, type ByGit } from '../../../bot/alone/compose-by-git.ts'
import { runBot } from '../../../bot/run-bot.ts'
import type { Run } from '../../../core/run/run.ts'
import { renderTree } from '../../../core/waiting/render-tree.ts'
import { FailedError, InputError } from '../../../errors.ts'
import type { Look } from '../../../operations/observe/observe.ts'
import type { Redactor } from '../../../redact/redactor.ts'
import { isColoured, type Surroundings } from '../../../surroundings.ts'
import { requireClusterName } from '../../clone/require-cluster-name.ts'
import { isForPrograms, type OutputForm } from '../../output-flag.ts'
import { printNext } from '../../output/print-as.ts'
import { describeRun } from './describe-run.ts'

export type RunOptions = Readonly<{
  cluster: string
  /** The number of the pull request, as it was typed; null: it is looked for. */
  pullRequest: string | null
  /** The branch that asks for the run, without GitHub; null: with it. */
  head: string | null
  /** Orders to begin with. */
  retry: boolean
  abort: boolean
  /** The options of the bot. */
  given: Readonly<Record<string, string | undefined>>
  output: OutputForm
}>

const version = { apiVersion: 'sower.dev/v1alpha1', kind: 'RunProgress' }

/**
 * `sower run`: drives the run of one cluster in the foreground until it has ended, with the gates and effects of the bot, and
 * prints its tree whenever that changes. With `head` it asks nothing of GitHub, and prints what to push, open and merge. Ends at once
 * on SIGINT or SIGTERM: started again, it goes on. Throws InputError ARGUMENT_INVALID, FailedError RUN_FAILED where the run ended
 * otherwise than Completed, and what `runBot` throws.
 */
export const runCommand = async (
  surroundings: Surroundings,
  options: RunOptions,
  redactor: Redactor,
): Promise<void> => {
  const { cluster, pullRequest, given, output } = options
  requireClusterName(cluster)
  if (pullRequest !== null && !/^[1-9]\d{0,9}$/.test(pullRequest))
    throw new InputError('ARGUMENT_INVALID', 'reading --pull-request: it is not a number', {
      fix: 'give the number of the pull request, such as 7',
    })
  const byGit = byGitOf(surroundings, options)
  const { data = '', branch = '' } = given
  const report = reportIn(resolve(surroundings.directory, data))
  const shown = byGit && { head: byGit.head, branch, report }
  const said = { last: '' }
  const show = (run: Run, look: Look | null): void => {
    const tree = describeRun(run, look?.tree ?? null, shown)
    const text = isForPrograms(output)
      ? printNext(output, { ...version, cluster, phase: run.phase, outcome: run.outcome, tree })
      : `${renderTree(tree, { now: null, isColoured: isColoured(surroundings) }).join('\n')}\n`
    if (text === said.last) return
    said.last = text
    surroundings.print(text)
  }
  const number = pullRequest === null ? null : Number(pullRequest)
  const words = { ...given, noWebhook: 'true', listen: '127.0.0.1:0' }
  const alone = { cluster, show, pullRequest: number, byGit }
  const ended = await runBot(surroundings, words, redactor, alone)
  if (ended === null) {
    surroundings.report(`stopped; \`sower run ${cluster}\` goes on where this was\n`)
    return
  }
  show(ended, null)
  if (ended.phase !== 'Completed')
    throw new FailedError(
      'RUN_FAILED',
      `driving the run of ${cluster}: it has ended ${ended.phase}`,
      { fix: `read the report${shown ? `: ${report}` : ` on #${ended.request.pullRequest}`}` },
    )
}

/** The run without GitHub; null with it. Throws InputError ARGUMENT_INVALID for options that do not go together. */
const byGitOf = (
  { report: say }: Surroundings,
  { head, retry, abort, given }: RunOptions,
): ByGit | null => {
  const refuse = (option: string, reason: string, fix: string): never => {
    throw new InputError('ARGUMENT_INVALID', `reading --${option}: ${reason}`, { fix })
  }
  const { tokenFile, appId, appKeyFile } = given
  if (retry && abort) refuse('retry', 'not with --abort', 'give one of them')
  if (head === null) {
    if (retry || abort)
      refuse(
        retry ? 'retry' : 'abort',
        'it is for a run without GitHub, with --head',
        `comment \`/seed ${retry ? 'retry' : 'abort'}\` on the pull request`,
      )
    if ((tokenFile ?? appId ?? appKeyFile) === undefined)
      refuse(
        'token-file',
        'a token or a GitHub App is needed, or --head',
        'name a file with a token; without GitHub give --head and do what is printed (docs/foreground.md)',
      )
    return null
  }
  if (!/^[\w./-]+$/.test(head) || head.startsWith('-'))
    refuse('head', 'it is not the name of a branch', 'give the branch that asks for the run')
  if ((appId ?? appKeyFile) !== undefined)
    refuse('app-id', 'not with --head, which is without GitHub', 'give one of them')
  return { head, say, order: retry ? 'retry' : abort ? 'abort' : null }
}
