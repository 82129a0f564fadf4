import { RefusedError } from '../../../errors.ts'

/** Error about an entry that cannot be followed, said of a cluster that may stand behind it. */
export const notFoundElsewhere = (
  cluster: string,
  trouble: RefusedError,
  place = 'this',
): RefusedError =>
  new RefusedError(
    trouble.code,
    `looking for cluster ${cluster}: it was not found elsewhere, and ${place} cannot be followed: ${trouble.message}`,
    { ...(trouble.fix === undefined ? {} : { fix: trouble.fix }), cause: trouble },
  )
