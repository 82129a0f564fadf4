import type { Change } from '../../../core/change.ts'
import { rootsReaching } from '../../../core/detach/plan-detach.ts'
import type { Missing } from '../../../core/companions/missing-companions.ts'
import type { Proof } from '../../../core/proof/proof.ts'
import { createProver } from '../../../operations/create-prover.ts'
import type { Kustomize } from '../../../operations/ports/kustomize.ts'
import type { Checkout } from '../../../operations/ports/repository.ts'
import type { Clone } from '../../clone/clone.ts'
import { notProven } from '../../output/describe-proof.ts'
import { companionsBack, mustBeBack } from './must-be-back.ts'

/** Files that bring a cluster back, and their proof. */
export type Back = Readonly<{
  changes: readonly Change[]
  /** The commit with them, which is on no branch. */
  sha: string
  after: Checkout
  proof: Proof
}>

type Proving = Readonly<{
  kustomize: Kustomize
  clone: Clone
  cluster: string
  message: string
  acceptStatic: boolean
}>

/**
 * Proves that files bring back the cluster, and says what it needs that no root brings. `withCompanions` brings that
 * back, too, where commented-out lines hold it; what they cannot bring stays missing. Throws what proving throws, and
 * the refusal of a proof that does not hold.
 */
export const bringBack = async (
  proving: Proving,
  changes: readonly Change[],
  withCompanions: boolean,
): Promise<Readonly<{ back: Back; missing: readonly Missing[] }>> => {
  const alone = await proveBack(proving, changes)
  const missing = await missingFrom(proving, alone)
  const companions = withCompanions ? companionsBack(missing) : []
  if (companions.length === 0) return { back: alone, missing }
  const all = [...changes, ...companions].map(change => [change.path, change] as const)
  const back = await proveBack(proving, [...new Map(all).values()])
  return { back, missing: await missingFrom(proving, back) }
}

const proveBack = async (
  { kustomize, clone, cluster, message, acceptStatic }: Proving,
  changes: readonly Change[],
): Promise<Back> => {
  const { checkout, repository, roots } = clone
  const sha = await repository.commit({ onto: checkout.sha, message, changes })
  const after = await repository.checkout(sha)
  const paths = changes.map(({ path }) => path)
  // The way back: what this brings is what would leave again.
  const proof = await createProver(kustomize)({
    before: after,
    after: checkout,
    roots: rootsReaching(after.tree, { roots, paths }),
    expected: { cluster, object: true, companions: true },
    acceptStatic,
  })
  if (proof.refusal !== null)
    throw notProven(proof, {
      activity: `proving the reattach of ${cluster}, read backwards`,
      fix: 'put the lines back by hand',
    })
  return { changes, sha, after, proof }
}

const missingFrom = (
  { kustomize, clone: { roots }, cluster }: Proving,
  { after, proof }: Back,
): Promise<readonly Missing[]> => {
  const rendering = proof.isStatic ? [] : proof.roots.map(({ path }) => path)
  return mustBeBack(kustomize, after, { cluster, roots, rendering })
}
