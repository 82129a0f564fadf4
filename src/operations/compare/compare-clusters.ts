import { askedQueries } from '../../core/compare/asked-queries.ts'
import { compareFleet, type Comparison } from '../../core/compare/compare-fleet.ts'
import type { Conformance } from '../../core/compare/conformance.ts'
import type { Declared } from '../../core/compare/git/declared.ts'
import type { DeclaredFleet } from '../../core/compare/git/read-declared.ts'
import { mustBeEqual } from '../../core/compare/rows/must-be-equal.ts'
import type { ImageLabels } from '../../core/compare/image-labels.ts'
import type { Side } from '../../core/compare/side.ts'
import { present, unknown } from '../../core/seen.ts'
import type { Configuration } from '../../core/settings/configuration.ts'
import { InputError, RefusedError } from '../../errors.ts'
import { askQueries, type Reader } from '../preflight/ask-queries.ts'

/** The clusters to compare, and where the facts of each side are. */
export type Comparing = Readonly<{
  cluster: string
  /** The targets that were named; without any, all others that Git lists, or what sower.yaml expects of them. */
  named: readonly string[]
  /** True if those that Git lists are meant, though sower.yaml says what to expect. */
  all: boolean
  git: DeclaredFleet
  expect: Configuration['expect']
  settings: Configuration['compare']
  /** The results of `oc cluster-compare`, by cluster. */
  conformance: ReadonlyMap<string, Conformance>
  readers: ReadonlyMap<string, Reader>
  /** The labels of the image, where it is made already. */
  image?: ImageLabels
  conceal: (secret: string) => void
}>

/** The descriptions in Git by the names of their clusters. */
type Listed = ReadonlyMap<string, Declared>

/**
 * Compares a seed with its targets. Reads one cluster after the other. Throws RefusedError CLUSTER_NOT_FOUND for a cluster
 * that is neither in Git nor can be asked, InputError CONFIGURATION_INVALID for a row under `expect` that does not exist.
 */
export const compareClusters = async (comparing: Comparing): Promise<Comparison> => {
  const { cluster, settings, named, git, conformance } = comparing
  // Of two with one name the first counts.
  const listed: Listed = new Map(git.clusters.map(one => [one.cluster, one] as const).reverse())
  const asking = { ...comparing, listed }
  const { image } = comparing
  const seed = { ...(await sideOf(asking, cluster, 'seed')), ...(image && { image }) }
  const others = git.clusters.map(one => one.cluster).filter(name => name !== cluster)
  const asked = [...comparing.readers.keys()].filter(name => name !== cluster)
  const expected = expectedSide(comparing)
  const names = named.length > 0 ? named : [...new Set([...asked, ...(expected ? [] : others)])]
  const targets: Side[] = expected ? [expected] : []
  for (const name of names) targets.push(await sideOf(asking, name, 'target'))
  return compareFleet(seed, targets, { ...settings, conformance })
}

const sideOf = async (
  { readers, conceal, listed }: Comparing & Readonly<{ listed: Listed }>,
  cluster: string,
  role: Side['role'],
): Promise<Side> => {
  const declared = listed.get(cluster) ?? null
  const reader = readers.get(cluster)
  if (!reader) {
    if (declared) return { cluster, role, declared, answers: null, expected: null }
    throw new RefusedError(
      'CLUSTER_NOT_FOUND',
      `looking for cluster ${cluster}: no ClusterInstance of it is listed, and nothing else was named to ask`,
      { fix: 'check the name, or name its kubeconfig or must-gather' },
    )
  }
  const answers = await askQueries(
    {
      ...{ hub: unknown('not-asked'), seed: present(reader), conceal },
      names: { '{cluster}': cluster },
    },
    askedQueries,
  )
  return { cluster, role, declared, answers, expected: null }
}

/** The side that sower.yaml expects of every target; null where it says nothing or targets are named. */
const expectedSide = ({ expect, named, all }: Comparing): Side | null => {
  if (expect === undefined || named.length > 0 || all) return null
  const known = mustBeEqual.map(({ id }) => id.slice(id.indexOf('.') + 1))
  const other = Object.keys(expect).find(name => !known.includes(name))
  if (other !== undefined)
    throw new InputError(
      'CONFIGURATION_INVALID',
      `reading sower.yaml: expect.${other}: no row has this name`,
      {
        fix: `use one of ${known.join(', ')}`,
      },
    )
  return {
    ...{ cluster: 'every target', role: 'target', declared: null, answers: null },
    expected: new Map(Object.entries(expect)),
  }
}
