import type { Change } from '../core/change.ts'
import type { Edit } from '../core/edit/edit.ts'
import { editedFiles } from '../core/edit/remove-items.ts'
import type { Expected } from '../core/proof/compare-renders.ts'
import type { Proof } from '../core/proof/proof.ts'
import type { Prove } from './create-prover.ts'
import type { Namer } from './names/create-namer.ts'
import type { Checkout, Repository } from './ports/repository.ts'

/** The means to make and prove an edit: commits that are pushed nowhere, and renders. */
export type Preparing = Readonly<{
  repository: Pick<Repository, 'checkout' | 'commit' | 'diff' | 'merge'>
  prove: Prove
  namer: Namer
}>

/** Edits as a commit that is pushed nowhere, with what it changes and what leaves the renders. */
export type PreparedEdits = Readonly<{
  changes: readonly Change[]
  after: Checkout
  /** As `git diff` prints it. */
  diff: string
  proof: Proof
}>

/** Makes edits on top of a commit, and proves them. Throws what proving throws; a refusal is in the proof. */
export const prepareEdits = async (
  { repository, prove }: Pick<Preparing, 'repository' | 'prove'>,
  {
    onto,
    edits,
    message,
    ...proving
  }: Readonly<{
    onto: Checkout
    edits: readonly Edit[]
    message: string
    /** The roots to render. */
    roots: readonly string[]
    expected: Expected
    acceptStatic: boolean
  }>,
): Promise<PreparedEdits> => {
  const changes = editedFiles(edits)
  const sha = await repository.commit({ onto: onto.sha, message, changes })
  const after = await repository.checkout(sha)
  const diff = await repository.diff(onto.sha, sha)
  return { changes, after, diff, proof: await prove({ before: onto, after, ...proving }) }
}
