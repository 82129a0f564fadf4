import type { Change } from '../../core/change.ts'
import { nameFew } from '../../core/cluster/explain-missing.ts'
import { shownIdentity } from '../../core/cluster/object-identity.ts'
import { planCompanions, rootsReaching } from '../../core/detach/plan-detach.ts'
import { readRecordIfValid } from '../../core/detach/read-record-at.ts'
import { recordWithEdits } from '../../core/detach/record-of-detach.ts'
import { isAdopted } from '../../core/run/detaching/is-adopted.ts'
import type { Run } from '../../core/run/run.ts'
import { commentMode } from '../../core/settings/comment-mode.ts'
import { SowerError } from '../../errors.ts'
import type { Base } from '../base.ts'
import type { Context } from '../context.ts'
import { prepareEdits } from '../prepare-edits.ts'

/** The edits that take the companions out, with the record that can restore them, and a sentence about it. */
export type TakenOut = Readonly<{ changes: readonly Change[]; detail: string | null }>

const nothing: TakenOut = { changes: [], detail: null }

/**
 * Plans and proves to take out of Git what is left of a detached cluster: its namespace, Secrets and generators, as
 * `sower detach --companions` does. They would break the sync, since ACM deletes the namespace. Where that is not proven, or
 * would leave a root empty, they stay, and the sentence says why: they hold up no seed image. Throws UnavailableError, for
 * which the step is tried again.
 */
export const takeOutCompanions = async (
  { ports: { repository }, prove }: Pick<Context, 'ports' | 'prove'>,
  { checkout: onto, config }: Base,
  run: Run,
): Promise<TakenOut> => {
  // Of an adopted seed nothing is edited.
  if (isAdopted(run)) return nothing
  const { cluster, key } = run.request
  const { roots, directory } = config
  const stay = (reason: string): TakenOut => ({
    changes: [],
    detail: `The companions of ${cluster} stay in Git: ${reason}`,
  })
  try {
    const { companions, edits } = planCompanions(onto.tree, {
      ...{ cluster, roots, mode: commentMode(config) },
    })
    if (edits.length === 0) return nothing
    const record = readRecordIfValid(onto.tree, { directory, cluster })
    if (record?.request !== key || !record.detached)
      return stay('no record of this detach is on the base branch that could bring them back')
    const paths = edits.map(({ path }) => path)
    const { changes, proof } = await prepareEdits(
      { repository, prove },
      {
        ...{ onto, edits, message: `Remove the companions of ${cluster}` },
        roots: rootsReaching(onto.tree, { roots, paths }),
        expected: { cluster, object: false, companions: true },
        acceptStatic: config.acceptStaticProof,
      },
    )
    if (proof.refusal !== null) return stay(proof.refusal)
    const emptied = proof.roots.find(({ left }) => left === 0)
    if (emptied)
      return stay(`${emptied.path} would render nothing, and Argo CD does not prune that by itself`)
    const leaving = companions.filter(({ isAlone }) => isAlone)
    const named = nameFew(leaving.map(({ object }) => shownIdentity(object)))
    return {
      changes: [...changes, ...recordWithEdits(record, edits, directory)],
      detail: `Takes out what would break the sync now that ACM deletes the namespace of ${cluster}: ${named}`,
    }
  } catch (error) {
    if (error instanceof SowerError && error.exitCode !== 75) return stay(error.message)
    throw error
  }
}
