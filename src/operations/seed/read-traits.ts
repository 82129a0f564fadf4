import { field, textAt } from '../../core/preflight/field.ts'
import type { Run } from '../../core/run/run.ts'
import type { Cluster } from '../ports/cluster.ts'

const proxyKey = { apiVersion: 'config.openshift.io/v1', kind: 'Proxy', name: 'cluster' }

/**
 * Reads what the label of an image repeats of its seed, as the Lifecycle Agent does (client_helper.go HasProxy, HasFIPS). What
 * gives no answer is left out, and is not compared later.
 */
export const readTraits = async (seed: Cluster): Promise<NonNullable<Run['facts']['traits']>> => {
  const [proxy, nodes] = await Promise.all([
    seed.read(proxyKey),
    seed.list({ apiVersion: 'v1', kind: 'Node' }),
  ])
  const hasProxy =
    proxy.seen === 'present'
      ? ['httpProxy', 'httpsProxy', 'noProxy'].some(name => textAt(proxy.value.spec, name) !== '')
      : undefined
  const rendered =
    nodes.seen === 'present'
      ? nodes.value[0]?.metadata.annotations?.['machineconfiguration.openshift.io/currentConfig']
      : undefined
  const config =
    rendered === undefined
      ? undefined
      : await seed.read({
          apiVersion: 'machineconfiguration.openshift.io/v1',
          kind: 'MachineConfig',
          name: rendered,
        })
  return {
    ...(hasProxy === undefined ? {} : { hasProxy }),
    ...(config?.seen === 'present' ? { hasFips: field(config.value.spec, 'fips') === true } : {}),
  }
}
