import type { Observation, ObservationOf } from '../../../src/core/run/observation.ts'
import {
  activePhases,
  isEnded,
  type Active,
  type Effect,
  type Order,
  type Run,
} from '../../../src/core/run/run.ts'
import { absent, present, unknown } from '../../../src/core/seen.ts'
import {
  aLook,
  detachCommit,
  generatorCommit,
  head,
  merge,
  order,
  seedGenerator,
} from './run-scene.ts'

/** A world as small as a run can tell it: each effect has its consequence, and a human helps. */
type World = Readonly<{
  look: <P extends Run['phase']>(phase: P) => ObservationOf<P extends Active ? P : Active>
  act: (effect: Effect) => void
  /** What a patient human orders of a run that waits. */
  human: (run: Run) => readonly Order[]
}>

/** The world in which a run has come to that phase, and in which all that it does succeeds. */
export const friendlyWorld = (
  from: Active,
  { isDetached = false }: Readonly<{ isDetached?: boolean }> = {},
): World => {
  const reached = activePhases.indexOf(from)
  const world = {
    isSaved: isDetached || reached >= activePhases.indexOf('Proposed'),
    isEdited: isDetached || reached >= activePhases.indexOf('Proposed'),
    isMerged: reached >= activePhases.indexOf('Detaching'),
    holdsMerge: reached > activePhases.indexOf('Detaching'),
    isAttached: !isDetached && reached < activePhases.indexOf('Detaching'),
    isCommitted: reached > activePhases.indexOf('Detached'),
    hasSecret: from === 'Generating',
    hasGenerator: from === 'Generating',
    hasImage: from === 'Verifying' || from === 'CleaningUp',
    isRecorded: false,
  }
  let orders = 0
  const access = () => (world.isSaved ? present({ proven: true, reason: null }) : absent)
  const managedCluster = () => (world.isAttached ? present({ uid: 'uid-1' }) : absent)
  const gates = () => ({
    managedCluster: managedCluster(),
    klusterlet: world.isAttached ? present(true as const) : absent,
  })
  const seedSecret = () => (world.hasSecret ? present({ matches: true }) : absent)
  const pullRequest = () =>
    present({
      state: world.isMerged ? ('merged' as const) : ('open' as const),
      headSha: world.isEdited && reached < 1 && !isDetached ? detachCommit : head,
      mergedAs: world.isMerged ? merge : null,
    })
  const generator = (progress: 'running' | 'completed') =>
    world.hasGenerator ? seedGenerator({ progress }) : absent
  const looks: { readonly [P in Active]: () => ObservationOf<P> } = {
    Requested: () =>
      aLook('Requested', {
        pullRequest: pullRequest(),
        access: access(),
        managedCluster: managedCluster(),
        detach: present(
          world.isEdited
            ? ({ status: 'detached' } as const)
            : ({ status: 'detachable', commit: detachCommit } as const),
        ),
        detachHolds: present(world.isEdited),
      }),
    Proposed: () => {
      const look = aLook('Proposed', { pullRequest: pullRequest(), access: access() })
      world.isMerged = true
      return look
    },
    Detaching: () =>
      aLook('Detaching', {
        ...gates(),
        access: access(),
        recordHoldsMerge: present(world.holdsMerge),
        application: present({
          name: 'clusters',
          hasMerge: !world.isAttached,
          isRefreshing: false,
          refusesToEmpty: false,
          reason: null,
        }),
      }),
    Detached: () =>
      aLook('Detached', {
        ...gates(),
        generator: world.isCommitted ? present({ sha: generatorCommit, differs: null }) : absent,
      }),
    Delivering: () =>
      aLook('Delivering', {
        ...gates(),
        recreators: absent,
        seedSecret: seedSecret(),
        seedGenerator: generator('running'),
      }),
    Generating: () => {
      const look = aLook('Generating', { seedGenerator: generator('completed') })
      world.hasImage = true
      return look
    },
    Verifying: () =>
      aLook('Verifying', {
        ...(world.hasImage ? {} : { image: absent }),
        seedGenerator: generator('completed'),
      }),
    CleaningUp: () =>
      aLook('CleaningUp', {
        seedGenerator: generator('completed'),
        seedSecret: seedSecret(),
        record: world.isRecorded ? present(true) : absent,
        access: access(),
      }),
  }
  const act = (effect: Effect): void => {
    switch (effect.do) {
      case 'save-access':
        world.isSaved = true
        return
      case 'commit-detach':
        world.isEdited = true
        return
      case 'record-merge':
        world.holdsMerge = true
        return
      case 'refresh':
      case 'hard-refresh':
      case 'sync-with-prune':
        world.isAttached = false
        return
      case 'commit-seed-generator':
        world.isCommitted = true
        return
      case 'deliver-secret':
        world.hasSecret = true
        return
      case 'apply-seed-generator':
        world.hasGenerator = true
        return
      case 'delete-seed-generator':
        world.hasGenerator = false
        return
      case 'delete-secret':
        world.hasSecret = false
        return
      case 'commit-record':
        world.isRecorded = true
        return
      case 'delete-access':
        world.isSaved = false
    }
  }
  const human = ({ blocked, phase }: Run): readonly Order[] => {
    const waits = blocked?.code === 'DELIVERY_UNKNOWN' || blocked?.code === 'IMAGE_NOT_PROVEN'
    return waits && !isEnded(phase) ? [order('retry', `human/${(orders += 1)}`)] : []
  }
  return { look: (phase => looks[phase as Active]()) as World['look'], act, human }
}

const no = unknown('unreachable')
const silence: { readonly [P in Active]: ObservationOf<P> } = {
  Requested: aLook('Requested', {
    pullRequest: no,
    detach: no,
    checks: [],
    access: no,
    managedCluster: no,
  }),
  Proposed: aLook('Proposed', {
    pullRequest: no,
    proof: no,
    checks: [],
    access: no,
    managedCluster: no,
  }),
  Detaching: aLook('Detaching', {
    access: no,
    recordHoldsMerge: no,
    ownPullRequest: no,
    application: no,
    clusterInstance: no,
    remaining: [{ object: 'every BareMetalHost', read: no }],
    managedCluster: no,
    klusterlet: no,
    addonNamespaces: no,
  }),
  Detached: aLook('Detached', {
    managedCluster: no,
    klusterlet: no,
    ownPullRequest: no,
    generator: no,
  }),
  Delivering: aLook('Delivering', {
    managedCluster: no,
    klusterlet: no,
    hubSecret: no,
    mayPush: no,
    tag: no,
    recreators: no,
    seedSecret: no,
    seedGenerator: no,
  }),
  Generating: aLook('Generating', { seedGenerator: no, image: no, agent: no }),
  Verifying: aLook('Verifying', { image: no, seedGenerator: no }),
  CleaningUp: aLook('CleaningUp', {
    seedGenerator: no,
    seedSecret: no,
    ownPullRequest: no,
    record: no,
    access: no,
  }),
}

/** What is seen when nothing gives an answer. */
export const silentLook = (phase: Active): Observation => ({ ...silence[phase], detachHolds: no })
