import { checkSealedSecret } from '../secret/check-sealed-secret.ts'
import { authKey, noteNames } from '../secret/sealed-secret.ts'
import type { Guard, Violation } from './guard.ts'
import type { GuardSettings } from './guard-settings.ts'
import type { RenderedObject } from './rendered-object.ts'

/** What can be known offline of the SealedSecret of the push credential. */
export const sealedSecret: Guard = {
  rule: 'sealed-secret',
  refuses:
    'a SealedSecret of the push credential that cannot be unsealed as `sower.yaml` expects it, whose notes are those of another value, or that holds anything in plain',
  because: 'a run would find out after the detach, and plain text in it is readable by everyone',
  isAlways: false,
  judge: ({ objects, settings: { secret } }) => {
    const ours = objects.filter(object => isOurs(object, secret))
    if (ours.length === 0) return 'not applicable'
    return ours.flatMap(object => problemsOf(object, secret))
  },
}

const isOurs = (object: RenderedObject, secret: GuardSettings['secret']): boolean => {
  if (object.kind !== 'SealedSecret' || object.group !== 'bitnami.com') return false
  const isConfigured = object.name() === secret?.name && object.namespace() === secret.namespace
  return isConfigured || object.text.includes(authKey) || hasNotes(object)
}

const hasNotes = (object: RenderedObject): boolean =>
  Object.values(noteNames).some(note => note in object.annotations())

/** Whether it has expired, or is old, depends on the day, and Argo CD keeps a render for longer. */
const ofTheDay = ['SEALED_AGE', 'SEALED_EXPIRY']

const problemsOf = (
  object: RenderedObject,
  place: GuardSettings['secret'],
): readonly Violation[] => {
  const anyDay = new Date(0).toISOString()
  const { read, findings } = checkSealedSecret(object.text, {
    ...{ now: anyDay, key: null, image: null },
    place: hasNotes(object) ? place : null,
  })
  const isStale = read !== null && !read.isIntact && read.notes.ciphertextSha256 !== undefined
  return findings
    .filter(({ code, level }) =>
      code === 'SEALED_PROVENANCE' ? isStale : level === 'bad' && !ofTheDay.includes(code),
    )
    .map(({ text }) => ({
      objects: [object],
      reason: text,
      fix: 'revoke what stood there in plain, if anything did; seal it with `sower seal`',
    }))
}
