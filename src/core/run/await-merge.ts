import type { Seen } from '../seen.ts'
import { act, block, stay, type Decision } from './decision.ts'
import type { OwnPullRequest } from './observation.ts'
import { isMergeDue } from './own/own-changes.ts'
import type { Effect, Instant, Run } from './run.ts'

/**
 * Decides where the base branch does not hold what a step of Sower brings: the step is done while no pull request of
 * Sower's own brings it, and once more where Sower may merge that. Else a person is asked once there is one. Without an answer of
 * GitHub nothing is done.
 */
export const awaitMerge = (
  run: Run,
  {
    pullRequest,
    brings,
    effect,
  }: Readonly<{ pullRequest: Seen<OwnPullRequest>; brings: string; effect: Effect }>,
  now: Instant,
): Decision => {
  if (pullRequest.seen === 'absent') return act(run, effect)
  if (pullRequest.seen === 'unknown') {
    if (pullRequest.why !== 'forbidden') return stay(run)
    return block(
      run,
      {
        code: 'GITHUB_FAILED',
        reason: `GitHub forbids Sower to look for its own pull request with ${brings}`,
        fix: 'let the token read and write pull requests of this repository',
      },
      now,
    )
  }
  const { number, branch, state, conflicts, hasLanded, isForSower } = pullRequest.value
  const again = `close #${number} and delete its branch ${branch}: Sower then opens a new one; or comment \`/seed abort\``
  switch (state) {
    case 'open': {
      if (isMergeDue(pullRequest.value, run.facts.own, now)) return act(run, effect)
      const refusal = isForSower ? (run.facts.own?.refusal ?? null) : null
      return block(
        run,
        {
          code: 'MERGE_AWAITED',
          reason: `#${number} brings ${brings} and is not merged${conflicts ? '; it conflicts with the base branch' : refusal === null ? '' : `: ${refusal}`}`,
          fix: conflicts
            ? again
            : isForSower
              ? `nothing, if that passes: Sower asks again by itself; else merge #${number}, or comment \`/seed abort\``
              : `review and merge #${number}; the run goes on by itself, and \`/seed abort\` ends it`,
        },
        now,
      )
    }
    case 'closed':
      return block(
        run,
        {
          code: 'PULL_REQUEST_CLOSED',
          reason: `#${number} would have brought ${brings} and was closed without a merge`,
          fix: `reopen and merge #${number}, or delete its branch ${branch} and Sower opens a new one; or comment \`/seed abort\``,
        },
        now,
      )
    case 'merged':
      // GitHub told of the merge before git had it.
      if (!hasLanded) return stay(run)
      return block(
        run,
        {
          code: 'PULL_REQUEST_CLOSED',
          reason: `#${number} was merged, and the base branch does not hold ${brings} any more`,
          fix: `bring it back by reverting what took it out, or comment \`/seed abort\``,
        },
        now,
      )
  }
}
