import type { Check } from '../check.ts'
import { unanswered, answer } from '../judge.ts'

/** The proof, as a check. */
export const checkProof = (refusal: string | null | undefined): Check =>
  refusal === undefined
    ? unanswered('git.proof', 'block', 'not rendered')
    : answer('git.proof', 'block', {
        ok: refusal === null,
        reason: refusal ?? 'exactly this ClusterInstance leaves the render',
        fix: 'change the branch so that nothing else leaves',
      })
