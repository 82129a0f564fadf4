import { act, block, type Decision } from '../decision.ts'
import type { ObservationOf } from '../observation.ts'
import type { Instant, Run } from '../run.ts'
import { unansweredAccess } from './forbidden-in.ts'
import { isAdopted } from './is-adopted.ts'
import { requireBroughtAccess } from './require-brought-access.ts'

/** Access that is saved and works, before all else: Argo CD may be pruning. */
export const requireSavedAccess = (
  run: Run,
  { access }: ObservationOf<'Detaching'>,
  now: Instant,
): Decision | undefined => {
  if (isAdopted(run)) return requireBroughtAccess(run, access, now)
  if (access.seen === 'unknown') return block(run, unansweredAccess(access), now)
  if (access.seen === 'absent') return act(run, { do: 'save-access' })
  if (access.value.proven) return undefined
  return block(
    run,
    {
      code: 'ACCESS_NOT_PROVEN',
      reason: 'the merge is there and the access to the seed is not proven',
      fix: 'make the seed reachable with its admin kubeconfig; Sower tries again by itself',
    },
    now,
  )
}
