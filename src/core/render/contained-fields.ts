/**
 * The fields of a kustomization, in small letters, that act on what its directory accumulates and read nothing but files at and
 * below it and the directories of its lists (kustomize refuses files outside of the directory).
 */
export const containedFields: ReadonlySet<string> = new Set(
  [
    ...['apiVersion', 'kind', 'metadata', 'resources', 'bases', 'components', 'namespace'],
    ...['namePrefix', 'nameSuffix', 'labels', 'commonLabels', 'commonAnnotations', 'patches'],
    ...['patchesStrategicMerge', 'patchesJson6902', 'images', 'replicas', 'replacements'],
    ...['configMapGenerator', 'secretGenerator', 'generatorOptions'],
  ].map(name => name.toLowerCase()),
)
