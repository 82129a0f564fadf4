/** How far a sealed value may travel: one name in one namespace, one namespace, or anywhere. */
export type Scope = 'strict' | 'namespace-wide' | 'cluster-wide'

/** Where a value is sealed for. */
export type SealTarget = Readonly<{ scope: Scope; namespace: string; name: string }>

/**
 * The OAEP label that binds a sealed value to its target
 * (sealed-secrets pkg/apis/sealedsecrets/v1alpha1/sealedsecret_expansion.go:91-104: with a slash).
 */
export const labelOf = ({ scope, namespace, name }: SealTarget): Buffer => {
  switch (scope) {
    case 'strict':
      return Buffer.from(`${namespace}/${name}`)
    case 'namespace-wide':
      return Buffer.from(namespace)
    case 'cluster-wide':
      return Buffer.alloc(0)
  }
}

/**
 * The scope that the annotations of a SealedSecret ask for; cluster-wide wins, only the string "true"
 * counts (sealedsecret_expansion.go:107-120).
 */
export const scopeOf = (annotations: Readonly<Record<string, string>>): Scope => {
  if (annotations['sealedsecrets.bitnami.com/cluster-wide'] === 'true') return 'cluster-wide'
  if (annotations['sealedsecrets.bitnami.com/namespace-wide'] === 'true') return 'namespace-wide'
  return 'strict'
}

/** A target in words: `sower-seeds/seedgen, strict`. */
export const describeTarget = ({ scope, namespace, name }: SealTarget): string =>
  `${namespace}/${name}, ${scope}`
