import type { Proof } from '../../core/proof/proof.ts'
import type { DetachState } from '../../core/run/observation.ts'
import type { Seen } from '../../core/seen.ts'

/** The state of the cluster on the branch of a pull request, with the proof and the diff for people. */
export type BranchState = Readonly<{
  detach: Seen<DetachState>
  proof: Proof | null
  diff: string | null
}>
