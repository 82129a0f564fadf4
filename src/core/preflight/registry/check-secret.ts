import type { Seen } from '../../seen.ts'
import type { Check } from '../check.ts'
import { unanswered } from '../judge.ts'

/** The unsealed Secret on the hub holds a credential for the image. */
export const checkSecret = (secret: Seen<Readonly<{ reason: string | null }>>): Check => {
  const id = 'secret.authfile'
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
