import t from 'tap'
import {
  blockOnAttached,
  blockOnListed,
} from '../../../src/core/run/detaching/block-on-attached.ts'
import { isAdopted } from '../../../src/core/run/detaching/is-adopted.ts'
import { requireBroughtAccess } from '../../../src/core/run/detaching/require-brought-access.ts'
import { requireSavedAccess } from '../../../src/core/run/detaching/require-saved-access.ts'
import { readRun } from '../../../src/core/run/read-run.ts'
import { runOfSeedRun, specOf } from '../../../src/core/run/seed-run-fields.ts'
import { absent, forbidden, present, unknown } from '../../../src/core/seen.ts'
import { rules } from '../../support/run/run-rules.ts'
import { adopting, aLook, aRun, at, head } from '../../support/run/run-scene.ts'

const run = adopting()
const attached = present({ uid: 'uid-2' })
const denied = forbidden({ verb: 'get', group: '', resource: 'secrets' })
const unproven = present({ proven: false, reason: 'the kubeconfig leads to the cluster sno2' })
const notThere = { ...{ object: 'every BareMetalHost', read: absent }, seen: 'absent' } as const
const host = { object: 'BareMetalHost sno1/host', read: present({ detail: null }) }

t.test('an older run, and one that says nothing, is not adopted', t => {
  t.ok(isAdopted(aRun('Detaching', run)))
  t.notOk(isAdopted(aRun('Detaching', adopting(false))))
  t.notOk(isAdopted(aRun('Detaching')))
  const older = aRun('Detaching')
  t.strictSame(readRun(older, 'x.json'), older)
  t.ok(isAdopted(readRun(aRun('Detaching', run), 'x.json')))
  const metadata = { name: 'sno1', resourceVersion: '1' }
  t.ok(isAdopted(runOfSeedRun({ metadata, spec: specOf(aRun('Requested', run)) }, 'x')))
  t.notOk(isAdopted(runOfSeedRun({ metadata, spec: specOf(older) }, 'x')))
  t.end()
})

t.test('access that nobody has saved is asked for with the command', t => {
  const adopted = aRun('Requested', run)
  t.match(requireBroughtAccess(adopted, absent, at(0))?.run.blocked, {
    code: 'ACCESS_MISSING',
    fix: /sower access save --seed-kubeconfig FILE sno1/,
  })
  t.match(requireBroughtAccess(adopted, unproven, at(0))?.run.blocked, {
    code: 'ACCESS_NOT_PROVEN',
    reason: /leads to the cluster sno2/,
  })
  const silent = present({ proven: false, reason: null })
  t.match(requireBroughtAccess(adopted, silent, at(0))?.run.blocked, { reason: /does not work/ })
  t.equal(requireBroughtAccess(adopted, present({ proven: true, reason: null }), at(0)), undefined)
  t.match(requireSavedAccess(aRun('Detaching'), aLook('Detaching', { access: absent }), at(0)), {
    effect: { do: 'save-access' },
  })
  t.end()
})

t.test('what is attached is named', t => {
  const adopted = aRun('Detaching', run)
  const look = aLook('Detaching', {
    managedCluster: attached,
    klusterlet: present(true),
    addonNamespaces: present(['open-cluster-management-addon-x']),
    remaining: [notThere, host],
  })
  t.match(blockOnAttached(adopted, look, at(0))?.run.blocked, {
    code: 'NOT_DETACHED',
    reason:
      'an adopted run needs sno1 detached, and there is: ManagedCluster sno1, the klusterlet CRD on the seed, Namespace open-cluster-management-addon-x on the seed, BareMetalHost sno1/host',
  })
  t.equal(blockOnAttached(adopted, aLook('Detaching'), at(0)), undefined)
  t.match(blockOnListed(adopted, at(0)).run.blocked, { code: 'NOT_DETACHED' })
  t.end()
})

const requested = rules('Requested')
const isGone = { detach: present({ status: 'detached' } as const), managedCluster: absent }
const edit = present({ status: 'detachable', commit: head } as const)
const uid = { facts: { managedClusterUid: null } }

requested('adopts a seed that is gone', isGone, 'Proposed', { run: { ...run, ...uid } })
requested('edits no branch to adopt', { detach: edit }, 'NOT_DETACHED', { run })
requested('saves no access to adopt', { ...isGone, access: absent }, 'ACCESS_MISSING', { run })
requested('tries no access again', { ...isGone, access: unproven }, 'ACCESS_NOT_PROVEN', { run })
requested('may not see it', { ...isGone, access: denied }, 'READ_FORBIDDEN', { run })

const proposed = rules('Proposed')
proposed('loses its access', { access: absent, managedCluster: absent }, 'ACCESS_MISSING', { run })

const detaching = rules('Detaching')
const goneSince = { facts: { goneSince: at(60) } }
const seenGone = { ...run, facts: { goneSince: at(0) } }
const silence = unknown('timeout')
detaching('looks once', {}, null, { run, then: goneSince, wakeAt: at(90) })
detaching('looks twice', {}, 'Detached', { run: seenGone })
detaching('never had access', { access: absent }, 'ACCESS_MISSING', { run })
detaching('is attached', { managedCluster: attached }, 'NOT_DETACHED', { run })
detaching('has a klusterlet', { klusterlet: present(true) }, 'NOT_DETACHED', { run })
detaching('has a host', { remaining: [host] }, 'NOT_DETACHED', { run })
detaching('has no answer', { managedCluster: silence }, null, { run })
detaching('has no answer for long', { managedCluster: silence }, 'DETACH_SLOW', { run, now: 2701 })
detaching('may not look', { klusterlet: denied }, 'READ_FORBIDDEN', { run })
const application = present({
  ...{ name: 'x', hasMerge: false, isRefreshing: false, refusesToEmpty: true, reason: null },
})
detaching('asks nothing of Argo CD', { application, klusterlet: silence }, null, { run })
detaching('is listed again', { detachHolds: present(false) }, 'DETACH_REVERTED', { run })

const detached = rules('Detached')
detached('is attached again', { managedCluster: attached }, 'Detaching', {
  run: { ...run, facts: { goneSince: at(0) } },
  then: { facts: { goneSince: null } },
})
