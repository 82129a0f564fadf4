import t from 'tap'
import type { Check } from '../../../src/core/preflight/check.ts'
import type { RootDifference } from '../../../src/core/proof/compare-renders.ts'
import {
  checkAnnotations,
  leavingSection,
  checkComment,
  checkStatus,
  type Checked,
  type CheckedOn,
} from '../../../src/core/report/check-status.ts'
import {
  changeAsAnnotations,
  changeAsSummary,
  changeAsText,
  sentenceOf,
  unannounced,
  type ChangeReport,
  type ClusterChange,
} from '../../../src/core/report/change-report.ts'
import { plain } from '../../../src/core/report/plain.ts'

const of = (change: Partial<ClusterChange>): ClusterChange => ({
  ...{ cluster: 'sno1', change: 'leaves', announced: false, roots: ['a', 'b'] },
  ...{ file: 'a/k.yaml', line: 3, ...change },
})
const report = (...clusters: readonly ClusterChange[]): ChangeReport => ({
  ...{ apiVersion: 'sower.dev/v1alpha1', kind: 'Check', base: 'x', head: 'y', clusters },
})

t.test('each cluster is a sentence that says what happens and what to do', t => {
  t.match(sentenceOf(of({})), /leaves a, b, and no record .*`sower detach sno1`/)
  t.match(sentenceOf(of({ announced: true })), /leaves a, b: .*as its record says/)
  t.match(
    sentenceOf(of({ change: 'comes-back' })),
    /says that it is detached.*`sower reattach sno1 --i-/,
  )
  t.match(sentenceOf(of({ change: 'comes-back', announced: true })), /may be reinstalled/)
  const both = report(of({}), of({ cluster: 'sno2', announced: true }))
  t.match(changeAsText(both), /^✗ sno1 .*\n✓ sno2 .*\n$/)
  t.strictSame(
    unannounced(both).map(({ cluster }) => cluster),
    ['sno1'],
  )
  t.match(changeAsText(report()), /^No cluster leaves/)
  t.end()
})

t.test('no value ends an annotation or begins another one', t => {
  const hostile = of({ cluster: 'a', file: 'a,b:c%\n::error::x', line: null })
  t.match(
    changeAsAnnotations(report(hostile)),
    /^::error file=a%2Cb%3Ac%25%0A%3A%3Aerror%3A%3Ax,line=1,title=sower%3A a leaves::/,
  )
  const back = of({ change: 'comes-back', announced: true, file: null })
  t.match(changeAsAnnotations(report(back)), /^::notice title=sower%3A sno1 comes back::sno1/)
  t.match(changeAsAnnotations(report()), /^No cluster leaves/)
  t.end()
})

t.test('the summary is Markdown in which values are plain', t => {
  t.match(
    changeAsSummary(report(of({ roots: ['<b>'] })), plain),
    /^### Sower.*\n- ✗ sno1 leaves &#60;b&#62;/,
  )
  t.match(changeAsSummary(report(), plain), /\nNo cluster leaves/)
  t.end()
})

const clusterThat = (change: ClusterChange['change'], announced: boolean, cluster = 'sno1') => ({
  ...{ cluster, change, announced, roots: ['clusters'], file: 'clusters/a.yaml', line: 2 },
})
const checkedOn: CheckedOn = {
  branch: 'main',
  base: 'b'.repeat(40),
  head: 'a'.repeat(40),
  isRequired: null,
}
const notChecked: Checked = {
  code: 'RENDER_FAILED',
  reason: `rendering *x* ${'y'.repeat(200)}`,
  fix: 'fix @it',
}

t.test('a status is green where nothing leaves or comes back unannounced', async t => {
  for (const [clusters, state, description] of [
    [[], 'success', 'No cluster leaves, and none that was detached comes back.'],
    [[clusterThat('leaves', true)], 'success', 'sno1 leaves, as its record says'],
    [[clusterThat('comes-back', true)], 'success', 'sno1 comes back, as was asked for'],
    [[clusterThat('leaves', false)], 'failure', 'sno1 leaves, and no record says so'],
    [
      [clusterThat('comes-back', false)],
      'failure',
      'sno1 comes back, which may reinstall its host',
    ],
    [
      [clusterThat('leaves', true), clusterThat('leaves', false, 'sno2')],
      'failure',
      'sno2 leaves, and no record says so',
    ],
  ] as const)
    t.strictSame(checkStatus({ clusters }), { state, description })
  const many = Array.from({ length: 101 }, (_, index) =>
    clusterThat('leaves', false, `sno${index}`),
  )
  t.equal(checkStatus({ clusters: many }).description.length, 140)
  t.match(checkComment({ clusters: many }, checkedOn), /\n\nAnd 1 more\.\n\n/)
  const { state, description } = checkStatus(notChecked)
  t.equal(state, 'failure')
  t.match(description, /^RENDER_FAILED: rendering \*x\* y+…$/)
  t.equal(description.length, 140)
})

t.test('a comment says what happens, what to do, and which commits were looked at', async t => {
  t.matchOnly(
    checkComment(
      { clusters: [clusterThat('leaves', false), clusterThat('comes-back', true, 'sno2')] },
      checkedOn,
    ),
    /^### Clusters, if this is merged\n\n- ✗ sno1 leaves clusters, and no record says so: .*\n- ✓ sno2 comes back into clusters, as its record says.*\n\nChecked: `aaaaaaaaaaaa`, merged into `bbbbbbbbbbbb` of `main`\.$/,
  )
  t.match(
    checkComment({ clusters: [clusterThat('comes-back', false)] }, checkedOn),
    'comment `/seed reattach sno1 --i-understand-this-may-reinstall`; it counts for the commit that is here now.',
  )
  t.match(
    checkComment({ clusters: [] }, { ...checkedOn, isRequired: true }),
    /comes back\.\n\nChecked:/,
  )
  t.match(
    checkComment({ clusters: [] }, { ...checkedOn, isRequired: false }),
    '`main` does not require the check `sower/check`, so this can be merged all the same',
  )
  const text = checkComment(notChecked, checkedOn)
  t.match(text, '**Refused** (`RENDER_FAILED`): rendering &#42;x&#42; y')
  t.match(text, 'fix @&#8203;it')
  t.notMatch(checkComment({ ...notChecked, fix: null }, checkedOn), 'fix')
})

t.test(
  'a check says where the clusters are listed, and what a merge does to one that leaves',
  t => {
    const unlisted = { ...clusterThat('leaves', true, 'sno3'), file: null, line: null }
    const noLine = { ...clusterThat('leaves', true, 'sno2'), line: null }
    t.match(checkAnnotations({ clusters: [clusterThat('leaves', false), noLine, unlisted] }), [
      { path: 'clusters/a.yaml', line: 2, level: 'failure', message: /^sno1 leaves/ },
      { path: 'clusters/a.yaml', line: 1, level: 'notice' },
    ])
    t.strictSame(checkAnnotations(notChecked), [])
    t.match(checkStatus({ clusters: [] }, { name: 'sno1', code: 'PUSH_DENIED' }), {
      state: 'failure',
      description: 'sno1 leaves, and its run is blocked: PUSH_DENIED',
    })
    const root: RootDifference = {
      ...{ path: 'site', isStatic: false, removed: [], removedClusters: ['sno1'], owned: [] },
      ...{ prunedTooEarly: [], added: [], changed: [], orderKept: true, left: 0 },
    }
    const proof = { roots: [root], refusal: null, isStatic: false, kustomize: 'kustomize 5' }
    const check: Check = {
      ...{ id: 'argocd.empty', level: 'block', status: 'fail', reason: 'left: 0', fix: 'f' },
    }
    const whole = leavingSection({ cluster: 'sno1', proof, checks: [check], missing: null })
    t.match(whole, /^#### `sno1` leaves\n\n\*\*Proof\*\* .*\n\n[^]*`argocd\.empty` \| ✗ block/)
    t.equal(
      leavingSection({ cluster: 'sno1', proof: null, checks: [], missing: 'X: no @image' }),
      '#### `sno1` leaves\n\nNot all could be asked (X: no @&#8203;image).',
    )
    t.match(checkComment({ clusters: [] }, { ...checkedOn, leaving: [whole] }), whole)
    t.end()
  },
)
