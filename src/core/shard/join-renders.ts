import { legacyOrder } from './legacy-order.ts'
import { mayRefer } from './may-refer.ts'
import { renderedIdentity, type RenderedIdentity } from './rendered-identity.ts'

/** The output that kustomize would have printed for all shards at once, or the reason why that is not certain. */
export type Joined =
  Readonly<{ render: string; reason: null }> | Readonly<{ render: null; reason: string }>

/**
 * Joins what kustomize printed for each shard of a tree. Nothing is joined where an object could have seen one of
 * another shard: two that kustomize may take for the same one, an object that may refer to others, or an order that
 * is not the one we know.
 */
export const joinRenders = (
  renders: readonly string[],
  { hasGenerators }: Readonly<{ hasGenerators: boolean }>,
): Joined => {
  const documents: { order: string; text: string }[] = []
  const known = new Map<string, number>()
  for (const [shard, render] of renders.entries()) {
    let before = ''
    for (const text of splitRender(render)) {
      const identity = renderedIdentity(text)
      if (identity === null) return uncertain('an object has a name that is not plain')
      const shown = `${identity.kind} ${identity.name}`
      if (mayRefer(identity.apiVersion, identity.kind))
        return uncertain(`${shown} may refer to another object`)
      if (identity.kind === 'Namespace' && identity.apiVersion !== 'v1')
        return uncertain(`${shown} is not of the core group`)
      const order = legacyOrder(identity)
      if (order <= before) return uncertain(`${shown} stands in another order than expected`)
      before = order
      for (const key of keysOf(identity, hasGenerators)) {
        const other = known.get(key)
        if (other !== undefined && other !== shard) return uncertain(`${shown} may be in it twice`)
        known.set(key, shard)
      }
      documents.push({ order, text })
    }
  }
  documents.sort((one, other) => (one.order < other.order ? -1 : 1))
  return { render: documents.map(({ text }) => text).join('---\n'), reason: null }
}

const uncertain = (reason: string): Joined => ({ render: null, reason })

/** The documents of what kustomize printed; `---` in the first column cannot stand inside one. */
const splitRender = function* (render: string): Generator<string> {
  for (let at = 0; at < render.length;) {
    const end = render.indexOf('\n---\n', at)
    yield end === -1 ? render.slice(at) : render.slice(at, end + 1)
    at = end === -1 ? render.length : end + 5
  }
}

/**
 * The keys that an object may be taken for. kustomize compares namespaces only where its own schema does not say that the kind
 * is of the whole cluster, takes none and `default` for the same (resid.go), and compares generated objects before
 * they get the hash of their content, ten letters, into their names (hasher.go).
 */
const keysOf = (
  { apiVersion, kind, name, namespace }: RenderedIdentity,
  hasGenerators: boolean,
): readonly string[] => {
  const isNamespaced =
    /^(?=[^/]*\/)(?![^/]*\.k8s\.io\/)[^/]+\.[^/]+\/|^(?:apps|batch)\//.test(apiVersion) ||
    inNamespaces.has(kind)
  const place = isNamespaced ? namespace || 'default' : ''
  const key = `${apiVersion} ${kind} ${place} `
  const plain = /^(.*)-[bcdfghkmt2456789]{10}$/.exec(name)?.[1]
  const isGenerated = hasGenerators && (kind === 'ConfigMap' || kind === 'Secret')
  return isGenerated && plain !== undefined ? [key + name, key + plain] : [key + name]
}

/** Kinds of the core group that kustomize's schema says are in namespaces. */
const inNamespaces: ReadonlySet<string> = new Set([
  ...['ConfigMap', 'Endpoints', 'LimitRange', 'ResourceQuota', 'Secret', 'Service'],
])
