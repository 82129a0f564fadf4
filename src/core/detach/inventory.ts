import { stringify } from 'yaml'
import { z } from 'zod'
import { RefusedError } from '../../errors.ts'
import { readYaml } from '../yaml/read-yaml.ts'
import { textAt, type RepositoryTree } from '../repository-tree.ts'

const name = z.string().regex(/^[\w.-]+$/, 'is not a valid cluster name')
const inventory = z.strictObject({
  apiVersion: z.literal('sower.dev/v1alpha1'),
  kind: z.literal('Inventory'),
  /** Must be rendered. */
  clusters: z.array(name),
  /** Must not be rendered. */
  detached: z
    .array(
      z.strictObject({
        cluster: name,
        reason: z.string(),
        /** Such as 2026-11-29. */
        date: z.string(),
        pullRequest: z.number().nullable(),
      }),
    )
    .default([]),
})

/** The clusters that an application path must render, and those that are detached from it. */
export type Inventory = Readonly<{
  clusters: readonly string[]
  detached: readonly DetachedCluster[]
}>
export type DetachedCluster = Readonly<{
  cluster: string
  reason: string
  date: string
  pullRequest: number | null
}>

/** Reads the inventory at a path. Throws RefusedError INVENTORY_INVALID. */
export const readInventory = (tree: RepositoryTree, path: string): Inventory => {
  const refuse = (reason: string): RefusedError =>
    new RefusedError('INVENTORY_INVALID', `reading ${path}: ${reason}`, {
      fix: 'correct it, or write it again with `sower inventory --write`',
    })
  if (tree.entry(path) !== 'file') throw refuse('it is not a plain file')
  const parsed = inventory.safeParse(readYaml(textAt(tree, path), refuse))
  if (parsed.success) return parsed.data
  throw refuse(
    parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; '),
  )
}

const heading = `# Kept by Sower: \`sower generate\` refuses a render of this directory that loses one of these clusters, or
# brings one back that is detached. \`sower inventory --write\` writes it again.
`

/** An inventory as YAML, byte-stable for equal content. */
export const writeInventory = ({ clusters, detached }: Inventory): string =>
  heading +
  stringify(
    {
      apiVersion: 'sower.dev/v1alpha1',
      kind: 'Inventory',
      clusters: [...new Set(clusters)].sort(),
      detached: [...detached]
        .sort((a, b) => (a.cluster < b.cluster ? -1 : 1))
        .map(({ cluster, reason, date, pullRequest }) => ({ cluster, reason, date, pullRequest })),
    },
    // Go reads YAML 1.1, where a cluster called `no` must stand in quotes.
    { lineWidth: 0, compat: 'yaml-1.1' },
  )

/** The inventory once a cluster is detached; itself where it does not list the cluster. */
export const withoutCluster = (before: Inventory, detached: DetachedCluster): Inventory =>
  before.clusters.includes(detached.cluster)
    ? {
        clusters: before.clusters.filter(name => name !== detached.cluster),
        detached: [...othersThan(before, detached.cluster), detached],
      }
    : before

/** The inventory once a cluster is back; itself where it does not know the cluster as detached. */
export const withCluster = (before: Inventory, cluster: string): Inventory =>
  before.detached.some(entry => entry.cluster === cluster)
    ? { clusters: [...before.clusters, cluster], detached: othersThan(before, cluster) }
    : before

const othersThan = ({ detached }: Inventory, cluster: string): readonly DetachedCluster[] =>
  detached.filter(entry => entry.cluster !== cluster)
