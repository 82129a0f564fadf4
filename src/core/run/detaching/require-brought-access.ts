import { block, type Decision } from '../decision.ts'
import type { Access } from '../observation.ts'
import type { Instant, Run } from '../run.ts'
import type { Seen } from '../../seen.ts'
import { unansweredAccess } from './forbidden-in.ts'

/**
 * Stops an adopted run whose access nobody has saved, or whose access does not work: no installer left one on the hub that
 * Sower could save by itself.
 */
export const requireBroughtAccess = (
  run: Run,
  access: Seen<Access>,
  now: Instant,
): Decision | undefined => {
  if (access.seen === 'unknown') return block(run, unansweredAccess(access), now)
  if (access.seen === 'present' && access.value.proven) return undefined
  const { cluster } = run.request
  const fix = `save the seed's admin kubeconfig: \`sower access save --seed-kubeconfig FILE ${cluster}\`; Sower looks for it again by itself`
  return access.seen === 'absent'
    ? block(
        run,
        { code: 'ACCESS_MISSING', reason: `no access to ${cluster} is saved on the hub`, fix },
        now,
      )
    : block(
        run,
        {
          code: 'ACCESS_NOT_PROVEN',
          reason: `the saved access to ${cluster} is not proven: ${access.value.reason ?? 'it does not work'}`,
          fix,
        },
        now,
      )
}
