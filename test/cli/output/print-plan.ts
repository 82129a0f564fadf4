import t from 'tap'
import { printPlan } from '../../../src/cli/output/print-plan.ts'
import { emptyReport, type PlanReport } from '../../../src/core/report/plan-report.ts'

const rootOf = (path: string): PlanReport['roots'][number] => ({
  ...{ path, removed: [], added: [], changed: [], left: 12 },
})
const planned: PlanReport = {
  ...emptyReport('sno1'),
  status: 'detachable',
  file: 'site/kustomization.yaml',
  key: 'resources',
  entry: 'sno1.yaml',
  line: 2,
  style: 'hash-dash',
  proof: 'rendered',
  kustomize: 'kustomize v5.5.0',
  roots: [
    { ...rootOf('site'), removed: ['g/ClusterInstance/sno1/sno1'], left: 3 },
    rootOf('longer/path'),
  ],
  diffs: ['-  - sno1.yaml\n+  #- sno1.yaml\n'],
}
const other = { file: 'a/kustomization.yaml', line: 7 }
const [bmc, ns] = [
  { ...other, object: '/Secret/sno1/bmc', key: 'resources', removable: true, leaves: false },
  { ...other, object: '/Namespace//sno1', key: 'resources', removable: false, leaves: false },
]

t.test('a plan for people shows the edit, its proof, what else is edited and what stays', t => {
  const plans: Readonly<Record<string, PlanReport>> = {
    'a plan': planned,
    'a plan with everything': {
      ...planned,
      roots: [planned.roots[0]!, { ...rootOf('site'), removed: ['/Secret/sno1/gone'], left: 0 }],
      patches: [
        { ...other, key: 'patches', action: 'edited' },
        { ...other, key: 'patches', action: 'matches-nothing' },
      ],
      companions: [bmc, ns, { ...bmc, object: '/Secret/sno1/gone', leaves: true }],
      warnings: ['something is odd'],
      diffs: ['- a\n', '- b\n'],
    },
    'a detach that was written': { ...planned, written: ['a', 'b'] },
    'a detach that was committed': {
      ...planned,
      written: ['a'],
      commits: ['1'.repeat(40), '2'.repeat(40)],
    },
    'a static proof': { ...planned, proof: 'static' },
    'a repair': { ...planned, roots: [{ ...rootOf('site'), left: 1 }] },
    'a reattach': {
      ...planned,
      status: 'reattachable',
      roots: [{ ...rootOf('site'), added: ['g/ClusterInstance/sno1/sno1'] }],
      warnings: ['a risk'],
    },
    'detached already': { ...emptyReport('sno1'), ...other, status: 'detached', companions: [ns] },
    'detached already, nobody knows where': { ...emptyReport('sno1'), status: 'detached' },
    'attached already': { ...emptyReport('sno1'), ...other, status: 'attached' },
    'a detach that would be taken back': { ...emptyReport('sno1'), status: 'reattachable' },
    'a detach that is taken back': {
      ...emptyReport('sno1'),
      ...other,
      status: 'attached',
      written: ['a'],
    },
  }
  for (const [what, plan] of Object.entries(plans)) t.matchSnapshot(printPlan(plan, 72), what)
  t.end()
})

t.test('long lines break between words, and a diff stays as it is', t => {
  const diff = `- ${'a b '.repeat(20)}`
  const warnings = ['one two three four', 'x'.repeat(30)]
  const printed = printPlan({ ...planned, roots: [], diffs: [`${diff}\n`], warnings }, 20)
  t.equal(printed.split('\n')[0], diff)
  t.match(printed, 'warning: one two\n  three four\nwarning:\n')
  t.match(printed, `\n  ${'x'.repeat(30)}\n`, 'a word is never cut')
  t.end()
})
