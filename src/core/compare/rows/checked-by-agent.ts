import { field, listAt, textAt } from '../../preflight/field.ts'
import type { ReadObject } from '../../preflight/query.ts'
import { jsonAt, overridesOf, type Declared } from '../git/declared.ts'
import { compareQueries } from '../compare-queries.ts'
import type { EqualRow, Found } from './equal-row.ts'
import { newer, same } from '../judged.ts'
import type { Value } from '../value.ts'
import { mountTarget } from './container-partition.ts'

const { clusterVersion, proxy, nodes, machineConfigs, trustBundle } = compareQueries
const refused = 'this combination is not supported'
const hasText = (value: unknown, ...keys: readonly string[]): boolean =>
  keys.some(key => textAt(value, key) !== '')
const onOff = (isOn: boolean): Value => [isOn ? 'on' : 'off']

/** The MachineConfig that the first node runs; undefined where it cannot be told. */
export const currentConfig = (found: Found): ReadObject | undefined => {
  const name =
    found(nodes)[0]?.metadata.annotations?.['machineconfiguration.openshift.io/currentConfig']
  return found(machineConfigs).find(({ metadata }) => metadata.name === name)
}

/** `trustedCA` and the bundle as the Lifecycle Agent compares them. */
const trust = (found: Found): Value => {
  const bundle = found(trustBundle)[0]?.data?.['ca-bundle.crt'] ?? ''
  const name = textAt(found(proxy)[0], 'spec', 'trustedCA', 'name')
  return [`user-ca-bundle: ${bundle === '' ? 'no' : 'yes'}`, `trustedCA: ${name || 'none'}`]
}

const trustAgent = ([bundle, ca]: Value, [otherBundle, otherCa]: Value): string => {
  const configMap = 'openshift-config/user-ca-bundle configmap'
  if (bundle !== otherBundle)
    return bundle === 'user-ca-bundle: yes'
      ? `seed image has an ${configMap} but the cluster being upgraded does not, ${refused}`
      : `seed image does not have an ${configMap} but the cluster being upgraded does, ${refused}`
  const name = (line = ''): string => JSON.stringify(line.replace(/^trustedCA: (?:none$)?/, ''))
  return `seed image's Proxy trustedCA configmap name ${name(ca)} (oc get proxy -oyaml) mismatches cluster's name ${name(otherCa)}, ${refused}`
}

/** The rows that the Lifecycle Agent checks on a target in its Prep stage, with its words (prep_handlers.go). */
export const checkedByAgent: readonly EqualRow[] = [
  {
    id: 'equal.version',
    level: 'block',
    passes: 'the seed has a newer OpenShift version than the target',
    minors: {},
    reads: [clusterVersion],
    read: (found: Found): Value | null => {
      const version = textAt(found(clusterVersion)[0], 'status', 'desired', 'version')
      return version === '' ? null : [version]
    },
    // A ClusterInstance names what was installed, not what runs.
    git: () => null,
    judge: newer,
    fix: 'upgrade the seed before its image is made, or leave this target out',
    source: ['lifecycle-agent prep_handlers.go validateSeedOcpVersion'],
  },
  {
    id: 'equal.proxy',
    level: 'block',
    passes: 'both use a proxy, or neither does; its address need not be the same',
    minors: {},
    reads: [proxy],
    read: found =>
      onOff(hasText(field(found(proxy)[0], 'spec'), 'httpProxy', 'httpsProxy', 'noProxy')),
    git: ({ spec }) => onOff(hasText(field(spec, 'proxy'), 'httpProxy', 'httpsProxy', 'noProxy')),
    judge: same(([seed]) =>
      seed === 'on'
        ? `seed image has a proxy but the cluster being upgraded does not, ${refused}`
        : `seed image does not have a proxy but the cluster being upgraded does, ${refused}`,
    ),
    fix: 'use a seed with a proxy for targets with one, and another without',
    source: [
      'lifecycle-agent prep_handlers.go checkSeedImageProxyCompatibility',
      'client_helper.go:318',
    ],
  },
  {
    id: 'equal.fips',
    level: 'block',
    passes: 'FIPS mode is on for both, or off for both',
    minors: {},
    reads: [nodes, machineConfigs],
    read: (found: Found): Value | null => {
      const config = currentConfig(found)
      return config ? onOff(field(config, 'spec', 'fips') === true) : null
    },
    git: ({ spec }) => onOff(field(overridesOf(spec), 'fips') === true),
    judge: same(([seed]) =>
      seed === 'on'
        ? `seed image has FIPS enabled but the cluster being upgraded does not, ${refused}`
        : `seed image does not have FIPS enabled but the cluster being upgraded does, ${refused}`,
    ),
    fix: 'use a seed that was installed with the same FIPS mode: it cannot be changed later',
    source: ['lifecycle-agent prep_handlers.go checkSeedImageFIPSCompatibility'],
  },
  {
    id: 'equal.trust-bundle',
    level: 'block',
    passes: 'both have an additional trust bundle or neither, and the proxy names the same one',
    minors: {},
    reads: [trustBundle, proxy],
    read: trust,
    git: () => null,
    judge: same(trustAgent),
    fix: 'give the seed the same openshift-config/user-ca-bundle and `trustedCA` of proxy/cluster',
    source: ['lifecycle-agent prep_handlers.go checkSeedImageAdditionalTrustBundleCompatibility'],
  },
  {
    id: 'equal.container-mount',
    level: 'block',
    passes: '/var/lib/containers is mounted from the same device',
    minors: {},
    reads: [nodes, machineConfigs],
    read: found => mountTarget(field(currentConfig(found), 'spec', 'config')),
    git: declared => inNodes(declared, mountTarget),
    judge: same(
      ([seed = ''], [target = '']) =>
        `container storage mountpoint target mismatch: seed=${seed}, cluster=${target}`,
    ),
    fix: 'give seed and targets the same `What=` in var-lib-containers.mount, by the label of the partition',
    source: ['lifecycle-agent prep_handlers.go checkSeedImageContainerStorageCompatibility'],
  },
]

/** The ignition of the first node in a ClusterInstance; null where it has none. */
export const inNodes = (
  { spec }: Declared,
  read: (ignition: unknown) => Value | null,
): Value | null => {
  const ignition = jsonAt(listAt(spec, 'nodes')[0], 'ignitionConfigOverride')
  return ignition === undefined ? null : read(ignition)
}
