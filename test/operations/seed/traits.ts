import t from 'tap'
import { absent, present, unknown } from '../../../src/core/seen.ts'
import { observeAgent } from '../../../src/operations/seed/observe-agent.ts'
import { readTraits } from '../../../src/operations/seed/read-traits.ts'
import { fakeCluster } from '../../support/fake-cluster.ts'

t.test('reads what the label of an image repeats of its seed', async t => {
  const { port, add } = fakeCluster()
  t.strictSame(await readTraits(port), {}, 'what is not there is not compared')
  const proxy = (spec: object): void => {
    const metadata = { name: 'cluster', uid: '' }
    add({ apiVersion: 'config.openshift.io/v1', kind: 'Proxy', metadata, spec })
  }
  proxy({})
  t.strictSame(await readTraits(port), { hasProxy: false })
  proxy({ noProxy: '.example.com' })
  t.strictSame(await readTraits(port), { hasProxy: true })
  const annotations = { 'machineconfiguration.openshift.io/currentConfig': 'rendered-a' }
  add({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'a', uid: '', annotations } })
  for (const fips of [true, false]) {
    add({
      ...{ apiVersion: 'machineconfiguration.openshift.io/v1', kind: 'MachineConfig' },
      ...{ metadata: { name: 'rendered-a', uid: '' }, spec: { fips } },
    })
    t.strictSame(await readTraits(port), { hasProxy: true, hasFips: fips })
  }
})

t.test('says how the pod of the Lifecycle Agent is', async t => {
  const { port, add } = fakeCluster()
  const config = { lifecycleAgent: { namespace: 'openshift-lifecycle-agent' } }
  t.same(await observeAgent(null, config), unknown('unreachable'))
  const pod = (name: string, status: unknown): void => {
    const key = { apiVersion: 'v1', kind: 'Pod', metadata: { name, uid: '' } }
    add({ ...key, status }, 'openshift-lifecycle-agent')
  }
  pod('other', { phase: 'Running' })
  t.same(await observeAgent(port, config), absent)
  pod('lifecycle-agent-controller-manager-a', {
    phase: 'Pending',
    containerStatuses: [
      { state: { waiting: { reason: 'ImagePullBackOff' } } },
      { state: { waiting: { reason: 'ImagePullBackOff' } } },
      { state: { terminated: { reason: 'OOMKilled' } } },
      { state: { running: {} } },
    ],
  })
  t.same(
    await observeAgent(port, config),
    present('its pod lifecycle-agent-controller-manager-a is Pending, ImagePullBackOff, OOMKilled'),
  )
  pod('lifecycle-agent-controller-manager-a', {})
  t.same(
    await observeAgent(port, config),
    present('its pod lifecycle-agent-controller-manager-a is in no phase'),
  )
  const silent = { ...port, list: async () => unknown('timeout') }
  t.same(await observeAgent(silent, config), unknown('timeout'))
})
