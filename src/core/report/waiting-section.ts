import { isEnded, isMerged, waitsForDraft, type Active, type Run } from '../run/run.ts'
import { shownTime } from '../waiting/shown-time.ts'

const awaited: Readonly<Record<Active, string>> = {
  Requested: 'the checks, and then its own commit on this branch',
  Proposed: 'a person who merges this pull request',
  Detaching: 'Argo CD and the hub to let go of the cluster',
  Detached: 'the commit of the SeedGenerator on the base branch',
  Delivering: 'the SeedGenerator on the seed',
  Generating: 'the Lifecycle Agent to finish',
  Verifying: 'the image in the registry',
  CleaningUp: 'the clean-up of the seed, for 15 minutes at most, and the record in Git',
}

/** The rhythm of the looks: seconds between two of them; 'round': a CronJob makes them; null: not known. */
export type Rhythm = number | 'round' | null

/** Says what a run waits for and since when, when the next look comes and how to stop it; nothing once it has ended. */
export const waitingSection = (run: Run, rhythm: Rhythm): string => {
  if (isEnded(run.phase)) return ''
  const waits = run.blocked
    ? `**Waits for** ${waitsForDraft(run) ? 'a person who marks this pull request as ready for review' : 'a person'}, since ${shownTime(run.blocked.since)}`
    : `**Waits for** ${awaited[run.phase]}; in this phase since ${shownTime(run.since)}`
  return `${waits}. **Next look:** ${nextLook(rhythm)}. **To stop:** ${stopOf(run)}.`
}

const nextLook = (rhythm: Rhythm): string =>
  rhythm === 'round'
    ? 'in the next round of the bot'
    : `${rhythm === null ? 'soon' : `within ${rhythm} s`}, and after each event on this pull request`

const stopOf = (run: Run): string =>
  run.phase === 'CleaningUp'
    ? 'comment `/seed abort`, which ends the wait for the seed; Git is cleaned up all the same'
    : isMerged(run)
      ? 'comment `/seed abort`; a detach that is merged stays'
      : 'comment `/seed abort` or close this pull request; the cluster is not touched'
