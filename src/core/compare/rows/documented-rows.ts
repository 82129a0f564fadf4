import { field, listAt, textAt } from '../../preflight/field.ts'
import { compareQueries } from '../compare-queries.ts'
import type { EqualRow, Found } from './equal-row.ts'
import { overridesOf, type Declared } from '../git/declared.ts'
import { same, seedHasAll } from '../judged.ts'
import { sorted, type Value } from '../value.ts'
import { currentConfig, inNodes } from './checked-by-agent.ts'
import { containerPartition } from './container-partition.ts'
import { objectLines } from './object-lines.ts'

const {
  nodes,
  machineConfigs,
  digestMirrors,
  contentSources,
  network,
  infrastructure,
  nodesConfig,
} = compareQueries
const documented = 'openshift-docs cnf-image-based-upgrade-seed-image-config.adoc'
const guide = 'lifecycle-agent docs/seed-image-generation.md:29-66'

/** The answer for a row to which one of the two has none. */
const unsaid = (): null => null

const familyOf = (address: string): string => (address.includes(':') ? 'IPv6' : 'IPv4')
const families = (addresses: readonly string[]): Value | null => {
  const known = sorted(addresses.filter(address => address !== '').map(familyOf))
  return known.length === 0 ? null : known
}
const cidrs = (value: unknown, ...path: readonly string[]): readonly string[] =>
  listAt(value, ...path).map(one => textAt(one, 'cidr'))
const one = (text: string): Value | null => (text === '' ? null : [text])

const architectures: ReadonlyMap<string, string> = new Map([
  ['amd64', 'x86_64'],
  ['arm64', 'aarch64'],
])

/** Rows that the documentation wants equal, though nothing checks them on a target. */
export const documentedRows: readonly EqualRow[] = [
  {
    id: 'equal.container-partition',
    level: 'block',
    passes: 'the partition for container storage has the same label, start and size',
    minors: {},
    reads: [nodes, machineConfigs],
    read: found => containerPartition(field(currentConfig(found), 'spec', 'config')),
    git: declared => inNodes(declared, containerPartition),
    judge: same(),
    fix: 'give seed and targets the same partition in `ignitionConfigOverride`',
    source: [documented],
  },
  {
    id: 'equal.mirror',
    level: 'block',
    passes:
      'both have mirrors for images (ImageDigestMirrorSet, ImageContentSourcePolicy), or neither',
    minors: {},
    reads: [digestMirrors, contentSources],
    read: found => [found(digestMirrors).length + found(contentSources).length > 0 ? 'yes' : 'no'],
    git: ({ spec, dayZero, policies }: Declared): Value | null => {
      const overrides = overridesOf(spec)
      const kinds = ['ImageDigestMirrorSet', 'ImageContentSourcePolicy']
      const isShown =
        listAt(overrides, 'imageDigestSources').length > 0 ||
        listAt(overrides, 'imageContentSources').length > 0 ||
        [...(dayZero ?? []), ...policies].some(({ kind }) => kinds.includes(kind))
      return isShown ? ['yes'] : null
    },
    judge: same(),
    fix: 'use a seed of a disconnected environment for disconnected targets, and another for the others',
    source: [documented],
  },
  {
    id: 'equal.ip-version',
    level: 'block',
    passes: 'both use IPv4, or IPv6, or both of them',
    minors: {},
    reads: [network, nodes],
    read: found =>
      families([
        ...cidrs(found(network)[0], 'status', 'clusterNetwork'),
        ...listAt(found(nodes)[0], 'status', 'addresses')
          .filter(address => textAt(address, 'type') === 'InternalIP')
          .map(address => textAt(address, 'address')),
      ]),
    git: ({ spec }) =>
      families([...cidrs(spec, 'clusterNetwork'), ...cidrs(spec, 'machineNetwork')]),
    judge: same(),
    fix: 'use a seed with the same IP version: it cannot be changed by an upgrade',
    source: [documented],
  },
  {
    id: 'equal.cpu',
    level: 'block',
    passes: 'the nodes have the same number of CPUs',
    minors: {},
    reads: [nodes],
    read: found => one(textAt(found(nodes)[0], 'status', 'capacity', 'cpu')),
    git: unsaid,
    judge: same(),
    fix: 'use a seed on the same hardware: reserved and isolated CPUs are in the image',
    source: [documented, guide],
  },
  {
    id: 'equal.cpu-architecture',
    level: 'block',
    passes: 'the nodes have the same CPU architecture',
    minors: {},
    reads: [nodes],
    read: (found: Found): Value | null => {
      const name = textAt(found(nodes)[0], 'status', 'nodeInfo', 'architecture')
      return one(architectures.get(name) ?? name)
    },
    git: ({ spec }) => [textAt(spec, 'cpuArchitecture') || 'x86_64'],
    judge: same(),
    fix: 'use a seed of the same architecture',
    source: [documented],
  },
  {
    id: 'equal.cpu-partitioning',
    level: 'block',
    passes: 'workload partitioning is the same',
    minors: {},
    reads: [infrastructure],
    read: found => one(textAt(found(infrastructure)[0], 'status', 'cpuPartitioning')),
    git: ({ spec }) => [textAt(spec, 'cpuPartitioningMode') || 'None'],
    judge: same(),
    fix: 'install seed and targets with the same `cpuPartitioningMode`: it cannot be changed later',
    source: [guide],
  },
  {
    id: 'equal.cgroup',
    level: 'block',
    passes: 'both use cgroup v2, or v1 (a mode that is not set counts as v2: inferred)',
    minors: {},
    reads: [nodesConfig],
    read: (found: Found): Value | null => {
      const mode = textAt(found(nodesConfig)[0], 'spec', 'cgroupMode')
      return [mode || 'v2']
    },
    git: unsaid,
    judge: same(),
    fix: 'set the same `spec.cgroupMode` in nodes.config/cluster',
    source: [guide, 'inferred'],
  },
  {
    id: 'equal.day-0-manifests',
    level: 'block',
    passes: 'the seed has every Day 0 extra manifest of the target',
    minors: {},
    reads: [],
    read: unsaid,
    git: ({ dayZero }) => (dayZero === null ? null : objectLines(dayZero)),
    judge: seedHasAll('Day 0 manifest'),
    fix: 'install the seed with the extra manifests of its targets',
    source: [documented],
  },
]
