import { field, listAt, textAt } from '../field.ts'
import { hubQueries, ofCluster } from '../hub/hub-queries.ts'
import { answer } from '../judge.ts'
import type { Answers, Query, ReadObject } from '../query.ts'
import { notAnswered, row, type Row } from '../row.ts'
import { seedQueries } from './seed-queries.ts'

const { machineConfigs, nodes, nodeSummary } = seedQueries
const { clusterInstances, bareMetalHosts } = hubQueries
const mount = 'var-lib-containers.mount'
const script = '/usr/local/bin/dnsmasq_config.sh'
const overridesAnnotation = 'bmac.agent-install.openshift.io/ignition-config-overrides'

/** Ignition as JSON in a text; nothing where it cannot be read. */
const ignitionIn = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const mountsContainers = (ignition: unknown): boolean =>
  listAt(ignition, 'systemd', 'units').some(unit => textAt(unit, 'name') === mount)

/** The MachineConfig that a node runs. */
const renderedOf = (node: ReadObject | undefined): string =>
  node?.metadata.annotations?.['machineconfiguration.openshift.io/currentConfig'] ?? ''

type Place = Readonly<{
  /** In words, for the reason. */
  where: string
  reads: readonly Query[]
  isThere: (found: (query: Query) => readonly ReadObject[], cluster: string) => boolean
}>

/**
 * Where a container partition shows, the surest first. The way that the documentation recommends is the ignition of the
 * ClusterInstance, which is in no MachineConfig then (inferred); the last one goes by the sizes that the kubelet reports
 * (inferred).
 */
const places: readonly Place[] = [
  {
    where: 'ignitionConfigOverride of the ClusterInstance',
    reads: [clusterInstances],
    isThere: (found, cluster) =>
      ofCluster(found(clusterInstances), cluster)
        .flatMap(instance => listAt(instance, 'spec', 'nodes'))
        .some(node => mountsContainers(ignitionIn(textAt(node, 'ignitionConfigOverride')))),
  },
  {
    where: 'the ignition of the BareMetalHost',
    reads: [bareMetalHosts],
    isThere: found =>
      found(bareMetalHosts).some(({ metadata }) =>
        mountsContainers(ignitionIn(metadata.annotations?.[overridesAnnotation] ?? '')),
      ),
  },
  {
    where: 'the MachineConfig of the node',
    reads: [nodes, machineConfigs],
    isThere: found => {
      const rendered = renderedOf(found(nodes)[0])
      return found(machineConfigs).some(
        config =>
          config.metadata.name === rendered && mountsContainers(field(config, 'spec', 'config')),
      )
    },
  },
  {
    where: 'the sizes that the kubelet reports',
    reads: [nodeSummary],
    isThere: found => {
      const summary = field(found(nodeSummary)[0], 'status', 'node')
      const [all, images] = [
        field(summary, 'fs', 'capacityBytes'),
        field(summary, 'runtime', 'imageFs', 'capacityBytes'),
      ]
      return typeof all === 'number' && typeof images === 'number' && all !== images
    },
  },
]

const partition = { id: 'seed.container-partition', level: 'block' } as const

/** The first place that shows the partition counts; an answer that is missing counts only where none does. */
const checkPartition = (answers: Answers, cluster: string): ReturnType<Row['check']> => {
  const found = (query: Query): readonly ReadObject[] => {
    const read = answers(query)
    return read.seen === 'present' ? read.value : []
  }
  const shown = places.find(({ isThere }) => isThere(found, cluster))
  const silent = places
    .flatMap(({ reads }) => reads)
    .flatMap(query => {
      const read = answers(query)
      return read.seen === 'unknown' ? [{ query, read }] : []
    })[0]
  if (shown === undefined && silent) return notAnswered(partition, silent.query, silent.read)
  return answer(partition.id, partition.level, {
    ok: shown !== undefined,
    reason: shown ? `shown by ${shown.where}` : 'nothing shows a partition for /var/lib/containers',
    fix: `install the seed with a unit ${mount} in ignitionConfigOverride; whether it is mounted: \`oc debug node/NODE -- chroot /host systemctl is-active ${mount}\``,
  })
}

/** Rows about the host: the Lifecycle Agent looks at the host itself, Sower at what configured it. */
export const hostRows: readonly Row[] = [
  {
    ...partition,
    passes:
      'containers have a partition of their own: the ClusterInstance, the BareMetalHost, the MachineConfig of the node or the sizes that the kubelet reports show it, in this order (the last two places are inferred)',
    reads: places.flatMap(({ reads }) => reads),
    source: ['containers', 'S21', 'lifecycle-agent ops.go:785-807'],
    check: (answers, { cluster }) => checkPartition(answers, cluster),
  },
  row({
    id: 'seed.dnsmasq',
    level: 'block',
    passes: `MachineConfig \`50-master-dnsmasq-configuration\` brings ${script}`,
    reads: [machineConfigs],
    source: ['dnsmasq', 'S22', 'lifecycle-agent docs/seed-image-generation.md:47-48'],
    fix: 'apply MachineConfig 50-master-dnsmasq-configuration; ACM 2.9.2 and newer bring it at the installation',
    test: found => {
      const config = found(machineConfigs).find(
        ({ metadata }) => metadata.name === '50-master-dnsmasq-configuration',
      )
      const isThere = listAt(config, 'spec', 'config', 'storage', 'files').some(
        file => textAt(file, 'path') === script,
      )
      return { ok: isThere, reason: isThere ? `brings ${script}` : `nothing brings ${script}` }
    },
  }),
]
