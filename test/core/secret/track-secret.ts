import fc from 'fast-check'
import t from 'tap'
import { absent, present, unknown, type Seen } from '../../../src/core/seen.ts'
import {
  secretStates,
  trackSecret,
  type SecretObservation,
  type SecretState,
} from '../../../src/core/secret/track-secret.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const [monday, tuesday] = ['2026-03-02T08:00:00.000Z', '2026-03-03T08:00:00.000Z']
const none: SecretObservation = {
  inGit: absent,
  onHub: absent,
  checked: absent,
  onSeed: absent,
  generation: 'none',
  usedAt: null,
}
const sealed = { ...none, inGit: present({ sealedAt: monday }) }
const applied = { ...sealed, onHub: present({ sealedAt: monday, isUnsealed: false }) }
const unsealed = {
  ...applied,
  onHub: present({ sealedAt: monday, isUnsealed: true }),
  checked: unknown('forbidden'),
}
const verified = { ...unsealed, checked: present({ reason: null }) }

t.test('follows the credential from Git to the end of its use', t => {
  const cases: readonly (readonly [string, SecretObservation, SecretState])[] = [
    ['nothing anywhere', none, 'NotSealed'],
    ['in Git', sealed, 'Sealed'],
    ['on the hub, which the controller has not seen', applied, 'Applied'],
    ['unsealed, with no Secret to be seen', { ...unsealed, checked: absent }, 'Applied'],
    ['unsealed and not readable', unsealed, 'Unsealed'],
    ['unsealed and wrong', { ...unsealed, checked: present({ reason: 'no' }) }, 'Unsealed'],
    ['checked', verified, 'Verified'],
    ['on the seed', { ...verified, onSeed: present(true) }, 'Delivered'],
    ['with the Lifecycle Agent', { ...verified, generation: 'under way' }, 'Delivered'],
    ['used and put back', { ...verified, generation: 'over', onSeed: present(true) }, 'Consumed'],
    [
      'used, on a seed that does not answer',
      { ...verified, generation: 'over', onSeed: unknown('timeout') },
      'Consumed',
    ],
    ['used and deleted', { ...verified, generation: 'over' }, 'CleanedUp'],
    ['used before', { ...verified, usedAt: tuesday }, 'RotationDue'],
    ['used at that very time', { ...verified, usedAt: monday }, 'RotationDue'],
    [
      'used, and sealed by hand without a note',
      {
        ...verified,
        inGit: absent,
        onHub: present({ sealedAt: null, isUnsealed: true }),
        usedAt: monday,
      },
      'RotationDue',
    ],
    [
      'sealed after its use',
      { ...sealed, inGit: present({ sealedAt: tuesday }), usedAt: monday },
      'Sealed',
    ],
    ['a file that is gone after its use', { ...none, usedAt: monday }, 'RotationDue'],
    ['a hub that does not answer', { ...sealed, onHub: unknown('timeout') }, 'Sealed'],
  ]
  for (const [what, observation, state] of cases)
    t.equal(trackSecret(observation).state, state, what)
  t.end()
})

t.test('says what is next, and what is wrong with the value', t => {
  t.match(trackSecret(none).fix, /sower seal/)
  t.equal(trackSecret({ ...unsealed, checked: present({ reason: 'no `auth`' }) }).fix, 'no `auth`')
  t.match(trackSecret(unsealed).fix, /waits for a look/)
  t.match(trackSecret({ ...verified, usedAt: tuesday }).fix, /rotate the push credential/)
  t.end()
})

const seen = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Seen<T>> =>
  fc.oneof(fc.constant(absent), fc.constant(unknown('timeout')), value.map(present))
const time = fc
  .date({ min: new Date(monday), max: new Date('2027-01-01'), noInvalidDate: true })
  .map(date => date.toISOString())
const anything: fc.Arbitrary<SecretObservation> = fc.record({
  inGit: seen(fc.record({ sealedAt: fc.option(time) })),
  onHub: seen(fc.record({ sealedAt: fc.option(time), isUnsealed: fc.boolean() })),
  checked: seen(fc.record({ reason: fc.constantFrom(null, 'wrong') })),
  onSeed: seen(fc.constant(true as const)),
  generation: fc.constantFrom('none', 'under way', 'over'),
  usedAt: fc.option(time),
})

t.test('no answer never proves more than an answer would', t => {
  const rank = (observation: SecretObservation): number =>
    secretStates.indexOf(trackSecret(observation).state)
  fc.assert(
    fc.property(anything, observation => {
      const blind = { ...observation, checked: unknown('timeout') }
      const checked = { ...observation, checked: present({ reason: null }) }
      return rank(blind) <= rank(checked)
    }),
    { numRuns: propertyRuns(100) },
  )
  t.end()
})

t.test('the reminder to rotate stays until something newer was sealed', t => {
  fc.assert(
    fc.property(anything, time, (observation, usedAt) => {
      const later = { ...observation, generation: 'none' as const, usedAt }
      const isDue = trackSecret(later).state === 'RotationDue'
      const newest = [later.inGit, later.onHub].some(
        one => one.seen === 'present' && (one.value.sealedAt ?? '') > usedAt,
      )
      return isDue !== newest
    }),
    { numRuns: propertyRuns(100) },
  )
  t.end()
})
