import type { Application } from '../../application/read-application.ts'
import { pruneOptionOf } from '../../application/prune-option-of.ts'
import { absent, type Seen } from '../../seen.ts'
import type { Check } from '../check.ts'
import { judge } from '../judge.ts'

/** The facts about an Application of this repository. */
export type ApplicationFacts = Pick<
  Application,
  'name' | 'mismatch' | 'prunes' | 'allowsEmpty' | 'hindrance'
>

type Annotated = Readonly<{
  metadata: Readonly<{ annotations?: Readonly<Record<string, string>> | undefined }>
}>

const renders = ({ mismatch }: ApplicationFacts): boolean => mismatch === null
const mostNamed = 3

/** Names Applications of the repository that nearly render the kustomization, with what is between. */
const nearlyMatching = (near: readonly string[]): string => {
  const more = near.length > mostNamed ? [`${near.length - mostNamed} more`] : []
  return near.length === 0
    ? ''
    : `; these nearly match: ${[...near.slice(0, mostNamed), ...more].join(', ')}`
}

/**
 * Exactly one Application renders the file from the base branch, and it prunes by itself: its policy says so, and
 * nothing keeps it from the ClusterInstances that are live. `instances` are those.
 */
export const checkApplication = (
  applications: Seen<readonly ApplicationFacts[]>,
  instances: Seen<readonly Annotated[]> = absent,
): Check => {
  const live = instances.seen === 'present' ? instances.value : []
  return judge(
    'hub.application-prunes',
    'block',
    // Only "there is none" is known as well as a list.
    instances.seen === 'unknown' ? instances : applications,
    { reason: 'no Application', fix: '' },
    found => {
      const rendering = found.filter(renders)
      const [first, second] = rendering
      const names = rendering.map(({ name }) => name)
      const near = found.flatMap(({ name, mismatch }) =>
        mismatch === null ? [] : [`${name} ${mismatch}`],
      )
      if (first === undefined || second !== undefined)
        return {
          ok: false,
          reason: `${names.length} Applications render this kustomization${first ? `: ${names.join(', ')}` : nearlyMatching(near)}`,
          fix: 'exactly one Application with syncPolicy.automated.prune must render the kustomization',
        }
      const option = live.map(({ metadata }) => pruneOptionOf(metadata.annotations)).find(Boolean)
      const hindrance =
        (first.prunes ? null : 'does not prune by itself') ??
        first.hindrance ??
        (!option ? null : `does not prune the ClusterInstance: it is annotated ${option}`)
      return {
        ok: hindrance === null,
        reason: `${first.name} ${hindrance ?? 'prunes by itself'}`,
        fix: first.prunes
          ? 'take that out before the merge; else Argo CD leaves the ClusterInstance where it is'
          : 'exactly one Application with syncPolicy.automated.prune must render the kustomization',
      }
    },
  )
}
/**
 * Predicts Argo CD: without allowEmpty it refuses to prune the last object
 * (appcontroller.go:2631-2642).
 */
export const checkEmpty = (
  applications: Seen<readonly ApplicationFacts[]>,
  { left, canSync }: Readonly<{ left: number | null; canSync: boolean }>,
): Check =>
  judge(
    'hub.application-not-emptied',
    'warn',
    applications,
    { reason: 'no Application', fix: '' },
    found => {
      const refuses = left === 0 && found.filter(renders).some(({ allowsEmpty }) => !allowsEmpty)
      return {
        ok: !refuses || canSync,
        reason: !refuses
          ? `${left ?? 'some'} objects are left`
          : canSync
            ? 'nothing is left and Argo CD will refuse to prune; Sower then orders one sync with prune of this ClusterInstance'
            : 'nothing is left, and Argo CD will refuse: auto-sync will wipe out all resources',
        fix: 'after the merge a human must sync this one ClusterInstance with prune; or set syncPolicy.automated.allowEmpty, or configure an Argo CD token',
      }
    },
  )
