import t from 'tap'
import { agentTexts } from '../../../src/core/seedgen/agent-texts.ts'
import { agentWaits, explainAgent } from '../../../src/core/seedgen/explain-agent.ts'

/** As the Lifecycle Agent writes them (seedgen_controller.go:298-941, common.go:74). */
const texts = [
  'Rejected: Installed release does not support "ostree admin set-default" feature',
  'Rejected: Cluster must be configured with shared container storage',
  'Rejected: Cluster must be detached from hub prior to seed generation',
  'Failure occurred during check for klusterlets CRD in system validation',
  'Rejected due to presence of ACM addon(s): open-cluster-management-addon-observability',
  'Rejected due to system missing dnsmasq config required for IBU',
  'Rejected due to invalid cluster pull-secret (previously sanitized without proper restore)',
  'Rejected: Cluster must not have any Persistent Volumes configured',
  'Rejected: Cluster must not have any LocalVolumes resources configured',
  'Rejected: Cluster must not have any LVMClusters resources configured',
  'Rejected: Cluster must not have any DataProtectionApplication resources configured',
  'Rejected: Cluster must have OADP version >= 1.3.1',
  'failed to pull recert image: failed to pull recertImage (quay.io/recert:v0): exit status 125',
  'could not access secret seedgen in openshift-lifecycle-agent: not found',
  'could not find seedAuth in seedgen secret',
  'could not access pull-secret pull-secret in openshift-config: not found',
  'failed to cleanup resources: timed out waiting for ACM CRD deletion',
  'timed out waiting for ACM CRD deletion',
  'timed out waiting for ACM namespace deletion',
  'failed to cleanup Succeeded pods: x509: certificate signed by unknown authority',
  'failed to cleanup Failed pods: no',
  "failed sanitizing cluster's pull-secret: timed out waiting for MCO to override pull-secret file",
  'imager container status check failed: expected container status exited, found: stopped',
  'imager container status check failed: expected container exit code 0, found: 1',
  'unexpected return from launching imager container',
]

t.test('explains every text of the Lifecycle Agent, alone and as it tells a failure', t => {
  const used = new Set<string>()
  for (const text of texts) {
    const alone = explainAgent(text)
    t.match(alone, { cause: /./, fix: /./ }, text)
    t.strictSame(explainAgent(`Seed generation failed: ${text}`), alone, text)
    const isRejection = text.startsWith('Rejected') || text.startsWith('Failure occurred')
    t.equal(alone?.kind === 'rejected', isRejection, text)
    t.equal(alone?.kind === 'imager', /imager/.test(text), text)
    if (alone?.kind !== 'imager') t.notMatch(alone?.fix, /lca_image_builder/, text)
    used.add(alone?.cause ?? '')
  }
  const generic = 'Rejected: something that a later version looks for'
  used.add(explainAgent(generic)?.cause ?? '')
  t.equal(explainAgent(generic)?.kind, 'rejected')
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
    ['clusteroperator dns not ready', /get clusteroperators/],
    ['machineconfigpool master not ready', /get mcp/],
    ['csr csr-x not ready', /certificate approve/],
    ['csv sriov.v4 not ready', /get csv -A.*sriovnetworknodestates/],
    ['node not ready', /get nodes/],
    ['the moon', /fix what it names on the seed/],
  ] as const)
    t.match(agentWaits(`${begins}${what}`), { what: new RegExp(what), fix }, what)
  t.equal(agentWaits('Waiting for system to stabilize'), null)
  t.equal(agentWaits(null), null)
  t.end()
})
