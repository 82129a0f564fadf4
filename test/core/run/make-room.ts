import { absent, present, unknown } from '../../../src/core/seen.ts'
import { rules } from '../../support/run/run-rules.ts'
import {
  at,
  blockedBy,
  generatorCommit,
  order,
  seedGenerator,
} from '../../support/run/run-scene.ts'

const forbidden = unknown('forbidden')
const retry = order('retry')
const delivering = rules('Delivering')
const deliver = { do: 'deliver-secret' } as const
const apply = { do: 'apply-seed-generator', from: generatorCommit } as const
const deleteIt = { do: 'delete-seed-generator', uid: 'uid-cr' } as const
const toldToClear = { run: { blocked: blockedBy('SEED_GENERATOR_EXISTS'), orders: [retry] } }
for (const progress of ['completed', 'failed'] as const) {
  const old = { seedGenerator: seedGenerator({ progress, message: 'Rejected: no' }) }
  delivering(`stops at one that has ${progress}`, old, 'SEED_GENERATOR_EXISTS')
  delivering(`deletes one that has ${progress} when told to`, old, deleteIt, toldToClear)
  const unsure = { ...old, managedCluster: forbidden }
  delivering(
    `deletes none that has ${progress} at gates that may be shut`,
    unsure,
    'SEED_GENERATOR_EXISTS',
    toldToClear,
  )
  const gone = { ...old, detachHolds: present(false) }
  delivering(`deletes none that has ${progress} after a revert`, gone, 'DETACH_REVERTED', {
    ...toldToClear,
    then: { orders: [] },
  })
}
const wordless = { seedGenerator: seedGenerator({ progress: 'failed', message: null }) }
delivering('stops at one that is over without a word', wordless, 'SEED_GENERATOR_EXISTS')
const forgetsIt = { ...toldToClear, then: { orders: [] } }
for (const [what, seen] of [
  ['that nobody has looked at', { progress: 'none', message: null }],
  ['that the agent is at work on', { progress: 'running' }],
  ['that is being deleted', { progress: 'failed', isBeingDeleted: true }],
] as const)
  delivering(
    `deletes none ${what}, and not later either`,
    { seedGenerator: seedGenerator(seen) },
    'SEED_GENERATOR_EXISTS',
    forgetsIt,
  )
delivering('delivers once it is gone, with no order left', {}, deliver, {
  ...{ run: { orders: [retry] }, then: { orders: [] } },
})
for (const effect of [deliver, apply])
  delivering(
    `takes no order to clear the seed for one to repeat ${effect.do}`,
    {},
    'DELIVERY_UNKNOWN',
    {
      run: { ...toldToClear.run, intent: { effect, at: at(0) } },
      then: { orders: [], intent: { effect, at: at(0) } },
    },
  )

delivering(
  'takes none of the same image with another recertImage for its own',
  { seedGenerator: seedGenerator({ isWanted: false }) },
  'DELIVERY_UNKNOWN',
  { run: { intent: { effect: apply, at: at(0) }, blocked: blockedBy('DELIVERY_UNKNOWN') } },
)
rules('Verifying')(
  'deletes the old one in the version that it saw',
  { image: absent, seedGenerator: seedGenerator({ progress: 'failed', resourceVersion: '7' }) },
  { ...deleteIt, resourceVersion: '7' },
  { run: { orders: [order('retry')] } },
)
