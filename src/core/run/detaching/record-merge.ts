import { holds } from '../../seen.ts'
import { awaitMerge } from '../await-merge.ts'
import { act, stay, type Decision } from '../decision.ts'
import { isMergeDue } from '../own/own-changes.ts'
import type { ObservationOf } from '../observation.ts'
import type { Instant, Run } from '../run.ts'

/**
 * The record goes into a commit of its own before anything is asked of Argo CD: one that only the merge brought
 * would go with a revert of it, and then no guard refuses the cluster that comes back. Where a pull request brings it, it
 * is opened and not waited for: the cluster is leaving already.
 */
export const recordMerge = (
  run: Run,
  { recordHoldsMerge, ownPullRequest }: ObservationOf<'Detaching'>,
  now: Instant,
): Decision | undefined => {
  if (holds(recordHoldsMerge, held => held) || ownPullRequest.seen === 'present') return undefined
  const { mergedAs } = run.facts
  if (recordHoldsMerge.seen === 'unknown' || mergedAs === null) return stay(run)
  const effect = { do: 'record-merge', mergedAs } as const
  const brings = 'the record of the merge'
  return awaitMerge(run, { pullRequest: ownPullRequest, brings, effect }, now)
}

/** Asks for the merge of the pull request with the record, where Sower may merge it and the time has come. */
export const mergeRecord = (
  run: Run,
  { recordHoldsMerge, ownPullRequest }: ObservationOf<'Detaching'>,
  now: Instant,
): Decision | undefined => {
  const { mergedAs, own } = run.facts
  if (mergedAs === null || holds(recordHoldsMerge, held => held)) return undefined
  return holds(ownPullRequest, pull => isMergeDue(pull, own, now))
    ? act(run, { do: 'record-merge', mergedAs })
    : undefined
}

/** The run before its Detaching is decided: whatever is not "everything is gone" makes the next such look the first. */
export const asWaiting = (
  run: Run,
  { ownPullRequest: own, recordHoldsMerge }: ObservationOf<'Detaching'>,
): Run => {
  const isAwaited = own.seen === 'present' && !holds(recordHoldsMerge, held => held)
  const recordMergeIn = isAwaited ? own.value.number : run.facts.recordMergeIn
  return { ...run, facts: { ...run.facts, goneSince: null, recordMergeIn } }
}
