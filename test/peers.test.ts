import t from 'tap'
import { answersAsItShould } from './peers/answers.ts'
import { clusterKeepsItsWord } from './peers/cluster.ts'
import { leaseAndEventsAreTaken } from './peers/lease-and-events.ts'
import { manifestsAreTaken, podsAreAdmitted } from './peers/manifests.ts'
import { rightsAreThoseOfTheManifests } from './peers/rights.ts'
import { seedRunsKeepRuns } from './peers/seed-runs.ts'
import { watchTells } from './peers/watch.ts'
import { defineForeignKinds } from './support/peers/define-foreign-kinds.ts'
import { kustomizations } from './support/peers/manifest-objects.ts'
import { peerScene } from './support/peers/peer-scene.ts'
import { skipped, startRealPeer } from './support/peers/real-peer.ts'
import { startSandboxPeer } from './support/peers/sandbox-peer.ts'

for (const [name, skip, start] of [
  ['the API of the sandbox', false, startSandboxPeer],
  ['a real API server', skipped, startRealPeer],
] as const)
  void t.test(name, { skip }, async t => {
    const scene = await peerScene(await start(t))
    await t.test('answers', t => answersAsItShould(t, scene))
    await t.test('a cluster', t => clusterKeepsItsWord(t, scene))
    await t.test('SeedRuns', t => seedRunsKeepRuns(t, scene))
    await t.test('leadership and events', t => leaseAndEventsAreTaken(t, scene))
    // The sandbox knows few of their kinds, and a build takes longer than all it says.
    const isReal = start === startRealPeer
    const directories = isReal
      ? kustomizations()
      : ['overlays/cronjob', 'overlays/openshift-gitops']
    if (isReal) await defineForeignKinds(t, scene)
    await t.test('the manifests', t => manifestsAreTaken(t, scene, directories))
    await t.test('the rights', t => rightsAreThoseOfTheManifests(t, scene))
    if (isReal) await t.test('the pods', t => podsAreAdmitted(t, scene))
    await t.test('a watch', t => watchTells(t, scene))
  })
