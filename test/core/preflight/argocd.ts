import t from 'tap'
import { argocdRows } from '../../../src/core/preflight/argocd/argocd-rows.ts'
import { canSync, checkToken } from '../../../src/core/preflight/argocd/check-token.ts'
import { checkRule } from '../../../src/core/preflight/argocd/check-rule.ts'
import { argocdRules } from '../../../src/core/application/hindrances-of.ts'
import type { Check } from '../../../src/core/preflight/check.ts'
import type { Facts } from '../../../src/core/preflight/facts.ts'
import type { Answer, Answers } from '../../../src/core/preflight/query.ts'
import { absent, present, unknown } from '../../../src/core/seen.ts'
import { knownFacts } from '../../support/preflight/known-facts.ts'
import { syncFacts } from '../../support/sync-facts.ts'

const { spec } = syncFacts().project!
const project = { kind: 'AppProject', metadata: { name: 'ztp' }, spec }
const answering =
  (projects: Answer, instances: Answer = present([])): Answers =>
  ({ resource }) =>
    resource === 'appprojects' ? projects : instances
const judged = (answers: Answers, facts: Facts = knownFacts): readonly Check[] =>
  argocdRows
    .filter(({ id }) => id.startsWith('argocd.') && id !== 'argocd.token')
    .map(({ check }) => check(answers, facts))
const failed = (answers: Answers, facts?: Facts): readonly (readonly [string, string])[] =>
  judged(answers, facts)
    .filter(({ status }) => status !== 'pass')
    .map(({ id, status }) => [id, status])

t.test('each rule of Argo CD is a row of its own, without those that another one shows', t => {
  const checks = judged(answering(present([project])))
  t.ok(
    checks.every(
      ({ status, reason, fix }) => status === 'pass' && fix === '' && reason === 'site fits',
    ),
  )
  t.equal(checks.length, argocdRules.length - 3)
  t.notOk(checks.some(({ id }) => id === 'argocd.prune-option'))
  t.match(
    judged(answering(present([]))).filter(({ status }) => status !== 'pass'),
    [
      {
        ...{ id: 'argocd.project-exists', level: 'block', status: 'fail' },
        reason: 'site is of project ztp, which is not there',
        fix: /AppProject/,
      },
    ],
  )
  t.end()
})

t.test('what could not be read is no pass, and names what was read', t => {
  const ofProject = ['project-exists', 'project-permits', 'sync-window', 'sync-window-soon']
  const all = (names: readonly string[], status: string): unknown =>
    names.map(name => [`argocd.${name}`, status])
  const forbidden = answering(unknown('forbidden'))
  t.strictSame(failed(forbidden), all(ofProject, 'unknown'))
  t.match(
    judged(forbidden).find(({ status }) => status === 'unknown'),
    {
      reason: 'no answer: appprojects.argoproj.io {argocd} on the hub: forbidden',
      fix: 'let the user list appprojects in argoproj.io',
    },
  )
  const odd = { ...project, spec: { destinations: 'x' } }
  t.strictSame(failed(answering(present([odd]))), all(ofProject, 'unknown'))
  const ofInstances = ['tracking', 'project-permits', 'shared', 'delete-option']
  t.strictSame(
    failed(answering(present([project]), unknown('timeout'))),
    all(ofInstances, 'unknown'),
  )
  t.end()
})

t.test('nothing is judged where there is not exactly one Application', t => {
  const { application } = syncFacts()
  const answers = answering(present([project]))
  const [rule] = argocdRules
  for (const [applications, status] of [
    [unknown('timeout'), 'unknown'],
    [absent, 'not-asked'],
    [present([{ ...application, mismatch: 'renders x' }]), 'not-asked'],
    [present([application, application]), 'not-asked'],
  ] as const) {
    const facts = { ...knownFacts, argocd: { ...knownFacts.argocd, applications } }
    t.match(checkRule(rule!, answers, facts), { id: 'argocd.automated', status, fix: /./ })
  }
  t.end()
})

t.test('the token has `get` and `sync`, or a person orders the sync', t => {
  const said = (token: Facts['argocd']['token']) => [
    checkToken({ token }).status,
    canSync({ token }),
  ]
  t.strictSame(said(absent), ['pass', false])
  t.strictSame(said(unknown('timeout')), ['unknown', false])
  t.strictSame(said(present({ get: true, sync: true })), ['pass', true])
  t.strictSame(said(present({ get: false, sync: true })), ['fail', false])
  t.match(
    checkToken({ token: present({ get: false, sync: true }) }).fix,
    /a person orders the sync/,
  )
  t.end()
})
