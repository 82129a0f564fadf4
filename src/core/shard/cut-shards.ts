import type { Unit } from './classify-tree.ts'

/** A unit with about how many objects it brings. */
export type Weighed = Unit & Readonly<{ objects: number }>

/** How many objects a shard has: the fewest before one may end, how rarely it ends then, and the most. */
export type ShardSize = Readonly<{ least: number; rarely: number; most: number }>

/**
 * About 150 objects: the start of kustomize and what grows with their square cost about the same there, and two at
 * once stay below 250 MB.
 */
export const usualShards: ShardSize = { least: 100, rarely: 50, most: 220 }

/**
 * Cuts units, in their order, into shards. A shard ends where the name of its last unit says so, so that a unit which
 * comes, goes or changes leaves all shards but one or two as they were.
 */
export const cutShards = <Any extends Weighed>(
  units: readonly Any[],
  { least, rarely, most }: ShardSize = usualShards,
): readonly (readonly Any[])[] => {
  const shards: Any[][] = []
  let [shard, objects]: [Any[], number] = [[], 0]
  for (const unit of units) {
    if (shard.length === 0) shards.push(shard)
    shard.push(unit)
    objects += unit.objects
    if (objects >= most || (objects >= least && hashOf(unit.path) % rarely === 0))
      [shard, objects] = [[], 0]
  }
  return shards
}

/** FNV-1a, which spreads names that differ in one digit. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0
  return hash ^ (hash >>> 15)
}
