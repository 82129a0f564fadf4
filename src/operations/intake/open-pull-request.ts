import { RefusedError, UnavailableError } from '../../errors.ts'
import type { Context } from '../context.ts'
import type { PullRequest } from '../ports/forge.ts'

/**
 * Reads a pull request that Sower may work on: open, from a branch of this repository, against the branch that
 * Argo CD tracks. Throws RefusedError REQUEST_INVALID, or UnavailableError GITHUB_FAILED without an answer.
 */
export const openPullRequest = async (context: Context, number: number): Promise<PullRequest> => {
  const read = await context.ports.forge.pullRequest(number)
  if (read.seen === 'unknown')
    throw new UnavailableError(
      'GITHUB_FAILED',
      `reading #${number}: GitHub gave no answer (${read.why})`,
    )
  const refuse = (reason: string): RefusedError =>
    new RefusedError('REQUEST_INVALID', `reading #${number}: ${reason}`, {
      fix: `open a pull request against ${context.settings.branch} from a branch of this repository`,
    })
  if (read.seen === 'absent' || read.value.state !== 'open')
    throw refuse('it is not an open pull request')
  if (read.value.isFork) throw refuse('its branch is in a fork, where Sower cannot write')
  if (read.value.base !== context.settings.branch) throw refuse(`its base is ${read.value.base}`)
  return read.value
}
