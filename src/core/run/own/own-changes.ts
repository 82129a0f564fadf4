/** The steps that Sower brings to the base branch after the merge. */
export const ownSteps = ['record-merge', 'seed-generator', 'record'] as const
export type OwnStep = (typeof ownSteps)[number]

/** Sower's own pull requests, as far as it may merge them. */
export type OwnChanges = Readonly<{
  /** The commit that Sower itself pushed for each step: only such a head is merged by it. */
  heads: Readonly<Partial<Record<OwnStep, string | undefined>>>
  /** The last try of a merge, and why it did not come to that; null: GitHub took it. */
  triedAt: string | null
  refusal: string | null
}>

/** One result of an effect for such a pull request: a head was pushed, or its merge asked for. */
export type OwnResult = Readonly<
  { step: OwnStep } & ({ head: string } | { refusal: string | null })
>

/** A pull request of Sower's own, as far as it matters to its merge. */
type Mergeable = Readonly<{ isForSower: boolean; state: string; conflicts: boolean }>

const none: OwnChanges = { heads: {}, triedAt: null, refusal: null }

/** Between two tries of a merge, in seconds: checks and reviews take their time. */
const tryAgainAfter = 60

/** As much as a SeedRun takes. */
export const longestRefusal = 512

/** Adds a result to what is known. The merge of a new head is asked for at once. */
export const withOwnResult = (
  known: OwnChanges | undefined,
  result: OwnResult,
  now: string,
): OwnChanges => {
  const before = known ?? none
  return 'head' in result
    ? { heads: { ...before.heads, [result.step]: result.head }, triedAt: null, refusal: null }
    : { ...before, triedAt: now, refusal: result.refusal?.slice(0, longestRefusal) ?? null }
}

/** Tells whether Sower asks for the merge of that pull request of its own (again) now. */
export const isMergeDue = (
  { isForSower, state, conflicts }: Mergeable,
  known: OwnChanges | undefined,
  now: string,
): boolean => {
  if (!isForSower || state !== 'open' || conflicts) return false
  const triedAt = known?.triedAt ?? null
  return triedAt === null || Date.parse(now) - Date.parse(triedAt) >= tryAgainAfter * 1000
}
