/**
 * The option that keeps Argo CD from pruning an object by itself: `Prune=false` or `Prune=confirm`; null where there
 * is none. Takes sync options as a list, or as the annotation `argocd.argoproj.io/sync-options` writes them: parted
 * by commas (gitops-engine pkg/sync/sync_context.go, pruneObject; docs/user-guide/sync-options.md).
 */
export const pruneOptionIn = (options: readonly string[]): string | null =>
  options
    .flatMap(option => option.split(','))
    .map(option => option.trim())
    .find(option => option === 'Prune=false' || option === 'Prune=confirm') ?? null

/** The same, from the annotations of an object. */
export const pruneOptionOf = (
  annotations: Readonly<Record<string, string>> | undefined,
): string | null => pruneOptionIn([annotations?.['argocd.argoproj.io/sync-options'] ?? ''])
