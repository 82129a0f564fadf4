import type { Run } from '../../core/run/run.ts'
import { absent, present, type Seen } from '../../core/seen.ts'
import { RefusedError } from '../../errors.ts'
import type { Context } from '../context.ts'
import type { Base } from '../base.ts'
import { readSeedGeneratorAt } from '../read-seed-generator-at.ts'
import { readRecordIfValid } from '../../core/detach/read-record-at.ts'
import { readRecordAt } from '../../core/detach/read-record-at.ts'

/** Whether the record on the base branch is of this very run and merge; a damaged one is of nothing. */
export const observeRecordedMerge = (
  { checkout, config: { directory } }: Base,
  { request: { cluster, key }, facts: { mergedAs } }: Run,
): Seen<boolean> => {
  const record = readRecordIfValid(checkout.tree, { directory, cluster })
  return present(
    record?.status === 'detached' && record.request === key && record.mergedAs === mergedAs,
  )
}

/** Present when the end of this very run is recorded on the base branch and its SeedGenerator is gone. */
export const observeRecordedEnd = async (
  context: Context,
  { base, run }: Readonly<{ base: Base; run: Run }>,
): Promise<Seen<true>> => {
  const { cluster, key } = run.request
  const { directory } = base.config
  try {
    const record = readRecordAt(base.checkout.tree, { directory, cluster })
    const isEnded = record?.request === key && record.status !== 'detached'
    const generator = await readSeedGeneratorAt(context, base, cluster)
    return isEnded && generator.seen === 'absent' ? present(true) : absent
  } catch (error) {
    // What cannot be read is written anew: this run must be able to end.
    if (error instanceof RefusedError) return absent
    throw error
  }
}
