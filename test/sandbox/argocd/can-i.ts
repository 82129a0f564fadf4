import t from 'tap'
import { canI } from '../../../src/sandbox/argocd/api/can-i.ts'
import { createRbac } from '../../../src/sandbox/argocd/api/create-rbac.ts'
import { createClock } from '../../../src/sandbox/clock.ts'
import { createObjectStore } from '../../../src/sandbox/kubernetes/object-store.ts'

const clock = createClock(1)
const path = '/api/v1/account/can-i'

t.test('an account may do what some line allows and none denies', t => {
  const hub = createObjectStore(clock)
  const accounts = {
    a: {
      username: 'sower',
      policies: [['*', '*/*'] as const, ['sync', 'ztp/apps/*', 'deny'] as const],
    },
    b: { username: 'proj:ztp:detach', policies: [] },
  }
  const policies = [
    'p, proj:ztp:detach, applications, get, ztp/*, allow',
    'p, proj:ztp:detach, applications, sync, ztp/clusters, allow',
    'p, proj:ztp:other, applications, sync, ztp/*, allow',
  ]
  hub.create({
    ...{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'openshift-gitops' } },
  })
  for (const name of ['ztp', 'other'])
    hub.create({
      ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject' },
      metadata: { name, namespace: 'openshift-gitops' },
      spec: { roles: [{ name: 'detach', policies }] },
    })
  const rbacOf = createRbac({ accounts, hub }, clock)
  t.equal(rbacOf('Bearer nobody'), undefined)
  for (const [token, question, answer] of [
    ['a', 'applications/sync/ztp/clusters', 'yes'],
    ['a', 'applications/sync/ztp/apps/clusters', 'no'],
    ['a', 'applications/get/ztp/apps/clusters', 'yes'],
    ['a', 'clusters/get/x', 'no'],
    ['b', 'applications/get/ztp/anything', 'yes'],
    ['b', 'applications/sync/ztp/clusters', 'yes'],
    ['b', 'applications/sync/ztp/openshift-gitops/clusters', 'yes'],
    ['b', 'applications/sync/ztp/apps/clusters', 'no'],
    ['b', 'applications/get/other/clusters', 'no'],
  ] as const)
    t.strictSame(
      canI(rbacOf(`Bearer ${token}`)!, `${path}/${question}`),
      { value: answer },
      `${token} ${question}`,
    )
  const rbac = rbacOf('Bearer a')!
  t.match(canI(rbac, `${path}/applications/dance/x`), { invalid: /does not contain dance$/ })
  t.match(canI(rbac, `${path}/cakes/get/x`), { invalid: /does not contain cakes$/ })
  t.equal(canI(rbac, '/api/v1/applications/x'), undefined)
  t.end()
})
