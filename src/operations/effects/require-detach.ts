import type { Run } from '../../core/run/run.ts'
import { holds } from '../../core/seen.ts'
import { ConflictError } from '../../errors.ts'
import type { Base } from '../base.ts'
import type { Context } from '../context.ts'
import { observeDetachHolds } from '../observe/observe-branch.ts'

/** Throws ConflictError GIT_CONFLICT where a base branch does not hold the merge of a run, or lists its cluster. */
export const requireDetach = async (
  context: Context,
  at: Readonly<{ base: Base; run: Run }>,
  doing: string,
): Promise<void> => {
  if (!holds(await observeDetachHolds(context, at), held => held))
    throw new ConflictError('GIT_CONFLICT', `${doing}: the branch moved meanwhile`)
}
