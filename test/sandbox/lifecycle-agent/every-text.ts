import t from 'tap'
import { describeSeed } from '../../../src/cli/commands/status/describe-seed.ts'
import { nothingShown, renderReport } from '../../../src/core/report/render-report.ts'
import { codeCell, plain } from '../../../src/core/report/plain.ts'
import { decide } from '../../../src/core/run/decide.ts'
import type { Run } from '../../../src/core/run/run.ts'
import { absent, present, type Seen } from '../../../src/core/seen.ts'
import type { SeedImage } from '../../../src/core/seedgen/prove-image.ts'
import { explainAgent } from '../../../src/core/seedgen/explain-agent.ts'
import { observeSeedGenerator } from '../../../src/operations/seed/observe-seed-generator.ts'
import type { ObjectStore, StoredObject } from '../../../src/sandbox/kubernetes/object-store.ts'
import type {
  AgentCall,
  LifecycleAgentFaults,
} from '../../../src/sandbox/lifecycle-agent/lifecycle-agent-faults.ts'
import {
  emptyPullSecret,
  pullSecretKey,
} from '../../../src/sandbox/lifecycle-agent/rejection-of.ts'
import { fakeCluster } from '../../support/fake-cluster.ts'
import { aLook, aRun, at, newImage } from '../../support/run/run-scene.ts'
import { virtualClock } from '../../support/sandbox/virtual-clock.ts'
import { generatorKey, read, scene, secretKey } from '../../support/sandbox/lifecycle-scene.ts'

type Case = Readonly<{
  faults?: LifecycleAgentFaults
  /** What is on the seed, or not, before the SeedGenerator comes. */
  prepare?: (store: ObjectStore) => void
  fix: RegExp
}>

type Given = Pick<StoredObject, 'apiVersion' | 'kind'> & Readonly<{ metadata?: object }>

const objects =
  (...all: readonly Given[]) =>
  (store: ObjectStore): void => {
    for (const object of all)
      store.create({ ...object, metadata: { name: 'x', ...object.metadata } })
  }
const crd = (name: string, finalizers: readonly string[] = []) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name, finalizers },
})
const namespace = (name: string, finalizers: readonly string[] = []) => ({
  ...{ apiVersion: 'v1', kind: 'Namespace', metadata: { name, finalizers } },
})
const broken = (call: AgentCall, error = 'exit status 125'): LifecycleAgentFaults => ({
  errors: { [call]: error },
})
const oadp = crd('dataprotectionapplications.oadp.openshift.io')
const csv = { apiVersion: 'operators.coreos.com/v1alpha1', kind: 'ClusterServiceVersion' }

