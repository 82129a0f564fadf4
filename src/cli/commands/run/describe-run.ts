import { isEnded, type Run } from '../../../core/run/run.ts'
import type { Waiting } from '../../../core/waiting/waiting.ts'

/** A run without GitHub: its branch, the one that it is merged into, and the file with the report. */
export type ShownByGit = Readonly<{ head: string; branch: string; report: string }>

/**
 * A run as the root of a tree for the terminal: where it is, what blocks it and what to do, and what a detach waits for. Without
 * GitHub it says what a person reads, merges and orders otherwise.
 */
export const describeRun = (
  { name, phase, since, blocked, request, facts, outcome }: Run,
  tree: Waiting | null,
  byGit: ShownByGit | null = null,
): Waiting => ({
  what: `${name}: ${phase}, asked for on #${request.pullRequest}`,
  state: blocked
    ? 'stuck'
    : isEnded(phase)
      ? outcome === 'Completed'
        ? 'gone'
        : 'stuck'
      : 'going',
  since,
  why: blocked
    ? `${blocked.code}: ${blocked.reason}`
    : phase === 'Generating'
      ? facts.lastMessage
      : phase === 'Completed'
        ? `${request.image} is ${facts.digest ?? 'not there'}`
        : null,
  next: blocked
    ? byGit === null
      ? blocked.fix
      : withoutComments(blocked.fix)
    : byGit !== null && phase === 'Proposed'
      ? `read the proof in ${byGit.report}, then merge ${byGit.head} into ${byGit.branch}; the merge cannot be undone`
      : null,
  parts: tree === null ? [] : [tree],
})

/** Where nobody can comment, the same order is an option. */
const withoutComments = (fix: string): string =>
  fix.replaceAll(
    /(?:comment )?`\/seed (retry|abort)`/g,
    (_all, verb: string) => `stop this, and start it once more with \`--${verb}\``,
  )
