import { block, type Decision } from '../decision.ts'
import type { ObservationOf } from '../observation.ts'
import type { Instant, Run } from '../run.ts'

/** Stops an adopted run at an edit that would detach: it edits nothing. */
export const blockOnListed = (run: Run, now: Instant): Decision =>
  block(
    run,
    {
      code: 'NOT_DETACHED',
      reason: `the branch lists ${run.request.cluster}, and an adopted run detaches nothing`,
      fix: 'ask without `adopt: true`, and Sower detaches the cluster',
    },
    now,
  )

/** So many things that are there are named. */
const mostNamed = 5

/** Stops an adopted run of a cluster that the hub manages, or manages again: it waits for no detach. */
export const blockOnAttached = (
  run: Run,
  { managedCluster, klusterlet, addonNamespaces, remaining }: ObservationOf<'Detaching'>,
  now: Instant,
): Decision | undefined => {
  const { cluster } = run.request
  const attached = [
    ...(managedCluster.seen === 'present' ? [`ManagedCluster ${cluster}`] : []),
    ...(klusterlet.seen === 'present' ? ['the klusterlet CRD on the seed'] : []),
    ...(addonNamespaces.seen === 'present'
      ? addonNamespaces.value.map(name => `Namespace ${name} on the seed`)
      : []),
    ...remaining.flatMap(({ object, read }) => (read.seen === 'present' ? [object] : [])),
  ]
  if (attached.length === 0) return undefined
  const named = attached.slice(0, mostNamed).join(', ')
  return block(
    run,
    {
      code: 'NOT_DETACHED',
      reason: `an adopted run needs ${cluster} detached, and there is: ${named}`,
      fix: 'detach the cluster and remove what is named, or find who brings it back; the run goes on by itself, or comment `/seed abort`',
    },
    now,
  )
}