/** Each rejection and failure, by its beginning. */
const cases: Readonly<Record<string, Case>> = {
  'Rejected: Installed release does not support "ostree admin set-default" feature': {
    ...{ faults: { lacks: 'ostree admin set-default' }, fix: /upgrade the seed to OpenShift/ },
  },
  'Rejected: Cluster must be configured with shared container storage': {
    ...{
      faults: { lacks: 'shared container storage' },
      fix: /partition for \/var\/lib\/containers/,
    },
  },
  'Rejected: Cluster must be detached from hub prior to seed generation': {
    ...{ prepare: objects(crd('klusterlets.operator.open-cluster-management.io')) },
    fix: /find what brought the klusterlet back/,
  },
  'Failure occurred during check for klusterlets CRD in system validation': {
    faults: { unanswered: 'during check for klusterlets CRD' },
    fix: /get clusteroperators/,
  },
  'Failure occurred during check for configured PVs in system validation': {
    faults: { unanswered: 'during check for configured PVs' },
    fix: /get clusteroperators/,
  },
  'Failure occurred when checking OADP version in system validation': {
    ...{ faults: { unanswered: 'when checking OADP version' }, fix: /get csv -n openshift-adp/ },
  },
  'Rejected due to presence of ACM addon(s): open-cluster-management-addon-a': {
    prepare: objects(namespace('open-cluster-management-addon-a')),
    fix: /delete the namespaces that it names/,
  },
  'Rejected due to system missing dnsmasq config required for IBU': {
    ...{ faults: { lacks: 'dnsmasq' }, fix: /50-master-dnsmasq-configuration/ },
  },
  'Rejected due to invalid cluster pull-secret (previously sanitized without proper restore)': {
    prepare: store => {
      const empty = Buffer.from(emptyPullSecret).toString('base64')
      store.change(pullSecretKey, secret => {
        secret['data'] = { '.dockerconfigjson': empty }
      })
    },
    fix: /oc set data secret\/pull-secret/,
  },
  'Rejected: Cluster must not have any Persistent Volumes configured': {
    ...{ prepare: objects({ apiVersion: 'v1', kind: 'PersistentVolume' }), fix: /oc get pv/ },
  },
  'Rejected: Cluster must not have any LocalVolumes configured': {
    prepare: objects({ apiVersion: 'local.storage.openshift.io/v1', kind: 'LocalVolume' }),
    fix: /oc get localvolumes -A/,
  },
  'Rejected: Cluster must not have any LVMClusters configured': {
    prepare: objects({ apiVersion: 'lvm.topolvm.io/v1alpha1', kind: 'LVMCluster' }),
    fix: /oc get lvmclusters -A/,
  },
  'Rejected: Cluster must not have any DataProtectionApplication resources configured': {
    prepare: objects(oadp, {
      ...{ apiVersion: 'oadp.openshift.io/v1alpha1', kind: 'DataProtectionApplication' },
      metadata: { namespace: 'openshift-adp' },
    }),
    fix: /oc get dpa/,
  },
  'Rejected: Cluster must have OADP version >= 1.3.1': {
    prepare: store => {
      objects(oadp)(store)
      const name = 'oadp-operator.v1.4.1'
      store.change({ ...csv, name, namespace: 'openshift-adp' }, live => {
        live['spec'] = { version: '1.3.0' }
      })
    },
    fix: /upgrade the operator OADP/,
  },
  'failed to wipe previous workspace': { faults: broken('wipe before'), fix: /ibu-seedgen-orch/ },
  'failed to delete previous imager container': {
    ...{ faults: broken('remove container'), fix: /podman rm -f/ },
  },
  'failed to create workdir': { faults: broken('make directory'), fix: /df -h/ },
  'failed to pull recert image: failed to pull recertImage': {
    ...{ faults: broken('pull recert'), fix: /mirror that image/ },
  },
  'could not access secret seedgen in openshift-lifecycle-agent': {
    prepare: store => {
      store.watch(({ type, object }) => {
        if (type === 'ADDED' && object.kind === 'SeedGenerator') store.remove(secretKey)
      })
    },
    fix: /whether something on the seed has deleted it/,
  },
  'could not find seedAuth in seedgen secret': {
    prepare: store => {
      store.watch(({ type, object }) => {
        if (type === 'ADDED' && object.kind === 'SeedGenerator')
          store.change(secretKey, secret => {
            secret['data'] = {}
          })
      })
    },
    fix: /find who replaced it/,
  },
  'failed to write': { faults: broken('write authfile', 'no space left'), fix: /df -h/ },
  'could not access pull-secret pull-secret in openshift-config': {
    prepare: store => {
      store.remove(pullSecretKey)
    },
    fix: /oc create secret generic pull-secret/,
  },
  'failed to cleanup resources: timed out waiting for ACM CRD deletion': {
    prepare: objects(crd('appliedmanifestworks.work.open-cluster-management.io', ['cleanup'])),
    fix: /take the finalizers off/,
  },
  'failed to cleanup resources: timed out waiting for ACM namespace deletion': {
    prepare: objects(namespace('open-cluster-management-agent', ['kubernetes'])),
    fix: /take the finalizers off/,
  },
  'failed to cleanup resources: failed to delete clusterrole klusterlet': {
    ...{ faults: broken('delete roles'), fix: /oc get appliedmanifestworks/ },
  },
  'failed to cleanup Succeeded pods': {
    ...{ faults: broken('delete Succeeded pods', 'x509: unknown authority'), fix: /z-stream/ },
  },
  'failed to cleanup Failed pods': { faults: broken('delete Failed pods'), fix: /z-stream/ },
  "failed sanitizing cluster's pull-secret: timed out waiting for MCO": {
    ...{ faults: { pullSecretStays: true }, fix: /put the real pull secret back/ },
  },
  'failed to cleanup old machine configs': {
    ...{ faults: broken('delete machine configs'), fix: /z-stream/ },
  },
  'unable to delete seedgen secret CR': { faults: broken('delete Secret'), fix: /webhook/ },
  'unable to delete seedgen CR': { faults: broken('delete SeedGenerator'), fix: /webhook/ },
  'failed to delete IBU CR': { faults: broken('delete upgrade'), fix: /imagebasedupgrade upgrade/ },
  'imager failed: failed to run imager container': {
    ...{ faults: broken('start imager'), fix: /journalctl -u lca-generate-seed-image/ },
  },
  'unexpected return from launching imager container': {
    ...{ faults: broken('keep imager'), fix: /journalctl -u lca-generate-seed-image/ },
  },
}

