import t from 'tap'
import {
  deniedIn,
  forbiddenIn,
  unansweredAccess,
} from '../../../src/core/run/detaching/forbidden-in.ts'
import { makeItLook } from '../../../src/core/run/detaching/make-it-look.ts'
import { absent, forbidden as deny, present, unknown } from '../../../src/core/seen.ts'
import { rules } from '../../support/run/run-rules.ts'
import { aLook, aRun, at } from '../../support/run/run-scene.ts'

const secret = {
  ...{ verb: 'get', group: '', resource: 'secrets', namespace: 'sower', name: 'sno1-access' },
}

t.test('what may not be read is named, all of it', t => {
  const forbidden = unknown('forbidden')
  const look = aLook('Detaching', {
    ...{ application: forbidden, managedCluster: forbidden, addonNamespaces: forbidden },
    remaining: [{ object: 'ManifestWork of sno1', read: forbidden }],
  })
  t.match(forbiddenIn(look), {
    code: 'READ_FORBIDDEN',
    reason:
      /^Sower is not allowed to: list the Applications \(.*\), read ManifestWork of sno1 \(.*list the namespaces on the seed/,
  })
  t.equal(forbiddenIn(aLook('Detaching', { managedCluster: unknown('timeout') })), undefined)
  t.match(unansweredAccess({ why: 'forbidden' }), { code: 'READ_FORBIDDEN' })
  t.match(unansweredAccess({ why: 'timeout' }), { code: 'CLUSTER_UNAVAILABLE', reason: /timeout/ })
  t.end()
})

t.test('a denial is said with verb, object and role', t => {
  const denied = deny({
    ...{ verb: 'list', group: 'metal3.io', resource: 'dataimages', namespace: 'sno1' },
  })
  const look = aLook('Detaching', {
    remaining: [{ object: 'x', read: denied }],
    addonNamespaces: deny({ verb: 'list', group: '', resource: 'namespaces' }),
  })
  t.equal(
    forbiddenIn(look)?.reason,
    'Sower is not allowed to: list dataimages.metal3.io in sno1 (ClusterRole sower), list namespaces on the seed',
  )
  t.match(unansweredAccess({ why: 'forbidden', denied: secret }), {
    reason: 'Sower is not allowed to: get secrets sower/sno1-access (Role sower-access in sower)',
  })
  t.equal(deniedIn({ hub: [unknown('forbidden'), absent], seed: [present(1)] }), undefined)
  t.end()
})

t.test('Argo CD is not asked again while it looks', t => {
  const application = {
    ...{ name: 'site', hasMerge: false, isRefreshing: true, refusesToEmpty: false, reason: null },
  }
  t.equal(makeItLook(aRun('Detaching'), application, at(0)), undefined)
  t.end()
})

const detaching = rules('Detaching')
const forbidden = unknown('forbidden')
const there = { managedCluster: present({ uid: 'uid-1' }) }
const [begun, forgotten] = [{ facts: { goneSince: at(0) } }, { facts: { goneSince: null } }]
const application = { name: 'clusters', isRefreshing: false, refusesToEmpty: false, reason: null }
const behind = { ...there, application: present({ ...application, hasMerge: false }) }
for (const [what, look] of [
  ['the ManagedCluster', { managedCluster: forbidden }],
  ['an object', { remaining: [{ object: 'a', read: forbidden }] }],
  ['the seed', { klusterlet: forbidden }],
] as const)
  detaching(`stops at once where it may not read ${what}`, look, 'READ_FORBIDDEN', {
    run: begun,
    then: forgotten,
  })
const asked = { then: { facts: { refreshedAt: at(60) } } }
const refresh = { do: 'refresh', application: 'clusters' } as const
detaching('makes Argo CD look', behind, refresh, asked)
detaching('makes it look once an interval', behind, null, {
  run: { facts: { refreshedAt: at(1) } },
})
detaching('makes it look again after that', behind, refresh, {
  run: { facts: { refreshedAt: at(0) } },
  ...asked,
})
const failingWith = (reason: string) => ({
  ...there,
  application: present({ ...application, hasMerge: false, reason }),
})
const comparison = failingWith('ComparisonError: no')
detaching('waits longer while it cannot compare', comparison, null, {
  run: { facts: { refreshedAt: at(0) } },
})
detaching('makes it look again after ten minutes then', comparison, refresh, {
  ...{ now: 601, run: { facts: { refreshedAt: at(1) } } },
  then: { facts: { refreshedAt: at(601) } },
})
const cached = failingWith('ComparisonError: Manifest generation error (cached): no')
const hard = { do: 'hard-refresh', application: 'clusters' } as const
detaching('makes it render anew where it repeats a failure', cached, hard, {
  then: { facts: { refreshedAt: at(60), hardRefreshedAt: at(60) } },
})
detaching('does that once', cached, null, {
  run: { facts: { refreshedAt: at(50), hardRefreshedAt: at(50) } },
})

for (const phase of ['Detached', 'Delivering'] as const) {
  const row = rules(phase)
  row(
    'stops where the ManagedCluster may not be read',
    { managedCluster: deny(secret) },
    'READ_FORBIDDEN',
  )
  row('stops where the seed denies', { klusterlet: deny(secret) }, 'READ_FORBIDDEN')
}
