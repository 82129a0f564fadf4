import type { Proof } from '../core/proof/proof.ts'
import { laterWave, whyTooEarly } from '../core/proof/why-too-early.ts'
import type { Sha } from '../core/run/run.ts'
import type { Configuration } from '../core/settings/configuration.ts'
import { RefusedError } from '../errors.ts'
import { openListsAt } from './repair/open-lists-at.ts'
import type { Prove } from './create-prover.ts'
import type { Checkout, Repository } from './ports/repository.ts'

/**
 * Proves a detach on the merge of a branch with its base: two correct pull requests can merge into a null list.
 * Throws RefusedError MERGE_CONFLICT, and what proving throws.
 */
export const proveMerge = async (
  {
    repository,
    prove,
  }: Readonly<{ repository: Pick<Repository, 'checkout' | 'commit' | 'merge'>; prove: Prove }>,
  {
    base,
    head,
    config: { roots, acceptStaticProof: acceptStatic },
    cluster,
  }: Readonly<{
    base: Checkout
    head: Sha
    config: Pick<Configuration, 'roots' | 'acceptStaticProof'>
    cluster: string
  }>,
): Promise<Proof> => {
  const after = await repository.merge(base.sha, head)
  const expected = { cluster, object: true, companions: true }
  // A base with entries below `[]` does not build: what is meant there is what the merge must keep.
  const { checkout: before } = await openListsAt(repository, base, roots)
  if (after) {
    const proof = await prove({ before, after, roots, expected, acceptStatic })
    const early = whyTooEarly(proof)
    return early === null ? proof : { ...proof, refusal: proof.refusal ?? `${early}; ${laterWave}` }
  }
  throw mergeConflict(head)
}

/** Error for a head that conflicts with what it is to be merged into. */
export const mergeConflict = (head: Sha, into = 'its base'): RefusedError =>
  new RefusedError(
    'MERGE_CONFLICT',
    `merging ${head.slice(0, 12)} into ${into}: the two conflict`,
    {
      fix: 'bring the branch up to date with its base',
    },
  )
