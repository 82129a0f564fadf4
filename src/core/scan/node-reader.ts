import { isAlias, isMap, isNode, isScalar, isSeq, type Node } from 'yaml'

/** Reads maps of a document where they stand; an alias is followed to its anchor, never expanded. */
export type NodeReader = Readonly<{
  /** A node, or the one that an alias stands for. */
  follow: (node: unknown) => unknown
  /** The values of a key, every one where it is doubled, and those that `<<` merges in. */
  valuesOf: (node: unknown, key: string) => readonly Node[]
  /** The texts of those that are scalars. */
  textsOf: (node: unknown, key: string) => readonly string[]
}>

/** A scalar as it was written, without its quotes; undefined for anything else. */
export const scalarText = (node: unknown): string | undefined =>
  isScalar(node) ? node.source : undefined

/** Where a node begins in its text. */
export const offsetOf = (node: unknown): number => (isNode(node) ? Number(node.range?.[0]) : 0)

// More merges than people write, or a longer chain of them, are somebody's trap.
const mostMerges = 10_000
const deepestMerge = 16

export const nodeReader = (anchors: ReadonlyMap<string, Node>): NodeReader => {
  let merges = 0
  const follow = (node: unknown): unknown => (isAlias(node) ? anchors.get(node.source) : node)
  const valuesOf = (node: unknown, key: string, depth = 0): readonly Node[] => {
    const map = follow(node)
    if (!isMap(map)) return []
    return map.items.flatMap(pair => {
      const name = scalarText(follow(pair.key))
      const value = follow(pair.value)
      if (name === key) return isNode(value) ? [value] : []
      if (name !== '<<' || merges >= mostMerges || depth >= deepestMerge) return []
      merges += 1
      return (isSeq(value) ? value.items : [value]).flatMap(merged =>
        valuesOf(merged, key, depth + 1),
      )
    })
  }
  return {
    follow,
    valuesOf: (node, key) => valuesOf(node, key),
    textsOf: (node, key) => valuesOf(node, key).flatMap(value => scalarText(value) ?? []),
  }
}
