import type { Seen } from '../seen.ts'

/**
 * How far the push credential is, from the SealedSecret in Git to the end of its use. Each state includes
 * the ones before it; after RotationDue a newer one is sealed, and it begins again.
 */
export const secretStates = [
  'NotSealed',
  'Sealed',
  'Applied',
  'Unsealed',
  'Verified',
  'Delivered',
  'Consumed',
  'CleanedUp',
  'RotationDue',
] as const
export type SecretState = (typeof secretStates)[number]

/** The sight of it; nothing of this is remembered. Times are ISO 8601. */
export type SecretObservation = Readonly<{
  /** The SealedSecret in Git, and when it was sealed by its note; null where it has none. */
  inGit: Seen<Readonly<{ sealedAt: string | null }>>
  /** The one on the hub: unsealed means that the controller has dealt with this very generation. */
  onHub: Seen<Readonly<{ sealedAt: string | null; isUnsealed: boolean }>>
  /** The unsealed value: null when its authfile covers the image. */
  checked: Seen<Readonly<{ reason: string | null }>>
  /** `seedgen` on the seed. */
  onSeed: Seen<true>
  /** The Lifecycle Agent has been given it in a run that is under way, and is done with it or not. */
  generation: 'none' | 'under way' | 'over'
  /** When the last generation that used the credential ended; null when none did. */
  usedAt: string | null
}>

/** The state, with what a person is to do or to wait for. */
export type TrackedSecret = Readonly<{ state: SecretState; fix: string }>

/** Computes the state from what is seen now: what gives no answer proves no state. */
export const trackSecret = (observation: SecretObservation): TrackedSecret => {
  const state = stateOf(observation)
  const { checked } = observation
  const reason = checked.seen === 'present' ? checked.value.reason : null
  return { state, fix: state === 'Unsealed' && reason !== null ? reason : fixOf[state] }
}

const stateOf = (observation: SecretObservation): SecretState => {
  const { inGit, onHub, checked, onSeed, generation, usedAt } = observation
  if (generation === 'under way') return 'Delivered'
  if (generation === 'over') return onSeed.seen === 'absent' ? 'CleanedUp' : 'Consumed'
  if (usedAt !== null && !isNewer(sealedAtOf(observation), usedAt)) return 'RotationDue'
  if (onSeed.seen === 'present') return 'Delivered'
  if (onHub.seen !== 'present') return inGit.seen === 'present' ? 'Sealed' : 'NotSealed'
  if (!onHub.value.isUnsealed || checked.seen === 'absent') return 'Applied'
  return checked.seen === 'present' && checked.value.reason === null ? 'Verified' : 'Unsealed'
}

/** The newest of the two: a re-sealed file that is not synced yet counts, for the reminder has done its work. */
const sealedAtOf = ({ inGit, onHub }: SecretObservation): string | null => {
  const times = [inGit, onHub].flatMap(seen =>
    seen.seen === 'present' && seen.value.sealedAt !== null ? [seen.value.sealedAt] : [],
  )
  return times.sort().at(-1) ?? null
}

const isNewer = (sealedAt: string | null, usedAt: string): boolean =>
  sealedAt !== null && Date.parse(sealedAt) > Date.parse(usedAt)

const fixOf: Readonly<Record<SecretState, string>> = {
  NotSealed: 'seal the push credential: `sower seal`, and commit the file',
  Sealed: 'waits for Argo CD to sync the SealedSecret to the hub',
  Applied: 'waits for the Sealed Secrets controller to unseal it',
  Unsealed: 'waits for a look at the authfile in it',
  Verified: 'ready for a run',
  Delivered: 'the Lifecycle Agent has it',
  Consumed: 'is to be deleted from the seed',
  CleanedUp: 'waits for the end of the run',
  RotationDue:
    'rotate the push credential: deleting it from the seed does not erase it from the image; make a new one at the registry, `sower seal` it and revoke the old one',
}
