import type { Check } from '../../core/preflight/check.ts'
import type { Proof } from '../../core/proof/proof.ts'
import { newRun } from '../../core/run/run.ts'
import { refuseUnlessSeed } from '../../core/settings/refuse-unless-seed.ts'
import { SowerError } from '../../errors.ts'
import type { Context } from '../context.ts'
import { imageAskedFor } from '../intake/answers/image-asked-for.ts'
import type { OpenChange } from '../ports/pull-requests.ts'
import { proveMerge } from '../prove-merge.ts'
import { readBase } from '../read-base.ts'
import { runChecks } from '../run-checks.ts'

/** The effect of a merge on one cluster that leaves: its proof and the checks, Argo CD's prediction among them. */
export type Leaving = Readonly<{
  cluster: string
  /** Null where it could not be made. */
  proof: Proof | null
  checks: readonly Check[]
  /** Why something of it is missing; null: nothing is. */
  missing: string | null
}>

/**
 * Describes what leaves if a pull request is merged: the proof on the merge with the current base, and the checks of a run that asks
 * for the cluster. Nothing is written, and nothing thrown: what cannot be told is a sentence.
 */
export const describeLeaving = async (
  context: Context,
  { change, cluster }: Readonly<{ change: OpenChange; cluster: string }>,
): Promise<Leaving> => {
  let proof: Proof | null = null
  try {
    const { repository } = context.ports
    const base = await readBase(context)
    const { config } = base
    proof = await proveMerge(
      { repository, prove: context.prove },
      { base: base.checkout, head: change.headSha, config, cluster },
    )
    // Of other clusters Sower has no right to ask, and nobody wants an image.
    refuseUnlessSeed(config, cluster)
    const head = await repository.checkout(change.headSha)
    const image = await imageAskedFor(context, { base, head, cluster })
    const request = {
      ...{ cluster, image, key: '', repository: context.settings.repository, by: '' },
      ...{ pullRequest: change.number, headSha: change.headSha },
    }
    const run = newRun(request, context.now().toISOString())
    const edited = (await repository.mergedPaths(base.checkout.sha, change.headSha)) ?? []
    const checks = await runChecks(context, { base, run, proof, head: change.headSha, edited })
    return { cluster, proof, checks, missing: null }
  } catch (error) {
    if (!(error instanceof SowerError)) throw error
    return { cluster, proof, checks: [], missing: `${error.code}: ${error.message}` }
  }
}
