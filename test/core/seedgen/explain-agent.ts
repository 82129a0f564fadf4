import t from 'tap'
import '../../../src/core/seedgen/agent-text.ts'
import { agentTexts } from '../../../src/core/seedgen/agent-texts.ts'
import { rejectionTexts } from '../../../src/core/seedgen/rejection-texts.ts'
import { agentWaits, explainAgent } from '../../../src/core/seedgen/explain-agent.ts'

/** As the Lifecycle Agent writes them (seedgen_controller.go:298-941, common.go:74). */
const texts = [
  'Rejected: Installed release does not support "ostree admin set-default" feature',
  'Rejected: Cluster must be configured with shared container storage',
  'Rejected: Cluster must be detached from hub prior to seed generation',
  'Failure occurred during check for klusterlets CRD in system validation',
  'Failure occurred during check for configured PVs in system validation',
  'Rejected due to presence of ACM addon(s): open-cluster-management-addon-observability',
  'Rejected due to system missing dnsmasq config required for IBU',
  'Rejected due to invalid cluster pull-secret (previously sanitized without proper restore)',
  'Rejected: Cluster must not have any Persistent Volumes configured',
  'Rejected: Cluster must not have any LocalVolumes configured',
  'Rejected: Cluster must not have any LVMClusters configured',
  'Rejected: Cluster must not have any DataProtectionApplication resources configured',
  'Failure occurred when checking OADP version in system validation: no csv',
  'Rejected: Cluster must have OADP version >= 1.3.1',
  'failed to wipe previous workspace: failed to delete /host/var/lib/lca/ibu-seedgen-orch: busy',
  'failed to delete previous imager container: failed to run podman rm command: exit status 125',
  'failed to create workdir: mkdir: read-only file system',
  'failed to pull recert image: failed to pull recertImage (quay.io/recert:v0): exit status 125',
  'could not access secret seedgen in openshift-lifecycle-agent: not found',
  'failed to write /var/lib/lca/ibu-seedgen-orch/auth.json: no space left on device',
  'could not find seedAuth in seedgen secret',
  'could not access pull-secret pull-secret in openshift-config: not found',
  'failed to cleanup resources: timed out waiting for ACM CRD deletion',
  'failed to cleanup resources: timed out waiting for ACM namespace deletion',
  'failed to cleanup resources: failed to delete clusterrole klusterlet: no',
  'failed to cleanup Succeeded pods: x509: certificate signed by unknown authority',
  'failed to cleanup Failed pods: no',
  "failed sanitizing cluster's pull-secret: timed out waiting for MCO to override pull-secret file: context deadline exceeded",
  'failed to cleanup old machine configs, err: no',
  'unable to delete seedgen secret CR: no',
  'unable to delete seedgen CR: no',
  'failed to delete IBU CR: no',
  'imager failed: failed to run imager container: exit status 1',
  'unexpected return from launching imager container',
  'imager container status check failed: expected container status exited, found: stopped',
  'imager container status check failed: expected container exit code 0, found: 1',
  'imager container status check failed: expected container status 0, found: 1',
  'failed to wipe workspace: failed to delete /host/var/lib/lca/ibu-seedgen-orch: busy',
]

t.test('explains every text of the Lifecycle Agent, alone and as it tells a failure', t => {
  const used = new Set<string>()
  for (const text of texts) {
    const alone = explainAgent(text)
    t.match(alone, { cause: /./, fix: /./ }, text)
    const told = `Seed generation failed: ${text}`
    t.strictSame(explainAgent(told), alone, text)
    t.strictSame(explainAgent(`Seed generation failed: ${told}`), alone, 'as after the imager')
    const isRejection = text.startsWith('Rejected') || text.startsWith('Failure occurred')
    t.equal(alone?.kind === 'rejected', isRejection, text)
    const isImagers = /^(?:imager|unexpected|failed to wipe workspace)/.test(text)
    t.equal(alone?.kind === 'imager', isImagers, text)
    if (alone?.kind !== 'imager') t.notMatch(alone?.fix, /podman logs/, text)
    used.add(alone?.cause ?? '')
  }
  for (const generic of [
    'Rejected: something that a later version looks for',
    'Failure occurred',
  ]) {
    used.add(explainAgent(generic)?.cause ?? '')
    t.equal(explainAgent(generic)?.kind, 'rejected')
  }
  t.ok(rejectionTexts.every(({ kind }) => kind === 'rejected'))
  t.same(
    agentTexts.filter(({ cause }) => !used.has(cause)).map(({ begins }) => begins),
    [],
    'no row that fits nothing',
  )
  t.end()
})

t.test('says where to look for a failure that it does not know, and nothing of progress', t => {
  t.match(explainAgent('Seed generation failed: something new'), {
    ...{ kind: 'imager', fix: /podman logs lca_image_builder/ },
  })
  for (const message of [null, 'Launching imager container', 'Seed Generation completed'])
    t.equal(explainAgent(message), null)
  t.end()
})

t.test('names what the Lifecycle Agent waits for, and where to look', t => {
  const begins = 'Waiting for system to stabilize: one or more health checks failed: '
  for (const [what, fix] of [
    ['one or more ClusterOperators not yet ready: dns', /get clusteroperators/],
    ['one or more MachineConfigPools not yet ready: master', /get mcp/],
    ['certificateSigningRequest (csr) csr-x not yet approved', /certificate approve/],
    ['one or more ClusterServiceVersions not yet ready: a.v4', /get csv -A/],
    ['sriovNetworkNodeState not ready', /sriovnetworknodestates/],
    ['no SriovNetworkNodeStates present', /sriovnetworknodestates/],
    ['node is not yet ready: a', /get nodes/],
    ['clusterVersion version not ready', /get clusterversion/],
    ['the moon', /fix what it names on the seed/],
  ] as const) {
    const waits = agentWaits(`${begins}${what}`)
    t.ok(waits?.what.includes(what))
    t.match(waits?.fix, fix, what)
  }
  t.equal(agentWaits('Waiting for system to stabilize'), null)
  t.equal(agentWaits(null), null)
  t.end()
})
