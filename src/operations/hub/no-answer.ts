import { rightWithRole } from '../../core/right.ts'
import type { Seen } from '../../core/seen.ts'
import { RefusedError, UnavailableError } from '../../errors.ts'

/**
 * The error for a read of the hub that an effect needs: RefusedError READ_FORBIDDEN where the API server denies it, which
 * only a person can change, else UnavailableError CLUSTER_UNAVAILABLE.
 */
export const noAnswer = (
  activity: string,
  { why, denied }: Omit<Extract<Seen<unknown>, { seen: 'unknown' }>, 'seen'>,
): RefusedError | UnavailableError =>
  denied
    ? new RefusedError(
        'READ_FORBIDDEN',
        `${activity}: Sower is not allowed to ${rightWithRole(denied)}`,
        {
          fix: 'give its user that right: manifests/base and your overlay hold the role that is named',
        },
      )
    : new UnavailableError('CLUSTER_UNAVAILABLE', `${activity}: the hub gave no answer (${why})`)
