import t from 'tap'
import { compareFleet } from '../../../src/core/compare/compare-fleet.ts'
import { compareConformance, readConformance } from '../../../src/core/compare/conformance.ts'
import { checkFormat, labelledValues } from '../../../src/core/compare/image-labels.ts'
import { answersFrom, made, seedWith, targetWith } from '../../support/compare/objects.ts'

// In the shape of kube-compare's own golden output (pkg/compare/testdata/JSONOutput/localout.golden).
const printed = {
  Summary: {
    ValidationIssuses: {
      Networking: {
        sriov: {
          Msg: 'Missing CRs',
          CRs: ['SriovOperatorConfig.yaml'],
          crMetadata: { 'SriovOperatorConfig.yaml': { description: 'x' } },
        },
        none: { Msg: 'All or none', CRs: null },
      },
    },
    NumMissing: 1,
    UnmatchedCRS: ['v1_ConfigMap_default_other'],
    NumDiffCRs: 1,
    TotalCRs: 2,
    MetadataHash: 'f077accb',
    patchedCRs: 0,
  },
  Diffs: [
    {
      DiffOutput: 'diff -u -N a b\n',
      CorrelatedTemplate: 'PtpOperatorConfig.yaml',
      CRName: 'ptp.openshift.io/v1_PtpOperatorConfig_openshift-ptp_default',
    },
    { DiffOutput: '', CorrelatedTemplate: 'a.yaml', CRName: 'v1_ConfigMap_a_b', description: 'x' },
  ],
}

t.test('names what is missing and what differs as it printed them', t => {
  const found = readConformance(JSON.stringify(printed), 'a.json')
  t.equal(
    compareConformance(found).reason,
    'oc cluster-compare: 1 missing, 1 of 2 differ, 1 not in the reference: SriovOperatorConfig.yaml (Missing CRs), ptp.openshift.io/v1_PtpOperatorConfig_openshift-ptp_default',
  )
  const bare = { Summary: { ...printed.Summary, ValidationIssuses: null, UnmatchedCRS: null } }
  t.strictSame(readConformance(JSON.stringify(bare), 'a.json').named, [], 'what Go left empty')
  t.end()
})

const settings = { accept: [], configMap: 'openshift-lifecycle-agent/extra-manifests' }

t.test(
  'what oc cluster-compare says is one row, and its call is named where it says nothing',
  t => {
    const summary = (of: object) =>
      JSON.stringify({ Summary: { NumMissing: 0, NumDiffCRs: 0, TotalCRs: 9, ...of } })
    const good = readConformance(summary({}), 'a.json')
    t.match(compareConformance(good), { status: 'pass', fix: '' })
    const bad = readConformance(summary({ NumDiffCRs: 2, UnmatchedCRS: ['x'] }), 'a.json')
    t.match(compareConformance(bad), {
      ...{ status: 'fail', level: 'warn' },
      reason: 'oc cluster-compare: 0 missing, 2 of 9 differ, 1 not in the reference',
    })
    for (const wrong of ['{', '{}', summary({ TotalCRs: -1 })])
      t.throws(() => readConformance(wrong, 'a.json'), {
        code: 'ARGUMENT_INVALID',
        message: /a\.json/,
      })
    const { targets } = compareFleet(seedWith({}), [targetWith({}), targetWith({ cluster: 'b' })], {
      ...settings,
      conformance: new Map([['b', bad]]),
    })
    const rows = targets.map(({ checks }) => checks.find(({ id }) => id === 'profile.conformance'))
    t.match(rows, [{ status: 'fail' }, { status: 'unknown', fix: /oc cluster-compare -r/ }])
    t.end()
  },
)

t.test('the labels of the image count before what its seed says now', t => {
  const labels = {
    format: '4',
    cluster: 'seed-sno1',
    version: '4.18.5',
    hasProxy: true,
    hasFips: false,
  }
  const version = (desired: string) =>
    made(['config.openshift.io/v1', 'ClusterVersion', 'version'], {
      status: { desired: { version: desired } },
    })
  const seed = { ...seedWith({ answers: answersFrom([version('4.19.0')]) }), image: labels }
  const target = targetWith({ answers: answersFrom([version('4.18.5')]) })
  const { seed: onSeed, targets } = compareFleet(seed, [target], settings)
  t.match(onSeed[0], { id: 'image.format', status: 'pass' })
  t.match(targets[0]?.checks, [
    { id: 'equal.version', status: 'fail', seed: ['4.18.5'], agent: /must be higher/ },
    { id: 'equal.proxy', status: 'fail', seed: ['on'], target: ['off'] },
    { id: 'equal.fips', status: 'unknown', seed: ['off'] },
  ])
  t.strictSame([...labelledValues({ format: null, cluster: null })], [], 'what no label says')
  t.match(checkFormat({ ...labels, format: '3' }), {
    status: 'fail',
    level: 'block',
    reason: 'the format of the image is 3',
  })
  t.match(checkFormat({ ...labels, format: null }), { status: 'fail', reason: /not a seed image$/ })
  t.end()
})
