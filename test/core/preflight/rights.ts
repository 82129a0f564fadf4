import { readFileSync } from 'node:fs'
import t from 'tap'
import { parseAllDocuments } from 'yaml'
import { listAt, textAt } from '../../../src/core/preflight/field.ts'
import { neededRights } from '../../../src/core/preflight/rights/needed-rights.ts'
import { rightsRows } from '../../../src/core/preflight/rights/rights-rows.ts'
import { describeRight, roleOf, type Right } from '../../../src/core/right.ts'
import { present, unknown } from '../../../src/core/seen.ts'
import { knownFacts, places } from '../../support/preflight/known-facts.ts'

const elsewhere = {
  ...{ ...places, cluster: 'seed-sno1', application: null, agent: null },
  hostsElsewhere: [{ namespace: 'hosts', name: 'node1' }],
}

t.test('every right on the hub is in the role that is named for it', t => {
  const roles = ['base/cluster-role', 'base/role', 'overlays/example/seed-roles']
    .map(name => readFileSync(`manifests/${name}.yaml`, 'utf8'))
    .flatMap(text => parseAllDocuments(text))
    .map((document): unknown => document.toJS())
  for (const right of neededRights(elsewhere).hub) {
    const [kind = '', name = '', , namespace = ''] = roleOf(right).split(' ')
    const role = roles.find(
      one =>
        textAt(one, 'kind') === kind &&
        textAt(one, 'metadata', 'name') === name &&
        textAt(one, 'metadata', 'namespace') === namespace,
    )
    const isAllowed = listAt(role, 'rules').some(
      rule =>
        listAt(rule, 'apiGroups').includes(right.group) &&
        listAt(rule, 'resources').includes(right.resource) &&
        listAt(rule, 'verbs').includes(right.verb) &&
        (listAt(rule, 'resourceNames').length === 0 ||
          listAt(rule, 'resourceNames').includes(right.name)),
    )
    t.ok(isAllowed, `${describeRight(right)}: ${roleOf(right)}`)
  }
  t.end()
})

t.test('an adopted run needs no right in Argo CD, and none to the access of an installer', t => {
  const [all, adopted] = [places, { ...places, adopt: true }].map(of => neededRights(of))
  const missing = all!.hub.filter(
    right => !adopted!.hub.some(other => describeRight(other) === describeRight(right)),
  )
  t.match(
    missing.map(({ resource }) => resource),
    [...['applications', 'applications', 'appprojects', 'secrets']],
  )
  t.equal(missing.at(-1)?.name, 'sno1-admin-kubeconfig')
  t.strictSame(adopted?.seed, all?.seed)
  t.end()
})

t.test('what is not known yet is not asked for, and what is known is asked for by name', t => {
  const said = (rights: readonly Right[]) => rights.map(describeRight)
  t.ok(said(neededRights(elsewhere).hub).includes('get baremetalhosts.metal3.io hosts/node1'))
  t.ok(
    said(neededRights(elsewhere).hub).includes(
      'patch applications.argoproj.io in openshift-gitops',
    ),
  )
  t.ok(
    said(neededRights(places).hub).includes(
      'patch applications.argoproj.io openshift-gitops/clusters',
    ),
  )
  t.notOk(said(neededRights(elsewhere).seed).some(right => right.includes('secrets')))
  t.ok(said(neededRights(places).seed).includes('delete secrets openshift-lifecycle-agent/seedgen'))
  t.end()
})

t.test('a right without an answer is no pass, and a missing one is said all the same', t => {
  const right = {
    verb: 'get',
    group: '',
    resource: 'secrets',
    namespace: 'sower',
    name: 'a-access',
  }
  const silent = { right, allowed: unknown('timeout') }
  const missing = { right, allowed: present(false) }
  for (const row of rightsRows) {
    const check = (asked: readonly (typeof silent | typeof missing)[]) =>
      row.check(() => unknown('not-asked'), { ...knownFacts, rights: { hub: asked, seed: asked } })
    t.match(check([]), { id: row.id, status: 'not-asked' })
    t.match(check([silent]), { status: 'unknown', reason: 'no answer: timeout' })
    t.match(check([silent, missing]), {
      status: 'fail',
      reason: /^not allowed to get secrets sower\/a-a/,
    })
  }
  t.end()
})
