import type { Seen } from '../../core/seen.ts'

/** Argo CD's API, with the rights of one token. */
export type ArgoCd = Readonly<{
  /** Asks whether the token may do that with an Application, `project/name` or `project/namespace/name`. Never throws. */
  may: (action: 'get' | 'sync', application: string) => Promise<Seen<boolean>>
  /** One sync with prune of one object. Throws FailedError or UnavailableError ARGOCD_FAILED. */
  syncWithPrune: (
    request: Readonly<{
      application: string
      namespace: string
      resource: Readonly<{ group: string; kind: string; name: string; namespace: string }>
    }>,
  ) => Promise<void>
}>
