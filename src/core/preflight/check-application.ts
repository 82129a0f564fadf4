import type { Seen } from '../seen.ts'
import type { Check } from './check.ts'
import { judge } from './judge.ts'

/** What is known of the Applications that render the edited file. */
export type ApplicationFacts = Readonly<{ name: string; prunes: boolean; allowsEmpty: boolean }>

/** Exactly one Application renders the file, and it prunes by itself. */
export const checkApplication = (applications: Seen<readonly ApplicationFacts[]>): Check =>
  judge(
    'hub.application-prunes',
    'block',
    applications,
    { reason: 'no Application', fix: '' },
    found => {
      const [first, second] = found
      const names = found.map(({ name }) => name).join(', ')
      const isOne = first !== undefined && second === undefined
      return {
        ok: isOne && first.prunes,
        reason: isOne
          ? `${names} ${first.prunes ? 'prunes' : 'does not prune'} by itself`
          : `${found.length} Applications render this kustomization${first ? `: ${names}` : ''}`,
        fix: 'exactly one Application with syncPolicy.automated.prune must render the kustomization',
      }
    },
  )
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
      const refuses = left === 0 && found.some(({ allowsEmpty }) => !allowsEmpty)
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
