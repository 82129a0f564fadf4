import type { Proof } from '../core/proof/proof.ts'
import type { Request, Sha } from '../core/run/run.ts'
import { commentMode } from '../core/settings/comment-mode.ts'
import { once } from '../once.ts'
import type { Base } from './base.ts'
import type { Checkout } from './ports/repository.ts'
import { prepareDetach } from './prepare-detach.ts'
import type { Preparing } from './prepare-edits.ts'

/** A detach commit on top of a branch, proven and not pushed. */
export type DetachCommit = Readonly<{ sha: Sha; proof: Proof }>

/** Makes the detach commit of a run on the head of its branch. Throws what prepareDetach throws. */
export type DetachCommits = (
  request: Pick<Request, 'key' | 'cluster' | 'image' | 'pullRequest'>,
  places: Readonly<{ onto: Checkout; base: Base }>,
) => Promise<DetachCommit>

/** Creates a maker of detach commits that keeps them, by the commits they stand on and the request. */
export const createDetachCommits = ({
  now,
  ...preparing
}: Preparing & Readonly<{ now: () => Date }>): DetachCommits => {
  const kept = new Map<string, Promise<DetachCommit>>()
  return (request, { onto, base: { checkout: base, config } }) =>
    once(kept, [onto.sha, base.sha, request.key].join(' '), async () => {
      const subject = `Detach ${request.cluster}`
      const today = now().toISOString().slice(0, 10)
      const { changes, repairs, proof } = await prepareDetach(preparing, {
        ...{ onto, base, config, request, today, message: subject },
        mode: commentMode(config),
      })
      const message = [subject, ...repairs, `Sower-Run: ${request.key}\n`].join('\n\n')
      const sha = await preparing.repository.commit({ onto: onto.sha, message, changes })
      return { sha, proof }
    })
}
