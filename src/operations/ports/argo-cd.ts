export type ArgoCd = Readonly<{
  /** One sync with prune of one object. Throws FailedError or UnavailableError ARGOCD_FAILED. */
  syncWithPrune: (
    request: Readonly<{
      application: string
      namespace: string
      resource: Readonly<{ group: string; kind: string; name: string; namespace: string }>
    }>,
  ) => Promise<void>
}>
