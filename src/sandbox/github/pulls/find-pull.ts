import type { Host } from '../host.ts'
import type { PullRequest } from '../github-state.ts'
import { notFound } from '../refusal.ts'
import type { Call } from '../route.ts'

/** The pull request that the path names; 404 when there is none. */
export const findPull = (host: Host, call: Call): PullRequest => {
  const pull = host.state.pulls.get(call.numberOf('number'))
  if (!pull) throw notFound()
  return pull
}