/** Failures of runs that have pushed their image. */
const pushed: Readonly<Record<string, Case>> = {
  'imager container status check failed: expected container exit code 0, found: 1': {
    ...{ faults: { restorationFails: true }, fix: /podman logs lca_image_builder/ },
  },
  'imager container status check failed: expected container status exited, found: stopped': {
    faults: broken('inspect imager', 'expected container status exited, found: stopped'),
    fix: /upgrade the Lifecycle Agent/,
  },
  'failed to wipe workspace': { faults: broken('wipe after'), fix: /ibu-seedgen-orch/ },
}

const statusOf = (run: Run): string =>
  describeSeed(
    {
      ...{ cluster: 'sno1', listed: null, commentedOut: [], record: null, run, warnings: [] },
      ...{ secret: { state: 'unknown', fix: '' }, accessSince: null, hub: null },
    },
    at(0),
  )

/** Plays a case on the sandbox's agent, and the run on what is seen of it, up to CleaningUp or a blocked Verifying. */
const play = async (
  test: Parameters<typeof scene>[0],
  [begins, { faults = {}, prepare }]: readonly [string, Case],
  image: Seen<SeedImage>,
): Promise<Run> => {
  const { store, deliver, until, ended } = scene(test, faults, { clock: virtualClock() })
  prepare?.(store)
  deliver('ibu/told:1')
  await until(begins, ended)
  const seed = fakeCluster()
  const { kind, metadata, spec, status } = store.get(generatorKey)!
  seed.add({ kind, metadata: { ...metadata, uid: '' }, spec, status })
  const seedGenerator = await observeSeedGenerator(seed.port)
  const heard = decide(aRun('Generating'), aLook('Generating', { seedGenerator }), at(60)).run
  test.equal(heard.phase, 'Verifying', begins)
  const said = (heard.facts.lastMessage ?? '').replace(/^(?:Seed generation failed: )+/, '')
  test.equal(said.slice(0, begins.length), begins, 'the agent says so')
  return decide(heard, aLook('Verifying', { image, seedGenerator }), at(61)).run
}

t.test('each rejection and failure ends with cause and fix in status and pull request', async t => {
  await Promise.all(
    Object.entries(cases).map(async ([begins, of]) => {
      const run = await play(t, [begins, of], absent)
      const { cause = '', fix = '' } = explainAgent(begins) ?? {}
      t.equal(run.blocked?.code, 'IMAGE_NOT_PROVEN', begins)
      t.match(fix, of.fix, begins)
      for (const text of [run.blocked?.reason, statusOf(run)])
        t.ok(text?.includes(cause), `${begins}: ${text}`)
      for (const text of [run.blocked?.fix, statusOf(run)])
        t.ok(text?.includes(fix), `${begins}: ${text}`)
      const report = renderReport(run, nothingShown)
      for (const text of [cause, fix]) t.ok(report.includes(plain(text)), `${begins}: ${report}`)
    }),
  )
})

t.test('a failure after the push ends as Completed, with cause and fix in the report', async t => {
  await Promise.all(
    Object.entries(pushed).map(async ([begins, of]) => {
      const run = await play(t, [begins, of], present(newImage))
      t.equal(run.outcome, 'Completed', begins)
      const { cause = '', fix = '' } = explainAgent(begins) ?? {}
      t.match(fix, of.fix, begins)
      t.ok(renderReport(run, nothingShown).includes(codeCell(`${cause}; ${fix}`)), begins)
    }),
  )
  t.equal((await read('ibu/told/manifests/1')).code, 200, 'the image is there')
})
