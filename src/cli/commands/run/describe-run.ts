import { isEnded, type Run } from '../../../core/run/run.ts'
import type { Waiting } from '../../../core/waiting/waiting.ts'

/** A run as the root of a tree for the terminal: where it is, what blocks it and what to do, and what a detach waits for. */
export const describeRun = (
  { name, phase, since, blocked, request, facts, outcome }: Run,
  tree: Waiting | null,
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
  next: blocked?.fix ?? null,
  parts: tree === null ? [] : [tree],
})
