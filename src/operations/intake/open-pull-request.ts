import type { Configuration } from '../../core/settings/configuration.ts'
import type { Seen } from '../../core/seen.ts'
import { FailedError, UnavailableError } from '../../errors.ts'
import type { Context } from '../context.ts'
import type { PullRequest } from '../ports/forge.ts'
import { refuseSharedBranch } from './refuse-shared-branch.ts'
import { refuseUnlessOurs, requestInvalid } from './refuse-unless-ours.ts'

/**
 * Reads a pull request that Sower may work on: open, from a branch of this repository that is its own, against the branch
 * that Argo CD tracks. Throws RefusedError REQUEST_INVALID or BRANCH_SHARED, FailedError GITHUB_FAILED where
 * the token may not read it, or UnavailableError GITHUB_FAILED without an answer. What the branch is used for may stay unanswered here: it is asked again before anything is pushed.
 */
export const openPullRequest = async (
  context: Context,
  config: Configuration,
  number: number,
): Promise<PullRequest> => {
  const read = await context.ports.forge.pullRequest(number)
  if (read.seen === 'unknown') {
    const message = `reading #${number}: ${unreadBecause(read)}`
    const { why, retryAt } = read
    if (why === 'forbidden' && retryAt === undefined)
      throw new FailedError('GITHUB_FAILED', message, {
        fix: "give the bot's token the rights of docs/configuration.md, then ask again",
      })
    throw new UnavailableError('GITHUB_FAILED', message, { retryAt })
  }
  if (read.seen === 'absent' || read.value.state !== 'open') {
    const wanted = { base: context.settings.branch, branchPrefix: config.branchPrefix }
    throw requestInvalid(number, 'it is not an open pull request', wanted)
  }
  refuseUnlessOurs(context, config, read.value)
  await refuseSharedBranch(context, config, read.value.branch)
  return read.value
}

/** Why a pull request could not be read, and when it is tried again. */
export const unreadBecause = ({
  why,
  retryAt,
}: Extract<Seen<unknown>, { seen: 'unknown' }>): string =>
  (why === 'forbidden'
    ? "GitHub does not let the bot's token read it"
    : `GitHub gave no answer (${why})`) + (retryAt === undefined ? '' : `; next try at ${retryAt}`)
