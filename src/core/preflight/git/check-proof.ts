import type { Check } from '../check.ts'
import { unanswered, answer } from '../judge.ts'

/** The proof, as a check. */
export const checkProof = (refusal: string | null | undefined, adopt = false): Check =>
  refusal === undefined
    ? unanswered('git.proof', 'block', 'not rendered')
    : answer('git.proof', 'block', {
        ok: refusal === null,
        reason:
          refusal ??
          (adopt
            ? 'no root renders the cluster, and nothing leaves'
            : 'exactly this ClusterInstance leaves the render'),
        fix: 'change the branch so that nothing else leaves',
      })
