const annotation = 'argocd.argoproj.io/sync-options'

const optionIn = (options: readonly string[], wanted: readonly string[]): string | null =>
  options
    .flatMap(option => option.split(','))
    .map(option => option.trim())
    .find(option => wanted.includes(option)) ?? null

/**
 * The option that keeps Argo CD from pruning an object by itself: `Prune=false` or `Prune=confirm`; null where there
 * is none. Takes sync options as a list, or as the annotation `argocd.argoproj.io/sync-options` writes them: parted
 * by commas (gitops-engine pkg/sync/sync_context.go, pruneObject; docs/user-guide/sync-options.md).
 */
export const pruneOptionIn = (options: readonly string[]): string | null =>
  optionIn(options, ['Prune=false', 'Prune=confirm'])

/** The option that keeps an object when its Application is deleted: `Delete=false` or `Delete=confirm`; null without one. */
export const deleteOptionIn = (options: readonly string[]): string | null =>
  optionIn(options, ['Delete=false', 'Delete=confirm'])

/** The sync options in the annotations of an object, for the two above. */
export const optionsOf = (
  annotations: Readonly<Record<string, string>> | undefined,
): readonly string[] => [annotations?.[annotation] ?? '']

/** The option that keeps an object from being pruned, from its annotations. */
export const pruneOptionOf = (
  annotations: Readonly<Record<string, string>> | undefined,
): string | null => pruneOptionIn(optionsOf(annotations))
