import type { Run } from '../../core/run/run.ts'
import { absent, present, type Seen } from '../../core/seen.ts'
import type { Base } from '../base.ts'
import { readRecordIfValid } from '../../core/detach/read-record-at.ts'
import { seedPaths } from '../../core/detach/seed-record.ts'

/** Tells whether the record on the base branch is of this very run and merge; a damaged one is of none. */
export const observeRecordedMerge = (
  { checkout, config: { directory } }: Base,
  { request: { cluster, key }, facts: { mergedAs } }: Run,
): Seen<boolean> => {
  const record = readRecordIfValid(checkout.tree, { directory, cluster })
  return present(
    record?.status === 'detached' && record.request === key && record.mergedAs === mergedAs,
  )
}

/** The same for the phases after Detaching, in which the record may say anything else beside the merge. */
export const observeMergeInRecord = (
  { checkout, config: { directory } }: Base,
  { request: { cluster, key }, facts: { mergedAs } }: Run,
): Seen<boolean> => {
  const record = readRecordIfValid(checkout.tree, { directory, cluster })
  return present(record?.request === key && record.mergedAs === mergedAs)
}

/** Present when the end of this very run is recorded on the base branch and its SeedGenerator is gone. */
export const observeRecordedEnd = (
  { checkout: { tree }, config: { directory } }: Base,
  { request: { cluster, key }, facts: { digest } }: Run,
): Seen<true> => {
  // A record that cannot be read is written again: this run must be able to end.
  const record = readRecordIfValid(tree, { directory, cluster })
  const isEnded =
    record?.request === key && record.status !== 'detached' && record.digest === digest
  const hasGenerator = tree.entry(seedPaths(directory, cluster).seedGenerator) === 'file'
  return isEnded && !hasGenerator ? present(true) : absent
}
