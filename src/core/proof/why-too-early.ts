import { shownIdentity } from '../cluster/object-identity.ts'
import type { Proof } from './proof.ts'

/** Advice that puts the order of a prune right. */
export const laterWave =
  'give the ClusterInstance a higher `argocd.argoproj.io/sync-wave` than its namespace and Secrets and let Argo CD sync that first, or move it into a file of its own'

/** Why the order in which Argo CD prunes what leaves can leave a BareMetalHost stuck; null where the ClusterInstance goes first. */
export const whyTooEarly = ({ roots }: Pick<Proof, 'roots'>): string | null => {
  const early = [...new Set(roots.flatMap(({ prunedTooEarly }) => prunedTooEarly))]
  if (early.length === 0) return null
  const named = early.map(shownIdentity).join(', ')
  return `sync waves do not prune the ClusterInstance before ${named}, and without them its BareMetalHost can get stuck`
}
