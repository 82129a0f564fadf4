import type { Seen } from '../../seen.ts'
import type { Check } from '../check.ts'
import { answer, unanswered } from '../judge.ts'

/**
 * The unsealed Secret on the hub holds a credential for the image; before the merge a sealed file for it, which the pull
 * request brings, stands in.
 */
export const checkSecret = (
  secret: Seen<Readonly<{ reason: string | null }>>,
  brought: Readonly<{ reason: string | null }> | null = null,
): Check => {
  const id = 'secret.authfile'
  if (brought !== null)
    return answer(id, 'block', {
      ok: brought.reason === null,
      reason:
        brought.reason ??
        'the pull request brings it sealed, and its notes say that it covers the image; it is opened after the merge, on the hub',
      fix: 'seal it with `sower seal` for the place that sower.yaml names, and for this image',
    })
  const fix = 'seal the authfile with `sower seal`, commit it, and let Argo CD sync it to the hub'
  if (secret.seen === 'unknown') return unanswered(id, 'block', secret.why)
  if (secret.seen === 'absent')
    return { id, level: 'block', status: 'fail', reason: 'the Secret is not on the hub', fix }
  const { reason } = secret.value
  return reason === null
    ? {
        id,
        level: 'block',
        status: 'pass',
        reason: 'unsealed, with a credential for the image',
        fix: '',
      }
    : { id, level: 'block', status: 'fail', reason: reason, fix }
}
